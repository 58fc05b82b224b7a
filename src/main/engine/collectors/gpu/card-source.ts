/** What reads one card, whatever its vendor. */
import type { Value } from '../../../../shared/metrics/reading';
import type { GpuValues } from '../gpu';

/** One read of a card. */
export interface CardSample {
  /** Null if it could not be read. */
  readonly values: GpuValues | null;
  /** Load by which it is decided whether the card is idle; null if it is not known. */
  readonly load: Value;
  /** False if it says no more than the read before. */
  readonly isNew: boolean;
  /** Why there are no values; absent while that is only a matter of time. */
  readonly problem?: string;
  /** Something to say about the values. */
  readonly reason?: string;
  /** Its name, where only this source knows it. */
  readonly label?: string;
}

/** Reads a card while that is allowed. */
export interface CardSource {
  read(): Promise<CardSample>;
  /** Closes everything that may keep the card awake. */
  letGo(): void;
}
