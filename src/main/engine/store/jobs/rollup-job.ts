/**
 * Rollup (downsampling): chunks of a span that is over become chunks of coarser tiers, series by series. As in sealing, the
 * state records the progress: the span is rolled up for the series below `roll.next`, and readers take those from the coarser
 * tiers. Chunks that were rolled up are deleted, so those that exist have not been.
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

/** Points merged between two yields, or a few more. */
const PIECE = 180;

/** True if a chunk must not be read for a series, because its points are in the coarser tiers already. */
export function isRolledUp(state: MaintenanceState, kind: ChunkKind, start: number, series: number): boolean {
  const from = state.get(`roll.${kind.code}`);
  if (from === null || series >= (state.get('roll.next') ?? 0)) return false;
  const runRollups = ROLLUPS.find((step) => step.from.code === kind.code);
  return runRollups !== undefined && start >= from && start < from + runRollups.span;
}

/**
 * Finishes the rollup that a restart interrupted. It must run before all other maintenance: chunks sealed into its span
 * meanwhile would count as rolled up, and another rollup would overwrite its state.
 */
export function* finishRollup(context: StoreContext): Generator<void> {
  for (const step of ROLLUPS) {
    const start = context.state.get(`roll.${step.from.code}`);
    if (start !== null) yield* rollUpSpan(context, step, start);
  }
}

/**
 * Rolls up every span that ended before `until` (epoch ms, the oldest sample that is not sealed). Yields between steps, so
 * that other work can run.
 */
export function* runRollups(context: StoreContext, until: number): Generator<void> {
  for (const step of ROLLUPS) {
    for (let start = nextSpan(context, step, until); start !== null; start = nextSpan(context, step, until)) {
      yield* rollUpSpan(context, step, start);
      yield;
    }
  }
}

/** Start of the next span to roll up, or null. */
function nextSpan(context: StoreContext, step: RollupStep, until: number): number | null {
  const oldest = context.chunks.oldest(step.from);
  if (oldest === null) return null;
  const start = chunkStart({ code: 0, span: step.span }, oldest);
  return start + step.span <= until ? start : null;
}

function* rollUpSpan(context: StoreContext, step: RollupStep, start: number): Generator<void> {
  const { from, span } = step;
  const stateKey = `roll.${from.code}`;
  const end = start + span;
  if (context.state.get(stateKey) === null) context.state.save({ [stateKey]: start, 'roll.next': 0 });
  const sources = context.chunks.starts(from, start, end);
  const all = new Set<number>();
  for (const source of sources) {
    for (const series of context.chunks.seriesAt(from, source)) all.add(series);
    yield;
  }
  const done = context.state.get('roll.next') ?? 0;
  const left = [...all].filter((id) => id >= done).sort((a, b) => a - b);
  for (let i = 0; i < left.length; i += step.group) {
    const group = left.slice(i, i + step.group);
    const rolled: PreparedPoints[] = [];
    for (const series of group) rolled.push(...(yield* rollUpSeries(context, step, sources, series)));
    context.state.save({ 'roll.next': (group[group.length - 1] ?? 0) + 1 }, () => rolled.forEach((points) => context.chunks.putPrepared(points)));
    yield;
  }
  context.state.save({ 'roll.next': ALL_SERIES });
  while (!dropSlice(context, from, start, end)) yield;
  context.state.save({ [stateKey]: null, 'roll.next': null });
}

function dropSlice(context: StoreContext, kind: ChunkKind, from: number, to: number): boolean {
  return context.db.transaction(() => context.chunks.drop(kind, from, to))();
}

/** Rolls up one series in memory; writes nothing. */
function* rollUpSeries(context: StoreContext, step: RollupStep, sources: readonly number[], series: number): Generator<void, PreparedPoints[]> {
  if (step.to[0]?.kind.isMerged === true) return yield* mergeChunks(context, step, sources, series);
  const points = yield* readSources(context, step, sources, series);
  const prepared: PreparedPoints[] = [];
  let rolled: readonly Rollup[] = points;
  for (const { kind, width } of step.to) {
    if (width !== step.fromWidth) {
      rolled = yield* rollUpInPieces(rolled, width);
    }
    for (const start of new Set(rolled.map((point) => chunkStart(kind, point.time)))) {
      const within = rolled.filter((point) => chunkStart(kind, point.time) === start);
      prepared.push(yield* context.chunks.prepare(kind, start, series, width, within));
      yield;
    }
  }
  return prepared;
}

/** Like rollUp, but yields in between: a day of minutes takes too long at once. */
function* rollUpInPieces(points: readonly Rollup[], width: number): Generator<void, Rollup[]> {
  const bucketOf = (i: number): number => Math.floor((points[i]?.time ?? 0) / width);
  const rolled: Rollup[] = [];
  for (let from = 0, to = 0; from < points.length; from = to) {
    to = Math.min(from + PIECE, points.length);
    // A bucket must not be divided.
    while (to < points.length && bucketOf(to) === bucketOf(to - 1)) to += 1;
    rolled.push(...rollUp(points.slice(from, to), width));
    yield;
  }
  return rolled;
}

function* readSources(context: StoreContext, step: RollupStep, sources: readonly number[], series: number): Generator<void, Rollup[]> {
  const points: Rollup[] = [];
  for (const source of sources) {
    try {
      points.push(...context.chunks.points(step.from, source, series, step.fromWidth));
    } catch (error) {
      context.onDamage(error);
    }
    yield;
  }
  return points;
}
