/** Measures what a deletion of history removes (delete-history.ts), and lists the devices that can be deleted. Reads only. */
import Database from 'better-sqlite3';
import type { Database as Connection } from 'better-sqlite3';
import type { Deletion, DeletionSize, GoneDevice } from '../../../../shared/api/deletion-schemas';
import { parseSeriesKey } from '../../../../shared/metrics/index';
import { frameSeries } from '../codec/frame';
import { unpackPoints } from '../codec/rollup-chunk';
import { OpenDatabase } from '../open-database';
import { CHUNK_KINDS, CHUNK_WINDOW, codeOfRow, DAY, ROLLUPS, seriesOfRow, startOfRow } from '../tiers';
import type { ChunkKind } from '../tiers';
import { seriesInHead } from './surplus-devices';

/** Milliseconds to wait for a lock of another connection. */
export const LOCK_TIMEOUT = 5000;

/** The time before which a deletion removes everything, a multiple of a window; of a device it is no time. */
export function endOf(deletion: Deletion): number {
  return deletion.kind === 'before' ? Math.floor(deletion.time / CHUNK_WINDOW) * CHUNK_WINDOW : Infinity;
}

/** Milliseconds of a point of a kind; null where its chunks are never shortened: they end with a window, or hold windows. */
export function widthOf(kind: ChunkKind): number | null {
  return kind.isMerged === true ? null : (ROLLUPS.flatMap(({ to }) => to).find((to) => to.kind.code === kind.code)?.width ?? null);
}

/** Numbers of a device's series. Keys of metrics that are gone count as well. */
export function seriesOf(db: Connection, { family, device }: Extract<Deletion, { kind: 'device' }>): number[] {
  const rows = db.prepare<[], { id: number; key: string }>('SELECT id, key FROM series').all();
  return rows.flatMap(({ id, key }) => {
    const at = key.indexOf('@');
    return at > 0 && key.startsWith(`${family}.`) && key.slice(at + 1) === device ? [id] : [];
  });
}

/** Conditions of the rows that go, by table. Of alerts those that are resolved; `doomed` has their ids. */
export const DOOMED = {
  events: { all: 'TRUE', before: 'time < @end', device: "json_valid(details) AND json_extract(details, '$.incident') IN (SELECT id FROM doomed)" },
  incidents: { all: 'cleared IS NOT NULL', before: 'cleared < @end', device: "cleared IS NOT NULL AND instr(series, @family || '.') = 1 AND instr(series, '@') > 0 AND substr(series, instr(series, '@') + 1) = @device" },
  top_processes: { all: 'incident IS NULL OR incident IN (SELECT id FROM doomed)', before: '(incident IS NULL AND last < @end) OR incident IN (SELECT id FROM doomed)', device: 'incident IN (SELECT id FROM doomed)' },
} as const;

/** Values of the conditions' parameters. */
export function parametersOf(deletion: Deletion): Record<string, unknown> {
  if (deletion.kind === 'device') return { family: deletion.family, device: deletion.device };
  return deletion.kind === 'before' ? { end: endOf(deletion) } : {};
}

/** Notes the ids of the alerts to delete in the temporary table `doomed`; returns how many there are. */
function noteIncidents(db: Connection, deletion: Deletion): number {
  db.exec('CREATE TEMP TABLE IF NOT EXISTS doomed (id TEXT PRIMARY KEY); DELETE FROM doomed');
  return db.prepare<[Record<string, unknown>]>(`INSERT INTO doomed SELECT id FROM incidents WHERE ${DOOMED.incidents[deletion.kind]}`).run(parametersOf(deletion)).changes;
}

function countRows(db: Connection, table: 'events' | 'top_processes', deletion: Deletion): number {
  return db.prepare<[Record<string, unknown>], { n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${DOOMED[table][deletion.kind]}`).get(parametersOf(deletion))?.n ?? 0;
}

/** The part of a chunk before a time: where it begins and ends, and its share of the chunk. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Null where the chunk has nothing before `end`. Only the points of long and of divided chunks are read. */
function partBefore(database: OpenDatabase, kind: ChunkKind, start: number, series: number, end: number): Part | null {
  if (start >= end) return null;
  if (kind.span <= DAY && start + kind.span <= end) return { from: start, to: start + kind.span, share: 1 };
  try {
    const width = widthOf(kind) ?? CHUNK_WINDOW;
    const packed = database.chunks.packed(kind, start, series);
    const times = kind.isMerged === true ? packed.map((one) => one.start) : packed.flatMap((one) => [...unpackPoints(one.data, width).time]);
    const gone = times.filter((time) => time < end);
    return gone.length === 0 ? null : { from: Math.min(...gone), to: Math.min(end, Math.max(...gone) + width), share: gone.length / times.length };
  } catch (error) {
    database.onDamage(error);
    return { from: start, to: Math.min(end, start + kind.span), share: 1 };
  }
}

const KINDS: ReadonlyMap<number, ChunkKind> = new Map(Object.values(CHUNK_KINDS).map((kind) => [kind.code, kind]));

/** Collects times and sizes of parts. */
class Extent {
  from = Infinity;
  to = 0;
  bytes = 0;
  readonly series = new Set<number>();

  add({ from, to, share }: Part, bytes: number): void {
    this.bytes += Math.round(bytes * share);
    this.from = Math.min(this.from, from);
    this.to = Math.max(this.to, to);
  }
}

function measureChunks(database: OpenDatabase, deletion: Deletion, extent: Extent): void {
  const end = endOf(deletion);
  const wanted = deletion.kind === 'device' ? new Set(seriesOf(database.db, deletion)) : null;
  for (const { id, size } of database.db.prepare<[], { id: number; size: number }>('SELECT id, length(data) AS size FROM chunks').all()) {
    const [code, series] = [codeOfRow(id), seriesOfRow(id)];
    const kind = KINDS.get(code - (code % 2));
    if (kind === undefined || (wanted !== null && !wanted.has(series))) continue;
    const part = partBefore(database, kind, startOfRow(id), series, end);
    if (part === null) continue;
    extent.add(part, size);
    // Number 0 is no series: it has the times of the samples.
    if (series > 0) extent.series.add(series);
  }
}

function measureHead({ head, onDamage }: OpenDatabase, end: number, extent: Extent): void {
  for (const frame of head.frames) {
    const { first, last, size } = frame;
    if (first >= end) continue;
    extent.add({ from: first, to: Math.min(end, last), share: 1 }, size);
    try {
      const data = head.data(frame);
      for (const id of data === null ? [] : frameSeries(data)) extent.series.add(id);
    } catch (error) {
      onDamage(error);
    }
  }
}

/** What a deletion removes, in an open database; fills the temporary table `doomed`. */
export function measureIn(database: OpenDatabase, deletion: Deletion): DeletionSize {
  const { db, head } = database;
  const extent = new Extent();
  measureChunks(database, deletion, extent);
  if (deletion.kind !== 'device') measureHead(database, endOf(deletion), extent);
  const newest = Math.max(0, ...head.frames.map(({ last }) => last));
  const isEmpty = !Number.isFinite(extent.from);
  // A chunk of today reaches beyond the newest sample.
  const to = newest > extent.from ? Math.min(extent.to, newest) : extent.to;
  const alerts = noteIncidents(db, deletion);
  return {
    from: isEmpty ? null : extent.from,
    to: isEmpty ? null : to,
    series: extent.series.size,
    bytes: extent.bytes,
    alerts,
    events: countRows(db, 'events', deletion),
    snapshots: countRows(db, 'top_processes', deletion),
  };
}

function readOnly<T>(path: string, use: (database: OpenDatabase) => T): T {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: LOCK_TIMEOUT });
  try {
    db.pragma('temp_store = MEMORY');
    return use(new OpenDatabase(db, () => undefined));
  } finally {
    db.close();
  }
}

/** What a deletion would remove. */
export function measureDeletion(path: string, deletion: Deletion): DeletionSize {
  return readOnly(path, (database) => measureIn(database, deletion));
}

/** Devices with history that have no sample in the head, which holds at least the last quarter of an hour; the longest gone first. */
export function listGoneDevices(path: string): GoneDevice[] {
  return readOnly(path, (database) => {
    const present = seriesInHead(database);
    const devices = new Map<string, GoneDevice & { isPresent: boolean }>();
    for (const { id, key, last } of database.db.prepare<[], { id: number; key: string; last: number }>('SELECT id, key, last FROM series').all()) {
      const parts = parseSeriesKey(key);
      if (parts === null || parts.device === null) continue;
      const { family, device } = parts;
      const known = devices.get(`${family}@${device}`);
      devices.set(`${family}@${device}`, { family, device, last: Math.max(last, known?.last ?? 0), isPresent: present.has(id) || known?.isPresent === true });
    }
    const gone = [...devices.values()].filter(({ isPresent }) => !isPresent);
    return gone.map(({ family, device, last }) => ({ family, device, last })).sort((a, b) => a.last - b.last || a.device.localeCompare(b.device));
  });
}
