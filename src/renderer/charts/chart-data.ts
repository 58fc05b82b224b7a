/** What a chart draws: the points of its series over a window, their statistics, and the gaps that are known. */
import type { CallOutput } from '../../shared/api/contract';
import type { SeriesKey } from '../../shared/metrics/index';
import type { Gap } from '../../shared/series/gaps';
import type { TimeWindow } from '../lib/range';
import type { Columns } from '../data/columns';

/** What is there. Columns hold null points where a line must break. */
export interface ChartData {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly message: string;
  readonly window: TimeWindow;
  /** Width of a point, ms. */
  readonly step: number;
  readonly columns: Readonly<Record<SeriesKey, Columns>>;
  /** Devices drawn, by device metric, highest first. */
  readonly shown: Readonly<Record<string, readonly string[]>>;
  readonly stats: Readonly<Record<SeriesKey, CallOutput<'stats'>[number]>>;
  /** Earlier days, moved to the times of the window. */
  readonly before: Readonly<Record<SeriesKey, Columns>>;
  /** Known holes of the window. */
  readonly gaps: readonly Gap[];
}
