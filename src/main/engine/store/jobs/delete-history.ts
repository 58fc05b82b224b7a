/**
 * Deletes a part of the history for good: chunks, frames, gaps, events, alerts and process snapshots in one transaction, so
 * that a kill leaves all of it or nothing, then the file is compacted. Run on a thread of its own, while nothing else writes.
 */
import Database from 'better-sqlite3';
import type { Database as Connection } from 'better-sqlite3';
import type { Deletion, DeletionSize } from '../../../../shared/api/deletion-schemas';
import { finish } from '../../time-slicing';
import { ActivityTables } from '../activity/activity-tables';
import { packSections } from '../codec/sections';
import { OpenDatabase } from '../open-database';
import { CHUNK_KINDS, CHUNK_WINDOW, DAY } from '../tiers';
import type { ChunkKind } from '../tiers';
import { compactDatabase } from './copy';
import { DOOMED, endOf, LOCK_TIMEOUT, measureIn, parametersOf, seriesOf, widthOf } from './deletion-size';
import { COMPACTION_DUE } from './retention';
import { seriesInHead } from './surplus-devices';

/** Part of the work that is the deletion; the rest is compacting the file. */
const DELETING = 0.7;

const KINDS: readonly ChunkKind[] = Object.values(CHUNK_KINDS);

/** The event that is written with the deletion, in the same transaction. */
export interface DeletionEvent {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly type: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Thrown where a deletion cannot be done now, as text for the user. */
class DeletionRefused extends Error {}

/** Called with the fraction done, 0–1. */
type Progress = (done: number) => void;

/**
 * Deletes and compacts. Throws DeletionRefused, or SQLite's error; then nothing was deleted. Where only compacting fails the
 * deletion stands, and maintenance compacts the file later; `isCompacted` says which.
 */
export function deleteHistory(path: string, deletion: Deletion, event: (size: DeletionSize) => DeletionEvent, onProgress: Progress): { readonly size: DeletionSize; readonly isCompacted: boolean } {
  const db = new Database(path, { fileMustExist: true, timeout: LOCK_TIMEOUT });
  let size: DeletionSize;
  try {
    db.pragma('temp_store = MEMORY');
    size = db.transaction(() => deleteIn(db, deletion, event, onProgress)).immediate();
  } finally {
    db.close();
  }
  onProgress(DELETING);
  try {
    compactDatabase(path);
    return { size, isCompacted: true };
  } catch {
    // The state says that it is due: maintenance tries again.
    return { size, isCompacted: false };
  }
}

function deleteIn(db: Connection, deletion: Deletion, event: (size: DeletionSize) => DeletionEvent, onProgress: Progress): DeletionSize {
  const salvaging = db.prepare('SELECT 1 FROM salvage LIMIT 1').get() !== undefined;
  if (salvaging && deletion.kind !== 'all') throw new DeletionRefused('The history is being recovered from a damaged file. Try again when that is done.');
  const database = new OpenDatabase(db, () => undefined);
  const size = measureIn(database, deletion);
  // Numbers of events are never used again.
  const lastEvent = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM events').get()?.id ?? 0;
  if (deletion.kind === 'device') deleteDevice(database, deletion, onProgress);
  else deleteBefore(database, deletion, onProgress);
  deleteActivity(db, deletion);
  const { time, type, message, details } = event(size);
  const added = db.prepare("INSERT INTO events (id, time, type, severity, message, user, details) VALUES (?, ?, ?, 'info', ?, NULL, ?)");
  added.run(Math.max(lastEvent + 1, time), time, type, message, JSON.stringify(details));
  // Where samples begin again is no gap to explain; and a list of what is stored begins here.
  if (deletion.kind !== 'device') db.prepare("INSERT OR IGNORE INTO gaps (time, reason) VALUES (?, 'start')").run(deletion.kind === 'all' ? time : endOf(deletion));
  db.prepare('INSERT OR REPLACE INTO state (name, value) VALUES (?, 1)').run(COMPACTION_DUE);
  return size;
}

/** Events, alerts and process snapshots. Open alerts stay, with their snapshots. */
function deleteActivity(db: Connection, deletion: Deletion): void {
  const { kind } = deletion;
  const parameters = parametersOf(deletion);
  db.prepare(`DELETE FROM events WHERE ${DOOMED.events[kind]}`).run(parameters);
  db.prepare(`DELETE FROM top_processes WHERE ${DOOMED.top_processes[kind]}`).run(parameters);
  db.prepare('DELETE FROM incidents WHERE id IN (SELECT id FROM doomed)').run();
  db.exec('DROP TABLE doomed');
  if (kind !== 'before') return;
  const end = endOf(deletion);
  const tables = new ActivityTables(db, () => undefined);
  // An hour of snapshots around the end is kept in part.
  for (const row of db.prepare<[number, number], { id: number; first: number }>('SELECT id, first FROM top_processes WHERE incident IS NULL AND first < ? AND last >= ?').all(end, end)) {
    tables.replace([row], tables.snapshots({ id: row.id, incident: null }).filter(({ time }) => time >= end));
  }
}

function deleteDevice(database: OpenDatabase, deletion: Extract<Deletion, { kind: 'device' }>, onProgress: Progress): void {
  const { chunks, catalog } = database;
  const ids = seriesOf(database.db, deletion);
  const present = seriesInHead(database);
  if (ids.some((id) => present.has(id))) throw new DeletionRefused(`${deletion.device} was there within the last half hour. Only devices that are gone can be deleted.`);
  KINDS.forEach((kind, at) => {
    for (const start of chunks.starts(kind)) chunks.remove(kind, start, ids);
    onProgress(((at + 1) / KINDS.length) * DELETING);
  });
  catalog.remove(ids);
}

function deleteBefore(database: OpenDatabase, deletion: Deletion, onProgress: Progress): void {
  const { db } = database;
  const end = endOf(deletion);
  const isAll = deletion.kind === 'all';
  KINDS.forEach((kind, at) => {
    const keep = isAll ? Infinity : Math.floor(end / kind.span) * kind.span;
    const total = database.chunks.starts(kind).filter((start) => start < keep).length;
    for (let start = database.chunks.oldest(kind), done = 0; start !== null && start < keep; start = database.chunks.oldest(kind), done += 1) {
      dropChunks(database, kind, start);
      onProgress(((at + done / Math.max(1, total)) / KINDS.length) * DELETING);
    }
    if (!isAll && keep < end) shortenChunks(database, kind, keep, end);
    onProgress(((at + 1) / KINDS.length) * DELETING);
  });
  // Rows of sealed frames, which wait to be overwritten, hold samples as well.
  db.prepare('DELETE FROM head WHERE first < ?').run(isAll ? Number.MAX_SAFE_INTEGER : end);
  db.prepare('DELETE FROM gaps WHERE time < ?').run(isAll ? Number.MAX_SAFE_INTEGER : end);
  if (isAll) db.exec("DELETE FROM series; DELETE FROM chunks; DELETE FROM spans; DELETE FROM salvage; DELETE FROM state WHERE name LIKE 'seal.%' OR name LIKE 'roll.%'");
  else dropSeries(database, end);
}

/** Series without a sample since `end`. Samples that are not sealed yet do not show in `last`. */
function dropSeries(database: OpenDatabase, end: number): void {
  const present = seriesInHead(database);
  database.catalog.remove(database.catalog.stale(end - DAY + 1).flatMap(({ id }) => (present.has(id) ? [] : [id])));
}

function dropChunks({ chunks }: OpenDatabase, kind: ChunkKind, start: number): void {
  while (!chunks.drop(kind, start, start + kind.span));
}

/** Removes what is before `end` from the chunks that begin at `start` and contain it: a point goes with any part of its time. */
function shortenChunks(database: OpenDatabase, kind: ChunkKind, start: number, end: number): void {
  const { chunks } = database;
  for (const series of chunks.seriesAt(kind, start)) {
    const isKept = kind.isMerged === true ? shortenMerged(database, kind, start, series, end) : shortenPoints(database, kind, start, series, end);
    if (!isKept) chunks.remove(kind, start, [series]);
  }
}

/** False where nothing is left, or the chunk is damaged: what cannot be read cannot be kept in part. */
function shortenPoints({ chunks }: OpenDatabase, kind: ChunkKind, start: number, series: number, end: number): boolean {
  const width = widthOf(kind);
  if (width === null) return false;
  try {
    const points = chunks.points(kind, start, series, width).filter(({ time }) => time >= end);
    if (points.length === 0) return false;
    chunks.putPrepared(finish(chunks.prepare(kind, start, series, width, points, true)));
    return true;
  } catch {
    return false;
  }
}

function shortenMerged({ chunks }: OpenDatabase, kind: ChunkKind, start: number, series: number, end: number): boolean {
  try {
    const sections = new Map(chunks.packed(kind, start, series).filter((packed) => packed.start >= end).map((packed) => [packed.start, packed]));
    if (sections.size === 0) return false;
    const inOrder = Array.from({ length: kind.span / CHUNK_WINDOW }, (_, i) => sections.get(start + i * CHUNK_WINDOW));
    chunks.putPrepared({ kind, start, series, points: packSections(inOrder.map((one) => one?.data)), sketches: packSections(inOrder.map((one) => one?.sketches())) });
    return true;
  } catch {
    return false;
  }
}
