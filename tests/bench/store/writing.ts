/** Measures hours of ticks in the store, with maintenance as in the app: CPU time, bytes written, and the longest call. */
import { readFileSync, statSync } from 'node:fs';
import { spreadOf } from '../numbers';
import type { Spread } from '../numbers';
import { parseField } from '../proc';
import { ThreadTime } from '../thread-time';
import { openLiveStore, ROUND } from './live-store';
import type { HeldBy, TurnWatch } from './live-store';
import type { Recording } from './recording';
import { createPlayback } from './playback';

/** Batches prepared at a time, so that preparing them is not measured; divides ROUND. */
const AHEAD = 10;
/** Longer calls count as blocks, ms. */
const BLOCK = 10;

/** Calls of one kind, ms. */
export interface CallUse {
  /** Wall time, including whatever else the machine did meanwhile. */
  readonly wall: Spread | null;
  /** CPU time of the thread, without other programs and the disk. */
  readonly thread: Spread | null;
  /** Number of calls longer than BLOCK, by wall time and by CPU time. */
  readonly blocksWall: number;
  readonly blocksThread: number;
}

/** The result. */
export interface Writing {
  readonly series: number;
  readonly ticks: number;
  readonly samplesPerTick: number;
  /** CPU milliseconds per tick, maintenance and garbage collection included. */
  readonly cpuPerTick: number;
  /** Bytes per tick, from /proc/self/io: passed to write(2), and written to the disk. */
  readonly handedPerTick: number | null;
  readonly writtenPerTick: number | null;
  readonly databaseBytes: number;
  readonly append: CallUse;
  readonly maintenance: CallUse;
  /** Steps of checkpoints, each after a sync. */
  readonly checkpoint: CallUse;
}

/** What to write. */
export interface WritingPlan {
  /** An existing database to continue, or a new file. */
  readonly path: string;
  readonly recording: Recording;
  readonly series: number;
  /** Epoch ms of the first tick. */
  readonly start: number;
  readonly hours: number;
}

class Calls {
  readonly wall: number[] = [];
  readonly thread: number[] = [];

  use(): CallUse {
    const blocks = (times: readonly number[]): number => times.filter((ms) => ms > BLOCK).length;
    return { wall: spreadOf(this.wall), thread: spreadOf(this.thread), blocksWall: blocks(this.wall), blocksThread: blocks(this.thread) };
  }
}

function readIo(): { handed: number | null; written: number | null } {
  const text = readFileSync('/proc/self/io', 'utf8');
  return { handed: parseField(text, 'wchar'), written: parseField(text, 'write_bytes') };
}

/** Reads the clocks before and after each blocking call. */
class Stopwatch implements TurnWatch {
  readonly calls = { append: new Calls(), maintenance: new Calls(), checkpoint: new Calls() };
  readonly #clock = new ThreadTime();
  readonly #readingCost = this.#clock.cost();
  #readings = 0;
  #wall = 0;
  #thread = 0;

  begin(): void {
    this.#thread = this.#clock.now();
    this.#wall = performance.now();
  }

  end(by: HeldBy): void {
    const calls = this.calls[by];
    calls.wall.push(performance.now() - this.#wall);
    calls.thread.push(this.#clock.now() - this.#thread);
    this.#readings += 2;
  }

  /** CPU milliseconds of reading the clocks. */
  get cost(): number {
    return this.#readings * this.#readingCost;
  }

  close(): void {
    this.#clock.close();
  }
}

/** Writes the hours and measures them. */
export async function measureWriting({ path, recording, series, start, hours }: WritingPlan): Promise<Writing> {
  const watch = new Stopwatch();
  const live = openLiveStore(path, start, watch);
  const { createSource } = createPlayback(recording, series, start);
  const sources = Array.from({ length: AHEAD }, () => createSource());
  const ticks = hours * 3600;
  let samples = 0;
  let cpu = 0;
  const before = readIo();
  for (let done = 0; done < ticks; done += AHEAD) {
    const played = sources.map((nextBatch, i) => nextBatch(done + i));
    for (const one of played) samples += one.samples;
    const cpuBefore = process.cpuUsage();
    for (const { batch } of played) live.tick(batch);
    if (done % ROUND === 0) await live.maintenance();
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu += (user + system) / 1000;
  }
  live.store.close();
  watch.close();
  const after = readIo();
  const perTick = (from: number | null, to: number | null): number | null => (from === null || to === null ? null : (to - from) / ticks);
  return {
    series,
    ticks,
    samplesPerTick: samples / ticks,
    cpuPerTick: (cpu - watch.cost) / ticks,
    handedPerTick: perTick(before.handed, after.handed),
    writtenPerTick: perTick(before.written, after.written),
    databaseBytes: statSync(path).size,
    append: watch.calls.append.use(),
    maintenance: watch.calls.maintenance.use(),
    checkpoint: watch.calls.checkpoint.use(),
  };
}
