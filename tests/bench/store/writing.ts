/** Hours of ticks through the store with upkeep as in life: what they cost, and the longest time any call took. */
import { readFileSync, statSync } from 'node:fs';
import { spreadOf } from '../numbers';
import type { Spread } from '../numbers';
import { parseField } from '../proc';
import { ThreadTime } from '../thread-time';
import { openLive } from './live';
import type { Recording } from './recording';
import { countSamples, player } from './replay';

/** Batches are made ahead, so that making them is not measured. */
const AHEAD = 600;
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
  readonly maintain: CallUse;
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

/** Writes them. */
export function measureWriting({ path, recording, series, start, hours }: WritingPlan): Writing {
  const clock = new ThreadTime();
  const lookCost = clock.cost();
  const calls = { append: new Calls(), maintain: new Calls() };
  let looks = 0;
  const live = openLive(path, start, (name, work) => {
    looks += 2;
    const [thread, wall] = [clock.now(), performance.now()];
    const more = work();
    calls[name].wall.push(performance.now() - wall);
    calls[name].thread.push(clock.now() - thread);
    return more;
  });
  const play = player(recording, series, start);
  const ticks = hours * 3600;
  let samples = 0;
  let cpu = 0;
  const before = readIo();
  for (let done = 0; done < ticks; done += AHEAD) {
    const batches = Array.from({ length: AHEAD }, (_, i) => play(done + i));
    for (const batch of batches) samples += countSamples(batch);
    const mark = process.cpuUsage();
    for (const batch of batches) live.tick(batch);
    const { user, system } = process.cpuUsage(mark);
    cpu += (user + system) / 1000;
  }
  live.store.close();
  clock.close();
  const after = readIo();
  const perTick = (from: number | null, to: number | null): number | null => (from === null || to === null ? null : (to - from) / ticks);
  return {
    series,
    ticks,
    samplesPerTick: samples / ticks,
    cpuPerTick: (cpu - looks * lookCost) / ticks,
    handedPerTick: perTick(before.handed, after.handed),
    writtenPerTick: perTick(before.written, after.written),
    databaseBytes: statSync(path).size,
    append: calls.append.use(),
    maintain: calls.maintain.use(),
  };
}
