/** The activity log of the store: buffers writes for the next commit, and reads from the buffer and the database together. */
import type { Incident, IncidentsQuery } from '../../../../shared/alerts/incident';
import { matchesEvent } from '../../../../shared/timeline/event-filter';
import type { ActivityEvent, EventsResponse, EventsQuery, NewEvent } from '../../../../shared/timeline/event-schemas';
import type { TopProcesses, TopProcessesQuery } from '../../../../shared/processes/process-schemas';
import { ActivityBuffer } from './activity-buffer';
import type { ActivityTables } from './activity-tables';
import { toStored } from '../codec/process-snapshot-block';
import type { ActivityLog } from '../store-types';

/** Callbacks of the activity log. */
export interface ActivityLogParts {
  /** An event was written; it may not be on disk yet. */
  onEvent?: ((event: ActivityEvent) => void) | undefined;
  /** An incident began or changed. */
  onIncident?: ((incident: Incident) => void) | undefined;
  /** Many writes are pending: commit now rather than with the next samples. */
  onBacklog?: (() => void) | undefined;
  /** Commit what is pending here now, if the database can be written. */
  onFlush(): void;
  /** The database could not be read; the result contains only what is in memory. */
  onFailure(error: unknown): void;
}

/** With this many pending events a commit is requested: another program may send many within a second. */
const MAX_WAITING_EVENTS = 200;

/** The query for all open incidents. */
const ALL_OPEN: IncidentsQuery = { from: 0, to: Number.MAX_SAFE_INTEGER, openOnly: true, limit: 1000 };

function matchesIncident({ firedAt, clearedAt, ruleId }: Incident, query: IncidentsQuery): boolean {
  const isOpen = clearedAt === null;
  return firedAt < query.to && (isOpen || (!query.openOnly && clearedAt >= query.from)) && (query.ruleId === undefined || ruleId === query.ruleId);
}

/** An activity log whose tables are attached and detached with the store's connection. */
export class StoreActivityLog implements ActivityLog {
  readonly #parts: ActivityLogParts;
  readonly #pending = new ActivityBuffer();
  #database: ActivityTables | null = null;
  #lastId = 0;
  /** Id of the last copied event of this run; 0 for none. */
  #copied = 0;

  constructor(parts: ActivityLogParts) {
    this.#parts = parts;
  }

  /** Uses these tables from now on; null while there is no database. Throws what the database throws. */
  attach(database: ActivityTables | null): void {
    this.#database = null;
    if (database === null) return;
    const last = database.lastEvent();
    // Ids assigned while the database could not be opened may be used in it already.
    const [first] = this.#pending.events;
    if (first !== undefined && first.id <= last) this.#lastId = this.#pending.renumber(last);
    this.#lastId = Math.max(this.#lastId, last);
    this.#database = database;
  }

  /** Writes everything pending. Call inside a transaction, then `onCommit`. */
  write(): void {
    const database = this.#database;
    if (database === null) return;
    for (const event of this.#pending.events) database.addEvent(event);
    if (this.#copied > 0 && this.#pending.events.length > 0) database.setCopied(this.#copied);
    for (const incident of this.#pending.incidents.values()) database.putIncident(incident);
    for (const snapshot of this.#pending.snapshots) database.addProcessSnapshot(snapshot);
  }

  /** Call after the transaction was committed. */
  onCommit(): void {
    this.#pending.clear();
  }

  backlog(): { waiting: number; dropped: number } {
    return { waiting: this.#pending.length, dropped: this.#pending.dropped };
  }

  flush(): void {
    if (this.#pending.length > 0) this.#parts.onFlush();
  }

  addEvent(event: NewEvent, time: number): ActivityEvent {
    const at = Math.max(0, Math.round(time));
    // An id derived from the time is greater than all before in any other database, too: a new one, or one restored.
    const id = Math.max(this.#lastId + 1, at);
    this.#lastId = id;
    const written: ActivityEvent = { id, time: at, type: event.type, severity: event.severity, message: event.message, user: event.user, details: event.details };
    this.#pending.addEvent(written);
    if (this.#pending.events.length >= MAX_WAITING_EVENTS) this.#parts.onBacklog?.();
    this.#parts.onEvent?.(written);
    return written;
  }

  copyEvent(event: ActivityEvent): void {
    if (event.id <= this.#lastId) return;
    this.#lastId = event.id;
    this.#copied = event.id;
    this.#pending.addEvent(event);
    if (this.#pending.events.length >= MAX_WAITING_EVENTS) this.#parts.onBacklog?.();
    this.#parts.onEvent?.(event);
  }

  lastEvent(): number {
    return this.#lastId;
  }

  events(query: EventsQuery): EventsResponse {
    const waiting = this.#pending.events.filter((event) => matchesEvent(event, query));
    const page = waiting.filter(({ id }) => query.before === undefined || id < query.before).reverse().slice(0, query.limit);
    const stored = this.#read((database) => ({
      total: database.countEvents(query),
      events: page.length < query.limit ? database.events({ ...query, limit: query.limit - page.length }) : [],
      types: database.eventTypes(),
    })) ?? { total: 0, events: [], types: [] };
    const types = new Set([...stored.types, ...this.#pending.events.map(({ type }) => type)]);
    return { total: waiting.length + stored.total, events: [...page, ...stored.events], types: [...types].sort() };
  }

  eventsAfter(id: number, limit: number): readonly ActivityEvent[] {
    const stored = this.#read((database) => database.eventsAfter(id, limit)) ?? [];
    return [...stored, ...this.#pending.events.filter((event) => event.id > id)].slice(0, limit);
  }

  putIncident(incident: Incident): void {
    this.#pending.putIncident(incident);
    this.#parts.onIncident?.(incident);
  }

  openIncidents(): readonly Incident[] {
    return this.incidents(ALL_OPEN);
  }

  incidents(query: IncidentsQuery): readonly Incident[] {
    const waiting = this.#pending.incidents;
    // Pending incidents replace the stored state of the same ones, so that many more are read.
    const stored = this.#read((database) => database.incidents({ ...query, limit: query.limit + waiting.size })) ?? [];
    const all = [...[...waiting.values()].filter((incident) => matchesIncident(incident, query)), ...stored.filter(({ id }) => !waiting.has(id))];
    return all.sort((a, b) => b.firedAt - a.firedAt).slice(0, query.limit);
  }

  putProcessSnapshot(snapshot: TopProcesses): void {
    this.#pending.addProcessSnapshot(toStored(snapshot));
  }

  processSnapshots({ from, to, limit }: TopProcessesQuery): readonly TopProcesses[] {
    const middle = (from + to) / 2;
    const distance = ({ time }: { time: number }): number => Math.abs(time - middle);
    // Of snapshots of the same time that of an incident comes first: it was taken because of it.
    const byNearness = (a: TopProcesses, b: TopProcesses): number => distance(a) - distance(b) || b.time - a.time || Number(a.incident === null) - Number(b.incident === null);
    let nearest = this.#pending.snapshots.filter(({ time }) => time >= from && time <= to);
    const add = (snapshots: readonly TopProcesses[]): void => {
      nearest = [...nearest, ...snapshots.filter(({ time }) => time >= from && time <= to)].sort(byNearness).slice(0, limit);
    };
    add([]);
    this.#read((database) => {
      const distanceOf = (row: { first: number; last: number }): number => Math.max(0, row.first - middle, middle - row.last);
      for (const row of [...database.snapshotsIn(from, to)].sort((a, b) => distanceOf(a) - distanceOf(b))) {
        const farthest = nearest[limit - 1];
        if (farthest !== undefined && distance(farthest) < distanceOf(row)) break;
        add(database.snapshots(row));
      }
    });
    return nearest;
  }

  #read<T>(use: (database: ActivityTables) => T): T | null {
    if (this.#database === null) return null;
    try {
      return use(this.#database);
    } catch (error) {
      this.#parts.onFailure(error);
      return null;
    }
  }
}
