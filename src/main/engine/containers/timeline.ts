/**
 * From happenings to events of the timeline, a bounded number of them: what one container does again and again, and what many do
 * at once, is summed up at the end of each minute, so that nothing else is pushed out.
 */
import type { EventInput } from '../../../shared/timeline/event-schemas';
import type { Clock, Timers } from '../clock';
import { EVENT_OF, eventText } from './container-words';
import type { Happening } from './fates';

/** An event for the timeline; `time` in epoch ms. */
export type ContainerEventListener = (event: EventInput, time: number) => void;

/** What an event is about, besides what happened. */
export interface EventFacts {
  /** Display name, and the key of the series that its chart shows; null for one that is not kept. */
  readonly label: string;
  readonly series: string | null;
  readonly engine: string;
  /** The last log lines, where they were asked for. */
  readonly logLines: readonly string[];
}

/** How long a start is held back, ms: where it was a restart, the engine says so just behind it. */
const HOLD = 200;
const MINUTE = 60_000;
/** Most events in a minute: of one container, and of all. What is more is summed up. */
const MOST = { ofOne: 6, ofAll: 40 } as const;
/** Most containers that have a sum of their own in a minute. */
const MOST_SUMS = 10;

/** What was not written of one container in this minute. */
interface Sum {
  readonly counts: Map<Happening['kind'], number>;
  last: { readonly happening: Happening; readonly facts: EventFacts };
}

/** Writes events. */
export class ContainerTimeline {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #timers: Timers;
  readonly #listener: ContainerEventListener;
  readonly #held = new Map<string, { readonly write: () => void; readonly cancel: () => void }>();
  readonly #written = new Map<string, number>();
  readonly #sums = new Map<string, Sum>();
  #total = 0;
  #endMinute: (() => void) | null = null;

  constructor(parts: { readonly clock: Pick<Clock, 'now'>; readonly timers: Timers }, listener: ContainerEventListener) {
    this.#clock = parts.clock;
    this.#timers = parts.timers;
    this.#listener = listener;
  }

  /** Takes a happening. */
  add(happening: Happening, facts: EventFacts): void {
    const { id, kind } = happening;
    const held = this.#held.get(id);
    if (held !== undefined) {
      held.cancel();
      this.#held.delete(id);
      if (kind !== 'restarted') held.write();
    }
    if (kind !== 'started') {
      this.#count(happening, facts);
      return;
    }
    const write = (): void => {
      this.#held.delete(id);
      this.#count(happening, facts);
    };
    this.#held.set(id, { write, cancel: this.#timers.after(HOLD, write) });
  }

  /** Writes what was held back and summed up. */
  close(): void {
    for (const { write, cancel } of this.#held.values()) {
      cancel();
      write();
    }
    this.#endMinute?.();
    this.#sumUp();
  }

  #count(happening: Happening, facts: EventFacts): void {
    this.#endMinute ??= this.#timers.after(MINUTE, () => this.#sumUp());
    const { name, kind } = happening;
    const before = this.#written.get(name) ?? 0;
    if (before < MOST.ofOne && this.#total < MOST.ofAll) {
      this.#written.set(name, before + 1);
      this.#total += 1;
      this.#write(happening, facts, eventText(happening, facts.label), {});
      return;
    }
    const sum = this.#sums.get(name) ?? { counts: new Map<Happening['kind'], number>(), last: { happening, facts } };
    sum.counts.set(kind, (sum.counts.get(kind) ?? 0) + 1);
    // The worst is what the sum is named after.
    if (kind === 'died' || kind === 'oom' || sum.last.happening.kind !== 'died') sum.last = { happening, facts };
    this.#sums.set(name, sum);
  }

  /** The end of a minute in which something happened. */
  #sumUp(): void {
    this.#endMinute = null;
    this.#written.clear();
    this.#total = 0;
    const sums = [...this.#sums.values()];
    this.#sums.clear();
    const own = sums.filter(({ counts }) => totalOf(counts) > 1).slice(0, MOST_SUMS);
    const others = sums.filter((sum) => !own.includes(sum));
    for (const { counts, last } of own) this.#write(last.happening, last.facts, `${eventText(last.happening, last.facts.label)}; in this minute ${inWords(counts)} more`, Object.fromEntries(counts));
    const [first] = others;
    if (first === undefined) return;
    const { happening, facts } = first.last;
    const all = others.reduce((sum, { counts }) => sum + totalOf(counts), 0);
    const message = others.length === 1 ? eventText(happening, facts.label) : `${others.length} more containers were started, stopped or ended in this minute`;
    this.#write(happening, others.length === 1 ? facts : { ...facts, series: null, logLines: [] }, message, { containers: others.length, events: all });
  }

  #write({ kind, id, image, time, name, exitCode }: Happening, { series, engine, logLines }: EventFacts, message: string, counts: Readonly<Record<string, number>>): void {
    const { type, severity } = EVENT_OF[kind];
    const details = {
      container: name,
      id: id.slice(0, 12),
      image: image.slice(0, 300),
      engine,
      ...(exitCode === null ? {} : { exitCode }),
      ...(series === null ? {} : { series }),
      ...(logLines.length === 0 ? {} : { log: [...logLines] }),
      ...(Object.keys(counts).length === 0 ? {} : { more: counts }),
    };
    // The clock of an engine in a virtual machine may be ahead.
    this.#listener({ type, severity, message, details }, Math.min(time, this.#clock.now()));
  }
}

const totalOf = (counts: ReadonlyMap<unknown, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

const WORDS: Readonly<Record<Happening['kind'], string>> = { started: 'started', restarted: 'restarted', stopped: 'stopped', died: 'ended', oom: 'out of memory', unhealthy: 'unhealthy', healthy: 'healthy again' };

/** "ended 12 times, restarted 12 times". */
function inWords(counts: ReadonlyMap<Happening['kind'], number>): string {
  return [...counts].map(([kind, count]) => `${WORDS[kind]} ${count === 1 ? 'once' : `${count} times`}`).join(', ');
}
