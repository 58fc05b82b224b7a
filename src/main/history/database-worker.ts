/**
 * The thread that copies, checks and compacts a history. All of it takes every page in hand, mostly in one go: on the
 * thread of everything else that would be felt. It lives as long as the one job it is given.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseJob, DatabaseMessage } from './database-worker-client';
import { compactDatabase, copyDatabase, validateBackup } from '../engine/store/jobs/copy';
import { codeOf } from '../engine/store/database-errors';
import { messageOf } from '../../shared/result';

function tell(message: DatabaseMessage): void {
  parentPort?.postMessage(message, []);
}

async function run(job: DatabaseJob): Promise<string | null> {
  if (job.kind === 'check') return validateBackup(job.path);
  if (job.kind === 'compact') {
    compactDatabase(job.path);
    return null;
  }
  await copyDatabase(job.from, job.to, (done, bytes) => tell({ kind: 'progress', done, bytes }));
  return null;
}

run(workerData as DatabaseJob).then(
  (answer) => tell({ kind: 'done', answer }),
  (error: unknown) => tell({ kind: 'failed', message: messageOf(error), code: codeOf(error) }),
);
