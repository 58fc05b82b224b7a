/** Counters of running containers: from their cgroups where these are on this machine, and otherwise from their engines. */
import type { Value } from '../../../../shared/metrics/reading';
import { messageOf } from '../../../../shared/result';
import type { Timers } from '../../clock';
import type { Platform } from '../../collectors/deps';
import { LATE, within } from '../../deadline';
import type { ContainerCounters } from '../types';
import { createCgroupReader } from './cgroups.linux';
import type { CgroupParts, ContainerToRead } from './cgroups.linux';
import { parseStatistics } from './statistics';

/** A container that runs, and the question to its engine. */
export interface RunningContainer extends ContainerToRead {
  /** Asks the engine for its one-shot statistics; resolves to what it answers. Called only where no cgroup can be read. */
  stats(): Promise<unknown>;
  /** Bytes of the machine that the engine runs on, where that is not this one. */
  readonly engineMemory?: Value;
}

/** Dependencies. */
export interface CounterParts extends CgroupParts {
  readonly platform: Platform;
  readonly timers: Timers;
  /** Called with what went wrong with the statistics of a container, at each read. */
  onFailure?(id: string, reason: string): void;
}

/** Reads counters. */
export interface CounterReader {
  /**
   * The counters by id, without the containers of which nothing can be read. Rates are made of two reads by the time in each.
   * Rejects with a CollectorError where this machine has no file descriptor left.
   */
  read(running: readonly RunningContainer[]): Promise<ReadonlyMap<string, ContainerCounters>>;
}

/** Questions to engines at a time: each makes the engine read the container's cgroup. */
const AT_ONCE = 5;
/** How long an answer may take, ms. Engines before one-shot statistics take two seconds. */
const DEADLINE = 3000;
/** After this time, ms, no further question is asked: together with the last answer it is less than a read may take. */
const LAST_QUESTION = 4000;

/** Asks engines, with a deadline for each answer. A container whose last question is still open is not asked again. */
class StatisticsReader {
  readonly #parts: CounterParts;
  readonly #open = new Set<string>();

  constructor(parts: CounterParts) {
    this.#parts = parts;
  }

  async read(running: readonly RunningContainer[]): Promise<Map<string, ContainerCounters>> {
    const { clock, totalMemory } = this.#parts;
    const counters = new Map<string, ContainerCounters>();
    const begun = clock.mono();
    const ownMemory = totalMemory();
    const waiting = running.filter(({ id }) => !this.#open.has(id)).values();
    const askInTurn = async (): Promise<void> => {
      for (const one of waiting) {
        if (clock.mono() - begun > LAST_QUESTION) return;
        const found = await this.#ask(one, ownMemory);
        if (found !== null) counters.set(one.id, found);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askInTurn));
    return counters;
  }

  /** What the engine says of one container; null where it says nothing in time. */
  async #ask({ id, engine, engineMemory, stats }: RunningContainer, ownMemory: number): Promise<ContainerCounters | null> {
    const { clock, timers, onFailure } = this.#parts;
    const asked = clock.mono();
    try {
      const call = stats();
      this.#open.add(id);
      const answer = await within(timers, DEADLINE, call.finally(() => this.#open.delete(id)));
      if (answer === LATE) throw new Error(`no answer within ${DEADLINE / 1000} s`);
      const counted = parseStatistics(answer, { engine, machineMemory: engineMemory ?? ownMemory });
      // The engine counted between the question and the answer.
      return counted === null ? null : { mono: (asked + clock.mono()) / 2, ...counted };
    } catch (error) {
      onFailure?.(id, messageOf(error));
      return null;
    }
  }
}

/** Creates the reader; nothing is read before the first call. */
export function createCounterReader(parts: CounterParts): CounterReader {
  const cgroups = parts.platform === 'linux' ? createCgroupReader(parts) : null;
  const statistics = new StatisticsReader(parts);
  return {
    async read(running) {
      const counters = (await cgroups?.read(running)) ?? new Map<string, ContainerCounters>();
      const others = running.filter(({ id }) => !counters.has(id));
      if (others.length > 0) for (const [id, one] of await statistics.read(others)) counters.set(id, one);
      return counters;
    },
  };
}
