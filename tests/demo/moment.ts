/** A made-up machine at a moment, and the files that are made of it. */
import type { Load, Totals } from './load';
import type { MachineSpec } from './machine';

/** Content of a file by path, with its newline; `link`: target of a symbolic link; null: an empty folder. */
export type Files = Readonly<Record<string, string | { readonly link: string } | null>>;

/** Content of files that change. */
export type LiveFiles = Readonly<Record<string, string>>;

/** A made-up machine: a description, a seed, and the moments between which it runs. All times epoch ms. */
export interface Machine {
  readonly spec: MachineSpec;
  readonly seed: number;
  /** When it started. */
  readonly boot: number;
  /** When its disks are as full as the description says. */
  readonly anchor: number;
  readonly load: Load;
}

/** A machine at a moment. */
export interface Moment {
  readonly machine: Machine;
  readonly time: number;
  readonly totals: Totals;
}
