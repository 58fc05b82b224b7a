/** Graphics cards: what the platforms read of them, and the reading made from it. */
import type { DeviceState } from '../../../shared/metrics/device-state';
import { gpu } from '../../../shared/metrics/gpu';
import type { DeviceMetricName } from '../../../shared/metrics/index';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { emptyRecord, maxOf, rounded, sumOf } from './numbers';

/** Name of a value of a card. */
export type GpuMetric = DeviceMetricName<'gpu'>;

/** Values of one card in the units of their metrics; null for what it does not tell now. */
export type GpuValues = Readonly<Record<GpuMetric, Value>>;

/** One card. */
export interface CardRaw {
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  readonly state: DeviceState;
  /** Null while it is not read. */
  readonly values: GpuValues | null;
  /** Set for one whose id is not sure to be the same after the next start of the machine. */
  readonly stored?: false;
}

/** All cards. */
export interface GpuRaw {
  readonly cards: readonly CardRaw[];
  /** What the kinds of cards of this machine can tell; the rest is told by none of them, ever. */
  readonly told: ReadonlySet<GpuMetric>;
  readonly note?: string;
}

/** Nothing known. */
export const NO_VALUES: GpuValues = {
  load: null,
  memoryUsed: null,
  memoryTotal: null,
  sharedUsed: null,
  sharedTotal: null,
  temperature: null,
  power: null,
  clock: null,
  fan: null,
  fanShare: null,
  encoder: null,
  decoder: null,
  awake: null,
};

/** A machine without a card. */
export const NO_CARDS: GpuRaw = { cards: [], told: new Set() };

const ALL = Object.keys(NO_VALUES) as readonly GpuMetric[];

/** A share that counters give, which may be a little beyond its ends. */
export const asShare = (percent: Value): Value => (percent === null ? null : Math.min(100, Math.max(0, percent)));

/** Where a card is, as lspci(8) prints it: the last word of its detail, without the first of the PCI domains. */
const placeOf = (detail: string): string => (detail.split(' ').at(-1) ?? detail).replace(/^0000:/, '');

/** Equal names say which card they are of. */
function labelsOf(cards: readonly CardRaw[]): string[] {
  return cards.map(({ label, detail }) => (detail !== null && cards.filter((other) => other.label === label).length > 1 ? `${label} (${placeOf(detail)})` : label));
}

/** Readings of the cards, the load of the busiest one, and memory and power of all that tell theirs. */
export function gpuReading({ cards, told, note }: GpuRaw): ReadingOf<'gpu'> {
  const labels = labelsOf(cards);
  const devices = emptyRecord<DeviceReading<GpuMetric>>();
  cards.forEach(({ id, label, detail, state, values, stored }, at) => {
    devices[id] = {
      label: labels[at] ?? label,
      ...(detail === null ? {} : { detail }),
      values: rounded(gpu.device.metrics, values ?? NO_VALUES),
      state,
      ...(stored === undefined ? {} : { stored }),
    };
  });
  const all = (name: GpuMetric): Value[] => cards.map(({ values }) => values?.[name] ?? null);
  const values = { load: maxOf(all('load')), memoryUsed: sumOf(all('memoryUsed')), power: sumOf(all('power')) };
  const untold = cards.length === 0 ? [] : ALL.filter((name) => !told.has(name));
  return { values: rounded(gpu.metrics, values), devices, ...(untold.length === 0 ? {} : { untold }), ...(note === undefined ? {} : { note }) };
}
