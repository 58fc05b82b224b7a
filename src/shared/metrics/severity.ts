/** Severity of a machine, a metric family, a device or a series. What it is, is decided by open incidents (src/shared/alerts/severity.ts). */

/** unknown: without a value; healthy: with one, and without an open incident. */
export type Severity = 'healthy' | 'warning' | 'critical' | 'unknown';

const RANK: Readonly<Record<Severity, number>> = { unknown: 0, healthy: 1, warning: 2, critical: 3 };

/** The worse of two severities. */
export function worse(a: Severity, b: Severity): Severity {
  return RANK[b] > RANK[a] ? b : a;
}

/** True for a warning or a critical severity. */
export function isRaised(severity: Severity): severity is 'warning' | 'critical' {
  return RANK[severity] > RANK.healthy;
}
