/** What collectors report, and what a tick carries. Plain JSON throughout. */
import type { Thresholds } from './define';
import type { DeviceMetricName, FamilyId, MetricName } from './index';

/** A value in its metric's unit; null when it is missing, never 0 instead. */
export type Value = number | null;

/** The values of one device. */
export interface DeviceReading<M extends string = string> {
  /** Name for a person; the device's id where there is no better one. */
  readonly label: string;
  /** Short extra: file system and source of a mount, model of a disk, address of an interface. */
  readonly detail?: string;
  readonly values: Readonly<Record<M, Value>>;
  /** The device's own marks (a sensor's high and critical), which then stand instead of the metric's. */
  readonly limits?: Thresholds;
  /** Set for devices that come and go without end: their values are shown live and not kept. */
  readonly stored?: false;
}

/**
 * Devices that earlier versions stored under other ids, where those were numbers among equals: all of them together, since
 * one number means something only beside the others.
 */
export interface RenamedDevices {
  /** Present ids by former ones. */
  readonly renamed: Readonly<Record<string, string>>;
  /** The next former id. If it was in use at the end there was one device more, and which one left is not known. */
  readonly unless: string;
}

/** What one read of a family gave. */
export interface Reading<M extends string = string, D extends string = string> {
  readonly values: Readonly<Record<M, Value>>;
  readonly devices: Readonly<Record<string, DeviceReading<D>>>;
  /** How the values are meant here, where that differs from machine to machine ("limited by a cgroup"). */
  readonly note?: string;
  /** Told once after the devices were listed, and again after each gap. */
  readonly renamed?: readonly RenamedDevices[];
}

/** The exact reading of a family: every metric of its descriptor must be given. */
export type ReadingOf<F extends FamilyId> = Reading<MetricName<F>, DeviceMetricName<F>>;

/** Why a read failed. */
export type FaultKind = 'SystemUnavailable' | 'PermissionDenied' | 'ParseError' | 'Timeout';

/** A failed read, as a value. */
export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
}

/** One tick: what was read since the tick before. Families not due in this tick are absent. */
export interface SampleBatch {
  /** Grows by one with each batch of this run of the app, from 1. */
  readonly seq: number;
  /**
   * Set where this stands for several batches, all after the one of this number: each reading is the latest of its
   * family. Absent, it stands for itself.
   */
  readonly after?: number;
  /** When the tick began, epoch milliseconds UTC. */
  readonly time: number;
  /** Set on the first batch after a hole: start, resume, pause or a stepped clock. */
  readonly gap?: GapReason;
  readonly readings: Readonly<Partial<Record<FamilyId, Reading>>>;
  readonly faults: Readonly<Partial<Record<FamilyId, Fault>>>;
}

/** Why there is a hole before a batch. */
export type GapReason = 'start' | 'sleep' | 'pause' | 'clock' | 'stall';

/** The last known reading of every family: what a late-comer needs to show the machine at once. */
export interface Snapshot {
  readonly seq: number;
  readonly time: number;
  readonly paused: boolean;
  readonly readings: SampleBatch['readings'];
  readonly faults: SampleBatch['faults'];
  /** When each reading was taken, epoch milliseconds. */
  readonly readAt: Readonly<Partial<Record<FamilyId, number>>>;
}
