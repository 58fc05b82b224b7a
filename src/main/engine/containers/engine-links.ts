/** The engines of this machine: found, connected, and each daemon once. */
import type { EngineStatus } from '../../../shared/containers/container-schemas';
import { createTransitionLog } from '../log';
import type { TransitionLog } from '../log';
import type { Timers } from '../clock';
import { createDeadlines } from '../deadlines';
import { createClient } from './client';
import type { EngineCandidate } from './discovery';
import { EngineLink } from './engine-link';
import type { Happening } from './fates';
import type { ContainersParts } from './parts';
import { signOfChange, staysAwake } from './podman-life.linux';

/** How often new engines are looked for, ms. */
const LOOK = 5 * 60_000;

/** Told what happens to containers. */
type OnHappenings = (link: EngineLink, happenings: readonly Happening[]) => void;

/** All engines. */
export class EngineLinks {
  readonly #parts: ContainersParts;
  readonly #onHappenings: OnHappenings;
  readonly #transitions: TransitionLog;
  /** Of calls, which are many and end soon. */
  readonly #deadlines: Timers;
  readonly #links = new Map<string, EngineLink>();
  /** Which address a daemon is reached by. */
  readonly #owners = new Map<string, string>();
  #looked = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;
  #isClosed = false;

  constructor(parts: ContainersParts, onHappenings: OnHappenings) {
    this.#parts = parts;
    this.#onHappenings = onHappenings;
    this.#transitions = createTransitionLog(parts.log);
    this.#deadlines = createDeadlines(parts.timers, parts.clock);
  }

  all(): readonly EngineLink[] {
    return [...this.#links.values()].filter(({ watch }) => watch !== 'gone' && watch !== 'double');
  }

  statuses(): readonly EngineStatus[] {
    return this.all().flatMap((link) => link.status() ?? []);
  }

  /** Looks for engines if that was long ago. Never rejects. */
  async lookNowAndThen(): Promise<void> {
    if (this.#parts.clock.mono() - this.#looked >= LOOK) await this.look();
  }

  /** Looks for engines now, and connects to new ones. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#find().finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** Says in the log when an engine stops to answer, and when it answers again. */
  report(): void {
    for (const { label, endpoint, reason } of this.statuses()) this.#transitions.report(`${label} at ${endpoint}`, reason);
  }

  close(): void {
    this.#isClosed = true;
    for (const link of this.#links.values()) link.close();
  }

  /** Finds new engines, and drops those that are gone or not named any more. */
  async #find(): Promise<void> {
    const candidates = await this.#parts.look();
    this.#looked = this.#parts.clock.mono();
    if (this.#isClosed) return;
    const wanted = new Set(candidates.map(({ id }) => id));
    for (const [id, link] of this.#links) {
      // One that nobody named may come back at its place.
      const mayStay = link.candidate.namedBy === null && link.watch !== 'double';
      if (link.watch === 'gone' || !(wanted.has(id) || mayStay)) this.#drop(id, link);
    }
    const fresh = candidates.filter(({ id }) => !this.#links.has(id)).map((candidate) => this.#linkTo(candidate));
    await Promise.all(fresh.map((link) => link.start()));
  }

  #drop(id: string, link: EngineLink): void {
    link.close();
    this.#links.delete(id);
    const owned = [...this.#owners].filter(([, owner]) => owner === id);
    if (owned.length === 0) return;
    for (const [identity] of owned) this.#owners.delete(identity);
    // Another address of the same daemon may take its place.
    for (const [other, { watch }] of this.#links) if (watch === 'double') this.#links.delete(other);
  }

  #linkTo(candidate: EngineCandidate): EngineLink {
    const { platform, clock, timers, root, uid, files } = this.#parts;
    const { endpoint, id, isHere } = candidate;
    const path = endpoint !== null && 'path' in endpoint ? endpoint.path : null;
    const link: EngineLink = new EngineLink({
      candidate,
      platform,
      clock,
      timers,
      createClient: (keepsOpen) => createClient(endpoint ?? { path: '' }, this.#deadlines, keepsOpen),
      staysAwake: () => (isHere && path !== null ? staysAwake({ root, uid, files }, path) : Promise.resolve(false)),
      signOfChange: () => (isHere ? signOfChange({ root, uid, files }) : Promise.resolve('')),
      claim: (identity) => this.#claim(identity, id),
      onHappenings: (happenings) => this.#onHappenings(link, happenings),
    });
    this.#links.set(id, link);
    return link;
  }

  #claim(identity: string, id: string): boolean {
    const owner = this.#owners.get(identity) ?? id;
    this.#owners.set(identity, owner);
    return owner === id;
  }
}
