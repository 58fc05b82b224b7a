/** Link from an incident to its chart. */
import { pageDeviceOf, parseSeriesKey } from '../metrics/index';
import type { Incident } from './incident';

const MINUTE = 60_000;
/** Time shown before and after an incident: this share of its length, at least so many ms. What led to it matters more. */
const MARGIN = { share: 0.1, before: 10 * MINUTE, after: 5 * MINUTE } as const;

/** What of an incident its link is made from. */
export type LinkedIncident = Pick<Incident, 'id' | 'series' | 'since' | 'firedAt' | 'clearedAt'>;

/** The time that shows all of an incident, from before it began to after it ended, or to now; epoch ms. */
export function incidentWindow({ since, firedAt, clearedAt }: Pick<Incident, 'since' | 'firedAt' | 'clearedAt'>, now: number): { readonly from: number; readonly to: number } {
  const began = Math.min(since, firedAt);
  const ended = Math.max(clearedAt ?? now, firedAt);
  const margin = (ended - began) * MARGIN.share;
  // A clock that was set back must not hide the incident.
  const to = Math.max(Math.min(now, ended + Math.max(MARGIN.after, margin)), firedAt);
  return { from: Math.max(0, Math.floor(began - Math.max(MARGIN.before, margin))), to: Math.ceil(to) };
}

/**
 * Path of the metric page with the whole incident: `/cpu?range=1h&from=…&to=…&incident=…`, with `&device=…` where the page is
 * that of one device. The overview if the series is unknown. `now` in epoch milliseconds.
 */
export function incidentPath(incident: LinkedIncident, now: number): string {
  const parsed = parseSeriesKey(incident.series);
  if (parsed === null) return '/';
  const { from, to } = incidentWindow(incident, now);
  const device = pageDeviceOf(parsed);
  return `/${parsed.family}?range=1h&from=${from}&to=${to}&incident=${encodeURIComponent(incident.id)}${device === undefined ? '' : `&device=${encodeURIComponent(device)}`}`;
}

/** When an incident fired, epoch ms: its id ends with that. Null for an id of another form. */
export function firedAtOf(id: string): number | null {
  const digits = /\D(\d{1,16})$/.exec(id)?.[1];
  return digits === undefined ? null : Number(digits);
}
