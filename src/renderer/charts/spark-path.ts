/** SVG paths of sparklines. Pure. */
import type { Unit } from '../../shared/metrics/define';
import type { SeriesKey } from '../../shared/metrics/index';
import { scaleFor } from './axis';
import type { Scale } from './axis';
import type { Columns } from '../data/columns';

/** Time a sparkline shows, ms. */
export const SPARK_SPAN = 300_000;

/** Series by key, and the time at the right edge of all sparklines. */
export interface SparkState {
  readonly columns: Readonly<Record<SeriesKey, Columns>>;
  readonly end: number;
}

/** Size of the coordinate system of a sparkline. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** The scale of a sparkline, common to its lines: contains their means, since those are drawn, and reaches at least to `reach`. */
export function sparkScale(lines: readonly Columns[], unit: Unit, reach?: number): Scale {
  const drawn = lines.flatMap(({ avg }) => avg.filter((value) => value !== null));
  const values = reach === undefined ? drawn : [...drawn, reach];
  return values.length === 0 ? scaleFor(unit, null, null) : scaleFor(unit, Math.min(...values), Math.max(...values));
}

const round = (value: number): string => String(Math.round(value * 10) / 10);

/** Points without a gap between them, in coordinates of the sparkline. */
function runsOf(columns: Columns, from: number, to: number, scale: Scale, box: Box): readonly (readonly [number, number])[][] {
  const runs: [number, number][][] = [];
  let run: [number, number][] = [];
  const height = scale.max - scale.min;
  columns.time.forEach((time, at) => {
    const value = columns.avg[at] ?? null;
    if (value === null) {
      if (run.length > 0) runs.push(run);
      run = [];
      return;
    }
    const share = Math.min(1, Math.max(0, (value - scale.min) / height));
    run.push([((time - from) / (to - from)) * box.width, (1 - share) * box.height]);
  });
  if (run.length > 0) runs.push(run);
  return runs;
}

/** Path of a line and of the area below it. */
export interface SparkPaths {
  readonly line: string;
  readonly area: string;
}

/** Paths of a series over a range; gaps break them, and a single point becomes a dash one unit long. */
export function sparkPaths(columns: Columns, from: number, to: number, scale: Scale, box: Box): SparkPaths {
  let line = '';
  let area = '';
  for (const run of runsOf(columns, from, to, scale, box)) {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined) continue;
    const points = run.length === 1 ? [first, [first[0] + 1, first[1]] as const] : run;
    const drawn = points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L');
    const end = points.at(-1)?.[0] ?? last[0];
    line += `M${drawn}`;
    area += `M${round(first[0])} ${box.height}L${drawn}L${round(end)} ${box.height}Z`;
  }
  return { line, area };
}
