/** Texts of alerts, the same in notifications, tray, timeline and webhooks. Names and units come from the metric descriptors. */
import type { Unit } from '../metrics/define';
import { culpritsOf, familyOf, parseSeriesKey } from '../metrics/index';
import { formatCount, formatParts, formatValue } from '../units';
import type { IncidentEvent, IncidentEventKind } from './incident-event';
import type { Culprit, Growth, Incident, Waiting } from './incident';
import type { Rule } from './rule';

/** Text for one step of an incident. */
export interface AlertText {
  readonly title: string;
  readonly body: string;
}

/** The fields of a rule that affect the text; null without the rule: the value is the metric's. */
type Source = Pick<Rule, 'source' | 'direction'> | null;

const NARROW_SPACE = '\u202f';
/** Maximum number of culprits in a text. */
const MAX_CULPRITS = 3;

/** A value without trailing zeros; a time as "1 min", not "1 min 00 s". */
function formatLevel(value: number | null, unit: Unit): string {
  if (unit === 'seconds' && value !== null) return formatSpan(value);
  const { text, unit: name } = formatParts(value, unit);
  const plain = text.replace(/\.0+$/, '');
  return name === '' ? plain : `${plain}${NARROW_SPACE}${name}`;
}

/** A duration as "45 s", "5 min", "1 h 30 min", "2 d 4 h": at most two units, none of them zero. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.round(whole / 60);
  if (whole < 120 && whole % 60 !== 0) return `${whole}${NARROW_SPACE}s`;
  if (minutes === 0) return `0${NARROW_SPACE}s`;
  const steps = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'min'],
  ] as const;
  const first = steps.findIndex(([count]) => count > 0);
  return steps
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count}${NARROW_SPACE}${name}`)
    .join(' ');
}

/** What a value of a series means, where each of its values is a state; null for other series. */
export function wordOf(value: number | null, { series }: Pick<Incident, 'series'>): string | null {
  return value === null ? null : (parseSeriesKey(series)?.descriptor.words?.[Math.round(value)] ?? null);
}

function lowerFirst(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** Subject of an incident: "CPU", "Disk space /home", "Memory swap usage"; the rule's label if the metric is unknown. */
export function toSubject({ series, deviceLabel, label }: Pick<Incident, 'series' | 'deviceLabel' | 'label'>): string {
  const parsed = parseSeriesKey(series);
  if (parsed === null) return label;
  const { family, metric, device, descriptor } = parsed;
  const { label: name, headline, device: devices } = familyOf(family);
  // A word says what it is about.
  const isPlain = metric === headline || descriptor.words !== undefined || (device !== null && Object.keys(devices.metrics).length === 1);
  // A family that is named as its devices are: "Service Shop", not "Services Shop".
  const kind = device !== null && name === devices.plural ? devices.label : name;
  const parts = [kind, ...(device === null ? [] : [deviceLabel ?? device]), ...(isPlain ? [] : [lowerFirst(descriptor.label)])];
  return parts.join(' ');
}

function unitOf(series: string): Unit {
  return parseSeriesKey(series)?.descriptor.unit ?? 'count';
}

const HOUR = 3600;

/** Formats a value of an incident: a duration if its rule uses the forecast, else in the metric's unit. */
export function toValue(value: number | null, { series }: Pick<Incident, 'series'>, source: Source): string {
  if (source?.source === 'timeToFull' && value !== null) return formatSpan(value * HOUR);
  return wordOf(value, { series }) ?? formatLevel(value, unitOf(series));
}

/** Subject and value: "CPU 97 %", "Disk space /home full in 3 h", "Disk health md0: degraded"; "CPU: no value now" without one. */
export function toTitle(incident: Incident, source: Source, value = incident.value): string {
  const subject = toSubject(incident);
  if (value === null) return source?.source === 'timeToFull' ? `${subject}: not filling up now` : `${subject}: no value now`;
  const word = wordOf(value, incident);
  if (word !== null) return `${subject}: ${word}`;
  return source?.source === 'timeToFull' ? `${subject} full in ${toValue(value, incident, source)}` : `${subject} ${toValue(value, incident, source)}`;
}

/** "postgres", "postgres in shop-db": a program, and the container that it runs in. */
export function toProgram({ name, container }: { readonly name: string; readonly container?: string | null }): string {
  return container === undefined || container === null ? name : `${name} in ${container}`;
}

/** "chrome 310 %, postgres in shop-db 84 %": processes of one name in one place are summed. Empty without culprits. */
export function formatCulprits(culprits: readonly Culprit[]): string {
  const byName = new Map<string, { unit: Culprit['unit']; value: number }>();
  for (const culprit of culprits) {
    const { value, unit } = culprit;
    const program = toProgram(culprit);
    byName.set(program, { unit, value: (byName.get(program)?.value ?? 0) + value });
  }
  return [...byName]
    .filter(([, { value }]) => value > 0)
    .toSorted(([, a], [, b]) => b.value - a.value)
    .slice(0, MAX_CULPRITS)
    .map(([name, { value, unit }]) => `${name} ${unit === 'percent' ? `${Math.round(value)}${NARROW_SPACE}%` : formatValue(value, unit)}`)
    .join(', ');
}

/** "+12.0 GiB in 3 d": how much a level grew before it fired. */
function formatGrowth({ series, by, since, until }: Growth): string {
  return `+${formatValue(by, unitOf(series))} in ${formatSpan((until - since) / 1000)}`;
}

/** "waiting for memory 34 % of the time": how much of it at least one task did. */
function formatWaiting({ series, share }: Waiting): string {
  const parsed = parseSeriesKey(series);
  const what = parsed === null ? undefined : familyOf(parsed.family).wait?.for;
  return what === undefined ? '' : `waiting for ${what} ${Math.round(share)}${NARROW_SPACE}% of the time`;
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

/**
 * Why an alert may have fired: how long tasks waited and the busiest processes, how much its level grew, or what its device
 * said. Processes that an earlier version stored with a level, which they did not cause, are left out. Empty where nothing is known.
 */
export function formatCause({ series, culprits, growth, waiting, state }: Pick<Incident, 'series' | 'culprits' | 'growth' | 'waiting' | 'state'>): string {
  if (state !== undefined) return state;
  if (growth !== undefined) return formatGrowth(growth);
  const kind = culpritsOf(series);
  const processes = typeof kind === 'object' || kind === 'none' ? '' : formatCulprits(culprits);
  return joined(waiting === undefined ? '' : formatWaiting(waiting), processes);
}

/** Seconds the condition had to hold; from the rule if it still has the level. */
function heldSeconds({ incident, rule }: IncidentEvent): number {
  return rule[incident.severity]?.forSeconds ?? (incident.firedAt - incident.since) / 1000;
}

/** "Above 90 % for 5 min", "Full within 4 h at the current rate"; of a state only for how long: "For 2 min", empty for no time. */
function toCondition(event: IncidentEvent): string {
  const { incident, rule } = event;
  const level = toValue(incident.threshold, incident, rule);
  if (rule.source === 'timeToFull') return `Full within ${level} at the current rate`;
  const held = heldSeconds(event);
  if (wordOf(incident.threshold, incident) !== null) return held < 1 ? '' : `For ${formatSpan(held)}`;
  return `${rule.direction === 'above' ? 'Above' : 'Below'} ${level}${held < 1 ? '' : ` for ${formatSpan(held)}`}`;
}

/** What the value furthest past the threshold is called: "peak", "lowest" of low values, "at worst" of states. */
export function peakWord(value: number, incident: Pick<Incident, 'series'>, source: Source): string {
  if (wordOf(value, incident) !== null) return 'at worst';
  return source?.source === 'timeToFull' || source?.direction === 'below' ? 'lowest' : 'peak';
}

/** Peak of an incident: "peak 99 %", "lowest 1.2 GiB". */
function toPeak({ incident, rule }: IncidentEvent): string {
  return `${peakWord(incident.peak, incident, rule)} ${toValue(incident.peak, incident, rule)}`;
}

function lasted({ incident, at }: IncidentEvent): string {
  return formatSpan(((incident.clearedAt ?? at) - incident.since) / 1000);
}

const ENDINGS = { recovered: 'resolved', ruleChanged: 'rule no longer active', deviceGone: 'device removed', unreadable: 'no longer measured', ignored: 'device ignored' } as const;

function toEnd(event: IncidentEvent): AlertText {
  const { incident, rule } = event;
  const ending = event.cause ?? incident.endedBy ?? 'recovered';
  const value = ending === 'recovered' && rule.source === 'value' && incident.value !== null ? `, now ${toValue(incident.value, incident, rule)}` : '';
  return { title: `${toSubject(incident)}: ${ENDINGS[ending]}${value}`, body: `After ${lasted(event)} · ${toPeak(event)}` };
}

const toTitleNow = ({ incident, rule }: IncidentEvent): string => toTitle(incident, rule);
const causeOf = ({ incident }: IncidentEvent): string => formatCause(incident);

const toEscalation = (condition: string): string => (condition === '' ? 'Now critical' : `Now critical: ${lowerFirst(condition)}`);

const TITLES: Readonly<Record<IncidentEventKind, (event: IncidentEvent) => AlertText>> = {
  fired: (event) => ({ title: toTitle(event.incident, event.rule, event.incident.valueAtFire), body: joined(toCondition(event), causeOf(event)) }),
  escalated: (event) => ({ title: toTitleNow(event), body: joined(toEscalation(toCondition(event)), causeOf(event)) }),
  deescalated: (event) => ({ title: toTitleNow(event), body: joined('No longer critical', toPeak(event)) }),
  reminder: (event) => ({ title: toTitleNow(event), body: joined(`Still open after ${lasted(event)}`, toPeak(event), causeOf(event)) }),
  resolved: toEnd,
};

/** Title and body for a step of an incident. */
export function toAlertText(event: IncidentEvent): AlertText {
  return TITLES[event.kind](event);
}

/** One alert in a list of several. */
export interface ListedAlert {
  readonly title: string;
  readonly severity: Incident['severity'];
  /** Epoch milliseconds; null while open. */
  readonly clearedAt: number | null;
}

/** Maximum number of alerts listed in one notification; the rest is counted. */
const LISTED = 5;

/** "40 alerts", "1 alert". */
export function countAlerts(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'alert' : 'alerts'}`;
}

function toList(lines: readonly string[]): string {
  const rest = lines.length - LISTED;
  // "and 1 more" would take as much space as the line itself.
  return (rest <= 1 ? lines : [...lines.slice(0, LISTED), `and ${formatCount(rest)} more`]).join('\n');
}

function criticalFirst(alerts: readonly ListedAlert[]): readonly ListedAlert[] {
  return alerts.toSorted((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
}

/** Many that fired at once, in one notification. */
export function toGroupText(alerts: readonly ListedAlert[]): AlertText {
  const critical = alerts.filter(({ severity }) => severity === 'critical').length;
  const share = critical === 0 || critical === alerts.length ? (critical === 0 ? '' : ', all critical') : `, ${critical} critical`;
  return { title: `${alerts.length} new ${alerts.length === 1 ? 'alert' : 'alerts'}${share}`, body: toList(criticalFirst(alerts).map(({ title }) => title)) };
}

/** Many that recovered at once. */
export function toGroupResolvedText(titles: readonly string[]): AlertText {
  return { title: `${countAlerts(titles.length)} resolved`, body: toList(titles) };
}

/** What was missed while nothing was shown. */
export function toSummaryText(alerts: readonly ListedAlert[]): AlertText {
  const open = alerts.filter(({ clearedAt }) => clearedAt === null).length;
  const state = open === 0 ? (alerts.length === 1 ? 'resolved' : 'all resolved') : open === alerts.length ? (open === 1 ? 'still open' : 'all still open') : `${open} still open`;
  const lines = criticalFirst(alerts)
    .toSorted((a, b) => Number(a.clearedAt !== null) - Number(b.clearedAt !== null))
    .map(({ title, clearedAt }) => (clearedAt === null ? title : `${title} (resolved)`));
  return { title: `Missed: ${countAlerts(alerts.length)}, ${state}`, body: toList(lines) };
}
