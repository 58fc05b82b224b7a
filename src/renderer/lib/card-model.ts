/** What a card shows of a family: derived from its descriptor alone, whatever the family. */
import type { FamilyDescriptor, MetricDescriptor } from '../../shared/metrics/define';
import { familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Fault, Reading } from '../../shared/metrics/reading';
import { severityOf } from '../../shared/metrics/severity';
import type { Severity } from '../../shared/metrics/severity';

/** One number with its name. */
export interface Figure {
  readonly key: string;
  readonly label: string;
  /** The same where room is scarce. */
  readonly short: string;
  readonly metric: MetricDescriptor;
  readonly value: number | null;
  /** Set where the number has levels of its own to be judged by. */
  readonly severity: Severity;
}

/** gauge: one share of a whole; number: one value; pair: values that belong together. */
type CardKind = 'gauge' | 'number' | 'pair';

/** The parts of a card. */
export interface CardModel {
  readonly kind: CardKind;
  readonly figures: readonly Figure[];
  readonly facts: readonly Figure[];
}

/** Lines of small print on a card. */
export const MAX_FACTS = 3;

/** Whether there is anything to show: pending until first read, absent where the machine has no such thing. */
export type Presence = 'present' | 'pending' | 'absent' | 'faulty';

/** Tells how a family stands. A family read without a single value and without devices does not exist here. */
export function presenceOf(reading: Reading | undefined, fault: Fault | undefined): Presence {
  if (fault !== undefined) return 'faulty';
  if (reading === undefined) return 'pending';
  const valued = Object.values(reading.values).some((value) => value !== null);
  return valued || Object.keys(reading.devices).length > 0 ? 'present' : 'absent';
}

function figure(name: string, metric: MetricDescriptor, value: number | null | undefined): Figure {
  const known = value ?? null;
  return { key: name, label: metric.label, short: metric.short ?? metric.label, metric, value: known, severity: severityOf(known, metric.thresholds) };
}

function figuresOf(family: FamilyDescriptor, names: readonly string[], reading: Reading | undefined): Figure[] {
  return names.flatMap((name) => {
    const metric = family.metrics[name];
    return metric === undefined ? [] : [figure(name, metric, reading?.values[name])];
  });
}

/** The devices with the highest values, highest first; devices without a value are left out. */
function topDevices(family: FamilyDescriptor, metricName: string, reading: Reading | undefined, count: number): Figure[] {
  const metric = family.device.metrics[metricName];
  if (metric === undefined || reading === undefined || count <= 0) return [];
  return Object.entries(reading.devices)
    .map(([id, device]) => {
      const value = device.values[metricName] ?? null;
      return { key: `@${id}`, label: device.label, short: device.label, metric, value, severity: severityOf(value, device.limits ?? metric.thresholds) };
    })
    .filter(({ value }) => value !== null)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, count);
}

/** Names of the big numbers: the headline, or what its sparkline draws when that is more than one line. */
function bigNames(family: FamilyDescriptor): readonly string[] {
  return family.spark.length > 1 ? family.spark : [family.headline];
}

/** The card of a family; without a reading all its values are missing, and its shape is the same. */
export function cardModel(id: FamilyId, reading: Reading | undefined): CardModel {
  const family = familyOf(id);
  const big = bigNames(family);
  const figures = figuresOf(family, big, reading);
  const factNames = family.card === undefined ? Object.keys(family.metrics).filter((name) => !big.includes(name)) : (family.card.facts ?? []);
  const facts = figuresOf(family, factNames.slice(0, MAX_FACTS), reading);
  const device = family.card?.device;
  const devices = device === undefined ? [] : topDevices(family, device, reading, MAX_FACTS - facts.length);
  const share = figures.length === 1 && figures[0]?.metric.unit === 'percent';
  return { kind: share ? 'gauge' : figures.length > 1 ? 'pair' : 'number', figures, facts: [...facts, ...devices] };
}

/** True when there is any level the family's values are judged by; without one a badge would say nothing. */
export function isJudged(id: FamilyId, reading: Reading | undefined): boolean {
  const family = familyOf(id);
  const levels = [...Object.values(family.metrics), ...Object.values(family.device.metrics)].some((metric) => metric.thresholds !== undefined);
  return levels || Object.values(reading?.devices ?? {}).some((device) => device.limits !== undefined);
}
