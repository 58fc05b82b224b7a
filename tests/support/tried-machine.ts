/** What the contract of readers is tried on. */
import type { CollectorSet } from '../../src/main/engine/collectors/collector';

/** Collectors of a machine, and how many programs they have started. */
export interface TriedMachine {
  readonly collectors: CollectorSet;
  started(): number;
  /** Lets so many seconds pass. */
  pass(seconds: number): void;
}
