/** Loads what the history knows of services: uptime over several ranges and by day, and the latency of the last hour. */
import { useCallback, useMemo } from 'react';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import { toColumns } from '../../data/columns';
import type { Columns } from '../../data/columns';
import { querySeries, queryStats } from '../../data/history-queries';
import { dayBegins, daysOf, uptimeOf } from './uptime';
import type { DayUptime, Uptime } from './uptime';
import { usePolled } from './use-polled';
import type { Load } from './use-polled';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ranges over which the uptime is told. */
export const UPTIME_RANGES = [
  { label: '24 h', ms: DAY },
  { label: '7 d', ms: 7 * DAY },
  { label: '30 d', ms: 30 * DAY },
  { label: '90 d', ms: 90 * DAY },
] as const;

/** Days in the bar. */
export const BAR_DAYS = 90;
/** Services per query of days: an answer has 2160 points of each. */
const DAYS_PER_CALL = 20;
/** Time between two queries, ms. Past days hardly change. */
const REFRESH = { stats: MINUTE / 2, days: 15 * MINUTE, latency: MINUTE / 2 } as const;
/** Time that the sparkline of latency shows, ms. */
export const LATENCY_SPAN = HOUR;

/** By the id of the service. */
type ById<T> = Readonly<Record<string, T>>;

const upKey = (id: string): string => seriesKey('service', 'up', id);
const idsOf = (joined: string): readonly string[] => (joined === '' ? [] : joined.split(' '));

/** A function over ids that stays the same as long as they do. */
function useLoadOf<T>(ids: readonly string[], load: (ids: readonly string[], ...rest: Parameters<Load<T>>) => Promise<T | null>): Load<T> {
  // Ids have no spaces.
  const joined = ids.join(' ');
  return useCallback((app, now) => load(idsOf(joined), app, now), [joined, load]);
}

async function loadUptimes(ids: readonly string[], { client }: Parameters<Load<unknown>>[0], now: number): Promise<ById<readonly Uptime[]> | null> {
  if (ids.length === 0) return null;
  const all = await Promise.all(UPTIME_RANGES.map(({ ms }) => queryStats(client, ids.map(upKey), { from: Math.max(0, now - ms) + 1, to: now + 1 })));
  if (all.includes(null)) return null;
  return Object.fromEntries(ids.map((id) => [id, UPTIME_RANGES.map(({ ms }, at) => uptimeOf(all[at]?.[upKey(id)], ms / 1000))]));
}

/** The uptime of services over each of the ranges; null until it is known. */
export function useUptimes(ids: readonly string[]): ById<readonly Uptime[]> | null {
  return usePolled(useLoadOf(ids, loadUptimes), REFRESH.stats);
}

async function loadDays(ids: readonly string[], { client }: Parameters<Load<unknown>>[0], now: number): Promise<ById<readonly DayUptime[]> | null> {
  const begins = dayBegins(now, BAR_DAYS);
  const window = { from: Math.max(0, begins[0] ?? 0), to: now + 1 };
  // A clock that was never set is near 1970: there are no days to ask for.
  if (ids.length === 0 || window.to - window.from < DAY) return null;
  const interval = familyOf('service').samplingInterval.viewed;
  const days: Record<string, readonly DayUptime[]> = {};
  for (let at = 0; at < ids.length; at += DAYS_PER_CALL) {
    const some = ids.slice(at, at + DAYS_PER_CALL);
    const response = await querySeries(client, some.map(upKey), window, Math.ceil((window.to - window.from) / HOUR));
    if (!response.ok) return null;
    const { step, series } = response.value;
    some.forEach((id, index) => {
      const points = series[index];
      if (points !== undefined) days[id] = daysOf(points, { step, interval }, begins, now);
    });
  }
  return days;
}

/** The last 90 days of services; null until they are known. */
export function useDays(ids: readonly string[]): ById<readonly DayUptime[]> | null {
  return usePolled(useLoadOf(ids, loadDays), REFRESH.days);
}

/** Latency of the last hour, and its right edge, epoch ms. */
export interface LatencyHour {
  readonly end: number;
  readonly columns: ById<Columns>;
}

async function loadLatency(ids: readonly string[], { client }: Parameters<Load<unknown>>[0], now: number): Promise<LatencyHour | null> {
  if (ids.length === 0) return null;
  const keys = ids.map((id) => seriesKey('service', 'latency', id));
  const response = await querySeries(client, keys, { from: Math.max(0, now - LATENCY_SPAN) + 1, to: now + 1 }, LATENCY_SPAN / MINUTE);
  if (!response.ok) return null;
  const found = response.value.series.map((points, at) => [ids[at] ?? '', toColumns(points)] as const);
  return { end: now, columns: Object.fromEntries(found) };
}

/** The latency of services in the last hour; null until it is known. */
export function useLatencyHour(ids: readonly string[]): LatencyHour | null {
  return usePolled(useLoadOf(ids, loadLatency), REFRESH.latency);
}

/** Ids in an order that does not change with the states of the services: nothing is loaded again because one goes down. */
export function useIds(services: readonly { readonly id: string }[]): readonly string[] {
  const joined = services.map(({ id }) => id).toSorted().join(' ');
  return useMemo(() => idsOf(joined), [joined]);
}
