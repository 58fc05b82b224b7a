/** Measures the bytes of samples and of rollup points, in the store and in other stores. */
import path from 'node:path';
import Database from 'better-sqlite3';
import { openDatabase } from '../../../src/main/engine/store/database';
import { scaleOf } from '../../../src/main/engine/store/codec/scale';
import { OpenDatabase } from '../../../src/main/engine/store/open-database';
import { DAY, CHUNK_KINDS, TIERS } from '../../../src/main/engine/store/tiers';
import type { ChunkKind } from '../../../src/main/engine/store/tiers';
import { continueRecording } from './continuation';
import { openLiveStore, ROUND } from './live-store';
import { narrowRowsInSqlite, pointRowsInSqlite, pointsInRrdtool, samplesInPrometheus, samplesInRrdtool, wideRowsInSqlite } from './other-stores';
import type { PointRow } from './other-stores';
import { recordedSeries } from './planned';
import type { Recording } from './recording';
import { playOnce } from './playback';
import { writeHistory } from './two-years';
import { MIDNIGHT } from './write-history';

/** Bytes of a row besides its data: its number and length. */
const ROW_HEAD = 9;
/** Days the recording is continued for: at MIDNIGHT they contain exactly one full chunk of old hours. */
const DAYS = 41;

/** Bytes of one tier, and of the same points in other stores. */
export interface TierSize {
  readonly tier: string;
  readonly points: number;
  /** Bytes without sketches, and of the sketches alone. */
  readonly bytes: number;
  readonly sketchBytes: number;
  /** As rows of series, time, count, sum, minimum and maximum in SQLite. */
  readonly rows: number;
  /** As three round-robin archives of rrdtool: mean, minimum and maximum; null where it is not installed. */
  readonly rrdtool: number | null;
}

/** Bytes of the same samples in each store; null where a program is not installed. */
export interface SampleSizes {
  readonly series: number;
  readonly seconds: number;
  readonly samples: number;
  readonly here: number;
  readonly wideRows: number;
  readonly narrowRows: number;
  readonly rrdtool: number | null;
  readonly prometheus: number | null;
}

/** The result. */
export interface Sizes {
  readonly recorded: SampleSizes;
  /** The recording continued to a day; null in a quick run. */
  readonly day: SampleSizes | null;
  readonly days: number;
  readonly tiers: readonly TierSize[];
}

/** Bytes of the chunks of each kind code, row heads included. */
function chunkBytes(file: string): (code: number) => number {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare<[], { code: number; bytes: number }>(`SELECT id >> 49 AS code, sum(length(data) + ${ROW_HEAD}) AS bytes FROM chunks GROUP BY code`).all();
  db.close();
  const byCode = new Map(rows.map(({ code, bytes }) => [code, bytes]));
  return (code) => byCode.get(code) ?? 0;
}

/** Bytes of the samples of a recording after they were stored and sealed, times included. */
async function samplesHere(folder: string, recording: Recording): Promise<{ bytes: number; samples: number }> {
  const file = path.join(folder, `recorded-${recording.time.length}.sqlite`);
  const live = openLiveStore(file, recording.time[0] ?? 0);
  let samples = 0;
  for (const played of playOnce(recording)) {
    samples += played.samples;
    live.tick(played.batch);
    if (played.batch.seq % ROUND === 0) await live.maintenance();
  }
  // Half an hour later every window can be sealed.
  live.tick({ seq: recording.time.length + 1, time: live.now() + 1_800_000, readings: {}, faults: {}, gap: 'pause' });
  live.store.commit();
  await live.maintenance();
  const stats = live.store.stats({ series: recordedSeries(recording).map(({ key }) => key), from: 0, to: live.now() });
  live.store.close();
  const kept = stats.reduce((sum, one) => sum + one.count, 0);
  if (kept !== samples) throw new Error(`${kept} of ${samples} samples were kept`);
  return { bytes: chunkBytes(file)(CHUNK_KINDS.samples.code), samples };
}

/** The points of a kind as rows. */
function* pointRows(database: OpenDatabase, kind: ChunkKind, width: number): Generator<PointRow> {
  const resolutions = new Map(database.catalog.from(0, Number.MAX_SAFE_INTEGER).map(({ id, resolution }) => [id, resolution]));
  for (const start of database.chunks.starts(kind)) {
    for (const series of database.chunks.seriesAt(kind, start)) {
      const scale = scaleOf(resolutions.get(series) ?? 1);
      for (const { time, count, sum, min, max } of database.chunks.points(kind, start, series, width)) {
        yield { series, time, count, sum: scale.toValue(sum), min: scale.toValue(min), max: scale.toValue(max) };
      }
    }
  }
}

/** Bytes and points of the tiers of a history that continues the recording. */
function tierSizes(folder: string, recording: Recording, isFresh: boolean): TierSize[] {
  const file = path.join(folder, 'continued.sqlite');
  const series = recordedSeries(recording).length;
  writeHistory({ path: file, recording, seriesCount: series, end: MIDNIGHT, days: DAYS, isFresh });
  const bytesOf = chunkBytes(file);
  const database = new OpenDatabase(openDatabase(file, MIDNIGHT, 'none').db, (error) => {
    throw error;
  });
  const size = (tier: string, width: number, kind: ChunkKind): TierSize => {
    let points = 0;
    function* counted(): Generator<PointRow> {
      for (const row of pointRows(database, kind, width)) {
        points += 1;
        yield row;
      }
    }
    const rows = pointRowsInSqlite(folder, counted());
    return { tier, points, bytes: bytesOf(kind.code), sketchBytes: bytesOf(kind.code + 1), rows, rrdtool: pointsInRrdtool(folder, series, width, points / series) };
  };
  const [, minutes, quarters, hours] = TIERS;
  // Nearly all hours are in the longest chunks; before, they are in chunks of a day.
  const sizes = [size('1 min', minutes.width, CHUNK_KINDS.minutes), size('15 min', quarters.width, CHUNK_KINDS.quarters), size('1 h', hours.width, CHUNK_KINDS.oldHours)];
  database.close();
  return sizes;
}

async function sampleSizes(folder: string, recording: Recording): Promise<SampleSizes> {
  const { bytes, samples } = await samplesHere(folder, recording);
  return {
    series: recordedSeries(recording).length,
    seconds: recording.time.length,
    samples,
    here: bytes,
    wideRows: wideRowsInSqlite(folder, recording),
    narrowRows: narrowRowsInSqlite(folder, recording),
    rrdtool: samplesInRrdtool(folder, recording),
    prometheus: samplesInPrometheus(folder, recording),
  };
}

/** Measures everything. `isQuick`: points come from fewer different hours, which compress better than real ones. */
export async function measureSizes(folder: string, recording: Recording, isQuick: boolean): Promise<Sizes> {
  return {
    recorded: await sampleSizes(folder, recording),
    day: isQuick ? null : await sampleSizes(folder, continueRecording(recording, DAY / 1000, 1)),
    days: DAYS,
    tiers: tierSizes(folder, recording, !isQuick),
  };
}
