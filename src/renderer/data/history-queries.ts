import type { Client } from '../../shared/api/client';
import type { CallOutput } from '../../shared/api/contract';
import { seriesKey } from '../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';
import type { Result } from '../../shared/result';
import { localOffset, shiftTimes, sameWindow } from '../../shared/series/calendar';
import type { OffsetAt } from '../../shared/series/calendar';
import type { Gap } from '../../shared/series/gaps';
import type { SeriesPoints } from '../../shared/series/types';
import { highest, toColumns } from './columns';
import type { Columns } from './columns';
import type { TimeWindow } from '../lib/range';

/** Series asked for in one call; the contract allows 300. */
const PER_CALL = 200;
/** Points that are enough to find a series' highest value. */
const RANK_POINTS = 30;

/** Statistics of one series. */
export type StatsEntry = CallOutput<'stats'>[number];

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

/** Statistics of any number of series, by key; null where they cannot be had. */
export async function queryStats(client: Client, keys: readonly SeriesKey[], window: TimeWindow): Promise<Readonly<Record<SeriesKey, StatsEntry>> | null> {
  const found: Record<SeriesKey, StatsEntry> = {};
  for (let at = 0; at < keys.length; at += PER_CALL) {
    const answer = await client.call('stats', { series: keys.slice(at, at + PER_CALL), ...window });
    if (!answer.ok) return null;
    for (const entry of answer.value) found[entry.series] = entry;
  }
  return found;
}

/** The known holes of a window; null where they cannot be had. */
export async function queryGaps(client: Client, window: TimeWindow): Promise<readonly Gap[] | null> {
  const answer = await client.call('gaps', window);
  return answer.ok ? answer.value : null;
}

/** Points moved to another day: those it has no time for are left out, and an hour without counterpart is a hole. */
export function shiftColumns(columns: Columns, days: number, offsetAt: OffsetAt): Columns {
  const moved = shiftTimes(columns.time, days, offsetAt);
  const pick = (values: readonly (number | null)[]): (number | null)[] => moved.map(({ index }) => (index === null ? null : (values[index] ?? null)));
  return {
    time: moved.map(({ time }) => time),
    min: pick(columns.min),
    avg: pick(columns.avg),
    max: pick(columns.max),
    count: moved.map(({ index }) => (index === null ? 0 : (columns.count[index] ?? 0))),
  };
}

/** The same hours `days` earlier, moved to the times of the window; null where they cannot be had. */
export async function queryBefore(client: Client, keys: readonly SeriesKey[], window: TimeWindow, days: number, points: number): Promise<Readonly<Record<SeriesKey, Columns>> | null> {
  const answer = await querySeries(client, keys, sameWindow(window, -days, localOffset), points);
  if (!answer.ok) return null;
  return Object.fromEntries(answer.value.series.map((series) => [series.series, shiftColumns(toColumns(series), days, localOffset)]));
}
