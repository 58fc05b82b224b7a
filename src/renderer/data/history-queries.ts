import type { Client } from '../../shared/api/client';
import { seriesKey } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Result } from '../../shared/result';
import type { SeriesPoints } from '../../shared/series/types';
import { highest, toColumns } from '../lib/columns';
import type { TimeWindow } from '../lib/range';

/** Series asked for in one call; the contract allows 300. */
const PER_CALL = 200;
/** Points that are enough to find a series' highest value. */
const RANK_POINTS = 30;

/** Points of any number of series, in calls the contract allows. Fails with the first call that fails. */
export async function querySeries(
  client: Client,
  keys: readonly string[],
  window: TimeWindow,
  points: number,
): Promise<Result<{ step: number; series: readonly SeriesPoints[] }>> {
  const series: SeriesPoints[] = [];
  let step = 0;
  for (let at = 0; at < keys.length; at += PER_CALL) {
    const answer = await client.call('series', { series: keys.slice(at, at + PER_CALL), ...window, points });
    if (!answer.ok) return answer;
    step = Math.max(step, answer.value.step);
    series.push(...answer.value.series);
  }
  return { ok: true, value: { step, series } };
}

/** Devices in order of the highest value they had in the window; in the given order where that cannot be told. */
export async function rankDevices(
  client: Client,
  family: FamilyId,
  metric: string,
  devices: readonly string[],
  window: TimeWindow,
): Promise<readonly string[]> {
  const keys = devices.map((device) => seriesKey(family, metric, device));
  const answer = await querySeries(client, keys, window, RANK_POINTS);
  if (!answer.ok) return devices;
  const peaks = new Map(answer.value.series.map((points) => [points.series, highest(toColumns(points)) ?? -Infinity]));
  const peakOf = (device: string): number => peaks.get(seriesKey(family, metric, device)) ?? -Infinity;
  return devices.toSorted((a, b) => peakOf(b) - peakOf(a));
}
