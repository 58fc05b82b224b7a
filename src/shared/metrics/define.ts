/**
 * What a metric is. A family is read by one collector; it has metrics of the whole machine and, for its
 * devices (cores, mounts, interfaces, sensors …), metrics of each. Everything outside the collectors works on
 * these descriptions alone.
 */

/** Units a value is kept in. Shares are percent 0–100, sizes bytes, times seconds unless the name says more. */
export type Unit =
  | 'percent'
  | 'bytes'
  | 'bytesPerSecond'
  | 'perSecond'
  | 'count'
  | 'load'
  | 'celsius'
  | 'hertz'
  | 'seconds'
  | 'milliseconds';

/** Two levels at which a value stops being healthy; a value at or above the level counts. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

/** One number of a family. */
export interface MetricDescriptor {
  readonly label: string;
  /** The label where there is room for a dozen letters only; the label itself where absent. */
  readonly short?: string;
  readonly unit: Unit;
  /** gauge: a level; rate: per second, derived from a counter; counter: only ever grows until it resets. */
  readonly kind: 'gauge' | 'rate' | 'counter';
  /** The smallest step reported, in the unit above. Values are rounded to it, and storage relies on it. */
  readonly resolution: number;
  readonly thresholds?: Thresholds;
  /** False for values that are shown live but not kept. */
  readonly stored?: boolean;
  /** One sign that tells the metric from its sibling where both stand as big numbers (↓ and ↑). */
  readonly glyph?: string;
}

/** A named set of metrics. */
export type MetricSet = Readonly<Record<string, MetricDescriptor>>;

/**
 * Milliseconds between two reads: `background` while nobody looks, `viewed` while an open view shows the
 * family. A background of null means the family is read only while viewed.
 */
export interface SamplingInterval {
  readonly background: number | null;
  readonly viewed: number;
}

/** What processes are measured by when they are asked who is behind a value. */
export type CulpritMeasure = 'cpu' | 'memory' | 'disk';

/** Description of a metric family; `id` names it everywhere. */
export interface FamilyDescriptor<Id extends string = string, M extends MetricSet = MetricSet, D extends MetricSet = MetricSet> {
  readonly id: Id;
  readonly label: string;
  /** One sentence for a person: what is measured and how it is meant. */
  readonly description: string;
  readonly samplingInterval: SamplingInterval;
  /** What processes are asked for when a value of the family needs explaining; processor time where absent. */
  readonly culprits?: CulpritMeasure;
  /** Milliseconds a read may take before it is given up as a Timeout. */
  readonly deadline: number;
  readonly metrics: M;
  readonly device: { readonly label: string; readonly plural: string; readonly metrics: D };
  /** What a card shows: the big number, and the metrics drawn in its sparkline. */
  readonly headline: string;
  readonly spark: readonly string[];
  /** What a card lists beside its big number; without it, the first metrics not shown yet. */
  readonly card?: CardDescriptor;
  /** Charts of the detail page: metrics that share an axis stand in one chart. */
  readonly charts: readonly ChartDescriptor[];
}

/** The small print of a card: at most three lines. */
interface CardDescriptor<M extends string = string, D extends string = string> {
  /** Metrics of the whole machine, a line each. */
  readonly facts?: readonly M[];
  /** The devices highest by this metric, a line each, after the facts. */
  readonly device?: D;
}

/** One chart of a detail page. `device` metrics are drawn with a line per device. */
export interface ChartDescriptor<M extends string = string, D extends string = string> {
  readonly title: string;
  readonly metrics?: readonly M[];
  readonly device?: D;
  /** Stacked areas add up to a whole (user + system + iowait). */
  readonly stacked?: boolean;
}

/** The names a family uses for its card and charts must be names of its own metrics. */
interface NamesOf<M, D> {
  readonly headline: Extract<keyof M, string>;
  readonly spark: readonly Extract<keyof M, string>[];
  readonly card?: CardDescriptor<Extract<keyof M, string>, Extract<keyof D, string>>;
  readonly charts: readonly ChartDescriptor<Extract<keyof M, string>, Extract<keyof D, string>>[];
}

/** Gives a family descriptor its exact type while it is checked against the general shape. */
export function defineFamily<const Id extends string, const M extends MetricSet, const D extends MetricSet>(
  family: FamilyDescriptor<Id, M, D> & NamesOf<M, D>,
): FamilyDescriptor<Id, M, D> {
  return family;
}

/** For families whose device has no metrics of its own. */
export const NO_DEVICES = { label: '', plural: '', metrics: {} } as const;

const MS = { second: 1000, minute: 60_000 } as const;

/** Paces shared by the families. */
export const SAMPLING = {
  /** The one-second loop. */
  fast: { background: MS.second, viewed: MS.second },
  /** Space on disks. */
  slow: { background: MS.minute / 2, viewed: MS.minute / 2 },
} as const satisfies Record<string, SamplingInterval>;
