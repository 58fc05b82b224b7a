/**
 * Rolling: chunks of a span that is over become chunks of coarser tiers, series by series. As in sealing, the state
 * says how far a job has come: chunks of the span are rolled for the series below `roll.next`, and readers take those
 * from where they went. What is rolled is deleted, so what is there has not been rolled.
 */
import { rollUp } from '../../series/rollup';
import type { Rollup } from '../../series/rollup';
import type { PreparedPoints } from '../chunks';
import { mergeChunks } from './chunk-merger';
import { ALL_SERIES } from './sealer';
import type { StoreContext } from './sealer';
import type { MaintenanceState } from '../maintenance-state';
import { chunkStart, ROLLUPS } from '../tiers';
import type { ChunkKind, RollupStep } from '../tiers';

/** Points merged before a pause, or a few more. */
const PIECE = 180;

/** True when a chunk must not be read for a series: it is in its coarser tiers. */
export function isRolled(state: MaintenanceState, kind: ChunkKind, start: number, series: number): boolean {
  const from = state.get(`roll.${kind.code}`);
  if (from === null || series >= (state.get('roll.next') ?? 0)) return false;
  const roll = ROLLUPS.find((one) => one.from.code === kind.code);
  return roll !== undefined && start >= from && start < from + roll.span;
}

/**
 * Ends the roll that was begun before a restart. It comes before all other upkeep: what is sealed into its span meanwhile
 * would count as rolled, and another roll would take its place in the state.
 */
export function* endRoll(at: StoreContext): Generator<void> {
  for (const one of ROLLUPS) {
    const start = at.state.get(`roll.${one.from.code}`);
    if (start !== null) yield* rollSpan(at, one, start);
  }
}

/** Rolls every span that ended before `until`, from when on samples are not sealed; pauses are where other work may go on. */
export function* roll(at: StoreContext, until: number): Generator<void> {
  for (const one of ROLLUPS) {
    for (let start = nextSpan(at, one, until); start !== null; start = nextSpan(at, one, until)) {
      yield* rollSpan(at, one, start);
      yield;
    }
  }
}

/** Start of a span to be rolled. */
function nextSpan(at: StoreContext, one: RollupStep, until: number): number | null {
  const oldest = at.chunks.oldest(one.from);
  if (oldest === null) return null;
  const start = chunkStart({ code: 0, span: one.span }, oldest);
  return start + one.span <= until ? start : null;
}

function* rollSpan(at: StoreContext, one: RollupStep, start: number): Generator<void> {
  const { from, span } = one;
  const mark = `roll.${from.code}`;
  const end = start + span;
  if (at.state.get(mark) === null) at.state.save({ [mark]: start, 'roll.next': 0 });
  const sources = at.chunks.starts(from, start, end);
  const all = new Set<number>();
  for (const source of sources) {
    for (const series of at.chunks.seriesAt(from, source)) all.add(series);
    yield;
  }
  const done = at.state.get('roll.next') ?? 0;
  const left = [...all].filter((id) => id >= done).sort((a, b) => a - b);
  for (let i = 0; i < left.length; i += one.group) {
    const group = left.slice(i, i + one.group);
    const rolled: PreparedPoints[] = [];
    for (const series of group) rolled.push(...(yield* rollSeries(at, one, sources, series)));
    at.state.save({ 'roll.next': (group[group.length - 1] ?? 0) + 1 }, () => rolled.forEach((points) => at.chunks.putPrepared(points)));
    yield;
  }
  at.state.save({ 'roll.next': ALL_SERIES });
  while (!dropSlice(at, from, start, end)) yield;
  at.state.save({ [mark]: null, 'roll.next': null });
}

function dropSlice(at: StoreContext, kind: ChunkKind, from: number, to: number): boolean {
  return at.db.transaction(() => at.chunks.drop(kind, from, to))();
}

/** Rolls a series in memory; nothing is written. */
function* rollSeries(at: StoreContext, one: RollupStep, sources: readonly number[], series: number): Generator<void, PreparedPoints[]> {
  if (one.to[0]?.kind.isGathered === true) return yield* mergeChunks(at, one, sources, series);
  const points = yield* readSources(at, one, sources, series);
  const prepared: PreparedPoints[] = [];
  let rolled: readonly Rollup[] = points;
  for (const { kind, width } of one.to) {
    if (width !== one.fromWidth) {
      rolled = yield* rollUpInPieces(rolled, width);
    }
    for (const start of new Set(rolled.map((point) => chunkStart(kind, point.time)))) {
      const within = rolled.filter((point) => chunkStart(kind, point.time) === start);
      prepared.push(yield* at.chunks.prepare(kind, start, series, width, within));
      yield;
    }
  }
  return prepared;
}

/** As rollUp, which takes too long for a day of minutes at once. */
function* rollUpInPieces(points: readonly Rollup[], width: number): Generator<void, Rollup[]> {
  const bucketOf = (i: number): number => Math.floor((points[i]?.time ?? 0) / width);
  const rolled: Rollup[] = [];
  for (let from = 0, to = 0; from < points.length; from = to) {
    to = Math.min(from + PIECE, points.length);
    // A bucket is not divided.
    while (to < points.length && bucketOf(to) === bucketOf(to - 1)) to += 1;
    rolled.push(...rollUp(points.slice(from, to), width));
    yield;
  }
  return rolled;
}

function* readSources(at: StoreContext, one: RollupStep, sources: readonly number[], series: number): Generator<void, Rollup[]> {
  const points: Rollup[] = [];
  for (const source of sources) {
    try {
      points.push(...at.chunks.points(one.from, source, series, one.fromWidth));
    } catch (error) {
      at.onDamage(error);
    }
    yield;
  }
  return points;
}
