/** The histories of the families on a metric page, for what the page has once: its toolbar, and the order of loading. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { FamilyId } from '../../../shared/metrics/index';
import type { ChartData } from '../../charts/chart-data';

/** What each family has loaded; without an entry it has no response yet. */
export type Histories = Readonly<Partial<Record<FamilyId, ChartData>>>;

/** Creates a store without any. */
export function createHistories(): StoreApi<Histories> {
  return createStore<Histories>(() => ({}));
}

/** Whether all these families have a response. A family is loaded after those above it, so that these open as fast as alone. */
export function areLoaded(histories: Histories, families: readonly FamilyId[]): boolean {
  return families.every((id) => histories[id] !== undefined);
}

/** One history of the whole page: the range and gaps of the first family that is loaded, and the points of all. Null without any. */
export function joined(histories: Histories, families: readonly FamilyId[]): ChartData | null {
  const loaded = families.flatMap((id) => histories[id] ?? []);
  const [first] = loaded;
  if (first === undefined || loaded.length === 1) return first ?? null;
  return { ...first, columns: Object.assign({}, ...loaded.map(({ columns }) => columns)) as ChartData['columns'] };
}
