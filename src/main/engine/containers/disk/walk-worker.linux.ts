/**
 * Entry point of the worker thread that walks through a data folder. It rests as long as it works, at the lowest priority, so
 * that what else uses the disk goes first. It ends with its walk.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { codeOf, messageOf } from '../../../../shared/result';
import { readLayout } from './layout.linux';
import { walkFolder } from './walk.linux';
import type { WalkJob, WalkMessage } from './walk-client';

/** How long it works and rests in turn, ms. Before each rest it reports. */
const WORK = 50;
const REST = 50;

/** Entries between two looks at the clock. */
const BATCH = 64;

function post(message: WalkMessage): void {
  parentPort?.postMessage(message, []);
}

/**
 * On Linux the priority is that of the calling thread (setpriority(2), "C library/kernel differences"), and the kernel takes
 * the I/O priority from it: nice 19 is the lowest of best effort (ioprio_set(2)).
 */
function lowerPriority(): void {
  try {
    setPriority(19);
  } catch (error) {
    post({ kind: 'warning', message: messageOf(error) });
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function run({ folder }: WalkJob): void {
  lowerPriority();
  const walk = walkFolder(folder, readLayout(folder));
  let workedSince = performance.now();
  for (let count = 1; ; count += 1) {
    const step = walk.next();
    if (step.done === true) {
      post({ kind: 'done', result: step.value });
      return;
    }
    if (count % BATCH !== 0) continue;
    if (performance.now() - workedSince < WORK) continue;
    post({ kind: 'progress', progress: { ...step.value } });
    Atomics.wait(sleeper, 0, 0, REST);
    workedSince = performance.now();
  }
}

try {
  run(workerData as WalkJob);
} catch (error) {
  post({ kind: 'failed', message: messageOf(error), code: codeOf(error) });
}
