/** Records this machine with the real engine. */
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, systemTimers } from '../../../src/main/engine/clock';
import { createCollectors } from '../../../src/main/engine/collectors/index';
import type { SelfSource } from '../../../src/main/engine/collectors/deps';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import { createSampler } from '../../../src/main/engine/sampler/sampler';
import type { Sampler } from '../../../src/main/engine/sampler/sampler';
import { Flattener } from '../../../src/main/engine/store/flatten';
import type { Row } from '../../../src/main/engine/store/flatten';
import { toRecording, writeRecording } from './recording';

const BLOCK = 512;

/** The source of self metrics: this process. */
function recorderSource(sampler: () => Sampler): SelfSource {
  return {
    pids: () => [process.pid],
    usage: () => {
      const { user, system } = process.cpuUsage();
      return { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() };
    },
    perCollector: () => sampler().costs(),
    tickMs: () => sampler().tickCost(),
    databaseBytes: () => null,
    bytesWritten: () => process.resourceUsage().fsWrite * BLOCK,
  };
}

/**
 * Records for `seconds` seconds. The file is written every minute and at the end. Run changing workloads on the machine
 * meanwhile: the history of an idle machine is too small to be typical.
 */
export async function record(file: string, seconds: number): Promise<void> {
  const rows: Row[] = [];
  const flattener = new Flattener();
  const sampler: Sampler = createSampler({
    collectors: createCollectors({ ...systemDeps(), networkMounts: () => false, driveHealth: () => false, self: recorderSource(() => sampler) }),
    clock: systemClock,
    timers: systemTimers,
    onBatch: (batch) => rows.push(flattener.toRow(batch)),
    onHealth: (family, fault) => process.stderr.write(`${family}: ${fault?.kind ?? 'works'}\n`),
  });
  sampler.start();
  for (let left = seconds; left > 0; left -= 60) {
    await delay(Math.min(left, 60) * 1000);
    writeRecording(file, toRecording(rows));
  }
  sampler.close();
}
