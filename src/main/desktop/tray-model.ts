/** The contents of the tray: from the last readings and open incidents to the icon's state, the tooltip and the menu. Pure. */
import { formatMoment } from '../../shared/local-time';
import { tallyText } from '../../shared/metrics/beside';
import { FAULT_LABELS, unreadableText } from '../../shared/metrics/fault-labels';
import { FAMILY_IDS, familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Reading, Snapshot } from '../../shared/metrics/reading';
import type { Incident } from '../../shared/alerts/incident';
import { byUrgency, machineHealth } from '../../shared/alerts/severity';
import type { Health } from '../../shared/alerts/severity';
import { formatValue, MISSING } from '../../shared/units';
import { alertLine, incidentRows, snoozeAllRow, toShortName } from './tray-alerts';
import type { AlertRow, TrayIncident } from './tray-alerts';

/** What the tray shows: part of a snapshot, and the open incidents. */
export interface TrayInput extends Pick<Snapshot, 'time' | 'readings' | 'faults' | 'lastKnown' | 'paused'> {
  /** The same array as long as nothing in it has changed: it is read at each tick. */
  readonly incidents: readonly TrayIncident[];
  /** The worst incident of the machines that report here, the same object as long as it does not change; absent for none. */
  readonly elsewhere?: TrayElsewhere;
  /** True while all alerts are snoozed. */
  readonly snoozedAll: boolean;
  /** True while sharing is on. */
  readonly sharing: boolean;
  /** A newer version of Traywatch, the same object as long as it does not change; null for none. */
  readonly update: { readonly version: string; readonly isReady: boolean } | null;
}

/** The worst incident of other machines. */
export interface TrayElsewhere extends Pick<Incident, 'severity' | 'acknowledgedAt' | 'firedAt' | 'label' | 'deviceLabel'> {
  /** Name of the machine. */
  readonly machine: string;
  /** Other open incidents of these machines. */
  readonly more: number;
}

/** One row of the menu. A value row opens the page of its metric family. */
export type MenuRow =
  | AlertRow
  | { readonly kind: 'value'; readonly family: FamilyId; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'open' | 'pause' | 'resume' | 'share' | 'unshare' | 'update' | 'quit'; readonly text: string }
  | { readonly kind: 'separator' };

/** What the icon depends on. */
export interface TrayState {
  /** CPU usage, 0–100 %, before it is rounded to a step of the icon; null when missing or paused. */
  readonly load: number | null;
  /** The icon shows its mark: acknowledged incidents are listed, but do not color it. */
  readonly health: Health;
  readonly paused: boolean;
  readonly incidents: readonly TrayIncident[];
}

/** The texts of the tray. */
export interface TrayTexts {
  /** At most TOOLTIP_LENGTH characters. */
  readonly tooltip: string;
  readonly menu: readonly MenuRow[];
}

const TOOLTIP_FAMILIES = ['cpu', 'memory'] as const satisfies readonly FamilyId[];

/** Windows cuts a tooltip after 127 characters. */
export const TOOLTIP_LENGTH = 127;

type FormatReading = (reading: Reading) => string;

function fullestMount({ devices, values }: Reading): string {
  const usage = values['usage'] ?? null;
  const mounts = Object.values(devices).filter((mount) => (mount.values['usage'] ?? null) !== null);
  const fullest = mounts.toSorted((a, b) => (b.values['usage'] ?? 0) - (a.values['usage'] ?? 0))[0];
  if (fullest === undefined) return formatValue(usage, 'percent');
  return `${toShortName(fullest.label)} ${formatValue(fullest.values['usage'], 'percent')}`;
}

function memoryInUse({ values }: Reading): string {
  const share = formatValue(values['usage'], 'percent');
  return `${share} · ${formatValue(values['used'], 'bytes')} of ${formatValue(values['total'], 'bytes')}`;
}

/** The metric families in the menu, and how their value is formatted. */
const SUMMARIES: Readonly<Partial<Record<FamilyId, FormatReading>>> = {
  cpu: ({ values }) => formatValue(values['usage'], 'percent'),
  memory: memoryInUse,
  disk: fullestMount,
  network: ({ values }) =>
    `↓ ${formatValue(values['rx'], 'bytesPerSecond')}  ↑ ${formatValue(values['tx'], 'bytesPerSecond')}`,
};

/** Text in place of a value that is still to come. */
const COLLECTING = 'collecting…';

/** "12.3 %"; "cannot be read, 12.3 % at 07:31" with the last known value; "collecting…" before the first. */
function summaryOf(id: FamilyId, summary: FormatReading, { readings, faults, lastKnown, time }: TrayInput): string {
  const reading = readings[id];
  if (reading !== undefined) {
    const text = summary(reading);
    return reading.isFirst === true && text.includes(MISSING.text) ? COLLECTING : text;
  }
  const [fault, last] = [faults[id], lastKnown[id]];
  if (fault === undefined) return COLLECTING;
  return last === undefined ? `cannot be read since ${formatMoment(fault.since, time)}` : `cannot be read, ${summary(last.reading)} at ${formatMoment(last.readAt, time)}`;
}

function valueRow(id: FamilyId, input: TrayInput): MenuRow[] {
  const summary = SUMMARIES[id];
  const tally = tallyText(familyOf(id), input.readings[id]?.values);
  if (tally !== null) return [{ kind: 'value', family: id, text: `${familyOf(id).label}  ${tally}` }];
  return summary === undefined ? [] : [{ kind: 'value', family: id, text: `${familyOf(id).label}  ${summaryOf(id, summary, input)}` }];
}

const SEPARATOR: MenuRow = { kind: 'separator' };

/** The time of the last batch. It stands still during a pause, so the date is always written: nobody knows how long it lasts. */
function pausedSince({ time }: TrayInput): string {
  return time === 0 ? '' : ` since ${formatMoment(time, 0)}`;
}

/** "Disk space /srv on nas". */
function elsewhereTitle({ label, deviceLabel, machine, more }: TrayElsewhere): string {
  return `${label}${deviceLabel === null ? '' : ` ${toShortName(deviceLabel)}`} on ${toShortName(machine)}${more === 0 ? '' : `, and ${more} more`}`;
}

function elsewhereRow({ elsewhere }: TrayInput): readonly MenuRow[] {
  return elsewhere === undefined ? [] : [{ kind: 'open', text: `${elsewhereTitle(elsewhere)}  (${elsewhere.severity})` }];
}

/** The worst incident of another machine, where it is worse than all of this one. */
function elsewhereLine({ incidents, elsewhere }: TrayInput): string | null {
  if (elsewhere === undefined || incidents.some(({ incident }) => byUrgency(incident, elsewhere) <= 0)) return null;
  return `${elsewhere.severity === 'critical' ? 'Critical' : 'Warning'}: ${elsewhereTitle(elsewhere)}`;
}

/** Incidents and values; while paused a note instead. */
function toHead(input: TrayInput): readonly MenuRow[] {
  if (input.paused) return [{ kind: 'note', text: `Monitoring is paused${pausedSince(input)}` }];
  const rows = [...incidentRows(input.incidents, input), ...elsewhereRow(input)];
  return [...(rows.length === 0 ? [] : [...rows, SEPARATOR]), ...FAMILY_IDS.flatMap((id) => valueRow(id, input))];
}

/** One quiet line: it opens the page that says more. */
function updateRow({ update }: TrayInput): MenuRow[] {
  if (update === null) return [];
  return [{ kind: 'update', text: update.isReady ? `Restart to update to ${update.version}…` : `Traywatch ${update.version} is available…` }];
}

function toMenu(input: TrayInput): MenuRow[] {
  const { paused, snoozedAll, incidents, sharing } = input;
  return [
    ...toHead(input),
    SEPARATOR,
    { kind: 'open', text: 'Open Traywatch' },
    ...(paused && !snoozedAll ? [] : [snoozeAllRow(snoozedAll, incidents.length > 0)]),
    paused ? { kind: 'resume', text: 'Resume monitoring' } : { kind: 'pause', text: 'Pause monitoring' },
    sharing ? { kind: 'unshare', text: 'Turn off sharing' } : { kind: 'share', text: 'Turn on sharing…' },
    ...updateRow(input),
    SEPARATOR,
    { kind: 'quit', text: 'Quit' },
  ];
}

/** The second line of the tooltip: the most severe incident, or a metric family of the menu that cannot be read; null for neither. */
function problemLine(input: TrayInput): string | null {
  const line = elsewhereLine(input) ?? alertLine(input.incidents, input);
  if (line !== null) return line;
  const unread = FAMILY_IDS.find((id) => id in SUMMARIES && input.faults[id] !== undefined);
  const fault = unread === undefined ? undefined : input.faults[unread];
  return unread === undefined || fault === undefined ? null : `${unreadableText(familyOf(unread).label, fault, (time) => formatMoment(time, input.time))}: ${FAULT_LABELS[fault.kind]}`;
}

/** "CPU 12.3 % · Memory 41.0 %". A value that cannot be read is left to the line below; before the first there is none. */
function usageLine({ readings, faults }: TrayInput): string {
  const parts = TOOLTIP_FAMILIES.flatMap((id) => {
    const reading = readings[id];
    const usage = reading?.values['usage'] ?? null;
    if (usage === null && (reading === undefined ? faults[id] === undefined : reading.isFirst === true)) return [];
    return [`${familyOf(id).label} ${reading === undefined ? 'not read' : formatValue(usage, 'percent')}`];
  });
  return parts.length === 0 ? 'collecting the first readings' : parts.join(' · ');
}

/** Cuts a text without leaving half a character: an emoji is two units, and Windows counts units. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

function toTooltip(hostname: string, line: string, problem: string | null): string {
  // The problem matters most, so the host name is shortened first.
  const rest = TOOLTIP_LENGTH - line.length - (problem === null ? 0 : problem.length + 1) - 3;
  const host = hostname.length > rest ? `${cut(hostname, Math.max(1, rest - 1))}…` : hostname;
  return cut([`${host} · ${line}`, ...(problem === null ? [] : [problem])].join('\n'), TOOLTIP_LENGTH);
}

/** The state of the icon; cheap, as it is called at each tick. While paused there are no current values. */
export function toTrayState({ readings, paused, incidents, elsewhere }: TrayInput): TrayState {
  const health = machineHealth({ readings, paused }, [...incidents.map(({ incident }) => incident), ...(elsewhere === undefined ? [] : [elsewhere])]);
  return { load: paused ? null : (readings.cpu?.values['usage'] ?? null), health, paused, incidents };
}

/** Tooltip and menu. While paused they show no values, since none are current. */
export function toTrayTexts(input: TrayInput, host: { readonly hostname: string }): TrayTexts {
  if (input.paused) return { tooltip: toTooltip(host.hostname, `monitoring is paused${pausedSince(input)}`, null), menu: toMenu(input) };
  return { tooltip: toTooltip(host.hostname, usageLine(input), problemLine(input)), menu: toMenu(input) };
}
