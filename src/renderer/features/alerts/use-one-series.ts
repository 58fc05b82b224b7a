/** Loads the history of one series for the chart of the rule preview. */
import type { ChartData } from '../../charts/chart-data';
import { useEffect, useState } from 'react';
import type { SeriesKey } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { querySeries, queryGaps } from '../../data/history-queries';
import { toColumns } from '../../data/columns';
import type { TimeWindow } from '../../lib/range';

/** About one point for each pixel of the preview's chart. */
const POINTS = 600;

/** Points and gaps of one series over a fixed window, as chart data; null until the first response. */
export function useOneSeries(key: SeriesKey | null, window: TimeWindow | null): ChartData | null {
  const { client } = useApp();
  const [state, setState] = useState<ChartData | null>(null);
  const from = window?.from ?? 0;
  const to = window?.to ?? 0;
  useEffect(() => {
    if (key === null || to <= from) return undefined;
    let stopped = false;
    const load = async (): Promise<void> => {
      const [response, gaps] = await Promise.all([querySeries(client, [key], { from: from + 1, to: to + 1 }, POINTS), queryGaps(client, { from, to })]);
      if (stopped || !response.ok) return;
      const columns = Object.fromEntries(response.value.series.map((points) => [points.series, toColumns(points)]));
      setState({ status: 'ready', message: '', window: { from, to }, step: Math.max(1, response.value.step), begins: response.value.begins, columns, shown: {}, stats: {}, before: {}, gaps: gaps ?? [] });
    };
    void load();
    return () => {
      stopped = true;
    };
  }, [client, key, from, to]);
  return state;
}
