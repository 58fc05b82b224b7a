import type { DatabaseWorker } from '../../src/main/history/database-worker-client';
import { compactDatabase, copyDatabase, validateBackup } from '../../src/main/engine/store/jobs/copy';

/** A copier that works on this thread: what the other one does is the same. */
export const databaseWorkerHere: DatabaseWorker = {
  copy: (from, to, _signal, onProgress) => copyDatabase(from, to, onProgress),
  validateBackup: (path) => Promise.resolve(validateBackup(path)),
  compact: (path) => Promise.resolve(compactDatabase(path)),
};
