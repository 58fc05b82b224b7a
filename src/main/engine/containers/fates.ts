/**
 * What becomes of containers: from events, and from what is listed after events may have been missed, which of them ended by
 * itself, which was stopped, started again or killed for want of memory. No I/O; all times are epoch ms.
 */
import type { ContainerHealth } from '../../../shared/containers/container-schemas';
import type { EngineEvent } from './engine-event';
import { healthIs } from './record';
import type { ContainerRecord, EngineKind } from './record';

/** Something that a person may want to know. `restarted` takes the place of a `started` of the same moment. */
export interface Happening {
  readonly kind: 'started' | 'restarted' | 'stopped' | 'died' | 'oom' | 'unhealthy' | 'healthy';
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly time: number;
  readonly exitCode: number | null;
}

/** What of the past is not known from events: all, what happened since a time (epoch ms), or nothing. */
export type Missed = 'all' | number | 'nothing';

/** What is remembered of one container. */
interface Fate {
  isUp: boolean | null;
  startedAt: number;
  endedAt: number;
  /** Its last start or end that a list has told, and no event: one of that time tells nothing new. */
  listedAt: number;
  /** How its last run ended; null while it is not known. */
  ended: 'itself' | 'asked' | null;
  /** Somebody had it sent a signal: until when an end counts as asked for. */
  askedUntil: number;
  /** The engine is about to start it again, as Podman announces. */
  isAnnounced: boolean;
  health: ContainerHealth | null;
}

/** How long ago something still counts as recent, ms. */
const RECENT = 10 * 60_000;
/** After a signal that ends programs, an engine may wait this long before it kills, ms; after another one the end comes soon or not at all. */
const ASKED = { ending: 10 * 60_000, other: 10_000 } as const;
const ENDING_SIGNALS: ReadonlySet<number | null> = new Set([null, 2, 3, 9, 15]);
/** Exit codes of a program that was ended by SIGINT, SIGKILL or SIGTERM, and of one whose end nobody saw. */
const SIGNAL_CODES: ReadonlySet<number | null> = new Set([130, 137, 143, 255]);
/** An event is a little later than what it tells of, ms. */
const SLACK = 1000;
/** Most times that are kept of a name, and most names. */
const MOST = { times: 100, names: 2000 } as const;

const KEEPS_RUNNING: ReadonlySet<string | null | undefined> = new Set(['always', 'unless-stopped', 'on-failure']);

/** Times of something, by the name of a container: another container may be made under it each time. */
class RecentTimes {
  readonly #byName = new Map<string, number[]>();

  add(name: string, time: number): void {
    const times = this.#byName.get(name) ?? [];
    times.push(time);
    if (times.length > MOST.times) times.shift();
    this.#byName.delete(name);
    this.#byName.set(name, times);
    const [oldest] = this.#byName.keys();
    if (this.#byName.size > MOST.names && oldest !== undefined) this.#byName.delete(oldest);
  }

  /** Takes one back. */
  remove(name: string, time: number): void {
    const times = this.#byName.get(name) ?? [];
    const at = times.lastIndexOf(time);
    if (at !== -1) times.splice(at, 1);
  }

  has(name: string, from: number): boolean {
    return this.#byName.get(name)?.some((time) => time >= from) ?? false;
  }

  count(name: string, now: number): number {
    const times = this.#byName.get(name);
    if (times === undefined) return 0;
    const recent = times.filter((time) => time > now - RECENT);
    if (recent.length === 0) this.#byName.delete(name);
    else this.#byName.set(name, recent);
    return recent.length;
  }
}

/** The fates of the containers of one engine. */
export class Fates {
  readonly #kind: EngineKind;
  readonly #fates = new Map<string, Fate>();
  readonly #deaths = new RecentTimes();
  readonly #oomKills = new RecentTimes();

  constructor(kind: EngineKind) {
    this.#kind = kind;
  }

  /** Takes an event. `record`: what is known of the container, undefined for one that is not known yet. */
  onEvent(event: EngineEvent, record: ContainerRecord | undefined): readonly Happening[] {
    const { id, time, kind, exitCode } = event;
    const fate = this.#fateOf(id);
    if ((kind === 'died' || kind === 'started') && time <= fate.listedAt + SLACK) return [];
    const name = record?.name ?? event.name ?? id.slice(0, 12);
    const about = { id, name, image: record?.image ?? event.image ?? '', time };
    switch (kind) {
      case 'killed':
        fate.askedUntil = time + (ENDING_SIGNALS.has(event.signal) ? ASKED.ending : ASKED.other);
        return [];
      case 'died':
        return this.#end(fate, { ...about, exitCode }, record?.inspected?.restartPolicy ?? null, time <= fate.askedUntil || this.#isUntold(exitCode));
      case 'stopped':
        // It comes after the end, also where no signal was seen before.
        if (fate.ended === 'itself') this.#deaths.remove(name, fate.endedAt);
        fate.ended = 'asked';
        return [];
      case 'started':
        return this.#start(fate, about);
      case 'restarted':
        if (fate.isUp !== true) fate.isAnnounced = true;
        return fate.isUp === true ? [{ ...about, kind: 'restarted', exitCode: null }] : [];
      case 'oom':
        this.#oomKills.add(name, time);
        return [{ ...about, kind: 'oom', exitCode: null }];
      case 'health':
        return event.health === null ? [] : this.#judgeHealth(fate, about, event.health);
      case 'removed':
        this.#fates.delete(id);
        return [];
      case 'changed':
        break;
    }
    return [];
  }

  /** Compares with what an engine tells now. `missed`: whether its events tell all that there is. */
  reconcile(record: ContainerRecord, missed: Missed): readonly Happening[] {
    const { id, name, image, inspected, state } = record;
    const isNew = !this.#fates.has(id);
    const fate = this.#fateOf(id);
    const about = { id, name, image };
    const startedAt = inspected?.startedAt ?? null;
    const finishedAt = inspected?.finishedAt ?? null;
    const isUp = state === 'running' || state === 'paused';
    const found: Happening[] = [];
    if (missed === 'all' || (isNew && missed !== 'nothing' && (startedAt ?? 0) <= missed)) {
      Object.assign(fate, { isUp, startedAt: startedAt ?? 0, endedAt: isUp ? 0 : (finishedAt ?? 0), listedAt: (isUp ? startedAt : finishedAt) ?? 0, health: healthIs(record) });
    } else if (missed !== 'nothing' && startedAt !== null) {
      found.push(...(isUp ? this.#missedStart(fate, { ...about, time: startedAt }) : this.#missedEnd(fate, about, record, startedAt)));
    }
    if (inspected?.oomKilled === true && finishedAt !== null && fate.ended !== null && !this.#oomKills.has(name, (startedAt ?? finishedAt) - SLACK)) {
      this.#oomKills.add(name, finishedAt);
      found.push({ ...about, kind: 'oom', time: finishedAt, exitCode: null });
    }
    if (isUp) found.push(...this.#judgeHealth(fate, { ...about, time: typeof missed === 'number' ? missed : (startedAt ?? 0) }, healthIs(record)));
    return found;
  }

  /** Times it ended by itself, and times something in it was killed for want of memory, in the ten minutes before `now`. */
  recent(name: string, now: number): { readonly deaths: number; readonly oomKills: number } {
    return { deaths: this.#deaths.count(name, now), oomKills: this.#oomKills.count(name, now) };
  }

  /**
   * Whether it is down although it was to be kept running. Where its end was seen, it says; otherwise an engine would have
   * started it again unless a person had stopped it, it could not be started, or it failed too often.
   */
  isMissed({ id, state, inspected }: ContainerRecord): boolean {
    if ((state !== 'exited' && state !== 'dead') || inspected === null || !KEEPS_RUNNING.has(inspected.restartPolicy)) return false;
    const { restartPolicy, exitCode, error } = inspected;
    const ended = this.#fates.get(id)?.ended ?? null;
    if (ended === 'asked') return false;
    if (error !== null) return true;
    const hasFailed = exitCode !== 0 && exitCode !== null;
    if (restartPolicy === 'on-failure') return hasFailed && (ended === 'itself' || !SIGNAL_CODES.has(exitCode));
    return this.#kind === 'docker' && ended === 'itself';
  }

  /** Forgets containers that are gone. */
  keep(ids: ReadonlyMap<string, unknown>): void {
    for (const id of this.#fates.keys()) if (!ids.has(id)) this.#fates.delete(id);
  }

  /** Podman does not tell when it stops a container: a program that ended by a signal is taken for one that was to end. */
  #isUntold(exitCode: number | null): boolean {
    return this.#kind === 'podman' && SIGNAL_CODES.has(exitCode);
  }

  #fateOf(id: string): Fate {
    const known = this.#fates.get(id);
    if (known !== undefined) return known;
    const fate: Fate = { isUp: null, startedAt: 0, endedAt: 0, listedAt: 0, ended: null, askedUntil: 0, isAnnounced: false, health: null };
    this.#fates.set(id, fate);
    return fate;
  }

  /** It runs since a start that was not seen, and its end before, if it ran then, was missed as well. */
  #missedStart(fate: Fate, about: Omit<Happening, 'kind' | 'exitCode'>): readonly Happening[] {
    if (about.time <= fate.startedAt + SLACK || about.time <= fate.endedAt) return [];
    if (fate.isUp === true) fate.isAnnounced = true;
    Object.assign(fate, { isUp: false, listedAt: about.time });
    return this.#start(fate, about);
  }

  /** It has ended, and its start may have been missed as well. A program that was ended by a signal may have ended with the daemon. */
  #missedEnd(fate: Fate, about: Omit<Happening, 'kind' | 'exitCode' | 'time'>, { inspected }: ContainerRecord, startedAt: number): readonly Happening[] {
    const { finishedAt = null, exitCode = null, restartPolicy = null } = inspected ?? {};
    if (finishedAt === null || finishedAt <= Math.max(fate.startedAt, fate.endedAt + SLACK)) return [];
    fate.listedAt = finishedAt;
    const start = fate.isUp !== true && startedAt > fate.startedAt + SLACK ? this.#start(fate, { ...about, time: startedAt }) : [];
    return [...start, ...this.#end(fate, { ...about, time: finishedAt, exitCode }, restartPolicy, finishedAt <= fate.askedUntil || SIGNAL_CODES.has(exitCode))];
  }

  #end(fate: Fate, about: Omit<Happening, 'kind'>, policy: string | null, wasAsked: boolean): readonly Happening[] {
    const { time, name, exitCode } = about;
    Object.assign(fate, { isUp: false, endedAt: time, ended: wasAsked ? 'asked' : 'itself', askedUntil: 0, health: null });
    const hasFailed = exitCode !== 0;
    if (!wasAsked && (hasFailed || policy === 'always' || policy === 'unless-stopped')) this.#deaths.add(name, time);
    return [{ ...about, kind: wasAsked || !hasFailed ? 'stopped' : 'died' }];
  }

  #start(fate: Fate, about: Omit<Happening, 'kind' | 'exitCode'>): readonly Happening[] {
    const isRestart = fate.isAnnounced || (fate.ended === 'itself' && about.time - fate.endedAt < RECENT);
    // Podman may tell the start of a run after its end.
    if (about.time >= fate.endedAt) Object.assign(fate, { isUp: true, ended: null, askedUntil: 0, health: null });
    Object.assign(fate, { startedAt: about.time, isAnnounced: false });
    return [{ ...about, kind: isRestart ? 'restarted' : 'started', exitCode: null }];
  }

  /** Becoming healthy is worth a word only after it was not. */
  #judgeHealth(fate: Fate, about: Omit<Happening, 'kind' | 'exitCode'>, health: ContainerHealth): readonly Happening[] {
    const before = fate.health;
    // While it is starting again nothing is said; what it was before counts.
    if (health === 'none' || health === 'starting' || health === before) return [];
    fate.health = health;
    if (health === 'unhealthy') return [{ ...about, kind: 'unhealthy', exitCode: null }];
    return before === 'unhealthy' ? [{ ...about, kind: 'healthy', exitCode: null }] : [];
  }
}
