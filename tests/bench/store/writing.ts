/** Hours of ticks through the store with upkeep as in life: what they cost, and the longest time any call took. */
import { readFileSync, statSync } from 'node:fs';
import { spreadOf } from '../numbers';
import type { Spread } from '../numbers';
import { parseField } from '../proc';
import { ThreadTime } from '../thread-time';
import { openLive, ROUND } from './live';
import type { HeldBy, TurnWatch } from './live';
import type { Recording } from './recording';
import { player } from './replay';

/** Batches are made so many at a time, so that making them is not measured. A part of a round. */
const AHEAD = 10;
/** Longer is a block, ms. */
const BLOCK = 10;

/** Calls of one kind, ms. */
export interface CallUse {
  /** On the clock, whatever else the machine did meanwhile. */
  readonly wall: Spread | null;
  /** Of the thread's own processor time: neither other programs nor the disk are in it. */
  readonly thread: Spread | null;
  /** Calls longer than a block may be, on the clock and of processor time. */
  readonly blocksWall: number;
  readonly blocksThread: number;
}

/** What was found. */
export interface Writing {
  readonly series: number;
  readonly ticks: number;
  readonly samplesPerTick: number;
  /** Milliseconds of processor per tick, upkeep and collecting garbage included. */
  readonly cpuPerTick: number;
  /** Bytes per tick, as /proc/self/io counts them: given to write(2), and made to be written to the disk. */
  readonly handedPerTick: number | null;
  readonly writtenPerTick: number | null;
  readonly databaseBytes: number;
  readonly append: CallUse;
  readonly maintenance: CallUse;
  /** Steps of checkpoints, each when the disk has answered. */
  readonly checkpoint: CallUse;
}

/** Hours to be written. */
export interface WritingPlan {
  /** A database to go on with, or to begin. */
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

/** Looks at the clocks whenever the loop is held. */
class Stopwatch implements TurnWatch {
  readonly calls = { append: new Calls(), maintenance: new Calls(), checkpoint: new Calls() };
  readonly #clock = new ThreadTime();
  readonly #lookCost = this.#clock.cost();
  #looks = 0;
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
    this.#looks += 2;
  }

  /** Milliseconds of processor that looking took. */
  get cost(): number {
    return this.#looks * this.#lookCost;
  }

  close(): void {
    this.#clock.close();
  }
}

/** Writes them. */
export async function measureWriting({ path, recording, series, start, hours }: WritingPlan): Promise<Writing> {
  const watch = new Stopwatch();
  const live = openLive(path, start, watch);
  const { stage } = player(recording, series, start);
  const stages = Array.from({ length: AHEAD }, () => stage());
  const ticks = hours * 3600;
  let samples = 0;
  let cpu = 0;
  const before = readIo();
  for (let done = 0; done < ticks; done += AHEAD) {
    const played = stages.map((play, i) => play(done + i));
    for (const one of played) samples += one.samples;
    const mark = process.cpuUsage();
    for (const { batch } of played) live.tick(batch);
    if (done % ROUND === 0) await live.maintenance();
    const { user, system } = process.cpuUsage(mark);
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
