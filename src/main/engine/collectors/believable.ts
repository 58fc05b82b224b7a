/**
 * Counters that can be believed, for the lists of collectors whose sources are not the kernel's own files (darwin.ts,
 * win32.ts): what fails there may answer with zeros, and the answer after them would be a rate of everything since the start
 * of the machine.
 */
import type { FamilyId } from '../../../shared/metrics/index';
import type { Value } from '../../../shared/metrics/reading';
import type { Collector } from './collector';
import { CounterStarts } from './counter-starts';
import type { SystemDeps } from './deps';
import type { DiskIoRaw } from './diskio';
import { withStarts } from './network';
import type { NetworkRaw } from './network';
import { shrank } from './numbers';

/** So many reads in a row with nothing but zeros are believed: the counters were reset. */
const ENOUGH = 3;

/** What is remembered of a device. */
interface Known<C> {
  /** Its latest counters that were not all zero; null if there were none. */
  readonly last: C | null;
  /** Reads in a row in which all were zero. */
  readonly zeros: number;
}

/** Follows the counters of devices from read to read. */
class CounterBelief<Name extends string, C extends Readonly<Record<Name, Value>>> {
  readonly #names: readonly Name[];
  #known: ReadonlyMap<string, Known<C>> = new Map();

  constructor(names: readonly Name[]) {
    this.#names = names;
  }

  /**
   * The counters of one read as far as they are believed, null for the others; and the devices whose growth since the read
   * before is not known although both are: they were at zero, and are now where they had been before.
   */
  take(read: ReadonlyMap<string, C>): { readonly counters: Map<string, C>; readonly jumped: ReadonlySet<string> } {
    const known = new Map<string, Known<C>>();
    const counters = new Map<string, C>();
    const jumped = new Set<string>();
    // Where nothing at all has counted, the read itself is in doubt.
    const hasWorked = [...read.values()].some((one) => this.#isCounting(one));
    for (const [id, one] of read) {
      const before = this.#known.get(id) ?? { last: null, zeros: 0 };
      if (this.#isZero(one)) {
        const zeros = before.zeros + 1;
        known.set(id, { last: before.last, zeros });
        const isBelieved = zeros >= ENOUGH || (before.last === null && hasWorked);
        counters.set(id, isBelieved ? one : this.#unknown(one));
      } else {
        const isCounting = this.#isCounting(one);
        if (isCounting && before.zeros > 0 && !this.#isLess(one, before.last)) jumped.add(id);
        known.set(id, isCounting ? { last: one, zeros: 0 } : before);
        counters.set(id, one);
      }
    }
    this.#known = known;
    return { counters, jumped };
  }

  #isCounting(one: C): boolean {
    return this.#names.some((name) => (one[name] ?? 0) > 0);
  }

  /** True if all that is known is zero. */
  #isZero(one: C): boolean {
    return !this.#isCounting(one) && this.#names.some((name) => one[name] !== null);
  }

  /** True if a counter is less than it was: they began anew. */
  #isLess(one: C, last: C | null): boolean {
    return last !== null && this.#names.some((name) => shrank(one[name], last[name]));
  }

  #unknown(one: C): C {
    return { ...one, ...Object.fromEntries(this.#names.map((name) => [name, null])) };
  }
}

/** A read whose counters are believed. */
export interface Believed<Raw> {
  readonly counters: Raw;
  /** Devices without rates. */
  readonly jumped: ReadonlySet<string>;
}

function without<C>(counters: ReadonlyMap<string, C>, ids: ReadonlySet<string>): ReadonlyMap<string, C> {
  return ids.size === 0 ? counters : new Map([...counters].filter(([id]) => !ids.has(id)));
}

/** The collector with counters that are believed. `finish` completes them; a read that fails changes nothing. */
function believable<F extends FamilyId, Name extends string, C extends Readonly<Record<Name, Value>>>(
  collector: Collector<F, ReadonlyMap<string, C>>,
  names: readonly Name[],
  finish: (counters: Map<string, C>) => ReadonlyMap<string, C>,
): Collector<F, Believed<ReadonlyMap<string, C>>> {
  const belief = new CounterBelief<Name, C>(names);
  return {
    ...collector,
    read: async () => {
      const { counters, jumped } = belief.take(await collector.read());
      return { counters: finish(counters), jumped };
    },
    toReading: (raw, previous) =>
      collector.toReading(raw.counters, previous === null ? null : { raw: without(previous.raw.counters, raw.jumped), seconds: previous.seconds }),
  };
}

/** Interfaces: with counters that are believed, and since when these count. */
export function believableNetwork(collector: Collector<'network', NetworkRaw>, clock: Pick<SystemDeps['clock'], 'now'>) {
  const starts = new CounterStarts();
  return believable(collector, ['rxBytes', 'rxPackets', 'txBytes', 'txPackets', 'errors', 'drops'], (counters) => withStarts(counters, starts, clock.now()));
}

/** Disks: with counters that are believed. */
export function believableDiskIo(collector: Collector<'diskio', DiskIoRaw>) {
  return believable(collector, ['reads', 'writes', 'readBytes', 'writeBytes'], (counters) => counters);
}
