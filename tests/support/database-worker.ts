/** The database worker without a thread. */
import type { DatabaseWorker } from '../../src/main/history/database-worker-client';
import { compactDatabase, copyDatabase, validateBackup } from '../../src/main/engine/store/jobs/copy';

/** Does on this thread what the real one does on a worker thread. */
export const databaseWorkerHere: DatabaseWorker = {
  copy: (from, to, _signal, onProgress) => copyDatabase(from, to, onProgress),
  validateBackup: (path) => Promise.resolve(validateBackup(path)),
  compact: (path) => Promise.resolve(compactDatabase(path)),
};
