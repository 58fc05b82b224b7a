/** Measures what a process tree uses over a while: processor time, memory, and what it writes to disk. */
import { setTimeout as delay } from 'node:timers/promises';
import { hasTwin, parseBusyTicks, parseField, readIfAllowed, readPss, readThreadName, readThreadTimes, readTree, readType, TICKS_PER_SECOND } from './proc';
import type { ProcessStat } from './proc';

/** Threads that end between two looks take with them what they used since the first of these. */
const LOOK_EVERY_MS = 2000;
const TOP_THREADS = 8;

/** What a process tree used. */
export interface TreeUse {
  readonly seconds: number;
  /** Processor seconds per 60 s: user and system, all processes, also those that came or went meanwhile. */
  readonly cpuPer60: number;
  /** The same from the counters in hundredths of a second, which round each process. A check on the other. */
  readonly cpuPer60Ticks: number;
  /** Null where the memory of one of the processes may not be read. */
  readonly pssBytes: number | null;
  readonly processes: readonly { readonly type: string; readonly pssBytes: number | null }[];
  /** The living threads that used most, in processor seconds per 60 s. */
  readonly threads: readonly { readonly type: string; readonly name: string | null; readonly cpuPer60: number }[];
  /** Bytes per 60 s that reached, or will reach, the disk; null where that may not be read. */
  readonly writtenPer60: number | null;
  /** Processor seconds per 60 s that everything else on the machine used: how quiet it was. */
  readonly othersPer60: number;
  /** Another program ran on the same executable and took its share of the memory: pssBytes is too low. */
  readonly hasTwin: boolean;
}

interface ThreadUse {
  readonly pid: number;
  readonly tid: number;
  nanoseconds: number;
  last: number;
}

/** Sums the nanoseconds of threads that come and go. */
class ThreadSum {
  readonly #threads = new Map<string, ThreadUse>();
  #primed = false;

  look(tree: readonly ProcessStat[]): void {
    for (const { pid } of tree) {
      for (const [tid, now] of readThreadTimes(pid)) this.#note(pid, tid, now);
    }
    this.#primed = true;
  }

  #note(pid: number, tid: number, now: number): void {
    const key = `${pid}/${tid}`;
    const thread = this.#threads.get(key) ?? { pid, tid, nanoseconds: 0, last: this.#primed ? 0 : now };
    // A number given out anew belongs to a thread that started since.
    thread.nanoseconds += now >= thread.last ? now - thread.last : now;
    thread.last = now;
    this.#threads.set(key, thread);
  }

  get seconds(): number {
    return [...this.#threads.values()].reduce((sum, thread) => sum + thread.nanoseconds, 0) / 1e9;
  }

  /** The threads that used most, largest first. */
  top(count: number): { pid: number; tid: number; seconds: number }[] {
    const sorted = [...this.#threads.values()].sort((a, b) => b.nanoseconds - a.nanoseconds);
    return sorted.slice(0, count).map(({ pid, tid, nanoseconds }) => ({ pid, tid, seconds: nanoseconds / 1e9 }));
  }
}

const ticksOf = (tree: readonly ProcessStat[]): number => tree.reduce((sum, one) => sum + one.ownTicks + one.childTicks, 0);
const busyTicks = (): number => parseBusyTicks(readIfAllowed('/proc/stat') ?? '');

/** Bytes that each process had written to disk so far. */
function readWritten(tree: readonly ProcessStat[]): Map<number, number | null> {
  return new Map(tree.map(({ pid }) => [pid, parseField(readIfAllowed(`/proc/${pid}/io`) ?? '', 'write_bytes')]));
}

function writtenBetween(before: Map<number, number | null>, after: Map<number, number | null>): number | null {
  let sum = 0;
  for (const [pid, bytes] of after) {
    if (bytes === null) return null;
    sum += bytes - (before.get(pid) ?? 0);
  }
  return sum;
}

/** Watches a tree for a while. Throws when the process ends meanwhile. */
export async function measureTree(root: number, seconds: number): Promise<TreeUse> {
  const threads = new ThreadSum();
  const before = readTree(root);
  const written = readWritten(before);
  const busy = busyTicks();
  const started = performance.now();
  threads.look(before);
  const end = started + seconds * 1000;
  for (let now = started; now < end; now = performance.now()) {
    await delay(Math.min(LOOK_EVERY_MS, end - now));
    threads.look(readTree(root));
  }
  const elapsed = (performance.now() - started) / 1000;
  const after = readTree(root);
  if (after[0]?.pid !== root) throw new Error(`process ${root} ended while it was measured`);
  const per60 = (amount: number): number => (amount * 60) / elapsed;
  const ticks = (ticksOf(after) - ticksOf(before)) / TICKS_PER_SECOND;
  const cpu = bestOf(threads.seconds, ticks, after.length);
  const typeOf = (pid: number): string => (pid === root ? 'main' : readType(pid));
  const processes = after.map(({ pid }) => ({ type: typeOf(pid), pssBytes: readPss(pid) }));
  const threadUse = threads.top(TOP_THREADS).map(({ pid, tid, seconds: used }) => ({ type: typeOf(pid), name: readThreadName(pid, tid), cpuPer60: per60(used) }));
  const bytes = writtenBetween(written, readWritten(after));
  return {
    seconds: elapsed,
    cpuPer60: per60(cpu),
    cpuPer60Ticks: per60(ticks),
    pssBytes: sumOrNull(processes.map((one) => one.pssBytes)),
    processes,
    threads: threadUse,
    writtenPer60: bytes === null ? null : per60(bytes),
    othersPer60: per60(Math.max(0, (busyTicks() - busy) / TICKS_PER_SECOND - cpu)),
    hasTwin: hasTwin(after),
  };
}

/**
 * Thread times are exact to the nanosecond but miss what lived and died between two looks; the ticks miss nothing but
 * round each process twice. Beyond that rounding, the ticks are right.
 */
function bestOf(threadSeconds: number, tickSeconds: number, processes: number): number {
  const rounding = (2 * processes) / TICKS_PER_SECOND;
  return tickSeconds > threadSeconds + rounding ? tickSeconds : threadSeconds;
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}
