/** What the tray says: pure, from the last known readings to the words of tooltip and menu. */
import { machineSeverity } from '../../shared/metrics/assess';
import { FAMILY_IDS, familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Reading, Snapshot } from '../../shared/metrics/reading';
import type { Severity } from '../../shared/metrics/severity';
import { formatValue, MISSING } from '../../shared/units';
import { findTroubles, toShortName } from './tray-trouble';
import type { Trouble } from './tray-trouble';

/** The part of a snapshot that the tray shows. */
export type TrayInput = Pick<Snapshot, 'readings' | 'faults' | 'paused'>;

/** One row of the menu. A value row opens its family's page. */
export type MenuRow =
  | { readonly kind: 'value'; readonly family: FamilyId; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'open' | 'pause' | 'resume' | 'quit'; readonly text: string }
  | { readonly kind: 'separator' };

/** What the icon is drawn from. */
export interface TrayState {
  /** CPU share 0–100 before it becomes a step of the icon; null when missing or paused. */
  readonly load: number | null;
  readonly severity: Severity;
  readonly paused: boolean;
}

/** The words of the tray. */
export interface TrayTexts {
  /** At most TOOLTIP_LENGTH characters. */
  readonly tooltip: string;
  readonly menu: readonly MenuRow[];
}

/** Windows cuts a tooltip after 127 characters. */
export const TOOLTIP_LENGTH = 127;

type Summary = (reading: Reading) => string;

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

/**
 * The families whose value always stands in the menu, and how they say it in a few words. Any other family
 * appears, by its headline, while it has trouble.
 */
const SUMMARIES: Readonly<Partial<Record<FamilyId, Summary>>> = {
  cpu: ({ values }) => formatValue(values['usage'], 'percent'),
  memory: memoryInUse,
  disk: fullestMount,
  network: ({ values }) =>
    `↓ ${formatValue(values['rx'], 'bytesPerSecond')}  ↑ ${formatValue(values['tx'], 'bytesPerSecond')}`,
};

function describe({ subject, value }: Trouble): string {
  return subject === '' ? value : `${subject} ${value}`;
}

function valueRow(id: FamilyId, reading: Reading | undefined, trouble: Trouble | undefined): MenuRow[] {
  const summary = SUMMARIES[id];
  if (summary === undefined && trouble === undefined) return [];
  const { label } = familyOf(id);
  const value = reading === undefined ? MISSING.text : (summary?.(reading) ?? (trouble === undefined ? '' : describe(trouble)));
  const mark = trouble === undefined ? '' : `  (${trouble.severity})`;
  return [{ kind: 'value', family: id, text: `${label}  ${value}${mark}` }];
}

function toMenu(readings: Snapshot['readings'], troubles: readonly Trouble[], paused: boolean): MenuRow[] {
  const head: MenuRow[] = paused
    ? [{ kind: 'note', text: 'Monitoring is paused' }]
    : FAMILY_IDS.flatMap((id) => valueRow(id, readings[id], troubles.find(({ family }) => family === id)));
  return [
    ...head,
    { kind: 'separator' },
    { kind: 'open', text: 'Open Traywatch' },
    paused ? { kind: 'resume', text: 'Resume monitoring' } : { kind: 'pause', text: 'Pause monitoring' },
    { kind: 'separator' },
    { kind: 'quit', text: 'Quit' },
  ];
}

/** The line that says what is wrong: the worst trouble, or else a family of the menu that cannot be read. */
function troubleLine(input: TrayInput, troubles: readonly Trouble[]): string | null {
  const [worst] = troubles;
  if (worst !== undefined) return `${familyOf(worst.family).label} ${worst.severity}: ${describe(worst)}`;
  const unread = FAMILY_IDS.find((id) => id in SUMMARIES && input.faults[id] !== undefined);
  return unread === undefined ? null : `${familyOf(unread).label} cannot be read: ${input.faults[unread]?.kind ?? ''}`;
}

function toTooltip(hostname: string, line: string, trouble: string | null): string {
  // The trouble is what a person came for: the host's name gives way first.
  const rest = TOOLTIP_LENGTH - line.length - (trouble === null ? 0 : trouble.length + 1) - 3;
  const host = hostname.length > rest ? `${hostname.slice(0, Math.max(1, rest - 1))}…` : hostname;
  return [`${host} · ${line}`, ...(trouble === null ? [] : [trouble])].join('\n').slice(0, TOOLTIP_LENGTH);
}

/** What the icon shows; cheap, as it is asked for with each tick. While paused no value is live. */
export function toTrayState({ readings, paused }: TrayInput): TrayState {
  if (paused) return { load: null, severity: 'unknown', paused };
  return { load: readings.cpu?.values['usage'] ?? null, severity: machineSeverity({ readings }).severity, paused };
}

/** What tooltip and menu say. While paused they show no values, as none are live. */
export function toTrayTexts(input: TrayInput, host: { readonly hostname: string }): TrayTexts {
  const { readings, paused } = input;
  if (paused) return { tooltip: toTooltip(host.hostname, 'monitoring is paused', null), menu: toMenu({}, [], paused) };
  const troubles = findTroubles(readings);
  const cpu = formatValue(readings.cpu?.values['usage'], 'percent');
  const memory = formatValue(readings.memory?.values['usage'], 'percent');
  return {
    tooltip: toTooltip(host.hostname, `CPU ${cpu} · Memory ${memory}`, troubleLine(input, troubles)),
    menu: toMenu(readings, troubles, paused),
  };
}
