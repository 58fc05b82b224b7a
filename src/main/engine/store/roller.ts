/**
 * Rolling: chunks of a span that is over become chunks of coarser tiers, series by series. As in sealing, the state
 * says how far a job has come: chunks of the span are rolled for the series below `roll.next`, and readers take those
 * from where they went. What is rolled is deleted, so what is there has not been rolled.
 */
import { rollUp } from '../../../shared/series/rollup';
import type { Rollup } from '../../../shared/series/rollup';
import { ALL_SERIES } from './sealer';
import type { Workplace } from './sealer';
import type { State } from './state';
import { chunkStart, ROLLS } from './tiers';
import type { Kind, Roll } from './tiers';

/** Rows deleted at once. */
const ROWS = 400;

/** True when a chunk must not be read for a series: it is in its coarser tiers. */
export function isRolled(state: State, kind: Kind, start: number, series: number): boolean {
  const from = state.get(`roll.${kind.code}`);
  if (from === null || series >= (state.get('roll.next') ?? 0)) return false;
  const roll = ROLLS.find((one) => one.from.code === kind.code);
  return roll !== undefined && start >= from && start < from + roll.span;
}

/** Rolls every span that ended before `newest`, the time of the newest sample; pauses are where other work may go on. */
export function* roll(at: Workplace, newest: number): Generator<void> {
  for (const one of ROLLS) {
    for (let start = nextSpan(at, one, newest); start !== null; start = nextSpan(at, one, newest)) {
      yield* rollSpan(at, one, start);
      yield;
    }
  }
}

/** Start of a span to be rolled: one begun before comes first. */
function nextSpan(at: Workplace, one: Roll, newest: number): number | null {
  const begun = at.state.get(`roll.${one.from.code}`);
  if (begun !== null) return begun;
  const oldest = at.chunks.oldest(one.from);
  if (oldest === null) return null;
  const start = chunkStart({ code: 0, span: one.span }, oldest);
  return start + one.span <= newest ? start : null;
}

function* rollSpan(at: Workplace, one: Roll, start: number): Generator<void> {
  const { from, span } = one;
  const mark = `roll.${from.code}`;
  const end = start + span;
  if (at.state.get(mark) === null) at.state.save(at.db, { [mark]: start, 'roll.next': 0 });
  const sources = at.chunks.starts(from, start, end);
  const all = new Set<number>();
  for (const source of sources) {
    for (const series of at.chunks.seriesAt(from, source)) all.add(series);
    yield;
  }
  const done = at.state.get('roll.next') ?? 0;
  for (const series of [...all].filter((id) => id >= done).sort((a, b) => a - b)) {
    at.state.save(at.db, { 'roll.next': series + 1 }, () => rollSeries(at, one, sources, series));
    yield;
  }
  at.state.save(at.db, { 'roll.next': ALL_SERIES });
  while (!dropSlice(at, from, start, end)) yield;
  at.state.save(at.db, { [mark]: null, 'roll.next': null });
  at.chunks.forget(from, start, end);
}

function dropSlice(at: Workplace, kind: Kind, from: number, to: number): boolean {
  return at.db.transaction(() => at.chunks.drop(kind, from, to, ROWS))();
}

function rollSeries(at: Workplace, one: Roll, sources: readonly number[], series: number): void {
  const points: Rollup[] = [];
  for (const source of sources) {
    try {
      points.push(...at.chunks.points(one.from, source, series, one.fromWidth));
    } catch (error) {
      at.onDamage(error);
    }
  }
  let rolled: readonly Rollup[] = points;
  for (const { kind, width } of one.to) {
    rolled = width === one.fromWidth ? points : rollUp(rolled, width);
    for (const start of new Set(rolled.map((point) => chunkStart(kind, point.time)))) {
      const within = rolled.filter((point) => chunkStart(kind, point.time) === start);
      at.chunks.putPoints(kind, start, series, width, within);
    }
  }
}
