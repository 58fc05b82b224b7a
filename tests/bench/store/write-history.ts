/** Writes a history to query: years as sealing, rollup and retention leave them, then hours appended to the store. */
import { rmSync, statSync } from 'node:fs';
import { DAY } from '../../../src/main/engine/store/tiers';
import { replayMaintenance } from './maintenance-replay';
import { openLiveStore, ROUND } from './live-store';
import { plannedSeries } from './planned';
import type { Recording } from './recording';
import { createPlayback } from './playback';
import { writeHistory } from './two-years';

/** End of the part that is written as rolled up: a UTC midnight, epoch ms. */
export const MIDNIGHT = Date.UTC(2026, 10, 20);
/** Seconds of ticks after that: half a day that is not rolled up yet, and some minutes that are not sealed. */
const LIVE_SECONDS = 12 * 3600 + 10 * 60;

/** A written history. */
export interface WrittenHistory {
  readonly path: string;
  readonly keys: readonly string[];
  readonly days: number;
  /** Epoch ms of its last tick. */
  readonly now: number;
  /** Bytes of the closed file. */
  readonly bytes: number;
  /** How long writing it took. */
  readonly seconds: number;
}

/** Writes a history to a new file. */
export async function writeWholeHistory(path: string, recording: Recording, seriesCount: number, days: number): Promise<WrittenHistory> {
  const began = performance.now();
  const content = `${path}-content`;
  writeHistory({ path: content, recording, seriesCount, end: MIDNIGHT, days });
  replayMaintenance({ content, path, begin: MIDNIGHT - days * DAY, end: MIDNIGHT });
  rmSync(content);
  const live = openLiveStore(path, MIDNIGHT);
  const nextBatch = createPlayback(recording, seriesCount, MIDNIGHT).createSource();
  for (let second = 0; second < LIVE_SECONDS; second += 1) {
    live.tick(nextBatch(second).batch);
    if (second % ROUND === 0) await live.maintenance();
  }
  live.store.close();
  const keys = plannedSeries(recording, seriesCount).map(({ key }) => key);
  return { path, keys, days, now: live.now(), bytes: statSync(path).size, seconds: (performance.now() - began) / 1000 };
}
