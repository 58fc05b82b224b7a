/**
 * The plain level of a value: two fixed thresholds for each of three values, the same on every machine, whatever its rules
 * say. Status pages and scripts get it beside the severity; nothing on the page uses it. Pure.
 */
import type { Thresholds } from '../metrics/define';
import { parseSeriesKey } from '../metrics/index';
import type { SeriesKey } from '../metrics/index';

/** The levels, from the lowest. */
export const LEVELS = ['healthy', 'warning', 'critical'] as const;
/** A level. */
export type Level = (typeof LEVELS)[number];

/** By `family.metric`; those of a disk also apply to each mount. Percent; a value at a threshold counts as above it. */
const TABLE: Readonly<Record<string, { readonly thresholds: Thresholds; readonly ofDevices: boolean }>> = {
  'cpu.usage': { thresholds: { warning: 70, critical: 90 }, ofDevices: false },
  'memory.usage': { thresholds: { warning: 70, critical: 85 }, ofDevices: false },
  'disk.usage': { thresholds: { warning: 70, critical: 90 }, ofDevices: true },
};

/** The level of a value; null without a value, and for a series that has no levels. */
export function levelOf(series: SeriesKey, value: number | null): Level | null {
  const parsed = parseSeriesKey(series);
  const row = parsed === null ? undefined : TABLE[`${parsed.family}.${parsed.metric}`];
  if (parsed === null || row === undefined || value === null || (parsed.device !== null && !row.ofDevices)) return null;
  if (value >= row.thresholds.critical) return 'critical';
  return value >= row.thresholds.warning ? 'warning' : 'healthy';
}
