/**
 * Entry point of the worker thread that copies, validates, shortens and compacts a database. Each of these reads every page, mostly
 * in one call, which would block the main thread noticeably. The thread ends with its job.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseJob, DatabaseMessage } from './database-worker-client';
import { compactDatabase, copyDatabase, validateBackup } from '../engine/store/jobs/copy';
import { deleteHistory } from '../engine/store/jobs/delete-history';
import { listGoneDevices, measureDeletion } from '../engine/store/jobs/deletion-size';
import { deletionEvent } from './deletion-text';
import { codeOf, messageOf } from '../../shared/result';

function post(message: DatabaseMessage): void {
  parentPort?.postMessage(message, []);
}

async function run(job: DatabaseJob): Promise<Extract<DatabaseMessage, { kind: 'done' }>['result']> {
  if (job.kind === 'validate') return validateBackup(job.path);
  if (job.kind === 'preview') return { size: measureDeletion(job.path, job.deletion), devices: listGoneDevices(job.path) };
  if (job.kind === 'delete') return deleteHistory(job.path, job.deletion, (size) => deletionEvent(job.deletion, size, job.now), (done) => post({ kind: 'progress', done, bytes: 0 }));
  if (job.kind === 'compact') {
    compactDatabase(job.path);
    return null;
  }
  await copyDatabase(job.from, job.to, (done, bytes) => post({ kind: 'progress', done, bytes }));
  return null;
}

run(workerData as DatabaseJob).then(
  (result) => post({ kind: 'done', result }),
  (error: unknown) => post({ kind: 'failed', message: messageOf(error), code: codeOf(error) }),
);
