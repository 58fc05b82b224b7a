/**
 * The list of metric families: ids, types, collectors, cards and pages derive from it. A new family is one file here with
 * its descriptor, one line in this list, and a collector.
 *
 * src/shared is used in Node and in the browser: it imports itself and zod, nothing else. Code outside src/shared/metrics
 * and the collectors uses families through this file only, and knows none of them by name.
 */
import { battery } from './battery';
import { connections } from './connections';
import { container } from './container';
import { cpu } from './cpu';
import type { CulpritMeasure, FamilyDescriptor, MetricDescriptor } from './define';
import { disk } from './disk';
import { diskio } from './diskio';
import { fans } from './fans';
import { frequency } from './frequency';
import { gpu } from './gpu';
import { health } from './health';
import { memory } from './memory';
import { network } from './network';
import { METRIC_PAGES } from './pages';
import type { MetricPageId } from './pages';
import { power } from './power';
import { self } from './self';
import { service } from './service';
import { temperature } from './temperature';
import { uptime } from './uptime';

/** All families, in the order they are shown. */
export const FAMILIES = {
  cpu,
  gpu,
  memory,
  disk,
  diskio,
  health,
  network,
  temperature,
  fans,
  frequency,
  battery,
  power,
  connections,
  container,
  service,
  uptime,
  self,
} as const;

/** Id of a metric family. */
export type FamilyId = keyof typeof FAMILIES;

/** Names of the whole-machine metrics of a family. */
export type MetricName<F extends FamilyId> = Extract<keyof (typeof FAMILIES)[F]['metrics'], string>;

/** Names of the per-device metrics of a family. */
export type DeviceMetricName<F extends FamilyId> = Extract<keyof (typeof FAMILIES)[F]['device']['metrics'], string>;

/** All family ids, in order. */
export const FAMILY_IDS = Object.keys(FAMILIES) as readonly FamilyId[];

/** True when `id` names a family. */
export function isFamilyId(id: string): id is FamilyId {
  return Object.hasOwn(FAMILIES, id);
}

/** The descriptor of a family in its general type, for code that treats all families alike. */
export function familyOf(id: FamilyId): FamilyDescriptor {
  return FAMILIES[id];
}

/** All pages of families, in the order of the navigation. */
export const METRIC_PAGE_IDS = Object.keys(METRIC_PAGES) as readonly MetricPageId[];

const FAMILIES_BY_PAGE = new Map(METRIC_PAGE_IDS.map((page) => [page, FAMILY_IDS.filter((id) => familyOf(id).page === page).toSorted((a, b) => familyOf(a).order - familyOf(b).order)]));

/** The families on a page, in their order; always the same array. */
export function familiesOn(page: MetricPageId): readonly FamilyId[] {
  return FAMILIES_BY_PAGE.get(page) ?? [];
}

/** What a family is called on its page. */
export function partLabel(id: FamilyId): string {
  const { part, label } = familyOf(id);
  return part ?? label;
}

/** The main metric of a family: its headline; where the system does not tell that, as its reading says, the first of its sparkline that it does. */
export function headlineOf(id: FamilyId, reading: { readonly untold?: readonly string[] } | undefined): string {
  const { headline, spark } = familyOf(id);
  const untold = reading?.untold ?? [];
  return (untold.includes(headline) ? spark.find((name) => !untold.includes(name)) : undefined) ?? headline;
}

/** What explains the values of a series; `growthOf` is the key of a series then. Nothing where the series is unknown. */
export function culpritsOf(key: SeriesKey): CulpritMeasure | 'none' | { readonly growthOf: SeriesKey } {
  const parsed = parseSeriesKey(key);
  if (parsed === null) return 'none';
  const kind = parsed.descriptor.culprits ?? familyOf(parsed.family).culprits ?? 'none';
  return typeof kind === 'string' ? kind : { growthOf: seriesKey(parsed.family, kind.growthOf, parsed.device ?? undefined) };
}

/** The device whose page a link about this series leads to; undefined where it is that of the family. */
export function pageDeviceOf({ family, device }: { readonly family: FamilyId; readonly device: string | null }): string | undefined {
  return familyOf(family).device.leads === true ? (device ?? undefined) : undefined;
}

/** Key of a series: `family.metric`, or `family.metric@device`. */
export type SeriesKey = string;

/** The key of a series; the device may contain any character. */
export function seriesKey(family: FamilyId, metric: string, device?: string): SeriesKey {
  return device === undefined ? `${family}.${metric}` : `${family}.${metric}@${device}`;
}

/** The parts of a series key; null if its family or metric is unknown. */
export function parseSeriesKey(key: SeriesKey): { family: FamilyId; metric: string; device: string | null; descriptor: MetricDescriptor } | null {
  const at = key.indexOf('@');
  const name = at < 0 ? key : key.slice(0, at);
  const dot = name.indexOf('.');
  const family = name.slice(0, dot);
  if (dot < 0 || !isFamilyId(family)) return null;
  const metric = name.slice(dot + 1);
  const device = at < 0 ? null : key.slice(at + 1);
  const set = device === null ? familyOf(family).metrics : familyOf(family).device.metrics;
  const descriptor = Object.hasOwn(set, metric) ? set[metric] : undefined;
  return descriptor === undefined ? null : { family, metric, device, descriptor };
}
