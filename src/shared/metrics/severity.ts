/** Severity of a value by its thresholds. */
import type { Thresholds } from './define';

/** Severity of a value; unknown without a value. */
export type Severity = 'healthy' | 'warning' | 'critical' | 'unknown';

const RANK: Readonly<Record<Severity, number>> = { unknown: 0, healthy: 1, warning: 2, critical: 3 };

/** Severity of a value; a value at a threshold counts as above it. */
export function severityOf(value: number | null, thresholds: Thresholds | undefined): Severity {
  if (value === null) return 'unknown';
  if (thresholds === undefined) return 'healthy';
  if (value >= thresholds.critical) return 'critical';
  return value >= thresholds.warning ? 'warning' : 'healthy';
}

/** The worse of two severities. */
export function worse(a: Severity, b: Severity): Severity {
  return RANK[b] > RANK[a] ? b : a;
}
