/** Open incidents as the tray shows them: in the icon, in one line of the tooltip, and in the menu. Pure. */
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import type { SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import { countAlerts, toTitle } from '../../shared/alerts/alert-text';
import { parseSeriesKey } from '../../shared/metrics/index';
import type { Snapshot } from '../../shared/metrics/reading';
import { worse } from '../../shared/metrics/severity';
import type { Severity } from '../../shared/metrics/severity';

/** An incident that lasts. */
export interface TrayIncident {
  readonly incident: Incident;
  readonly rule: Pick<Rule, 'source' | 'direction'>;
  readonly isSnoozed: boolean;
}

/** The moment of an incident, from which a click makes its page. */
type Moment = Pick<Incident, 'series' | 'since' | 'firedAt' | 'clearedAt'>;

/** A row of the menu that has to do with alerts. */
export type AlertRow =
  | { readonly kind: 'submenu'; readonly text: string; readonly rows: readonly AlertRow[] }
  | { readonly kind: 'show'; readonly text: string; readonly moment: Moment }
  | { readonly kind: 'acknowledge'; readonly text: string; readonly incident: string }
  | { readonly kind: 'snooze'; readonly text: string; readonly target: SnoozeTarget; readonly length: SnoozeLength }
  | { readonly kind: 'unsnooze'; readonly text: string }
  | { readonly kind: 'open'; readonly text: string };

/** Longest name of a device in the tray, characters. */
const NAME_LENGTH = 28;
/** Incidents listed in the menu; the rest is counted. */
const LISTED = 8;

/** A device's name, cut in the middle where it is long: mounts and sensors differ at both ends. */
export function toShortName(name: string): string {
  if (name.length <= NAME_LENGTH) return name;
  const half = Math.floor((NAME_LENGTH - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}

/** The worst severity nobody has taken note of: what was acknowledged is listed, but calms the icon. */
export function worstOf(incidents: readonly TrayIncident[]): Severity {
  let worst: Severity = 'healthy';
  for (const { incident } of incidents) if (incident.acknowledgedAt === null) worst = worse(worst, incident.severity);
  return worst;
}

/** The value as it was read last; the incident's own where it is no metric's value. */
function presentValue({ incident, rule }: TrayIncident, readings: Snapshot['readings']): number | null {
  const parsed = rule.source === 'value' ? parseSeriesKey(incident.series) : null;
  if (parsed === null) return incident.value;
  const reading = readings[parsed.family];
  const values = parsed.device === null ? reading?.values : reading?.devices[parsed.device]?.values;
  return values?.[parsed.metric] ?? null;
}

function titleOf(alert: TrayIncident, readings: Snapshot['readings']): string {
  const { incident, rule } = alert;
  const named = { ...incident, deviceLabel: incident.deviceLabel === null ? null : toShortName(incident.deviceLabel) };
  return toTitle(named, rule, presentValue(alert, readings));
}

/** The worst first, what was acknowledged last, otherwise the latest first. */
function ordered(incidents: readonly TrayIncident[]): readonly TrayIncident[] {
  const rank = ({ incident }: TrayIncident): number => (incident.acknowledgedAt === null ? 0 : 2) + (incident.severity === 'critical' ? 0 : 1);
  return incidents.toSorted((a, b) => rank(a) - rank(b) || b.incident.firedAt - a.incident.firedAt);
}

/** "Critical: Disk space /home 96 %, and 2 more"; null when there is nothing nobody took note of. */
export function alertLine(incidents: readonly TrayIncident[], readings: Snapshot['readings']): string | null {
  const open = ordered(incidents.filter(({ incident }) => incident.acknowledgedAt === null));
  const [worst, ...more] = open;
  if (worst === undefined) return incidents.length === 0 ? null : `${countAlerts(incidents.length)} acknowledged`;
  const word = worst.incident.severity === 'critical' ? 'Critical' : 'Warning';
  return `${word}: ${titleOf(worst, readings)}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}

const LENGTHS: readonly { readonly text: string; readonly length: SnoozeLength }[] = [
  { text: 'Snooze for 15 minutes', length: '15min' },
  { text: 'Snooze for 1 hour', length: '1h' },
  { text: 'Snooze until tomorrow', length: 'tomorrow' },
  { text: 'Snooze until it recovers', length: 'recovery' },
];

function toRow(alert: TrayIncident, readings: Snapshot['readings']): AlertRow {
  const { incident, isSnoozed } = alert;
  const { id, ruleId, series, since, firedAt, clearedAt, acknowledgedAt } = incident;
  const states = [...(acknowledgedAt === null ? [] : ['acknowledged']), ...(isSnoozed ? ['snoozed'] : [])];
  const mark = states.length > 0 ? states.join(', ') : incident.severity;
  const target: SnoozeTarget = { kind: 'series', ruleId, series };
  const rows: AlertRow[] = [
    { kind: 'show', text: 'Show', moment: { series, since, firedAt, clearedAt } },
    ...(acknowledgedAt === null ? [{ kind: 'acknowledge', text: 'Acknowledge', incident: id } as const] : []),
    ...(isSnoozed ? [] : LENGTHS.map(({ text, length }) => ({ kind: 'snooze', text, target, length }) as const)),
  ];
  return { kind: 'submenu', text: `${titleOf(alert, readings)}  (${mark})`, rows };
}

/** A row for each open incident, with what can be done about it. */
export function incidentRows(incidents: readonly TrayIncident[], readings: Snapshot['readings']): readonly AlertRow[] {
  const rest = incidents.length - LISTED;
  const rows = ordered(incidents).slice(0, LISTED).map((alert) => toRow(alert, readings));
  return rest > 0 ? [...rows, { kind: 'open', text: `and ${rest} more` }] : rows;
}

/** Silence for everything, or its end. */
export function snoozeAllRow(snoozedAll: boolean, hasOpen: boolean): AlertRow {
  if (snoozedAll) return { kind: 'unsnooze', text: 'End snooze' };
  const lengths = LENGTHS.filter(({ length }) => length !== 'recovery' || hasOpen);
  const rows = lengths.map(({ text, length }) => ({ kind: 'snooze', text: length === 'recovery' ? 'Snooze until all recover' : text, target: { kind: 'all' }, length }) as const);
  return { kind: 'submenu', text: 'Snooze all', rows };
}
