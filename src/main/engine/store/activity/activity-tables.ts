/** The tables of the activity log in an open database: events, incidents and process snapshots. */
import type { Database, Statement } from 'better-sqlite3';
import { incidentSchema } from '../../../../shared/alerts/incident';
import type { Incident, IncidentsQuery } from '../../../../shared/alerts/incident';
import { containsAllWords } from '../../../../shared/timeline/event-filter';
import { eventSeveritySchema } from '../../../../shared/timeline/event-schemas';
import type { ActivityEvent, EventsFilter, EventsQuery } from '../../../../shared/timeline/event-schemas';
import type { TopProcesses } from '../../../../shared/processes/process-schemas';
import { packSnapshots, unpackSnapshots } from '../codec/process-snapshot-block';

/** Length of the packed rows, ms: the snapshots of an hour are packed together. */
export const SNAPSHOT_SPAN = 3_600_000;

/** Name in the table `state`: id of the event that was copied last from another machine. */
const COPIED_EVENT = 'copied.event';

/** A row of the table `events`. */
interface EventRow {
  readonly id: number;
  readonly time: number;
  readonly type: string;
  readonly severity: string;
  readonly message: string;
  readonly user: string | null;
  readonly details: string | null;
}

/** A row of process snapshots, without its data. */
interface SnapshotRow {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly incident: string | null;
}

/** A row with one snapshot that is not packed yet. */
interface UnpackedRow {
  readonly id: number;
  readonly first: number;
}

/** A filter as SQL conditions (" AND …") and their parameters. */
function conditionsOf({ types = [], severities = [], text = '', from, to }: EventsFilter): [string, Record<string, unknown>] {
  const wanted: [boolean, string, Record<string, unknown>][] = [
    [types.length > 0, 'type IN (SELECT value FROM json_each(@types))', { types: JSON.stringify(types) }],
    [severities.length > 0, 'severity IN (SELECT value FROM json_each(@severities))', { severities: JSON.stringify(severities) }],
    [text !== '', 'holds_words(message, @text)', { text }],
    [from !== undefined, 'time >= @from', { from }],
    [to !== undefined, 'time < @to', { to }],
  ];
  const given = wanted.filter(([isGiven]) => isGiven);
  return [given.map(([, condition]) => ` AND ${condition}`).join(''), Object.assign({}, ...given.map(([, , values]) => values)) as Record<string, unknown>];
}

/** Reads and writes the tables. Write inside a transaction only. */
export class ActivityTables {
  readonly db: Database;
  readonly #onDamage: (error: unknown) => void;
  /** Prepared statements by SQL text: maintenance runs the same ones each minute. */
  readonly #statements = new Map<string, Statement>();
  readonly #addEvent: Statement<[Record<string, unknown>]>;
  readonly #putIncident: Statement<[Record<string, unknown>]>;
  readonly #addSnapshots: Statement<[number, number, string | null, number, Buffer]>;
  readonly #snapshots: Statement<[number], { data: Buffer }>;

  /** `onDamage` is called with the error of each row that cannot be read. */
  constructor(db: Database, onDamage: (error: unknown) => void) {
    this.db = db;
    this.#onDamage = onDamage;
    // The same comparison as for events in memory: LIKE ignores case for ASCII only, and has wildcards.
    db.function('holds_words', { deterministic: true }, (message, text) => Number(containsAllWords(String(message), String(text))));
    this.#addEvent = db.prepare('INSERT INTO events (id, time, type, severity, message, user, details) VALUES (@id, @time, @type, @severity, @message, @user, @details)');
    this.#putIncident = db.prepare(
      'INSERT INTO incidents (id, opened, cleared, rule, series, data) VALUES (@id, @opened, @cleared, @rule, @series, @data) ' +
        'ON CONFLICT (id) DO UPDATE SET opened = excluded.opened, cleared = excluded.cleared, rule = excluded.rule, series = excluded.series, data = excluded.data',
    );
    this.#addSnapshots = db.prepare('INSERT INTO top_processes (first, last, incident, packed, data) VALUES (?, ?, ?, ?, ?)');
    this.#snapshots = db.prepare('SELECT data FROM top_processes WHERE id = ?');
  }

  /** A cached prepared statement; only for a small number of different SQL texts. */
  statement<P extends unknown[], R = unknown>(sql: string): Statement<P, R> {
    const statement = this.#statements.get(sql) ?? this.db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement as unknown as Statement<P, R>;
  }

  /** Greatest id of all events, those that were copied and are removed by now included; 0 where there are none. */
  lastEvent(): number {
    return this.db.prepare<[string], { id: number | null }>('SELECT max(ifnull((SELECT max(id) FROM events), 0), ifnull((SELECT value FROM state WHERE name = ?), 0)) AS id').get(COPIED_EVENT)?.id ?? 0;
  }

  /** Notes the id of the event that was copied last. */
  setCopied(id: number): void {
    this.statement<[string, number]>('INSERT INTO state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(COPIED_EVENT, id);
  }

  addEvent(event: ActivityEvent): void {
    this.#addEvent.run({ ...event, details: event.details === null ? null : JSON.stringify(event.details) });
  }

  countEvents(filter: EventsFilter): number {
    const [conditions, values] = conditionsOf(filter);
    return this.statement<[Record<string, unknown>], { count: number }>(`SELECT count(*) AS count FROM events WHERE TRUE${conditions}`).get(values)?.count ?? 0;
  }

  /** The newest events that match, at most `limit`, with ids below `before` only. */
  events({ before, limit, ...filter }: EventsQuery): ActivityEvent[] {
    const [conditions, values] = conditionsOf(filter);
    return this.db
      .prepare<[Record<string, unknown>], EventRow>(`SELECT id, time, type, severity, message, user, details FROM events WHERE id < @before${conditions} ORDER BY id DESC LIMIT @limit`)
      .all({ ...values, before: before ?? Number.MAX_SAFE_INTEGER, limit })
      .map((row) => this.#toEvent(row));
  }

  /** The events with ids above `id`, oldest first, at most `limit`. */
  eventsAfter(id: number, limit: number): ActivityEvent[] {
    return this.statement<[number, number], EventRow>('SELECT id, time, type, severity, message, user, details FROM events WHERE id > ? ORDER BY id LIMIT ?')
      .all(id, limit)
      .map((row) => this.#toEvent(row));
  }

  /** All types that occur. */
  eventTypes(): string[] {
    return this.db.prepare<[], { type: string }>('SELECT DISTINCT type FROM events').all().map(({ type }) => type);
  }

  putIncident(incident: Incident): void {
    const { id, firedAt, clearedAt, ruleId, series } = incident;
    this.#putIncident.run({ id, opened: firedAt, cleared: clearedAt, rule: ruleId, series, data: JSON.stringify(incident) });
  }

  /** Incidents that were open in the range, or only those still open (`openOnly`), the latest to fire first. */
  incidents({ from, to, openOnly, ruleId, limit }: IncidentsQuery): Incident[] {
    const open = openOnly ? 'cleared IS NULL' : '(cleared IS NULL OR cleared >= @from)';
    return this.db
      .prepare<[Record<string, unknown>], { data: string }>(`SELECT data FROM incidents WHERE opened < @to AND ${open}${ruleId === undefined ? '' : ' AND rule = @rule'} ORDER BY opened DESC, rowid DESC LIMIT @limit`)
      .all({ from, to, rule: ruleId ?? null, limit })
      .flatMap(({ data }) => this.#toIncident(data));
  }

  addProcessSnapshot(snapshot: TopProcesses): void {
    const { time, incident } = snapshot;
    this.#addSnapshots.run(time, time, incident, incident === null ? 0 : 1, packSnapshots([snapshot]));
  }

  /** Rows that may contain snapshots of the range. */
  snapshotsIn(from: number, to: number): readonly SnapshotRow[] {
    return this.db.prepare<[number, number, number], SnapshotRow>('SELECT id, first, last, incident FROM top_processes WHERE last >= ? AND last <= ? AND first <= ?').all(from, to + SNAPSHOT_SPAN, to);
  }

  /** The snapshots of a row; none where it is damaged. */
  snapshots({ id, incident }: Pick<SnapshotRow, 'id' | 'incident'>): readonly TopProcesses[] {
    const row = this.#snapshots.get(id);
    try {
      return row === undefined ? [] : unpackSnapshots(row.data).map((snapshot) => ({ incident, ...snapshot }));
    } catch (error) {
      this.#onDamage(error);
      return [];
    }
  }

  /** Rows not packed yet, in the order they were written. */
  unpacked(): readonly UnpackedRow[] {
    return this.statement<[], UnpackedRow>('SELECT id, first FROM top_processes WHERE packed = 0 ORDER BY id').all();
  }

  /** Replaces several rows by one with these snapshots. Call inside a transaction. */
  replace(rows: readonly UnpackedRow[], snapshots: readonly TopProcesses[]): void {
    const [first, last] = [snapshots[0], snapshots[snapshots.length - 1]];
    const drop = this.db.prepare<[number]>('DELETE FROM top_processes WHERE id = ?');
    for (const { id } of rows) drop.run(id);
    if (first !== undefined && last !== undefined) this.#addSnapshots.run(first.time, last.time, null, 1, packSnapshots(snapshots));
  }

  #toEvent({ severity, details, ...row }: EventRow): ActivityEvent {
    const known = eventSeveritySchema.safeParse(severity);
    return { ...row, severity: known.success ? known.data : 'info', details: details === null ? null : this.#toDetails(details) };
  }

  /** Null for damaged details: the rest of the event is still worth showing. */
  #toDetails(text: string): ActivityEvent['details'] {
    try {
      const details: unknown = JSON.parse(text);
      if (typeof details === 'object' && details !== null && !Array.isArray(details)) return details as ActivityEvent['details'];
      throw new Error('details of an event are no object');
    } catch (error) {
      this.#onDamage(error);
      return null;
    }
  }

  #toIncident(text: string): Incident[] {
    try {
      return [incidentSchema.parse(JSON.parse(text))];
    } catch (error) {
      this.#onDamage(error);
      return [];
    }
  }
}
