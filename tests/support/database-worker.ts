/** The database worker without a thread. */
import type { DatabaseWorker } from '../../src/main/history/database-worker-client';
import { deletionEvent } from '../../src/main/history/deletion-text';
import { deleteHistory } from '../../src/main/engine/store/jobs/delete-history';
import { listGoneDevices, measureDeletion } from '../../src/main/engine/store/jobs/deletion-size';
import { compactDatabase, copyDatabase, validateBackup } from '../../src/main/engine/store/jobs/copy';

/** Does on this thread what the real one does on a worker thread. */
export const databaseWorkerHere: DatabaseWorker = {
  copy: (from, to, _signal, onProgress) => copyDatabase(from, to, onProgress),
  validateBackup: (path) => Promise.resolve(validateBackup(path)),
  compact: (path) => Promise.resolve(compactDatabase(path)),
  previewDeletion: (path, deletion) => Promise.resolve({ size: measureDeletion(path, deletion), devices: listGoneDevices(path) }),
  deleteHistory: (path, deletion, now, _signal, onProgress) =>
    Promise.resolve().then(() => deleteHistory(path, deletion, (size) => deletionEvent(deletion, size, now), (done) => onProgress(done, 0))),
};
