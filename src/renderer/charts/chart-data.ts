/** Data of the charts of a page: points of their series over a window, statistics, and known gaps. */
import type { CallOutput } from '../../shared/api/contract';
import type { SeriesKey } from '../../shared/metrics/index';
import type { Gap } from '../../shared/series/gaps';
import type { TimeWindow } from '../lib/range';
import type { Columns } from '../data/columns';

/** Columns hold null points where a line must break. `message` is why loading failed; empty otherwise. */
export interface ChartData {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly message: string;
  readonly window: TimeWindow;
  /** Time per point, ms. */
  readonly step: number;
  /** Begin of the whole history, epoch ms; null while it is empty. */
  readonly begins: number | null;
  readonly columns: Readonly<Record<SeriesKey, Columns>>;
  /** Ids of the devices drawn, by device metric, highest first. */
  readonly shown: Readonly<Record<string, readonly string[]>>;
  readonly stats: Readonly<Record<SeriesKey, CallOutput<'stats'>[number]>>;
  /** The earlier day to compare with, shifted to the times of the window. */
  readonly before: Readonly<Record<SeriesKey, Columns>>;
  /** Known gaps of the window. */
  readonly gaps: readonly Gap[];
}
