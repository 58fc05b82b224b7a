/**
 * Sealing: frames of the head become chunks of samples and of minutes, series by series. The state records the progress:
 * frames up to `seal.until` are sealed for the series below `seal.next`, and readers take those from the chunks; the others
 * are still read from the frames. So no sample is lost or counted twice, wherever the program ends.
 */
import type { Database } from 'better-sqlite3';
import { rollUpSamples } from '../../series/rollup';
import { inTimeOrder } from '../../series/samples';
import type { Catalog, CatalogSeries } from '../catalog';
import { TIMES_SERIES } from '../chunks';
import type { Chunks, PreparedPoints } from '../chunks';
import { FrameCursor } from '../codec/frame';
import type { FrameSink } from '../codec/frame';
import type { Head, HeadFrame } from '../head';
import { packSection, packTimes, unpackTimes } from '../codec/sample-chunk';
import type { MaintenanceState } from '../maintenance-state';
import { chunkStart, DAY, CHUNK_KINDS, CHUNK_WINDOW, TIERS } from '../tiers';

/** Series read together and written in one transaction: more of them make fewer, larger transactions, which write fewer pages. */
const GROUP = 40;
/** Frames read between two yields. */
const FRAMES = 20;
/** Rows of the head removed at once. */
const REMOVED = 30;

/** Greater than the number of any series. */
export const ALL_SERIES = Number.MAX_SAFE_INTEGER;

/** The parts of an open database that jobs and queries work on. */
export interface StoreContext {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly chunks: Chunks;
  readonly head: Head;
  readonly state: MaintenanceState;
  /** Called with the error of each stored block that cannot be read. */
  onDamage(error: unknown): void;
}

/** The ticks of a window in this job. */
interface WindowTimes {
  readonly times: number[];
  /** The times stored for the window are these. */
  isShared: boolean;
  /** Nothing of the window is sealed yet: no chunk of it needs to be looked up. */
  isNew: boolean;
}

/** A frame of the job, read up to the series that are sealed. */
interface OpenFrame {
  readonly cursor: FrameCursor;
  /** Index of its first row among the rows of the job. */
  readonly base: number;
}

/** A job in progress. */
interface Job {
  readonly frames: readonly HeadFrame[];
  readonly until: number;
  next: number;
  readonly windows: Map<number, WindowTimes>;
  readonly open: OpenFrame[];
  /** Time, window and tick of each row. */
  readonly rows: { readonly time: number[]; readonly window: number[]; readonly tick: number[] };
}

/** Samples of one series of the job, as two columns: indexes of the rows, and values in steps. */
class SeriesSamples implements FrameSink {
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

/** A packed series, ready to be written. */
interface Sealed {
  readonly series: CatalogSeries;
  readonly newest: number;
  readonly windows: readonly { readonly start: number; readonly samples: Buffer; readonly minutes: PreparedPoints }[];
}

/** True if frame `id` must not be read for a series, because its samples are in the chunks already. */
export function isSealed(state: MaintenanceState, id: number, series: number): boolean {
  return id <= (state.get('seal.until') ?? -1) && series < (state.get('seal.next') ?? 0);
}

/** Seals all frames that can be sealed. Yields between steps, so that other work can run. */
export function* seal(context: StoreContext): Generator<void> {
  for (let until = context.state.get('seal.until') ?? context.head.sealable(); until !== null; until = context.head.sealable()) {
    yield* sealJob(context, until);
    yield;
  }
}

function* sealJob(context: StoreContext, until: number): Generator<void> {
  const frames = context.head.frames.filter((frame) => frame.id <= until);
  const job: Job = { frames, until, next: context.state.get('seal.next') ?? 0, windows: new Map(), open: [], rows: { time: [], window: [], tick: [] } };
  yield* openFrames(context, job);
  context.state.save({ 'seal.until': until, 'seal.next': job.next }, () => writeTimes(context, job));
  yield;
  for (let group = context.catalog.from(job.next, GROUP); group.length > 0; group = context.catalog.from(job.next, GROUP)) {
    const sealed = yield* sealGroup(context, job, group);
    job.next = (group[group.length - 1]?.id ?? 0) + 1;
    context.state.save({ 'seal.next': job.next }, () => sealed.forEach((one) => writeSealed(context, one)));
    yield;
  }
  yield* dropFrames(context, job);
}

/** The rows are freed in one transaction: each frame is either unsealed or free. */
function* dropFrames(context: StoreContext, { until }: Job): Generator<void> {
  context.head.drop(until, { 'seal.until': null, 'seal.next': null });
  while (!context.head.trim(context.db, REMOVED)) yield;
}

/** Opens the frames and reads their times; they stay in memory until the job is done. */
function* openFrames(context: StoreContext, job: Job): Generator<void> {
  for (const [i, frame] of job.frames.entries()) {
    const cursor = openFrame(context, frame);
    if (cursor !== null) {
      job.open.push({ cursor, base: job.rows.time.length });
      for (const time of cursor.times) addRow(job, time);
    }
    if (i % FRAMES === FRAMES - 1) yield;
  }
}

/** Null for a damaged frame, which is reported and skipped. */
function openFrame(context: StoreContext, frame: HeadFrame): FrameCursor | null {
  const data = context.head.data(frame);
  try {
    return data === null ? null : new FrameCursor(data);
  } catch (error) {
    context.onDamage(error);
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

function writeTimes(context: StoreContext, job: Job): void {
  for (const [start, window] of job.windows) {
    const packed = packTimes(window.times);
    window.isNew = [CHUNK_KINDS.samples, CHUNK_KINDS.freshMinutes].every((kind) => context.chunks.starts(kind, start, start + CHUNK_WINDOW).length === 0);
    const stored = context.chunks.data(CHUNK_KINDS.samples, start, TIMES_SERIES);
    if (stored === null) context.chunks.put(CHUNK_KINDS.samples, start, TIMES_SERIES, packed);
    // A job that continues after a restart finds its own times; a second job for the same window finds different ones.
    window.isShared = stored === null || unpackTimes(stored).join() === window.times.join();
  }
}

/** Reads and packs a group of series; writes nothing. */
function* sealGroup(context: StoreContext, job: Job, group: readonly CatalogSeries[]): Generator<void, Sealed[]> {
  const samples = yield* readGroup(context, job, group);
  const sealed: Sealed[] = [];
  for (const series of group) {
    const found = samples.get(series.id);
    if (found === undefined || found.rows.length === 0) continue;
    sealed.push(yield* packSeries(context, job, series, found));
  }
  return sealed;
}

function* readGroup(context: StoreContext, job: Job, group: readonly CatalogSeries[]): Generator<void, ReadonlyMap<number, SeriesSamples>> {
  const frame = { base: 0 };
  const samples = new Map(group.map((series) => [series.id, new SeriesSamples(frame)]));
  const last = group[group.length - 1]?.id ?? 0;
  for (const [i, { cursor, base }] of job.open.entries()) {
    frame.base = base;
    readUpTo(context, cursor, last, samples);
    if (i % FRAMES === FRAMES - 1) yield;
  }
  return samples;
}

function readUpTo(context: StoreContext, cursor: FrameCursor, last: number, sinks: ReadonlyMap<number, FrameSink>): void {
  try {
    for (let id = cursor.series; id !== null && id <= last; id = cursor.series) cursor.read(sinks.get(id) ?? null);
  } catch (error) {
    context.onDamage(error);
    cursor.end();
  }
}

function* packSeries(context: StoreContext, { windows, rows }: Job, series: CatalogSeries, samples: SeriesSamples): Generator<void, Sealed> {
  const sealed: Sealed['windows'][number][] = [];
  let newest = 0;
  for (const [start, window] of windows) {
    const within = windows.size === 1 ? samples : inWindow(samples, rows.window, start);
    if (within.rows.length === 0) continue;
    newest = Math.max(newest, start);
    // Most series have a sample at each tick.
    const ticks = within.rows.length === window.times.length ? null : within.rows.map((row) => rows.tick[row] ?? 0);
    const section = packSection({ ticks, steps: within.steps }, window.times, window.isShared);
    yield;
    const before = window.isNew ? null : context.chunks.data(CHUNK_KINDS.samples, start, series.id);
    const ordered = inTimeOrder({ time: ticks === null ? window.times : within.rows.map((row) => rows.time[row] ?? 0), value: within.steps });
    const { width } = TIERS[1];
    const minutes = yield* context.chunks.prepare(CHUNK_KINDS.freshMinutes, start, series.id, width, rollUpSamples(ordered.time, ordered.value, width), window.isNew);
    sealed.push({ start, samples: before === null ? section : Buffer.concat([before, section]), minutes });
    yield;
  }
  return { series, newest, windows: sealed };
}

/** The samples within one window: a job has several after a pause, or after a clock was set. */
function inWindow({ rows, steps }: SeriesSamples, windowOf: readonly number[], start: number): { rows: number[]; steps: number[] } {
  const within: { rows: number[]; steps: number[] } = { rows: [], steps: [] };
  rows.forEach((row, i) => {
    if (windowOf[row] !== start) return;
    within.rows.push(row);
    within.steps.push(steps[i] ?? 0);
  });
  return within;
}

function writeSealed(context: StoreContext, { series, newest, windows }: Sealed): void {
  for (const { start, samples, minutes } of windows) {
    context.chunks.put(CHUNK_KINDS.samples, start, series.id, samples);
    context.chunks.putPrepared(minutes);
  }
  const day = Math.floor(newest / DAY) * DAY;
  if (day > series.last) context.catalog.touch(series.id, day);
}
