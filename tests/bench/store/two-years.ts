/** A history of any age, made in the shape that years of sealing and rolling would have left. */
import type Database from 'better-sqlite3';
import { rollUp, rollUpSamples } from '../../../src/shared/series/rollup';
import type { Rollup } from '../../../src/shared/series/rollup';
import { finish } from '../../../src/main/engine/slices';
import { openDatabase } from '../../../src/main/engine/store/database';
import { Tables } from '../../../src/main/engine/store/tables';
import { packSection, packTimes } from '../../../src/main/engine/store/sample-chunk';
import { chunkStart, DAY, KINDS, SLOT } from '../../../src/main/engine/store/tiers';
import type { Kind } from '../../../src/main/engine/store/tiers';
import type { RecordedSeries, Recording } from './recording';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Rolled points of one hour of a recording's series, moved to other hours by whole hours. */
interface Mould {
  readonly minutes: readonly Rollup[];
  readonly quarters: readonly Rollup[];
  readonly hour: Rollup | null;
}

/** The recording folded into one hour of whole seconds: values in steps by second, null where there is none. */
function foldHour(recording: Recording, series: RecordedSeries): { time: number[]; steps: number[] } {
  const first = recording.time[0] ?? 0;
  const bySecond = new Map<number, number>();
  series.rows.forEach((row, i) => {
    const second = Math.round(((recording.time[row] ?? 0) - first) / 1000);
    if (second < 3600) bySecond.set(second, series.steps[i] ?? 0);
  });
  const length = Math.round(((recording.time.at(-1) ?? 0) - first) / 1000) + 1;
  for (let second = length; second < 3600; second += 1) {
    const value = bySecond.get(second % length);
    if (value !== undefined) bySecond.set(second, value);
  }
  const seconds = [...bySecond.keys()].sort((a, b) => a - b);
  return { time: seconds.map((second) => second * 1000), steps: seconds.map((second) => bySecond.get(second) ?? 0) };
}

/** `by` in steps: a recording that repeats itself exactly would deflate to nothing. */
function shift(point: Rollup, time: number, by: number): Rollup {
  return { ...point, time: point.time + time, sum: point.sum + by * point.count, min: point.min + by, max: point.max + by };
}

function mouldOf(time: readonly number[], steps: readonly number[]): Mould {
  const minutes = rollUpSamples(time, steps, MINUTE);
  return { minutes, quarters: rollUp(minutes, 15 * MINUTE), hour: rollUp(minutes, HOUR)[0] ?? null };
}

/** What a history is made of. */
export interface HistoryPlan {
  readonly path: string;
  readonly recording: Recording;
  readonly seriesCount: number;
  /** End of the history, epoch ms, at a UTC midnight. */
  readonly end: number;
  readonly days: number;
}

/** Writes the history; returns the keys of its series. Hours vary by moulds of the recording's quarters in another order. */
export function writeHistory(plan: HistoryPlan): string[] {
  const { db } = openDatabase(plan.path, plan.end, 'none');
  const tables = new Tables(db, (error) => {
    throw error;
  });
  db.pragma('synchronous = OFF');
  const keys: string[] = [];
  const insert = db.prepare('INSERT INTO series (key, resolution, last) VALUES (?, ?, ?)');
  for (let i = 0; i < plan.seriesCount; i += 1) {
    const recorded = plan.recording.series[i % plan.recording.series.length];
    if (recorded === undefined) continue;
    const key = i < plan.recording.series.length ? recorded.key : `${recorded.key.split('@')[0]}@copy${i}`;
    const id = Number(insert.run(key, recorded.resolution, plan.end - DAY).lastInsertRowid);
    keys.push(key);
    db.transaction(() => writeSeries(tables, db, plan, recorded, id))();
  }
  const state: Record<string, number> = { 'horizon.0': plan.end - DAY, 'horizon.1': plan.end - 7 * DAY, 'horizon.2': plan.end - 30 * DAY };
  tables.state.save(db, { ...state, age: plan.end });
  db.pragma('wal_checkpoint(TRUNCATE)');
  tables.close();
  return keys;
}

function writeSeries(tables: Tables, db: Database.Database, plan: HistoryPlan, recorded: RecordedSeries, id: number): void {
  const folded = foldHour(plan.recording, recorded);
  const spread = Math.max(...folded.steps) - Math.min(...folded.steps);
  // Hours are those of the recording, begun at another quarter each and raised a little: never twice the same.
  const moulds = [0, 1, 2, 3].map((quarter) => {
    const turned = folded.time.map((time) => (time + quarter * SLOT) % HOUR);
    const order = turned.map((_, i) => i).sort((a, b) => (turned[a] ?? 0) - (turned[b] ?? 0));
    return mouldOf(order.map((i) => turned[i] ?? 0), order.map((i) => folded.steps[i] ?? 0));
  });
  const from = plan.end - plan.days * DAY;
  const raise = (hour: number): number => (spread < 4 ? 0 : Math.floor((hour * 7919) % (spread / 4)));
  const byChunk = new Map<Kind, Map<number, Rollup[]>>([KINDS.minutes, KINDS.quarters, KINDS.hours, KINDS.oldHours, KINDS.halfDays].map((kind) => [kind, new Map()]));
  const add = (kind: Kind, point: Rollup): void => {
    const chunks = byChunk.get(kind);
    const start = chunkStart(kind, point.time);
    const points = chunks?.get(start) ?? [];
    points.push(point);
    chunks?.set(start, points);
  };
  for (let hour = from; hour < plan.end; hour += HOUR) {
    const number = hour / HOUR;
    const mould = moulds[number % 4];
    if (mould === undefined) continue;
    const by = raise(number);
    if (hour >= plan.end - 7 * DAY) for (const point of mould.minutes) add(KINDS.minutes, shift(point, hour, by));
    if (hour >= plan.end - 30 * DAY) for (const point of mould.quarters) add(KINDS.quarters, shift(point, hour, by));
    const isOld = chunkStart(KINDS.oldHours, hour) + KINDS.oldHours.span <= plan.end;
    if (mould.hour !== null) add(isOld ? KINDS.oldHours : KINDS.hours, shift(mould.hour, hour, by));
    const half = mould.hour === null ? null : { ...shift(mould.hour, hour, by), time: Math.floor(hour / (12 * HOUR)) * 12 * HOUR };
    if (half !== null) add(KINDS.halfDays, half);
    if (hour >= plan.end - DAY) writeSamples(tables, folded, hour, id, by);
  }
  const widths = new Map<Kind, number>([[KINDS.minutes, MINUTE], [KINDS.quarters, 15 * MINUTE], [KINDS.hours, HOUR], [KINDS.oldHours, HOUR], [KINDS.halfDays, 12 * HOUR]]);
  for (const [kind, chunks] of byChunk) for (const [start, points] of chunks) tables.chunks.putPrepared(finish(tables.chunks.prepare(kind, start, id, widths.get(kind) ?? HOUR, kind === KINDS.halfDays ? rollUp(points, 12 * HOUR) : points)));
  if (!db.inTransaction) throw new Error('a history is written in transactions');
}

function writeSamples(tables: Tables, folded: { time: number[]; steps: number[] }, hour: number, id: number, by: number): void {
  for (let slot = hour; slot < hour + HOUR; slot += SLOT) {
    const times = Array.from({ length: SLOT / 1000 }, (_, n) => slot + n * 1000);
    if (tables.chunks.data(KINDS.samples, slot, 0) === null) tables.chunks.put(KINDS.samples, slot, 0, packTimes(times));
    const mine = folded.time.map((_, i) => i).filter((i) => hour + (folded.time[i] ?? 0) >= slot && hour + (folded.time[i] ?? 0) < slot + SLOT);
    if (mine.length === 0) continue;
    const ticks = mine.map((i) => (hour + (folded.time[i] ?? 0) - slot) / 1000);
    tables.chunks.put(KINDS.samples, slot, id, packSection({ ticks, steps: mine.map((i) => (folded.steps[i] ?? 0) + by) }, times, true));
  }
}
