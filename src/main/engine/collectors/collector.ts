/** What a collector is: a tiny hand that touches the system, and a pure head that understands the answer. */
import type { FamilyId } from '../../../shared/metrics/index';
import type { FaultKind, ReadingOf } from '../../../shared/metrics/reading';

/** What the read before gave, and how long ago that was by the monotonic clock. */
export interface Previous<Raw> {
  readonly raw: Raw;
  /** Seconds between the two reads; always > 0. */
  readonly seconds: number;
}

/** Reads one family. */
export interface Collector<F extends FamilyId, Raw> {
  readonly family: F;
  /** Touches the system and nothing else. Throws a CollectorError, or any error, when it cannot. */
  read(): Raw | Promise<Raw>;
  /**
   * Understands what was read. Pure. `previous` is null on the first read and after any hole in time; rates
   * are null then.
   */
  toReading(raw: Raw, previous: Previous<Raw> | null): ReadingOf<F>;
  /** Gives back held file descriptors. */
  close?(): void;
}

/** A collector of a family, whatever its raw form. */
export type AnyCollector<F extends FamilyId = FamilyId> = Omit<Collector<F, unknown>, 'toReading'> & {
  toReading(raw: never, previous: never): ReadingOf<F>;
};

/** One collector per family; a family without one does not compile. */
export type CollectorSet = { readonly [F in FamilyId]: AnyCollector<F> };

/** A failure with its kind. */
export class CollectorError extends Error {
  readonly kind: FaultKind;
  constructor(kind: FaultKind, message: string) {
    super(message);
    this.name = 'CollectorError';
    this.kind = kind;
  }
}
