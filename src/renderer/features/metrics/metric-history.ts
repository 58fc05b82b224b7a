/** History of a metric page: points and statistics of a family over a range, updated while the range is live. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../../shared/api/client';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import type { SampleBatch } from '../../../shared/metrics/reading';
import type { ChartData } from '../../charts/chart-data';
import { queryBefore, queryGaps, queryStats, querySeries, rankDevices } from '../../data/history-queries';
import { append, appendGap, EMPTY_COLUMNS, toColumns, trim } from '../../data/columns';
import type { Columns } from '../../data/columns';
import { isAppended, pointsOf, windowOf } from '../../lib/range';
import type { RangeChoice, TimeWindow } from '../../lib/range';

/** Devices drawn per chart unless all are shown. */
export const DEVICE_CAP = 12;
/** Limits of the time between queries of statistics and of long ranges, ms. */
const REFRESH = { min: 10_000, max: 300_000 } as const;

/** What to load. `all` has the device metrics of which every device is drawn. */
export interface HistoryQuery {
  readonly family: FamilyId;
  /** Set for the page of one device, whose `metrics` and statistics are loaded in place of those of the machine. */
  readonly device?: string;
  readonly choice: RangeChoice;
  readonly metrics: readonly string[];
  readonly deviceMetrics: readonly string[];
  readonly devices: readonly string[];
  readonly all: readonly string[];
  /** Days back of the earlier day to compare with; 0 for none. */
  readonly compare: number;
  /** Device metric to load statistics of as well; null for none. */
  readonly deviceStats: string | null;
}

/** The history of one page. */
export interface MetricHistory {
  readonly store: StoreApi<ChartData>;
  load(): Promise<void>;
  onBatch(batch: SampleBatch): void;
  /** Responses that arrive later are ignored. */
  stop(): void;
}

/** The state before the first response. */
function emptyState(choice: RangeChoice, now: number): ChartData {
  return { status: 'loading', message: '', window: windowOf(choice, now), step: 1000, begins: null, columns: {}, shown: {}, stats: {}, before: {}, gaps: [] };
}

/** Points of the range at `now`; the message if the query fails. */
async function fetchHistory(client: Client, query: HistoryQuery, now: number): Promise<Partial<ChartData>> {
  const window = windowOf(query.choice, now);
  const shown = await chooseDevices(client, query, window);
  const response = await querySeries(client, keysOf(query, shown), toQueryWindow(window), pointsOf(query.choice));
  if (!response.ok) return { status: 'failed', message: response.message };
  const columns = Object.fromEntries(response.value.series.map((points) => [points.series, toColumns(points)]));
  return { status: 'ready', message: '', window, step: Math.max(1, response.value.step), begins: response.value.begins, columns, shown };
}

/** Statistics, gaps and the earlier day, the latter `ahead` ms beyond the window. Parts whose query fails are left out. */
async function fetchExtras(client: Client, query: HistoryQuery, window: TimeWindow, ahead: number): Promise<Partial<ChartData>> {
  const keys = ownKeys(query);
  const length = window.to - window.from;
  // The earlier day reaches further, so that it does not end before the next query, with the same time per point.
  const points = Math.ceil((pointsOf(query.choice) * (length + ahead)) / length);
  const [stats, gaps, before] = await Promise.all([
    queryStats(client, statsKeys(query), toQueryWindow(window)),
    queryGaps(client, toQueryWindow(window)),
    query.compare === 0 ? {} : queryBefore(client, keys, { from: window.from, to: window.to + ahead }, query.compare, points),
  ]);
  return { ...(stats === null ? {} : { stats }), ...(gaps === null ? {} : { gaps }), ...(before === null ? {} : { before }) };
}

/** Time between two queries of the same range, ms. */
function refreshInterval(step: number): number {
  return Math.min(REFRESH.max, Math.max(REFRESH.min, step));
}

/** Creates it, empty; `now` returns the time of the latest batch, so that the clock of this page does not matter. */
export function createMetricHistory(client: Client, query: HistoryQuery, now: () => number): MetricHistory {
  const { choice } = query;
  const store = createStore<ChartData>(() => emptyState(choice, now()));
  // Updated with each batch; the store only when a point is complete.
  let current = store.getState();
  let buffered: SampleBatch[] = [];
  let loading = false;
  let stopped = false;
  let loadedAt = 0;
  let extrasAt = 0;

  const loadExtras = async (): Promise<void> => {
    extrasAt = current.window.to;
    const extras = await fetchExtras(client, query, current.window, isAppended(choice) ? refreshInterval(current.step) : 0);
    if (stopped) return;
    current = { ...current, ...extras };
    store.setState(extras);
  };
  const addBatch = (batch: SampleBatch): void => {
    const before = current.window.to;
    current = extend(current, query, batch);
    const point = (time: number): number => Math.floor(time / current.step);
    if (point(before) !== point(current.window.to)) store.setState(current);
  };
  const load = async (): Promise<void> => {
    if (loading) return;
    loading = true;
    buffered = [];
    loadedAt = now();
    const loaded = await fetchHistory(client, query, loadedAt);
    loading = false;
    if (stopped) return;
    current = { ...current, ...loaded };
    if (isAppended(choice)) buffered.filter((batch) => batch.time > loadedAt).forEach(addBatch);
    store.setState(current);
    if (loaded.status === 'ready') await loadExtras();
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
        buffered.push(batch);
        return;
      }
      const interval = refreshInterval(current.step);
      if (!isAppended(choice) || current.status !== 'ready') {
        if (batch.time - loadedAt >= interval) void load();
        return;
      }
      addBatch(batch);
      if (batch.time - extrasAt >= interval) void loadExtras();
    },
  };
}

/** The window of a query, whose end is exclusive: the batch at the end of the range belongs to it. */
function toQueryWindow({ from, to }: TimeWindow): TimeWindow {
  return { from: from + 1, to: to + 1 };
}

/** The series of the page itself: those of the machine, or of the device whose page it is. */
function ownKeys({ family, metrics, device }: HistoryQuery): readonly SeriesKey[] {
  return metrics.map((metric) => seriesKey(family, metric, device));
}

/** Series to load statistics of: all stored metrics of the machine or of the page's device, and the chosen metric of its devices. */
function statsKeys({ family, device, deviceStats, devices }: HistoryQuery): readonly SeriesKey[] {
  const { metrics, device: of } = familyOf(family);
  const own = Object.entries(device === undefined ? metrics : of.metrics)
    .filter(([, metric]) => metric.stored !== false)
    .map(([name]) => seriesKey(family, name, device));
  return deviceStats === null ? own : [...own, ...devices.map((id) => seriesKey(family, deviceStats, id))];
}

function keysOf(query: HistoryQuery, shown: ChartData['shown']): readonly SeriesKey[] {
  return [
    ...ownKeys(query),
    ...query.deviceMetrics.flatMap((metric) => (shown[metric] ?? []).map((device) => seriesKey(query.family, metric, device))),
  ];
}

/** The devices each chart draws: all if they are few, otherwise those with the highest values in the range. */
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

/** The state after a batch: the window moves on and the family's values are appended to their series. */
function extend(state: ChartData, query: HistoryQuery, batch: SampleBatch): ChartData {
  const window = windowOf(query.choice, batch.time);
  const reading = batch.readings[query.family];
  const { background, viewed } = familyOf(query.family).samplingInterval;
  const options = { step: state.step, gapAfter: 2.5 * Math.max(state.step, background ?? viewed, viewed) };
  if (reading === undefined && batch.gap === undefined) return { ...state, window };
  const columns: Record<SeriesKey, Columns> = {};
  const add = (key: SeriesKey, value: number | null): void => {
    let series = state.columns[key] ?? EMPTY_COLUMNS;
    if (batch.gap !== undefined) series = appendGap(series);
    if (reading !== undefined) series = append(series, batch.time, value, options);
    columns[key] = trim(series, window.from);
  };
  const own = query.device === undefined ? reading : reading?.devices[query.device];
  for (const metric of query.metrics) add(seriesKey(query.family, metric, query.device), own?.values[metric] ?? null);
  for (const [metric, devices] of Object.entries(state.shown)) {
    for (const device of devices) add(seriesKey(query.family, metric, device), reading?.devices[device]?.values[metric] ?? null);
  }
  return { ...state, window, columns };
}
