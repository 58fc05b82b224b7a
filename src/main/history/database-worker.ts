/**
 * Entry point of the worker thread that copies, validates and compacts a database. Each of these reads every page, mostly
 * in one call, which would block the main thread noticeably. The thread ends with its job.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseJob, DatabaseMessage } from './database-worker-client';
import { compactDatabase, copyDatabase, validateBackup } from '../engine/store/jobs/copy';
import { codeOf, messageOf } from '../../shared/result';

function post(message: DatabaseMessage): void {
  parentPort?.postMessage(message, []);
}

async function run(job: DatabaseJob): Promise<string | null> {
  if (job.kind === 'validate') return validateBackup(job.path);
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
