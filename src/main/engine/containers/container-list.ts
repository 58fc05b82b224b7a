/** The containers of one engine, as its last list and its events tell. */
import { EngineError } from './client';
import type { EngineClient } from './client';
import type { EngineEvent } from './engine-event';
import { Fates } from './fates';
import type { Happening, Missed } from './fates';
import { parseInspected, parseList } from './record';
import type { ContainerRecord, EngineKind, InspectedContainer, ListedContainer } from './record';

/** Most containers of an engine that are watched; those created last. */
const MOST = 2000;
/** Questions at a time, and limits of the list. */
const AT_ONCE = 5;
const LIST_LIMITS = { most: 32_000_000, deadline: 10_000 } as const;
/** Events after which one container is asked for again. */
const CHANGES: ReadonlySet<EngineEvent['kind']> = new Set(['started', 'died', 'oom', 'health', 'changed', 'stopped', 'restarted']);

/** Path of a container's address. */
export const pathTo = (id: string, rest = ''): string => `/containers/${encodeURIComponent(id)}/${rest}`;

/** Keeps what an engine tells of its containers. */
export class ContainerList {
  readonly fates: Fates;
  readonly #kind: EngineKind;
  #records = new Map<string, ContainerRecord>();
  /** Containers of which something has changed. */
  readonly #changed = new Set<string>();

  constructor(kind: EngineKind) {
    this.#kind = kind;
    this.fates = new Fates(kind);
  }

  get records(): ReadonlyMap<string, ContainerRecord> {
    return this.#records;
  }

  /** Takes an event; `refresh` tells the rest. */
  onEvent(event: EngineEvent): readonly Happening[] {
    const happenings = this.fates.onEvent(event, this.#records.get(event.id));
    if (CHANGES.has(event.kind)) this.#changed.add(event.id);
    if (event.kind === 'removed') this.#records.delete(event.id);
    return happenings;
  }

  /** Events may have been missed: all containers are asked for with the next refresh. */
  expectChanges(): void {
    for (const id of this.#records.keys()) this.#changed.add(id);
  }

  /** Asks for the list, and for each container that is new or of which something has changed. Rejects with an EngineError. */
  async refresh(client: EngineClient, missed: Missed): Promise<readonly Happening[]> {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    try {
      const list = parseList(await client.json('/containers/json?all=1', LIST_LIMITS));
      if (list === null) throw new EngineError('broken', 'its list of containers has another form than expected.');
      const kept = list.length > MOST ? list.toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0)).slice(0, MOST) : list;
      const told = await this.#inspect(client, kept.filter((one) => this.#isToAsk(one, changed)));
      this.#records = new Map(kept.map((one) => [one.id, { ...one, inspected: told.get(one.id) ?? this.#records.get(one.id)?.inspected ?? null }]));
    } catch (error) {
      for (const id of changed) this.#changed.add(id);
      throw error;
    }
    const happenings = [...this.#records.values()].flatMap((record) => this.fates.reconcile(record, missed));
    this.fates.keep(this.#records);
    return happenings;
  }

  /** Health is in Docker's list, and of Podman's containers only told one by one. */
  #isToAsk({ id, state }: ListedContainer, changed: ReadonlySet<string>): boolean {
    const known = this.#records.get(id);
    if (known === undefined || known.inspected === null || changed.has(id) || known.state !== state) return true;
    return this.#kind === 'podman' && state === 'running' && known.inspected.health !== null;
  }

  async #inspect(client: EngineClient, wanted: readonly ListedContainer[]): Promise<ReadonlyMap<string, InspectedContainer>> {
    const told = new Map<string, InspectedContainer>();
    const left = wanted.values();
    const askInTurn = async (): Promise<void> => {
      for (const { id } of left) {
        const answer = await this.#one(client, id);
        if (answer !== null) told.set(id, answer);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, wanted.length) }, askInTurn));
    return told;
  }

  /** Null for one that has just been removed, or of which the engine does not want to tell. */
  async #one(client: EngineClient, id: string): Promise<InspectedContainer | null> {
    try {
      return parseInspected(await client.json(pathTo(id, 'json')));
    } catch (error) {
      if (error instanceof EngineError && error.problem === 'refused') return null;
      throw error;
    }
  }
}
