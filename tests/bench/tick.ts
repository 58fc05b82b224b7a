/**
 * Runs the engine on the real /proc of this machine, or on a big machine that is written for it, for a number of ticks, without waiting between them, and prints the
 * resources it used as JSON. Arguments: number of ticks, folder for the database,
 * `own` or `big`. Caches and compiled code are warmer than
 * at one tick a second, so the result is a lower bound, for comparing versions.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { FAMILY_IDS } from '../../src/shared/metrics/index';
import type { FamilyId } from '../../src/shared/metrics/index';
import type { Reading } from '../../src/shared/metrics/reading';
import type { Clock, Timers } from '../../src/main/engine/clock';
import { createCollectors } from '../../src/main/engine/collectors/index';
import type { SelfSource, SystemDeps } from '../../src/main/engine/collectors/deps';
import { systemDeps } from '../../src/main/engine/collectors/platform';
import type { AnyCollector, CollectorSet } from '../../src/main/engine/collectors/collector';
import { createHub } from '../../src/main/engine/hub';
import { createSampler } from '../../src/main/engine/sampler/sampler';
import { openStore } from '../../src/main/engine/store/open-store';
import type { Store } from '../../src/main/engine/store/store-types';
import { writeBigMachine } from './big-machine';
import { measureContainerRead } from './container-machine';
import { parseField } from './proc';
import { silentLog } from './quiet-log';

const TICK_MS = 1000;
/** Ticks before the measurement: rates need a previous read, the compiler some hundred calls. */
const WARM_UP = 200;

/** Resources used by the engine. */
export interface TickUse {
  readonly ticks: number;
  readonly families: number;
  /** Values of all families together. */
  readonly series: number;
  readonly faults: readonly string[];
  readonly cpuMsPerTick: number;
  readonly cpuMsPerViewedTick: number;
  /** CPU ms for one read of the counters of a hundred containers; null on this machine. */
  readonly cpuMsPerContainerRead: number | null;
  /** Bytes passed to write(2); null where unknown. */
  readonly writtenBytesPerTick: number | null;
  /** Growth of the database, without its write-ahead log, whose space is reused. */
  readonly databaseBytesPerTick: number;
}

/** A clock that advances by one tick per call of `fire`, starting at a real time. */
function createTime(start: number): { clock: Clock; timers: Timers; fire(): void } {
  let elapsed = 0;
  let next: (() => void) | null = null;
  const clock: Clock = { now: () => start + elapsed, mono: () => elapsed, boot: () => elapsed };
  const timers: Timers = {
    after: (ms, fn) => {
      // Only the loop sets a timer of one tick; deadlines of reads, never reached here, have other lengths.
      if (ms !== TICK_MS) return () => undefined;
      next = fn;
      return () => (next = null);
    },
  };
  const fire = (): void => {
    elapsed += TICK_MS;
    const fn = next;
    next = null;
    fn?.();
  };
  return { clock, timers, fire };
}

const self: SelfSource = {
  pids: () => [process.pid],
  usage: () => null,
  perCollector: () => ({}),
  tickMs: () => null,
  databaseBytes: () => null,
  bytesWritten: () => null,
};

const writtenBytes = (): number | null => parseField(readFileSync('/proc/self/io', 'utf8'), 'wchar');

/** The same collectors, and a function that waits for their pending reads, which finish well before the next tick in practice. */
function trackReads(collectors: CollectorSet): { collectors: CollectorSet; finished(): Promise<void> } {
  const inFlight = new Set<Promise<unknown>>();
  const track = (collector: AnyCollector): AnyCollector => ({
    family: collector.family,
    read() {
      const raw = collector.read();
      if (!(raw instanceof Promise)) return raw;
      inFlight.add(raw);
      const settle = (): void => void inFlight.delete(raw);
      raw.then(settle, settle);
      return raw;
    },
    toReading: (raw, previous) => collector.toReading(raw, previous),
    close: () => collector.close?.(),
  });
  return {
    // Each family keeps its own collector, which the type of a list of pairs cannot say.
    collectors: Object.fromEntries(FAMILY_IDS.map((id) => [id, track(collectors[id])])) as unknown as CollectorSet,
    async finished() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };
}

/** Opens the history; called twice, to know the size of an empty database. */
function openHistory(file: string, clock: Clock): Store {
  return openStore({ path: file, clock, log: silentLog, keepDays: 30 }).store;
}

/** Values of all families that have been read. */
function countValues(readings: Partial<Record<FamilyId, Reading>>): number {
  const count = ({ values }: Pick<Reading, 'values'>): number => Object.keys(values).length;
  const devices = Object.values(readings).flatMap((reading) => Object.values(reading.devices ?? {}));
  return [...Object.values(readings), ...devices].reduce((sum, part) => sum + count(part), 0);
}

/** The machine that is read: this one, or the big one, written below the folder. */
function depsOf(machine: string, folder: string): SystemDeps {
  const own = systemDeps();
  if (machine !== 'big') return own;
  const root = path.join(folder, 'machine');
  writeBigMachine(root);
  // What a disk answers is the same for all of them.
  return { ...own, root, statfs: () => own.statfs(folder) };
}

async function driveEngine(ticks: number, folder: string, machine: string): Promise<TickUse> {
  const file = path.join(folder, 'history.sqlite');
  const time = createTime(Date.now());
  openHistory(file, time.clock).close();
  const emptySize = statSync(file).size;
  const store = openHistory(file, time.clock);
  const hub = createHub((error) => {
    throw error;
  });
  const faults = new Set<string>();
  const reads = trackReads(createCollectors({ ...depsOf(machine, folder), networkMounts: () => false, driveHealth: () => false, self }));
  const sampler = createSampler({
    collectors: reads.collectors,
    clock: time.clock,
    timers: time.timers,
    onBatch: (batch) => hub.publish(batch),
    onHealth: (family, fault) => fault !== null && faults.add(`${family}: ${fault.kind}`),
  });
  hub.subscribe((batch) => store.append(batch));
  const drive = async (count: number): Promise<number> => {
    const before = process.cpuUsage();
    for (let tick = 0; tick < count; tick += 1) {
      time.fire();
      await reads.finished();
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / count;
  };
  sampler.start();
  await drive(WARM_UP);
  const written = writtenBytes();
  const cpuMsPerTick = await drive(ticks);
  const writtenAfter = writtenBytes();
  sampler.setViewed(new Set(FAMILY_IDS));
  const viewedTicks = Math.ceil(ticks / 10);
  const cpuMsPerViewedTick = await drive(viewedTicks);
  const { readings } = hub.snapshot();
  sampler.close();
  store.close();
  return {
    ticks,
    families: Object.keys(readings).length,
    series: countValues(readings),
    faults: [...faults],
    cpuMsPerTick,
    cpuMsPerViewedTick,
    cpuMsPerContainerRead: machine === 'big' ? await measureContainerRead(path.join(folder, 'containers')) : null,
    writtenBytesPerTick: written === null || writtenAfter === null ? null : (writtenAfter - written) / ticks,
    databaseBytesPerTick: (statSync(file).size - emptySize) / (WARM_UP + ticks + viewedTicks),
  };
}

const [ticks = '3600', folder = '.', machine = 'own'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await driveEngine(Number(ticks), folder, machine)));
