/**
 * Sealing: frames of the head become chunks of samples and of minutes, series by series. How far a job has come stands
 * in the state: frames up to `seal.until` are sealed for the series below `seal.next`, and readers take them from the
 * chunks; for the others they are still in the frames. So nothing is ever counted twice, wherever the program ends.
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

/** All of it in one transaction: a frame is either still to be read or free. */
function* dropFrames(context: StoreContext, { until }: Job): Generator<void> {
  context.head.drop(until, { 'seal.until': null, 'seal.next': null });
  while (!context.head.trim(context.db, REMOVED)) yield;
}

/** Reads the frames and the times in them; they stay in memory until the job is done. */
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

/** A damaged frame is passed over: the rest is still true. */
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
    const kept = context.chunks.data(CHUNK_KINDS.samples, start, TIMES_SERIES);
    if (kept === null) context.chunks.put(CHUNK_KINDS.samples, start, TIMES_SERIES, packed);
    // A job that goes on after a restart finds its own times; another seal of the same slot finds others.
    window.isShared = kept === null || unpackTimes(kept).join() === window.times.join();
  }
}

/** Gathers and packs a group; nothing is written. */
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

/** What lies in one slot: a job has more than one after a pause, or where a clock was set. */
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
