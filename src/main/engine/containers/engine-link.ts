/**
 * One engine: connected, followed by its events, listed when something has happened, and tried again in growing pauses where it
 * does not answer. Its list is always at hand: nobody waits for an engine.
 *
 * A Podman service that ends when nobody asks (decision 25) is not followed but asked now and then.
 */
import type { EngineStatus } from '../../../shared/containers/container-schemas';
import { messageOf } from '../../../shared/result';
import { EngineError } from './client';
import type { EngineClient } from './client';
import { ContainerList } from './container-list';
import type { EngineCandidate } from './discovery';
import type { EngineEvent } from './engine-event';
import { followEvents, pastEvents } from './events';
import type { Happening, Missed } from './fates';
import { LinkHealth } from './link-health';
import type { LinkParts } from './link-parts';
import { parseInfo, parseVersion } from './record';
import type { EngineFacts, EngineKind } from './record';
import { SeenEvents } from './seen-events';

/** How an engine is watched. asked: it ends when nobody asks. gone: it is not there. double: another address leads to the same daemon. */
type Watch = 'trying' | 'followed' | 'asked' | 'gone' | 'double';

/** While it is followed: how often it is asked whether it still answers, and how often for the whole list, ms. */
const CHECK = 60_000;
const LIST = 5 * 60_000;
/** While it is not: how often at most and at least, ms. */
const ASK = { most: 60_000, least: 5 * 60_000 } as const;
/** How soon after an event the list is asked for, ms, since events come in groups; and how far apart lists are then. */
const GROUP = { least: 150, apart: 1000 } as const;
/** How long events are waited for before the list is asked for, ms. */
const OPEN = 2000;

const nothing = (): void => undefined;

function throwIf(error: EngineError | null): void {
  if (error !== null) throw error;
}

/** One engine. */
export class EngineLink {
  readonly candidate: EngineCandidate;
  /** What it tells of itself. */
  facts: EngineFacts = { identity: null, folder: null, memory: null };
  readonly #parts: LinkParts;
  readonly #seen = new SeenEvents();
  readonly #health: LinkHealth;
  #client: EngineClient;
  #list: ContainerList | null = null;
  #kind: EngineKind | null = null;
  #version: string | null = null;
  #watch: Watch = 'trying';
  #listed = Number.NEGATIVE_INFINITY;
  #sign = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #cancelTimer = nothing;
  #cancelGroup = nothing;
  #endEvents = nothing;
  #listing: Promise<void> | null = null;
  readonly #untold: Happening[] = [];
  #starting: Promise<void> | null = null;
  #isClosed = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.candidate = parts.candidate;
    this.#health = new LinkHealth(parts.candidate, parts.platform, parts.clock);
    this.#client = parts.createClient(false);
  }

  /** Null for one that is not there, and before it is known. */
  status(): EngineStatus | null {
    const { id, address } = this.candidate;
    const state = this.#isClosed ? null : this.#health.state();
    return state === null ? null : { id, kind: this.kind, label: this.#label(), endpoint: address, version: this.#version, ...state };
  }

  /** What is known of its containers; null where nothing is, or it has gone away with them. */
  get list(): ContainerList | null {
    return this.#isClosed || this.#health.isLost ? null : this.#list;
  }

  get client(): EngineClient {
    return this.#client;
  }

  get kind(): EngineKind {
    return this.#kind ?? this.candidate.kind;
  }

  get watch(): Watch {
    return this.#watch;
  }

  /** Connects. Resolves when that has succeeded or failed; never rejects. */
  start(): Promise<void> {
    this.#cancelTimer();
    this.#starting ??= this.#tryToConnect().finally(() => (this.#starting = null));
    return this.#starting;
  }

  /** Looks for what files tell of an engine that is not followed, and asks it if something has changed. Never rejects. */
  async glance(): Promise<void> {
    const { clock, signOfChange } = this.#parts;
    if (this.#watch !== 'asked' || !this.#health.isWell || clock.mono() - this.#lookedAt < ASK.most) return;
    if ((await signOfChange()) !== this.#sign) await this.look();
  }

  /** Somebody wants to see the list: asks an engine that is not followed, at most every minute. Never rejects. */
  async look(): Promise<void> {
    if (this.#watch !== 'asked' || this.#parts.clock.mono() - this.#lookedAt < ASK.most) return;
    await this.start();
  }

  close(): void {
    this.#tell();
    this.#isClosed = true;
    this.#cancelTimer();
    this.#forgetGroup();
    this.#endEvents();
    this.#client.close();
  }

  async #tryToConnect(): Promise<void> {
    if (this.#isClosed || this.candidate.reason !== null) return;
    try {
      await this.#connect();
    } catch (error) {
      this.#fail(error);
    }
  }

  #label(): string {
    const { label, kind } = this.candidate;
    // Podman may listen where Docker is expected.
    return this.#kind === null || this.#kind === kind ? label : this.#kind === 'podman' ? 'Podman' : 'Docker';
  }

  async #connect(): Promise<void> {
    const version = parseVersion(await this.#client.json('/version'));
    if (version === null) throw new EngineError('broken', 'something else than a container engine listens there.');
    await this.#identify(version.kind);
    this.#version = version.version;
    if (this.#isClosed) return;
    if (this.#list === null || this.#kind !== version.kind) this.#list = new ContainerList(version.kind);
    this.#kind = version.kind;
    const missed = this.#health.answeredAt ?? 'all';
    const isFollowed = version.kind === 'docker' || (await this.#parts.staysAwake());
    if (this.#isClosed) return;
    if (isFollowed) await this.#follow(missed);
    else await this.#ask(missed);
  }

  /** A daemon that may not be asked who it is, as behind a filter, counts by its address alone. */
  async #identify(kind: EngineKind): Promise<void> {
    if (this.#health.answeredAt !== null) return;
    this.facts = parseInfo(await this.#client.json('/info').catch((error: unknown) => this.#unlessRefused(error)), kind);
    const { identity } = this.facts;
    if (identity === null || this.#parts.claim(identity)) return;
    this.#leave('double');
  }

  #unlessRefused(error: unknown): undefined {
    if (error instanceof EngineError && error.problem === 'refused') return undefined;
    throw error;
  }

  async #follow(missed: Missed): Promise<void> {
    const { clock, timers } = this.#parts;
    if (this.#watch !== 'followed') {
      this.#client.close();
      this.#client = this.#parts.createClient(true);
      this.#watch = 'followed';
    }
    this.#endEvents();
    /** Why the events ended before the list was known. One that refuses them is asked for the list alone. */
    let ended: EngineError | null = null;
    let isListed = false;
    // Podman answers a moment before it begins to read its events, so it is told from when on.
    if (this.kind === 'podman') this.#seen.begin(clock.now());
    await new Promise<void>((resolve) => {
      const cancel = timers.after(OPEN, resolve);
      const opened = (): void => {
        cancel();
        resolve();
      };
      this.#endEvents = followEvents(this.#client, this.kind, this.#seen, {
        onOpen: opened,
        onEvent: (event) => this.#onEvent(event),
        onEnd: (error) => {
          opened();
          const why = error ?? new EngineError('absent', 'the engine has ended');
          if (isListed) this.#fail(why);
          else if (why.problem !== 'refused') ended = why;
        },
      });
    });
    this.#seen.begin(clock.now());
    this.#list?.expectChanges();
    await this.refresh(missed);
    isListed = true;
    throwIf(ended);
    this.#check();
  }

  /** Asks once, and again after a while. */
  async #ask(missed: Missed): Promise<void> {
    const { clock, timers, signOfChange } = this.#parts;
    this.#watch = 'asked';
    this.#lookedAt = clock.mono();
    this.#sign = await signOfChange();
    if (this.#seen.since() !== null) await pastEvents(this.#client, this.#seen, (event) => this.#onEvent(event));
    this.#forgetGroup();
    this.#seen.begin(clock.now());
    this.#list?.expectChanges();
    await this.refresh(missed);
    this.#health.noteConnected();
    if (!this.#isClosed) this.#cancelTimer = timers.after(ASK.least, () => void this.start());
  }

  #onEvent(event: EngineEvent): void {
    this.#untold.push(...(this.#list?.onEvent(event) ?? []));
    if (this.#cancelGroup !== nothing) return;
    const { timers, clock } = this.#parts;
    this.#cancelGroup = timers.after(Math.max(GROUP.least, GROUP.apart - (clock.mono() - this.#listed)), () => void this.#refreshAfterEvents());
  }

  #forgetGroup(): void {
    this.#cancelGroup();
    this.#cancelGroup = nothing;
  }

  /** Never rejects. */
  async #refreshAfterEvents(): Promise<void> {
    this.#cancelGroup = nothing;
    try {
      await this.refresh();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Asks for the list, at once, as after something was done to a container. Rejects with an EngineError. A call while one is in flight waits for it and asks again: what it answers may be of before. */
  async refresh(missed: Missed = 'nothing'): Promise<void> {
    const list = this.#list;
    await this.#listing;
    if (list === null || this.#isClosed) return;
    const listing = list.refresh(this.#client, missed);
    this.#listing = listing.then(nothing, nothing);
    try {
      const happenings = await listing;
      this.#health.noteAnswer();
      this.#listed = this.#parts.clock.mono();
      this.#untold.push(...happenings);
    } finally {
      this.#listing = null;
      this.#tell();
    }
  }

  /** What events say is told once the list is known, which says what a container is. */
  #tell(): void {
    if (this.#untold.length > 0 && !this.#isClosed) this.#parts.onHappenings(this.#untold.splice(0));
  }

  /** Asks now and then whether it still answers: a daemon that hangs keeps its connections. */
  #check(): void {
    const { timers, clock } = this.#parts;
    if (this.#isClosed || this.#watch !== 'followed') return;
    this.#cancelTimer();
    this.#cancelTimer = timers.after(CHECK, () => {
      const call = clock.mono() - this.#listed >= LIST ? this.refresh() : this.#client.bytes('/_ping').then(() => this.#health.noteAnswer());
      call.then(() => this.#lasts(), (error: unknown) => this.#fail(error));
    });
  }

  /** Only now: one that ends its events again and again is not to be listed every two seconds. */
  #lasts(): void {
    this.#health.noteConnected();
    this.#check();
  }

  /** Tries again after a pause. */
  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#cancelTimer();
    this.#forgetGroup();
    this.#endEvents();
    this.#tell();
    const pause = this.#health.noteFailure(error instanceof EngineError ? error : new EngineError('broken', messageOf(error)));
    if (pause === null) this.#leave('gone');
    else this.#cancelTimer = this.#parts.timers.after(pause, () => void this.start());
  }

  #leave(why: 'gone' | 'double'): void {
    this.#watch = why;
    this.close();
  }
}
