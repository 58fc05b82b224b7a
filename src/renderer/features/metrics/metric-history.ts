/** What a detail page draws: points and statistics of a family over a range, kept up while the range is live. */
import type { ChartData } from '../../charts/chart-data';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../../shared/api/client';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import type { SampleBatch } from '../../../shared/metrics/reading';
import { queryBefore, queryGaps, queryStats, querySeries, rankDevices } from '../../data/history-queries';
import { append, breakOff, EMPTY, toColumns, trim } from '../../data/columns';
import type { Columns } from '../../data/columns';
import { isAppended, pointsOf, windowOf } from '../../lib/range';
import type { RangeChoice, TimeWindow } from '../../lib/range';

/** Lines drawn per device chart unless all are asked for. */
export const DEVICE_CAP = 12;
/** Statistics and long ranges are asked for again no more often than this, and no less often than that, ms. */
const REFRESH = { least: 10_000, most: 300_000 } as const;

/** What is wanted. `all` names the device metrics that are drawn without a cap. */
export interface HistoryQuery {
  readonly family: FamilyId;
  readonly choice: RangeChoice;
  readonly metrics: readonly string[];
  readonly deviceMetrics: readonly string[];
  readonly devices: readonly string[];
  readonly all: readonly string[];
  /** Days back of the line to compare with; 0 for none. */
  readonly compare: number;
  /** The device metric whose statistics are wanted too. */
  readonly deviceStats: string | null;
}

/** Keeps one page's history. */
export interface History {
  readonly store: StoreApi<ChartData>;
  load(): Promise<void>;
  onBatch(batch: SampleBatch): void;
  /** Answers that arrive later are dropped. */
  stop(): void;
}

/** The state before the first answer. */
function emptyState(choice: RangeChoice, now: number): ChartData {
  return { status: 'loading', message: '', window: windowOf(choice, now), step: 1000, columns: {}, shown: {}, stats: {}, before: {}, gaps: [] };
}

/** Everything but statistics, as it is at `now`; a message where it cannot be had. */
async function fetchHistory(client: Client, query: HistoryQuery, now: number): Promise<Partial<ChartData>> {
  const window = windowOf(query.choice, now);
  const shown = await chooseDevices(client, query, window);
  const answer = await querySeries(client, keysOf(query, shown), closed(window), pointsOf(query.choice));
  if (!answer.ok) return { status: 'failed', message: answer.message };
  const columns = Object.fromEntries(answer.value.series.map((points) => [points.series, toColumns(points)]));
  return { status: 'ready', message: '', window, step: Math.max(1, answer.value.step), columns, shown };
}

/** What stands beside the lines: statistics, earlier days, reasons of holes. What cannot be had stays as it was. */
async function fetchExtras(client: Client, query: HistoryQuery, window: TimeWindow, ahead: number): Promise<Partial<ChartData>> {
  const keys = query.metrics.map((metric) => seriesKey(query.family, metric));
  const length = window.to - window.from;
  // As dense as the present line, though it reaches a little further: it must not end before the next question.
  const points = Math.ceil((pointsOf(query.choice) * (length + ahead)) / length);
  const [stats, gaps, before] = await Promise.all([
    queryStats(client, statsKeys(query), closed(window)),
    queryGaps(client, closed(window)),
    query.compare === 0 ? {} : queryBefore(client, keys, { from: window.from, to: window.to + ahead }, query.compare, points),
  ]);
  return { ...(stats === null ? {} : { stats }), ...(gaps === null ? {} : { gaps }), ...(before === null ? {} : { before }) };
}

/** Milliseconds between two questions for the same range. */
function pauseOf(step: number): number {
  return Math.min(REFRESH.most, Math.max(REFRESH.least, step));
}

/** Makes a keeper; `now` is the time of the latest batch, so that a viewer's own clock does not matter. */
export function createMetricHistory(client: Client, query: HistoryQuery, now: () => number): History {
  const { choice } = query;
  const store = createStore<ChartData>(() => emptyState(choice, now()));
  // Grows with each batch; the store follows when a point is complete.
  let current = store.getState();
  let waiting: SampleBatch[] = [];
  let loading = false;
  let stopped = false;
  let loadedAt = 0;
  let extrasAt = 0;

  const loadExtras = async (): Promise<void> => {
    extrasAt = current.window.to;
    const extras = await fetchExtras(client, query, current.window, isAppended(choice) ? pauseOf(current.step) : 0);
    if (stopped) return;
    current = { ...current, ...extras };
    store.setState(extras);
  };
  const addBatch = (batch: SampleBatch): void => {
    const before = current.window.to;
    current = grow(current, query, batch);
    const point = (time: number): number => Math.floor(time / current.step);
    if (point(before) !== point(current.window.to)) store.setState(current);
  };
  const load = async (): Promise<void> => {
    if (loading) return;
    loading = true;
    waiting = [];
    loadedAt = now();
    const found = await fetchHistory(client, query, loadedAt);
    loading = false;
    if (stopped) return;
    current = { ...current, ...found };
    if (isAppended(choice)) waiting.filter((batch) => batch.time > loadedAt).forEach(addBatch);
    store.setState(current);
    if (found.status === 'ready') await loadExtras();
  };
  return {
    store,
    load,
    stop() {
      stopped = true;
    },
    onBatch(batch) {
      if (choice.kind === 'fixed') return;
      if (loading) {
        waiting.push(batch);
        return;
      }
      const pause = pauseOf(current.step);
      if (!isAppended(choice) || current.status !== 'ready') {
        if (batch.time - loadedAt >= pause) void load();
        return;
      }
      addBatch(batch);
      if (batch.time - extrasAt >= pause) void loadExtras();
    },
  };
}

/** The end of a query is exclusive; the batch that gave the time belongs to the range. */
function closed({ from, to }: TimeWindow): TimeWindow {
  return { from: from + 1, to: to + 1 };
}

/** Stored metrics of the whole machine, and of its devices the one that is asked for. */
function statsKeys({ family, deviceStats, devices }: HistoryQuery): readonly SeriesKey[] {
  const own = Object.entries(familyOf(family).metrics)
    .filter(([, metric]) => metric.stored !== false)
    .map(([name]) => seriesKey(family, name));
  return deviceStats === null ? own : [...own, ...devices.map((device) => seriesKey(family, deviceStats, device))];
}

function keysOf(query: HistoryQuery, shown: ChartData['shown']): readonly SeriesKey[] {
  return [
    ...query.metrics.map((metric) => seriesKey(query.family, metric)),
    ...query.deviceMetrics.flatMap((metric) => (shown[metric] ?? []).map((device) => seriesKey(query.family, metric, device))),
  ];
}

/** The devices each chart draws. Few are drawn as they come; of many the highest of the range. */
async function chooseDevices(client: Client, query: HistoryQuery, window: TimeWindow): Promise<ChartData['shown']> {
  const shown: Record<string, readonly string[]> = {};
  for (const metric of query.deviceMetrics) {
    const capped = query.devices.length > DEVICE_CAP && !query.all.includes(metric);
    shown[metric] = capped
      ? (await rankDevices(client, query.family, metric, query.devices, window)).slice(0, DEVICE_CAP)
      : query.devices;
  }
  return shown;
}

/** The state moved on by a batch: the window rolls, and the family's values join their series. */
function grow(state: ChartData, query: HistoryQuery, batch: SampleBatch): ChartData {
  const window = windowOf(query.choice, batch.time);
  const reading = batch.readings[query.family];
  const { background, viewed } = familyOf(query.family).samplingInterval;
  const rule = { step: state.step, gapAfter: 2.5 * Math.max(state.step, background ?? viewed, viewed) };
  if (reading === undefined && batch.gap === undefined) return { ...state, window };
  const columns: Record<SeriesKey, Columns> = {};
  const add = (key: SeriesKey, value: number | null): void => {
    let series = state.columns[key] ?? EMPTY;
    if (batch.gap !== undefined) series = breakOff(series);
    if (reading !== undefined) series = append(series, batch.time, value, rule);
    columns[key] = trim(series, window.from);
  };
  for (const metric of query.metrics) add(seriesKey(query.family, metric), reading?.values[metric] ?? null);
  for (const [metric, devices] of Object.entries(state.shown)) {
    for (const device of devices) add(seriesKey(query.family, metric, device), reading?.devices[device]?.values[metric] ?? null);
  }
  return { ...state, window, columns };
}
