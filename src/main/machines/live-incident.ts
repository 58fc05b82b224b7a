/** Which incidents of a machine the hub tells of: those that happen now, not those of its history. Pure. */
import type { Incident } from '../../shared/alerts/incident';

/** Incidents that fired longer ago than this when they are first heard of are history, ms. */
const LIVE = 15 * 60_000;

/** What happened to a live incident. */
export type AlertKind = 'fired' | 'escalated' | 'resolved';

/** What an incident's new state means beside the earlier one, which is null where it was not open here; null for nothing to tell. */
export function alertKindOf(before: Incident | null, incident: Incident, now: number): AlertKind | null {
  const isOpen = incident.clearedAt === null;
  if (before === null) return isOpen && now - incident.firedAt < LIVE ? 'fired' : null;
  if (!isOpen) return 'resolved';
  return before.severity === 'warning' && incident.severity === 'critical' ? 'escalated' : null;
}
