/**
 * Descriptors of metrics. A metric family is read by one collector; it has metrics of the whole machine and metrics of each
 * device (core, mount, interface, sensor …). Everything outside the collectors works with these descriptors alone.
 */
import type { MetricPageId } from './pages';

/** Units of stored values. Shares are percent 0–100, sizes bytes, times seconds unless the name says otherwise. */
export type Unit =
  | 'percent'
  | 'bytes'
  | 'bytesPerSecond'
  | 'perSecond'
  | 'count'
  | 'load'
  | 'celsius'
  | 'hertz'
  | 'watts'
  | 'rpm'
  | 'seconds'
  | 'milliseconds'
  | 'days';

/** Warning and critical threshold; a value at or above a threshold counts. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

/** Descriptor of one metric. */
export interface MetricDescriptor {
  readonly label: string;
  /** Short label, at most a dozen letters; defaults to the label. */
  readonly short?: string;
  readonly unit: Unit;
  /** gauge: current value; rate: per second, derived from a counter; counter: grows until it is reset. */
  readonly kind: 'gauge' | 'rate' | 'counter';
  /** Smallest step, in the unit above. Values are rounded to it, and storage relies on that. */
  readonly resolution: number;
  /** Cause of this metric's values, where it is not that of the family. */
  readonly culprits?: CulpritKind;
  /** False for values that are shown live but not stored. */
  readonly stored?: boolean;
  /** What 100 % is, where that is not the whole machine: the value can exceed 100 %, is named with it and drawn on no gauge. */
  readonly share?: 'one core';
  /** Metric of the machine in the same family that gives the value its meaning and is shown with it, such as cores with load. */
  readonly beside?: string;
  /** What the values 0, 1, 2 … mean, where each is a state: shown in place of the number, and read after the device's name. */
  readonly words?: readonly string[];
  /** The reason of the device's state explains this value, too: an alert about it says it. It does of values with words. */
  readonly saidByState?: true;
  /** A symbol shown with the value on a card that has two main values (↓ and ↑). */
  readonly glyph?: string;
  /** The metric of the devices whose highest value this one is: devices that a person ignores do not count for it. */
  readonly highestOf?: string;
  /** The metrics of the devices of which any above 0 makes the device count here: devices that a person ignores do not. */
  readonly countOf?: readonly string[];
}

/** Metrics by name. */
export type MetricSet = Readonly<Record<string, MetricDescriptor>>;

/**
 * Milliseconds between two reads: `viewed` while an open view shows the family, `background` otherwise; null: the family
 * is read only while viewed.
 */
export interface SamplingInterval {
  readonly background: number | null;
  readonly viewed: number;
}

/** What is known of each process. */
export type ProcessMeasure = 'cpu' | 'memory' | 'disk';

/** Measure for ranking the processes that cause a value; what they use of graphics cards is asked for when an alert fires. */
export type CulpritMeasure = ProcessMeasure | 'gpu';

/**
 * What can be said truthfully about the cause of a value. A measure: the processes that use most of it now. `growthOf`: for a
 * level that filled up over time, how much this metric of the same device (or of the machine) grew; what runs now did not
 * fill it. none: nothing that is known.
 */
type CulpritKind = CulpritMeasure | 'none' | { readonly growthOf: string };

/** Descriptor of a metric family. */
export interface FamilyDescriptor<Id extends string = string, M extends MetricSet = MetricSet, D extends MetricSet = MetricSet> {
  readonly id: Id;
  readonly label: string;
  /** The page on which it stands, and its place among the families there: the lowest order comes first. */
  readonly page: MetricPageId;
  readonly order: number;
  /** What it is called on that page, where the page has its label. */
  readonly part?: string;
  /** One sentence for the user: what is measured, and its definition. */
  readonly description: string;
  /** Why a machine may have nothing of it, for the user: one or two sentences. */
  readonly absence?: string;
  readonly samplingInterval: SamplingInterval;
  /** Cause of the values of the family; none by default. */
  readonly culprits?: CulpritKind;
  /** What tasks wait for where there is too little of it, and the metric of the machine that says for how much of the time. */
  readonly wait?: { readonly metric: string; readonly for: string };
  /** Milliseconds after which a read fails as a Timeout. */
  readonly deadline: number;
  readonly metrics: M;
  readonly device: {
    readonly label: string;
    readonly plural: string;
    readonly metrics: D;
    /** Some of the devices may be removable or read-only media, which their readings say. */
    readonly media?: true;
    /** Charts of the page of one device that have several lines; each other metric has a chart of its own there. */
    readonly charts?: readonly DeviceChartDescriptor[];
    /** An alert about a device leads to the page of that device: the page of the family has no charts. */
    readonly leads?: true;
  };
  /**
   * Most machines have nothing of it, and lack nothing: the Overview says no word of it then. `added`: a person adds it on its
   * page, which therefore is there for every machine.
   */
  readonly optional?: 'installed' | 'added';
  /** Main metric of the card, and the metrics of its sparkline. */
  readonly headline: string;
  readonly spark: readonly string[];
  /** Further lines of the card; by default the first metrics not shown yet. */
  readonly card?: CardDescriptor;
  /** Charts of the metric page; metrics in one chart share an axis. */
  readonly charts: readonly ChartDescriptor[];
}

/** Further lines of a card: at most three. */
interface CardDescriptor<M extends string = string, D extends string = string> {
  /** Metrics of the whole machine, one line each. */
  readonly facts?: readonly M[];
  /** The devices with the highest values of this metric, one line each, after the facts. */
  readonly device?: D;
  /** Counts of which a line of the tray is made: "3 up, 1 down". */
  readonly tally?: readonly M[];
}

/** One chart of a metric page. A `device` metric has one line per device. */
export interface ChartDescriptor<M extends string = string, D extends string = string> {
  readonly title: string;
  readonly metrics?: readonly M[];
  readonly device?: D;
  /** Stacked areas, for metrics that add up (user + system + iowait). */
  readonly stacked?: boolean;
  /** Drawn as a reference line: the number of cores in a chart of the load. */
  readonly reference?: M;
}

/** One chart of the page of a device: metrics of the device that share an axis. */
export interface DeviceChartDescriptor<D extends string = string> {
  readonly title: string;
  readonly metrics: readonly D[];
  /** Drawn as a reference line: the limit in a chart of what is used of it. */
  readonly reference?: D;
}

/** Types the metric names in card and charts: they must be metrics of the family. */
interface NamesOf<M, D> {
  readonly headline: Extract<keyof M, string>;
  readonly spark: readonly Extract<keyof M, string>[];
  readonly card?: CardDescriptor<Extract<keyof M, string>, Extract<keyof D, string>>;
  readonly charts: readonly ChartDescriptor<Extract<keyof M, string>, Extract<keyof D, string>>[];
  readonly device: { readonly charts?: readonly DeviceChartDescriptor<Extract<keyof D, string>>[] };
}

/** Returns the descriptor with its exact type, checked against the general one. */
export function defineFamily<const Id extends string, const M extends MetricSet, const D extends MetricSet>(
  family: FamilyDescriptor<Id, M, D> & NamesOf<M, D>,
): FamilyDescriptor<Id, M, D> {
  return family;
}

/** `device` of families without devices. */
export const NO_DEVICES = { label: '', plural: '', metrics: {} } as const;

const MS = { second: 1000, minute: 60_000 } as const;

/** Sampling intervals used by several families. */
export const SAMPLING = {
  /** Every tick of the sampler. */
  fast: { background: MS.second, viewed: MS.second },
  /** Disk space. */
  slow: { background: MS.minute / 2, viewed: MS.minute / 2 },
} as const satisfies Record<string, SamplingInterval>;
