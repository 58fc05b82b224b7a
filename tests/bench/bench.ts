/** What every part of the benchmark works with, and what it hands back. */
import type { Desktop } from '../support/desktop/desktop';
import type { BusEvents } from './bus-events';
import type { Options, PartName } from './options';
import type { WrittenHistory } from './store/write-history';

/** A program, and the arguments for its ways of running. */
export interface Program {
  readonly name: 'bare' | 'app';
  readonly folder: string;
  /** Kept over the runs: a first start, which has a profile to make, is not what is measured. */
  readonly userDataDir: string;
  /** In the tray only; a later click opens the window. */
  readonly hidden: readonly string[];
  /** With its window and something that moves each second in it. */
  readonly open: readonly string[];
}

/** Histories by what they are made of. */
export interface Histories {
  /** A history of so many series and days, and a few hours that came through the store itself since. */
  get(bench: Bench, series: number, days: number): Promise<WrittenHistory>;
}

export interface Bench {
  readonly options: Options;
  /** The checkout. */
  readonly root: string;
  /** Folder of what was bundled for the benchmark. */
  readonly bundle: string;
  /** Folder for the measured programs' files. */
  readonly home: string;
  /** Ends what is running, for when the benchmark itself is ended. */
  readonly stops: Set<() => Promise<void>>;
  /** Histories that parts have in common; each is made once. */
  readonly histories: Histories;
  say(line: string): void;
}

/** What parts that start Electron work with besides. */
export interface DesktopBench extends Bench {
  /** Executable of the Electron runtime. */
  readonly runtime: string;
  readonly desktop: Desktop;
  readonly events: BusEvents;
  readonly programs: { readonly bare: Program; readonly app: Program };
}

/** One line of the table. */
export interface Row {
  readonly part: PartName;
  readonly what: string;
  /** What it is compared with: the bare application, or another way to store the same. */
  readonly bare: number | null;
  readonly app: number | null;
  /** How the two are compared: the difference, the ratio, or not at all. */
  readonly compare: 'minus' | 'over' | 'none';
  /** The most that is aimed at: of the difference or ratio, of the app's own value, or nothing. */
  readonly aim?: { readonly of: 'compared' | 'app'; readonly atMost: number };
  readonly unit: string;
  readonly digits: number;
  /** Smallest and largest of Traywatch's runs, or calls. */
  readonly range?: { readonly min: number; readonly max: number } | null;
}

/** What a part found. */
export interface PartResult {
  readonly rows: readonly Row[];
  /** Every single run, for the JSON file. */
  readonly runs: unknown;
}

/** Runs both programs in alternation, so that a change of the machine's mood meets both. */
export async function inTurn<T>(bench: DesktopBench, pairs: number, run: (program: Program, pair: number) => Promise<T>): Promise<{ bare: T[]; app: T[] }> {
  const results: { bare: T[]; app: T[] } = { bare: [], app: [] };
  for (let pair = 1; pair <= pairs; pair += 1) {
    for (const name of ['bare', 'app'] as const) results[name].push(await run(bench.programs[name], pair));
  }
  return results;
}
