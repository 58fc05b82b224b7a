/** Readings of collectors, batches of a tick and the last known state. Plain JSON, as sent to clients. */
import type { Thresholds } from './define';
import type { DeviceState } from './device-state';
import type { DeviceMetricName, FamilyId, MetricName } from './index';

/** A value in its metric's unit; null if missing, never 0 instead. */
export type Value = number | null;

/**
 * When counters began to count, if that was after the start of the machine: they were reset, or the device or its container
 * came later.
 * Of sums over devices it is the latest change of a part, with the device: then the sum is no longer all since the start.
 */
export interface CounterStart {
  /** Epoch ms. */
  readonly time: number;
  readonly reason: 'reset' | 'connected' | 'disconnected' | 'container';
  readonly device?: string;
}

/** Values of one device. */
export interface DeviceReading<M extends string = string> {
  /** Display name; the device's id if there is no better one. */
  readonly label: string;
  /** Short detail: file system and source of a mount, model of a disk, address of an interface. */
  readonly detail?: string;
  readonly values: Readonly<Record<M, Value>>;
  /** Device limits (a sensor's high and critical), which rules may use as their thresholds. */
  readonly limits?: Thresholds;
  /** Set where the device could not be read; its values are null then. */
  readonly fault?: DeviceFault;
  /** Set for a removable medium (USB stick, SD card), and for one that cannot be written; absent for others, and where unknown. */
  readonly media?: 'removable' | 'readOnly';
  /** Set for devices that sleep, charge or fail, as far as it is known. */
  readonly state?: DeviceState;
  /** Set for devices that come and go without end: their values are shown live and not kept. */
  readonly stored?: false;
  /** Of its counters; absent: the start of the machine. */
  readonly since?: CounterStart;
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

/** Result of one read of a family. */
export interface Reading<M extends string = string, D extends string = string> {
  readonly values: Readonly<Record<M, Value>>;
  readonly devices: Readonly<Record<string, DeviceReading<D>>>;
  /** Note about the values on this machine ("limited by a cgroup"). */
  readonly note?: string;
  /** Metrics of the machine and of its devices that this system tells nobody, ever: they are not shown at all. */
  readonly untold?: readonly string[];
  /** Set on the first read after the start, a gap or a failure: there is none before it to make rates of, so they are null. */
  readonly isFirst?: true;
  /** Ids of devices that a person ignores: these are not among the devices, and are not gone. */
  readonly ignored?: readonly string[];
  /** Of the machine's counters; absent: the start of the machine. */
  readonly since?: CounterStart;
  /** Set once after the devices were listed, and again after each gap. */
  readonly renamed?: readonly RenamedDevices[];
}

/** Reading of a specific family, with every metric of its descriptor. */
export type ReadingOf<F extends FamilyId> = Reading<MetricName<F>, DeviceMetricName<F>>;

/** Why a read failed. */
export type FaultKind = 'SystemUnavailable' | 'PermissionDenied' | 'ParseError' | 'Timeout';

/** A failed read. */
export interface Failure {
  readonly kind: FaultKind;
  readonly message: string;
}

/** Why a family cannot be read, since when, and when it is read again. */
export interface Fault extends Failure {
  /** The first of its failed reads in a row, whatever their kinds: the time of that batch, epoch milliseconds. */
  readonly since: number;
  /** When the next read is due, epoch milliseconds; null while a call that did not answer in time is still waited for. */
  readonly nextAt: number | null;
}

/** The last reading of a family before it failed. */
interface LastReading {
  readonly reading: Reading;
  /** When it was taken, epoch milliseconds. */
  readonly readAt: number;
}

/** Why a device has no values although its family was read. */
export interface DeviceFault {
  /** "does not respond". */
  readonly message: string;
  /** The first of its failed reads in a row, epoch milliseconds. */
  readonly since: number;
  /** Its values before; null if it never had any. */
  readonly last: { readonly values: Readonly<Record<string, Value>>; readonly readAt: number } | null;
}

/** One tick: what was read since the previous one. Families not due are absent. */
export interface SampleBatch {
  /** Number of the batch in this run of the app, from 1. */
  readonly seq: number;
  /**
   * Set on a batch coalesced from all batches after this number: each reading is the latest of its family. Absent on an
   * ordinary batch.
   */
  readonly after?: number;
  /** When the tick began, epoch milliseconds UTC. */
  readonly time: number;
  /** Set on the first batch after a gap. */
  readonly gap?: GapReason;
  readonly readings: Readonly<Partial<Record<FamilyId, Reading>>>;
  readonly faults: Readonly<Partial<Record<FamilyId, Fault>>>;
  /** In a batch coalesced from several: the last readings among them of families that failed since. */
  readonly lastKnown?: Snapshot['lastKnown'];
}

/** Why there is a gap before a batch: app start, sleep, paused monitoring, a changed clock, a stalled process. */
export type GapReason = 'start' | 'sleep' | 'pause' | 'clock' | 'stall';

/** The last known state: readings and faults of all families, for a client that has just connected. */
export interface Snapshot {
  readonly seq: number;
  readonly time: number;
  readonly paused: boolean;
  readonly readings: SampleBatch['readings'];
  readonly faults: SampleBatch['faults'];
  /** What failed families read last. Never beside the current readings, so that nothing takes an old value for a current one. */
  readonly lastKnown: Readonly<Partial<Record<FamilyId, LastReading>>>;
  /** When each family was read, with or without success, epoch milliseconds. */
  readonly readAt: Readonly<Partial<Record<FamilyId, number>>>;
}
