/**
 * Sealing: frames of the head become chunks of samples and of minutes, series by series. How far a job has come stands
 * in the state: frames up to `seal.until` are sealed for the series below `seal.next`, and readers take them from the
 * chunks; for the others they are still in the frames. So nothing is ever counted twice, wherever the program ends.
 */
import type { Database } from 'better-sqlite3';
import { rollUpSamples } from '../../../shared/series/rollup';
import { inTimeOrder } from '../../../shared/series/samples';
import type { Catalog, CatalogSeries } from './catalog';
import { TIMES } from './chunks';
import type { Chunks } from './chunks';
import { frameTimes, readFrame } from './frame';
import type { FrameSink } from './frame';
import type { Head, HeadFrame } from './head';
import { packSection, packTimes, unpackTimes } from './sample-chunk';
import type { State } from './state';
import { chunkStart, DAY, KINDS, TIERS } from './tiers';

/** Series whose samples are gathered at once: more means fewer passes over the frames, and more memory. */
const GROUP = 64;
/** Series written in one transaction. */
const WRITTEN = 4;
/** Frames read before a pause, and deleted at once. */
const FRAMES = 20;

/** Beyond every series' number. */
export const ALL_SERIES = Number.MAX_SAFE_INTEGER;

/** What maintenance works on. */
export interface Workplace {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly chunks: Chunks;
  readonly head: Head;
  readonly state: State;
  /** Learns of each stored block that cannot be read. */
  onDamage(error: unknown): void;
}

/** The ticks of a slot in this job. */
interface SlotTimes {
  readonly times: number[];
  /** The times kept for the slot are these. */
  isShared: boolean;
}

interface Job {
  readonly frames: readonly HeadFrame[];
  readonly until: number;
  next: number;
  readonly slots: Map<number, SlotTimes>;
  /** Slot and tick of each row, by the frame it is in. */
  readonly places: Map<HeadFrame, { slot: number; tick: number }[]>;
}

/** Samples of a series while they are gathered: times, slots and ticks side by side. */
class Gathered {
  readonly time: number[] = [];
  readonly value: number[] = [];
  readonly slot: number[] = [];
  readonly tick: number[] = [];
}

/** True when frame `id` must not be read for a series: it is in the chunks. */
export function isSealed(state: State, id: number, series: number): boolean {
  return id <= (state.get('seal.until') ?? -1) && series < (state.get('seal.next') ?? 0);
}

/** Seals what can be sealed; pauses are where other work may go on. */
export function* seal(at: Workplace): Generator<void> {
  for (let until = at.state.get('seal.until') ?? at.head.sealable(); until !== null; until = at.head.sealable()) {
    yield* sealJob(at, until);
    yield;
  }
}

function* sealJob(at: Workplace, until: number): Generator<void> {
  const job: Job = { frames: at.head.frames.filter((frame) => frame.id <= until), until, next: at.state.get('seal.next') ?? 0, slots: new Map(), places: new Map() };
  yield* readTimes(at, job);
  at.state.save(at.db, { 'seal.until': until, 'seal.next': job.next }, () => writeTimes(at, job));
  yield;
  for (let group = at.catalog.from(job.next, GROUP); group.length > 0; group = at.catalog.from(job.next, GROUP)) {
    const gathered = yield* gather(at, job, group);
    for (let i = 0; i < group.length; i += WRITTEN) {
      const part = group.slice(i, i + WRITTEN);
      const next = (part[part.length - 1]?.id ?? 0) + 1;
      at.state.save(at.db, { 'seal.next': next }, () => part.forEach((series) => sealSeries(at, job, series, gathered.get(series.id))));
      job.next = next;
      yield;
    }
  }
  yield* dropFrames(at, job);
}

function* dropFrames(at: Workplace, job: Job): Generator<void> {
  at.state.save(at.db, { 'seal.next': ALL_SERIES });
  for (let i = 0; i < job.frames.length; i += FRAMES) {
    const isLast = i + FRAMES >= job.frames.length;
    const id = isLast ? job.until : (job.frames[i + FRAMES - 1]?.id ?? job.until);
    at.state.save(at.db, isLast ? { 'seal.until': null, 'seal.next': null } : {}, () => at.head.drop(id));
    at.head.forget(id);
    yield;
  }
  if (job.frames.length === 0) at.state.save(at.db, { 'seal.until': null, 'seal.next': null });
}

/** Bytes of a frame handed to `use`; a damaged one is passed over. */
function withFrame(at: Workplace, frame: HeadFrame, use: (data: Buffer) => void): void {
  const data = at.head.data(frame);
  if (data === null) return;
  try {
    use(data);
  } catch (error) {
    at.onDamage(error);
  }
}

function* readTimes(at: Workplace, job: Job): Generator<void> {
  for (const [i, frame] of job.frames.entries()) {
    withFrame(at, frame, (data) => {
      const places = frameTimes(data).map((time) => {
        const slot = chunkStart(KINDS.samples, time);
        const ticks = job.slots.get(slot) ?? { times: [], isShared: false };
        job.slots.set(slot, ticks);
        return { slot, tick: ticks.times.push(time) - 1 };
      });
      job.places.set(frame, places);
    });
    if (i % FRAMES === FRAMES - 1) yield;
  }
}

function writeTimes(at: Workplace, job: Job): void {
  for (const [start, slot] of job.slots) {
    const packed = packTimes(slot.times);
    const kept = at.chunks.data(KINDS.samples, start, TIMES);
    if (kept === null) at.chunks.put(KINDS.samples, start, TIMES, packed);
    // A job that goes on after a restart finds its own times; another seal of the same slot finds others.
    slot.isShared = kept === null || unpackTimes(kept).join() === slot.times.join();
  }
}

function* gather(at: Workplace, job: Job, group: readonly CatalogSeries[]): Generator<void, ReadonlyMap<number, Gathered>> {
  const gathered = new Map(group.map((series) => [series.id, new Gathered()]));
  for (const [i, frame] of job.frames.entries()) {
    const places = job.places.get(frame);
    if (places !== undefined) withFrame(at, frame, (data) => readFrame(data, sinksOf(gathered, places)));
    if (i % FRAMES === FRAMES - 1) yield;
  }
  return gathered;
}

function sinksOf(gathered: ReadonlyMap<number, Gathered>, places: readonly { slot: number; tick: number }[]): Map<number, FrameSink> {
  const sinks = new Map<number, FrameSink>();
  for (const [id, samples] of gathered) {
    sinks.set(id, {
      push(time, steps, row) {
        const place = places[row];
        if (place === undefined) return;
        samples.time.push(time);
        samples.value.push(steps);
        samples.slot.push(place.slot);
        samples.tick.push(place.tick);
      },
    });
  }
  return sinks;
}

function sealSeries(at: Workplace, job: Job, series: CatalogSeries, gathered: Gathered | undefined): void {
  if (gathered === undefined || gathered.time.length === 0) return;
  let newest = 0;
  for (const [start, slot] of job.slots) {
    const mine = gathered.slot.length === 0 ? [] : indexesOf(gathered.slot, start);
    if (mine.length === 0) continue;
    newest = Math.max(newest, start);
    const ticks = mine.map((i) => gathered.tick[i] ?? 0);
    const steps = mine.map((i) => gathered.value[i] ?? 0);
    const section = packSection({ ticks, steps }, slot.times, slot.isShared);
    const before = at.chunks.data(KINDS.samples, start, series.id);
    at.chunks.put(KINDS.samples, start, series.id, before === null ? section : Buffer.concat([before, section]));
    const ordered = inTimeOrder({ time: mine.map((i) => gathered.time[i] ?? 0), value: steps });
    at.chunks.putPoints(KINDS.freshMinutes, start, series.id, TIERS[1].width, rollUpSamples(ordered.time, ordered.value, TIERS[1].width));
  }
  at.catalog.touch(series.id, Math.floor(newest / DAY) * DAY);
}

function indexesOf(values: readonly number[], wanted: number): number[] {
  const found: number[] = [];
  values.forEach((value, i) => {
    if (value === wanted) found.push(i);
  });
  return found;
}
