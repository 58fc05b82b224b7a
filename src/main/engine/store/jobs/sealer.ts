/**
 * Sealing: frames of the head become chunks of samples and of minutes, series by series. How far a job has come stands
 * in the state: frames up to `seal.until` are sealed for the series below `seal.next`, and readers take them from the
 * chunks; for the others they are still in the frames. So nothing is ever counted twice, wherever the program ends.
 */
import type { Database } from 'better-sqlite3';
import { rollUpSamples } from '../../series/rollup';
import { inTimeOrder } from '../../series/samples';
import type { Catalog, CatalogSeries } from '../catalog';
import { TIMES } from '../chunks';
import type { Chunks, PreparedPoints } from '../chunks';
import { FrameCursor } from '../codec/frame';
import type { FrameSink } from '../codec/frame';
import type { Head, HeadFrame } from '../head';
import { packSection, packTimes, unpackTimes } from '../codec/sample-chunk';
import type { MaintenanceState } from '../maintenance-state';
import { chunkStart, DAY, CHUNK_KINDS, CHUNK_WINDOW, TIERS } from '../tiers';

/** Series gathered at once and written in one transaction: more make fewer and larger ones, which write fewer pages. */
const GROUP = 40;
/** Frames read before a pause. */
const FRAMES = 20;
/** Rows of the head removed at once. */
const REMOVED = 30;

/** Beyond every series' number. */
export const ALL_SERIES = Number.MAX_SAFE_INTEGER;

/** What maintenance works on. */
export interface StoreContext {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly chunks: Chunks;
  readonly head: Head;
  readonly state: MaintenanceState;
  /** Learns of each stored block that cannot be read. */
  onDamage(error: unknown): void;
}

/** The ticks of a slot in this job. */
interface WindowTimes {
  readonly times: number[];
  /** The times kept for the slot are these. */
  isShared: boolean;
  /** Nothing of the slot is sealed yet: none of its series need be looked for. */
  isNew: boolean;
}

/** A frame of the job, read as far as the series that are sealed. */
interface OpenFrame {
  readonly cursor: FrameCursor;
  /** Number of its first row among those of the job. */
  readonly base: number;
}

interface Job {
  readonly frames: readonly HeadFrame[];
  readonly until: number;
  next: number;
  readonly windows: Map<number, WindowTimes>;
  readonly open: OpenFrame[];
  /** Time, slot and tick of each row. */
  readonly rows: { readonly time: number[]; readonly window: number[]; readonly tick: number[] };
}

/** Samples of a series while they are gathered: rows and values side by side. */
class Gathered implements FrameSink {
  readonly rows: number[] = [];
  readonly steps: number[] = [];
  readonly #frame: { base: number };

  constructor(frame: { base: number }) {
    this.#frame = frame;
  }

  push(_time: number, steps: number, row: number): void {
    this.rows.push(this.#frame.base + row);
    this.steps.push(steps);
  }
}

/** A series ready to be written. */
interface Sealed {
  readonly series: CatalogSeries;
  readonly newest: number;
  readonly windows: readonly { readonly start: number; readonly samples: Buffer; readonly minutes: PreparedPoints }[];
}

/** True when frame `id` must not be read for a series: it is in the chunks. */
export function isSealed(state: MaintenanceState, id: number, series: number): boolean {
  return id <= (state.get('seal.until') ?? -1) && series < (state.get('seal.next') ?? 0);
}

/** Seals what can be sealed; pauses are where other work may go on. */
export function* seal(at: StoreContext): Generator<void> {
  for (let until = at.state.get('seal.until') ?? at.head.sealable(); until !== null; until = at.head.sealable()) {
    yield* sealJob(at, until);
    yield;
  }
}

function* sealJob(at: StoreContext, until: number): Generator<void> {
  const frames = at.head.frames.filter((frame) => frame.id <= until);
  const job: Job = { frames, until, next: at.state.get('seal.next') ?? 0, windows: new Map(), open: [], rows: { time: [], window: [], tick: [] } };
  yield* openFrames(at, job);
  at.state.save({ 'seal.until': until, 'seal.next': job.next }, () => writeTimes(at, job));
  yield;
  for (let group = at.catalog.from(job.next, GROUP); group.length > 0; group = at.catalog.from(job.next, GROUP)) {
    const sealed = yield* sealGroup(at, job, group);
    job.next = (group[group.length - 1]?.id ?? 0) + 1;
    at.state.save({ 'seal.next': job.next }, () => sealed.forEach((one) => writeSealed(at, one)));
    yield;
  }
  yield* dropFrames(at, job);
}

/** All of it in one transaction: a frame is either still to be read or free. */
function* dropFrames(at: StoreContext, { until }: Job): Generator<void> {
  at.head.drop(until, { 'seal.until': null, 'seal.next': null });
  while (!at.head.trim(at.db, REMOVED)) yield;
}

/** Reads the frames and the times in them; they stay in memory until the job is done. */
function* openFrames(at: StoreContext, job: Job): Generator<void> {
  for (const [i, frame] of job.frames.entries()) {
    const cursor = openFrame(at, frame);
    if (cursor !== null) {
      job.open.push({ cursor, base: job.rows.time.length });
      for (const time of cursor.times) addRow(job, time);
    }
    if (i % FRAMES === FRAMES - 1) yield;
  }
}

/** A damaged frame is passed over: the rest is still true. */
function openFrame(at: StoreContext, frame: HeadFrame): FrameCursor | null {
  const data = at.head.data(frame);
  try {
    return data === null ? null : new FrameCursor(data);
  } catch (error) {
    at.onDamage(error);
    return null;
  }
}

function addRow({ windows, rows }: Job, time: number): void {
  const start = chunkStart(CHUNK_KINDS.samples, time);
  const window = windows.get(start) ?? { times: [], isShared: false, isNew: false };
  windows.set(start, window);
  rows.time.push(time);
  rows.window.push(start);
  rows.tick.push(window.times.push(time) - 1);
}

function writeTimes(at: StoreContext, job: Job): void {
  for (const [start, window] of job.windows) {
    const packed = packTimes(window.times);
    window.isNew = [CHUNK_KINDS.samples, CHUNK_KINDS.freshMinutes].every((kind) => at.chunks.starts(kind, start, start + CHUNK_WINDOW).length === 0);
    const kept = at.chunks.data(CHUNK_KINDS.samples, start, TIMES);
    if (kept === null) at.chunks.put(CHUNK_KINDS.samples, start, TIMES, packed);
    // A job that goes on after a restart finds its own times; another seal of the same slot finds others.
    window.isShared = kept === null || unpackTimes(kept).join() === window.times.join();
  }
}

/** Gathers and packs a group; nothing is written. */
function* sealGroup(at: StoreContext, job: Job, group: readonly CatalogSeries[]): Generator<void, Sealed[]> {
  const gathered = yield* gather(at, job, group);
  const sealed: Sealed[] = [];
  for (const series of group) {
    const found = gathered.get(series.id);
    if (found === undefined || found.rows.length === 0) continue;
    sealed.push(yield* packSeries(at, job, series, found));
  }
  return sealed;
}

function* gather(at: StoreContext, job: Job, group: readonly CatalogSeries[]): Generator<void, ReadonlyMap<number, Gathered>> {
  const frame = { base: 0 };
  const gathered = new Map(group.map((series) => [series.id, new Gathered(frame)]));
  const last = group[group.length - 1]?.id ?? 0;
  for (const [i, { cursor, base }] of job.open.entries()) {
    frame.base = base;
    readUpTo(at, cursor, last, gathered);
    if (i % FRAMES === FRAMES - 1) yield;
  }
  return gathered;
}

function readUpTo(at: StoreContext, cursor: FrameCursor, last: number, sinks: ReadonlyMap<number, FrameSink>): void {
  try {
    for (let id = cursor.series; id !== null && id <= last; id = cursor.series) cursor.read(sinks.get(id) ?? null);
  } catch (error) {
    at.onDamage(error);
    cursor.end();
  }
}

function* packSeries(at: StoreContext, { windows, rows }: Job, series: CatalogSeries, gathered: Gathered): Generator<void, Sealed> {
  const sealed: Sealed['windows'][number][] = [];
  let newest = 0;
  for (const [start, window] of windows) {
    const mine = windows.size === 1 ? gathered : inWindow(gathered, rows.window, start);
    if (mine.rows.length === 0) continue;
    newest = Math.max(newest, start);
    // Most series have a sample at each tick.
    const ticks = mine.rows.length === window.times.length ? null : mine.rows.map((row) => rows.tick[row] ?? 0);
    const section = packSection({ ticks, steps: mine.steps }, window.times, window.isShared);
    yield;
    const before = window.isNew ? null : at.chunks.data(CHUNK_KINDS.samples, start, series.id);
    const ordered = inTimeOrder({ time: ticks === null ? window.times : mine.rows.map((row) => rows.time[row] ?? 0), value: mine.steps });
    const { width } = TIERS[1];
    const minutes = yield* at.chunks.prepare(CHUNK_KINDS.freshMinutes, start, series.id, width, rollUpSamples(ordered.time, ordered.value, width), window.isNew);
    sealed.push({ start, samples: before === null ? section : Buffer.concat([before, section]), minutes });
    yield;
  }
  return { series, newest, windows: sealed };
}

/** What lies in one slot: a job has more than one after a pause, or where a clock was set. */
function inWindow({ rows, steps }: Gathered, windowOf: readonly number[], start: number): { rows: number[]; steps: number[] } {
  const mine: { rows: number[]; steps: number[] } = { rows: [], steps: [] };
  rows.forEach((row, i) => {
    if (windowOf[row] !== start) return;
    mine.rows.push(row);
    mine.steps.push(steps[i] ?? 0);
  });
  return mine;
}

function writeSealed(at: StoreContext, { series, newest, windows }: Sealed): void {
  for (const { start, samples, minutes } of windows) {
    at.chunks.put(CHUNK_KINDS.samples, start, series.id, samples);
    at.chunks.putPrepared(minutes);
  }
  const day = Math.floor(newest / DAY) * DAY;
  if (day > series.last) at.catalog.touch(series.id, day);
}
