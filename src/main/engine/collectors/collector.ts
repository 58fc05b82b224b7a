/** What a collector is: one function that reads the system, and a pure one that turns what it read into values. */
import type { FamilyId } from '../../../shared/metrics/index';
import type { FaultKind, ReadingOf } from '../../../shared/metrics/reading';

/** Result of the previous read, and the time since by the monotonic clock. */
export interface Previous<Raw> {
  readonly raw: Raw;
  /** Seconds between the two reads; always > 0. */
  readonly seconds: number;
}

/** Collector of one metric family. */
export interface Collector<F extends FamilyId, Raw> {
  readonly family: F;
  /**
   * Shortest time between two reads, ms, where reading is dearer on this platform than the family's sampling intervals
   * assume. At most twice the longer of these: what is shown and stored takes that for granted (power saving does the same).
   */
  readonly leastInterval?: number;
  /** Reads the system and does nothing else. Throws a CollectorError or any other error. */
  read(): Raw | Promise<Raw>;
  /**
   * Turns what was read into values. Pure. `previous` is null on the first read and after a gap; rates are null then.
   */
  toReading(raw: Raw, previous: Previous<Raw> | null): ReadingOf<F>;
  /** Closes open files. */
  close?(): void;
}

/** A collector of a family with any raw type. */
export type AnyCollector<F extends FamilyId = FamilyId> = Omit<Collector<F, unknown>, 'toReading'> & {
  toReading(raw: never, previous: never): ReadingOf<F>;
};

/** One collector per family; leaving one out is a compile error. */
export type CollectorSet = { readonly [F in FamilyId]: AnyCollector<F> };

/** A failed read, with its fault kind. */
export class CollectorError extends Error {
  readonly kind: FaultKind;
  constructor(kind: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CollectorError';
    this.kind = kind;
  }
}
