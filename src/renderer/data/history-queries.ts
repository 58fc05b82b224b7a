/** Queries of stored history, split into calls that the contract allows. */
import type { Client } from '../../shared/api/client';
import type { CallOutput } from '../../shared/api/contract';
import { FAMILY_IDS, familyOf, seriesKey } from '../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';
import type { Result } from '../../shared/result';
import { localOffset, shiftTimes, sameWindow } from '../../shared/series/calendar';
import type { OffsetAt } from '../../shared/series/calendar';
import type { Gap } from '../../shared/series/gaps';
import type { SeriesPoints } from '../../shared/series/types';
import { highest, toColumns } from './columns';
import type { Columns } from './columns';
import type { TimeWindow } from '../lib/range';

/** Series per call; the contract allows 300. */
const PER_CALL = 200;
/** Points per series that suffice to find its highest value. */
const RANK_POINTS = 30;

/** Statistics of one series. */
export type StatsEntry = CallOutput<'stats'>[number];

/** Points of any number of series; `step` is the time per point, ms. Fails with the first call that fails. */
export async function querySeries(
  client: Client,
  keys: readonly string[],
  window: TimeWindow,
  points: number,
): Promise<Result<{ step: number; begins: number | null; series: readonly SeriesPoints[] }>> {
  const series: SeriesPoints[] = [];
  let step = 0;
  let begins: number | null = null;
  for (let at = 0; at < keys.length; at += PER_CALL) {
    const response = await client.call('series', { series: keys.slice(at, at + PER_CALL), ...window, points });
    if (!response.ok) return response;
    step = Math.max(step, response.value.step);
    begins = response.value.begins;
    series.push(...response.value.series);
  }
  return { ok: true, value: { step, begins, series } };
}

/** Begin of the whole history, epoch ms; null without one, or if the query fails. Every answer with points has it: this asks for the fewest. */
export async function queryHistoryBegin(client: Client, now: number): Promise<number | null> {
  const any = FAMILY_IDS.slice(0, 1).map((id) => seriesKey(id, familyOf(id).headline));
  const response = await querySeries(client, any, { from: Math.max(0, now - 1), to: now + 1 }, 1);
  return response.ok ? response.value.begins : null;
}

/** Devices ordered by their highest value in the window; in the given order if the query fails. */
export async function rankDevices(
  client: Client,
  family: FamilyId,
  metric: string,
  devices: readonly string[],
  window: TimeWindow,
): Promise<readonly string[]> {
  const keys = devices.map((device) => seriesKey(family, metric, device));
  const response = await querySeries(client, keys, window, RANK_POINTS);
  if (!response.ok) return devices;
  const peaks = new Map(response.value.series.map((points) => [points.series, highest(toColumns(points)) ?? -Infinity]));
  const peakOf = (device: string): number => peaks.get(seriesKey(family, metric, device)) ?? -Infinity;
  return devices.toSorted((a, b) => peakOf(b) - peakOf(a));
}

/** Statistics of any number of series, by key; null if a query fails. */
export async function queryStats(client: Client, keys: readonly SeriesKey[], window: TimeWindow): Promise<Readonly<Record<SeriesKey, StatsEntry>> | null> {
  const found: Record<SeriesKey, StatsEntry> = {};
  for (let at = 0; at < keys.length; at += PER_CALL) {
    const response = await client.call('stats', { series: keys.slice(at, at + PER_CALL), ...window });
    if (!response.ok) return null;
    for (const entry of response.value) found[entry.series] = entry;
  }
  return found;
}

/** The known gaps of a window; null if the query fails. */
export async function queryGaps(client: Client, window: TimeWindow): Promise<readonly Gap[] | null> {
  const response = await client.call('gaps', window);
  return response.ok ? response.value : null;
}

/** Points shifted by whole local days: an hour that the other day lacks is left out, an hour it has in addition is a gap. */
export function shiftColumns(columns: Columns, days: number, offsetAt: OffsetAt): Columns {
  const shifted = shiftTimes(columns.time, days, offsetAt);
  const pick = (values: readonly (number | null)[]): (number | null)[] => shifted.map(({ index }) => (index === null ? null : (values[index] ?? null)));
  return {
    time: shifted.map(({ time }) => time),
    min: pick(columns.min),
    avg: pick(columns.avg),
    max: pick(columns.max),
    count: shifted.map(({ index }) => (index === null ? 0 : (columns.count[index] ?? 0))),
  };
}

/** The same hours `days` earlier, shifted to the times of the window; null if the query fails. */
export async function queryBefore(client: Client, keys: readonly SeriesKey[], window: TimeWindow, days: number, points: number): Promise<Readonly<Record<SeriesKey, Columns>> | null> {
  const response = await querySeries(client, keys, sameWindow(window, -days, localOffset), points);
  if (!response.ok) return null;
  return Object.fromEntries(response.value.series.map((series) => [series.series, shiftColumns(toColumns(series), days, localOffset)]));
}
