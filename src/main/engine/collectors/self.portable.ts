/** CPU and memory of the app as measured by itself, and the programs that it starts, for macOS and Windows. */
import type { Collector } from './collector';
import type { SelfSource, SystemDeps } from './deps';
import { selfReading, sourceRaw } from './self';
import type { SelfRaw } from './self';

/** Over how long the programs are counted, ms. */
const WINDOW = 60_000;

/** The programs since the start of the app, and when that was read (monotonic ms). */
interface ProgramCount {
  readonly at: number;
  readonly started: number;
  readonly milliseconds: number;
}

/** What the programs between two reads cost; null while none was ever started. */
function programsNote(before: ProgramCount, now: ProgramCount): string | null {
  const minutes = (now.at - before.at) / WINDOW;
  if (now.started === 0 || !(minutes > 0)) return null;
  const perMinute = Math.round((now.started - before.started) / minutes);
  const seconds = (now.milliseconds - before.milliseconds) / 1000 / minutes;
  return `${perMinute} ${perMinute === 1 ? 'program' : 'programs'} of the system started a minute, which run ${seconds.toFixed(1)} s together and are not included`;
}

/** Remembers the counts of the last minute. */
class ProgramMeter {
  readonly #deps: Pick<SystemDeps, 'programs' | 'clock'>;
  #counts: readonly ProgramCount[] = [];

  constructor(deps: Pick<SystemDeps, 'programs' | 'clock'>) {
    this.#deps = deps;
  }

  notes(): readonly (string | null)[] {
    const { programs, clock } = this.#deps;
    const now = { at: clock.mono(), ...programs.cost() };
    // One that is a minute old is kept, so that the whole minute is covered.
    const first = this.#counts.findLastIndex(({ at }) => now.at - at >= WINDOW);
    this.#counts = [...this.#counts.slice(Math.max(0, first)), now];
    const followed = programs.followed().length === 0 ? null : 'nvidia-smi, which it keeps running, is not included';
    return [programsNote(this.#counts[0] ?? now, now), followed];
  }
}

/** Reads the source; the app counts as one process. `deps` where collectors start programs. */
export function portableSelf(source: SelfSource, deps?: Pick<SystemDeps, 'programs' | 'clock'>): Collector<'self', SelfRaw> {
  const programs = deps === undefined ? null : new ProgramMeter(deps);
  return {
    family: 'self',
    read: () => {
      const usage = source.usage();
      const notes = [usage === null ? null : 'shared memory counts in each process', ...(programs?.notes() ?? [])].filter((note) => note !== null);
      return {
        processes: new Map(usage === null ? [] : [[0, { birth: 0, cpuSeconds: usage.cpuSeconds }]]),
        memoryBytes: usage?.rssBytes ?? null,
        note: notes.length === 0 ? null : notes.join('; '),
        ...sourceRaw(source),
      };
    },
    toReading: selfReading,
  };
}
