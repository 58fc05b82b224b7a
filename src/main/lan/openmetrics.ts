/**
 * Readings in the Prometheus exposition formats: OpenMetrics 1.0, and the older text format 0.0.4. Names and
 * units follow https://prometheus.io/docs/practices/naming/: base units, shares as ratios. Pure.
 */
import type { MetricDescriptor, MetricSet, Unit } from '../../shared/metrics/define';
import { FAMILY_IDS, familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Reading, Snapshot } from '../../shared/metrics/reading';

/** The two text formats. */
export type TextFormat = 'openmetrics' | 'text';

/** Content types of the formats. */
export const CONTENT_TYPE: Readonly<Record<TextFormat, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  text: 'text/plain; version=0.0.4; charset=utf-8',
};

/** The format for an Accept header: OpenMetrics where it is named and not ranked below plain text. */
export function formatFor(accept: string | undefined): TextFormat {
  const ranks = (accept ?? '').split(',').map((entry) => {
    const [type = '', ...parameters] = entry.trim().toLowerCase().split(/\s*;\s*/);
    const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    return { type, q: Number.isFinite(q) ? q : 0 };
  });
  const of = (wanted: string): number => Math.max(0, ...ranks.filter(({ type }) => type === wanted).map(({ q }) => q));
  const open = of('application/openmetrics-text');
  return open > 0 && open >= of('text/plain') ? 'openmetrics' : 'text';
}

interface UnitRule {
  /** Last part of the name, and the unit; empty for plain numbers. */
  readonly suffix: string;
  readonly factor: number;
}

const UNITS: Readonly<Record<Unit, UnitRule>> = {
  percent: { suffix: 'ratio', factor: 0.01 },
  bytes: { suffix: 'bytes', factor: 1 },
  bytesPerSecond: { suffix: 'bytes_per_second', factor: 1 },
  perSecond: { suffix: 'per_second', factor: 1 },
  count: { suffix: '', factor: 1 },
  load: { suffix: '', factor: 1 },
  celsius: { suffix: 'celsius', factor: 1 },
  hertz: { suffix: 'hertz', factor: 1 },
  watts: { suffix: 'watts', factor: 1 },
  rpm: { suffix: 'rpm', factor: 1 },
  seconds: { suffix: 'seconds', factor: 1 },
  milliseconds: { suffix: 'seconds', factor: 0.001 },
  days: { suffix: 'seconds', factor: 86_400 },
};

const snake = (word: string): string =>
  word.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^a-zA-Z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '').toLowerCase();

/** A metric as exposed. */
export interface ExposedMetric {
  /** Without `_total`, which only the samples of counters have. */
  readonly name: string;
  readonly unit: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Name of the label that identifies the device; null for values of the whole machine. */
  readonly label: string | null;
  readonly family: FamilyId;
  readonly metric: string;
  readonly factor: number;
}

function exposed(family: FamilyId, metric: string, descriptor: MetricDescriptor, device: string | null): ExposedMetric {
  const { suffix, factor } = UNITS[descriptor.unit];
  // `_total` is reserved for counters, and the unit is the suffix alone.
  const word = snake(metric).replace(/_(total|days)$/, '');
  const name = ['traywatch', snake(family), device === null ? '' : snake(device), word, suffix].filter((part) => part !== '').join('_');
  const whose = device === null ? familyOf(family).label : `${familyOf(family).label} by ${device.toLowerCase()}`;
  return { name, unit: suffix, type: descriptor.kind === 'counter' ? 'counter' : 'gauge', help: `${whose}: ${descriptor.label}`, label: device === null ? null : snake(device), family, metric, factor };
}

/** Every metric of every family, in order; names are unique. */
export const EXPOSED_METRICS: readonly ExposedMetric[] = FAMILY_IDS.flatMap((family) => {
  const { metrics, device } = familyOf(family);
  const of = (set: MetricSet, label: string | null): ExposedMetric[] => Object.entries(set).map(([metric, descriptor]) => exposed(family, metric, descriptor, label));
  return [...of(metrics, null), ...of(device.metrics, device.label)];
});

/** A label value, escaped for use between quotes. */
export function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

interface Sample {
  readonly labels: string;
  readonly value: number;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Removes rounding errors: 0.07 and not 0.07000000000000001. */
const roundError = (value: number): number => Number(value.toPrecision(12));

function samplesOf({ metric, label, factor }: ExposedMetric, reading: Reading, machine: Readonly<Record<string, string>> = {}): Sample[] {
  if (label === null) {
    const value = reading.values[metric] ?? null;
    return value === null ? [] : [{ labels: labelText(machine), value: roundError(value * factor) }];
  }
  return Object.entries(reading.devices).flatMap(([id, { values }]): Sample[] => {
    const value = values[metric] ?? null;
    return value === null ? [] : [{ labels: labelText({ ...machine, [label]: id }), value: roundError(value * factor) }];
  });
}

interface Block {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'info';
  readonly unit: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const SAMPLE_SUFFIX = { gauge: '', counter: '_total', info: '_info' } as const;

function blockText({ name, type, unit, help, samples }: Block, format: TextFormat): string {
  if (samples.length === 0) return '';
  const sample = `${name}${SAMPLE_SUFFIX[type]}`;
  // The older format has no info type, and names counters with their suffix.
  const family = format === 'openmetrics' ? name : sample;
  const lines = [`# TYPE ${family} ${format === 'text' && type === 'info' ? 'gauge' : type}`];
  if (format === 'openmetrics' && unit !== '') lines.push(`# UNIT ${family} ${unit}`);
  lines.push(`# HELP ${family} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`);
  return `${[...lines, ...samples.map(({ labels, value }) => `${sample}${labels} ${value}`)].join('\n')}\n`;
}

/** What is exposed beside the readings. */
export interface ExpositionContext {
  readonly version: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The machines that report here. */
  readonly machines?: readonly ExposedMachine[];
}

/** A machine that reports here. */
export interface ExposedMachine {
  /** Value of the label `machine`; no two have the same. */
  readonly name: string;
  /** Whether reports arrive now. */
  readonly isUp: boolean;
  readonly snapshot: Snapshot;
}

/** Readings of other machines arrive every ten seconds: so much older may they be, ms. */
const REPORTED = 30_000;

/** Readings older than this many sampling intervals are left out, so that the scraper sees the series end. */
const STALE_INTERVALS = 5;

function isFresh(family: FamilyId, snapshot: Snapshot, now: number, slack = 0): boolean {
  const readAt = snapshot.readAt[family];
  const { samplingInterval, deadline } = familyOf(family);
  return readAt !== undefined && now - readAt - slack <= STALE_INTERVALS * (samplingInterval.background ?? samplingInterval.viewed) + deadline;
}

/** Values of machines that report here: of the whole machine, not of its devices, so that a scrape has bounds. */
function reportedSamples(metric: ExposedMetric, { machines = [], now }: ExpositionContext): Sample[] {
  if (metric.label !== null) return [];
  return machines.flatMap(({ name, isUp, snapshot }): Sample[] => {
    const reading = isUp && !snapshot.paused && isFresh(metric.family, snapshot, now, REPORTED) ? snapshot.readings[metric.family] : undefined;
    return reading === undefined ? [] : samplesOf(metric, reading, { machine: name });
  });
}

function appBlocks(snapshot: Snapshot, { version, machines = [] }: ExpositionContext): Block[] {
  const faults = FAMILY_IDS.flatMap((family): Sample[] => {
    const fault = snapshot.faults[family];
    return fault === undefined ? [] : [{ labels: labelText({ family, kind: fault.kind }), value: 1 }];
  });
  return [
    { name: 'traywatch_build', type: 'info', unit: '', help: 'Version of Traywatch', samples: [{ labels: labelText({ version }), value: 1 }] },
    { name: 'traywatch_paused', type: 'gauge', unit: '', help: 'Whether monitoring is paused', samples: [{ labels: '', value: snapshot.paused ? 1 : 0 }] },
    { name: 'traywatch_last_sample_timestamp_seconds', type: 'gauge', unit: 'seconds', help: 'When the latest sample was taken', samples: snapshot.seq === 0 ? [] : [{ labels: '', value: snapshot.time / 1000 }] },
    { name: 'traywatch_collector_fault', type: 'gauge', unit: '', help: 'Metric families that cannot be read now, and why', samples: faults },
    { name: 'traywatch_machine_up', type: 'gauge', unit: '', help: 'Whether a machine reports here', samples: machines.map(({ name, isUp }) => ({ labels: labelText({ machine: name }), value: isUp ? 1 : 0 })) },
  ];
}

/** The whole response to a scrape. Missing values are left out, and all values while monitoring is paused. */
export function renderExposition(snapshot: Snapshot, context: ExpositionContext, format: TextFormat): string {
  const blocks = EXPOSED_METRICS.map((metric): Block => {
    const reading = snapshot.paused || !isFresh(metric.family, snapshot, context.now) ? undefined : snapshot.readings[metric.family];
    return { ...metric, samples: [...(reading === undefined ? [] : samplesOf(metric, reading)), ...reportedSamples(metric, context)] };
  });
  const text = [...appBlocks(snapshot, context), ...blocks].map((block) => blockText(block, format)).join('');
  return format === 'openmetrics' ? `${text}# EOF\n` : text;
}
