/** Content of a metric group's card, derived from the family's descriptor alone. */
import type { FamilyDescriptor, MetricDescriptor } from '../../shared/metrics/define';
import { besideText, shareText } from '../../shared/metrics/beside';
import { stateLabel } from '../../shared/metrics/device-state';
import { familyOf, headlineOf, seriesKey } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Fault, Reading } from '../../shared/metrics/reading';
import { seriesHealth } from '../../shared/alerts/severity';
import type { OpenIncident } from '../../shared/alerts/severity';
import type { Severity } from '../../shared/metrics/severity';
import type { FamilyState } from './freshness';

/** One value with its label. */
export interface Figure {
  readonly key: string;
  readonly label: string;
  /** Shorter label for narrow places. */
  readonly short: string;
  readonly metric: MetricDescriptor;
  readonly value: number | null;
  /** What gives the value its meaning: "of one core", "64 cores"; null where it needs nothing. */
  readonly beside: string | null;
  /** Of the open incidents of this series that are not acknowledged: it colors the value. */
  readonly mark: Severity;
}

/** gauge: one percentage; number: one other value; pair: values that belong together, such as received and sent. */
type CardKind = 'gauge' | 'number' | 'pair';

/** Content of a card: its main values and the smaller ones beside them. */
export interface CardModel {
  readonly kind: CardKind;
  readonly figures: readonly Figure[];
  readonly facts: readonly Figure[];
  /** Why there is no main value, where its devices say it: "Asleep". */
  readonly state: string | null;
}

/** Maximum number of facts on a card. */
export const MAX_FACTS = 3;

/** pending: not read yet; absent: the machine has no such thing; faulty: the last read failed. */
export type Presence = 'present' | 'pending' | 'absent' | 'faulty';

/** The presence of a family. One that was read without any value and without devices is absent. */
export function presenceOf(reading: Reading | undefined, fault: Fault | undefined): Presence {
  if (fault !== undefined) return 'faulty';
  if (reading === undefined) return 'pending';
  const valued = Object.values(reading.values).some((value) => value !== null);
  return valued || Object.keys(reading.devices).length > 0 ? 'present' : 'absent';
}

/** Whether a value that is missing in this reading is still to come: nothing was read yet, or not the two reads that rates need. */
export function isPending({ reading, fault, stale }: FamilyState): boolean {
  return fault === undefined && (reading === undefined || (stale === null && reading.isFirst === true));
}

function figuresOf(id: FamilyId, names: readonly string[], reading: Reading | undefined, open: readonly OpenIncident[]): Figure[] {
  const family = familyOf(id);
  return names.flatMap((name): Figure[] => {
    const metric = family.metrics[name];
    if (metric === undefined) return [];
    const value = reading?.values[name] ?? null;
    const beside = shareText(metric) ?? besideText(family, metric, reading?.values);
    return [{ key: name, label: metric.label, short: metric.short ?? metric.label, metric, value, beside, mark: seriesHealth(seriesKey(id, name), open, value).mark }];
  });
}

/** The `count` devices with the highest values, highest first; devices without a value are left out. */
function topDevices(family: FamilyId, metricName: string, reading: Reading | undefined, open: readonly OpenIncident[], count: number): Figure[] {
  const metric = familyOf(family).device.metrics[metricName];
  if (metric === undefined || reading === undefined || count <= 0) return [];
  return Object.entries(reading.devices)
    .map(([id, device]) => {
      const value = device.values[metricName] ?? null;
      return { key: `@${id}`, label: device.label, short: device.label, metric, value, beside: null, mark: seriesHealth(seriesKey(family, metricName, id), open, value).mark };
    })
    .filter(({ value }) => value !== null)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, count);
}

/** Metrics of the main values: the headline metric, or those of the sparkline if it has several lines. */
function mainMetrics(id: FamilyId, family: FamilyDescriptor, reading: Reading | undefined): readonly string[] {
  return family.spark.length > 1 ? family.spark : [headlineOf(id, reading)];
}

/** The state of the first device that says one, where the family has devices and its main value is missing. */
function missingState(figures: readonly Figure[], reading: Reading | undefined): string | null {
  if (reading === undefined || figures.some(({ value }) => value !== null)) return null;
  const state = Object.values(reading.devices).find((device) => device.state !== undefined)?.state;
  return state === undefined ? null : stateLabel(state.code);
}

/** The card of a family. Without a reading it has the same parts, all without values. `open` are the incidents that mark values. */
export function cardModel(id: FamilyId, reading: Reading | undefined, open: readonly OpenIncident[] = []): CardModel {
  const family = familyOf(id);
  const main = mainMetrics(id, family, reading);
  const figures = figuresOf(id, main, reading, open);
  const factNames = family.card === undefined ? Object.keys(family.metrics).filter((name) => !main.includes(name)) : (family.card.facts ?? []);
  const facts = figuresOf(id, factNames.filter((name) => reading?.untold?.includes(name) !== true).slice(0, MAX_FACTS), reading, open);
  const device = family.card?.device;
  const devices = device === undefined ? [] : topDevices(id, device, reading, open, MAX_FACTS - facts.length);
  // A gauge ends at 100 %.
  const share = figures.length === 1 && figures[0]?.metric.unit === 'percent' && figures[0].metric.share === undefined;
  return { kind: share ? 'gauge' : figures.length > 1 ? 'pair' : 'number', figures, facts: [...facts, ...devices], state: missingState(figures, reading) };
}
