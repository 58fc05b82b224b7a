/** Writes a history to ask questions of: years as sealing, rolling and retention leave them, then hours that came through the store. */
import { rmSync, statSync } from 'node:fs';
import { DAY } from '../../../src/main/engine/store/tiers';
import { liveThrough } from './life';
import { openLive, ROUND } from './live';
import { plannedSeries } from './planned';
import type { Recording } from './recording';
import { player } from './replay';
import { writeHistory } from './two-years';

/** End of what is written as rolled: a UTC midnight. */
export const MIDNIGHT = Date.UTC(2026, 10, 20);
/** Seconds of ticks since then: half a day that is not rolled yet, and some minutes that are not sealed. */
const LIVE_SECONDS = 12 * 3600 + 10 * 60;

/** A history on disk. */
export interface WrittenHistory {
  readonly path: string;
  readonly keys: readonly string[];
  readonly days: number;
  /** Epoch ms of its last tick. */
  readonly now: number;
  /** Bytes of the closed file. */
  readonly bytes: number;
  /** How long the writing took. */
  readonly seconds: number;
}

/** Writes one to a new file. */
export async function writeWholeHistory(path: string, recording: Recording, seriesCount: number, days: number): Promise<WrittenHistory> {
  const began = performance.now();
  const content = `${path}-content`;
  writeHistory({ path: content, recording, seriesCount, end: MIDNIGHT, days });
  liveThrough({ content, path, begin: MIDNIGHT - days * DAY, end: MIDNIGHT });
  rmSync(content);
  const live = openLive(path, MIDNIGHT);
  const play = player(recording, seriesCount, MIDNIGHT).stage();
  for (let second = 0; second < LIVE_SECONDS; second += 1) {
    live.tick(play(second).batch);
    if (second % ROUND === 0) await live.maintenance();
  }
  live.store.close();
  const keys = plannedSeries(recording, seriesCount).map(({ key }) => key);
  return { path, keys, days, now: live.now(), bytes: statSync(path).size, seconds: (performance.now() - began) / 1000 };
}
