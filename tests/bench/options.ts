/** What the benchmark was asked to do. */
import { parseArgs } from 'node:util';

/** Parts that start Electron on a desktop of the benchmark's own. */
const DESKTOP_PARTS = ['closed', 'open', 'start', 'window', 'peers', 'leak', 'workloads'] as const;

/** Every part, in the order they run. */
const PARTS = ['closed', 'open', 'start', 'window', 'headless', 'tick', 'processes', 'alerts', 'store-size', 'store-write', 'store-query', 'store-age', 'store-export', 'lan', 'lan-growth', 'peers', 'leak', 'workloads'] as const;

export type PartName = (typeof PARTS)[number];
export type DesktopPart = (typeof DESKTOP_PARTS)[number];
/** A part that needs Node alone. */
export type NodePart = Exclude<PartName, DesktopPart>;

/** A word that stands for several parts: all whose names begin with it. */
const GROUPS = ['store'] as const;
/** Not run unless asked for. */
const OPTIONAL: readonly PartName[] = ['lan', 'lan-growth', 'peers', 'leak', 'workloads'];

export interface Options {
  /** Only say whether the arguments are right. */
  readonly check: boolean;
  readonly parts: readonly PartName[];
  /** A first look: less of everything. */
  readonly quick: boolean;
  /** Runs of each of the two programs where processor time is measured. */
  readonly pairs: number;
  /** Runs of each where a delay is measured: these are short, and scatter more. */
  readonly shortPairs: number;
  /** Length of a measurement of processor time. */
  readonly seconds: number;
  /** How long a program is left alone before its processor time counts. */
  readonly settleSeconds: number;
  readonly ticks: number;
  /** Times the leak check opens and closes the window. */
  readonly cycles: number;
  /** Minutes for which containers come and go in the part "workloads"; null: they stay. */
  readonly churnMinutes: number | null;
}

export const USAGE = `npm run bench -- [options]

  --only=PARTS    some of: ${PARTS.join(', ')} (${OPTIONAL.join(', ')} do not run unless asked for);
                  store stands for all that begin with it: they, headless, tick, processes, alerts, lan and lan-growth (ten minutes) need neither Electron nor a desktop
  --peers         also measure btop, collectd, glances and netdata, those that are installed
  --leak          also open and close the window again and again, and compare the memory before and after
  --quick         a first look: one pair of 20 s, and histories of fewer series and hours
  --pairs=N       measure each program N times, in alternation (3)
  --seconds=N     length of each measurement of processor time (60)
  --settle=N      seconds a program is left alone before its processor time counts (15); the engine compiles its
                  hot code in its first minutes, so 180 shows the cost at rest and 15 that just after the start
  --churn=N       in workloads: for N minutes containers come and go, one a second, in place of the comparison
  --help          print this
`;

/** True for a part that starts Electron on a desktop. */
export function isDesktopPart(part: PartName): part is DesktopPart {
  return DESKTOP_PARTS.some((one) => one === part);
}

/** True for a part of the store's. */
export function isStorePart(part: PartName): boolean {
  return part.startsWith('store-');
}

/** Understands the arguments; throws with a readable message when it cannot. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { only: text, pairs: text, seconds: text, settle: text, churn: text, quick: flag, peers: flag, leak: flag, help: flag, check: flag },
  });
  if (values.help) return 'help';
  const { quick } = values;
  const pairs = toCount(values.pairs, quick ? 1 : 3);
  return {
    check: values.check,
    parts: toParts(values.only, values.peers, values.leak),
    quick,
    pairs,
    shortPairs: quick ? 3 : Math.max(5, pairs),
    seconds: toCount(values.seconds, quick ? 20 : 60),
    settleSeconds: toCount(values.settle, quick ? 6 : 15),
    ticks: quick ? 600 : 3600,
    cycles: quick ? 5 : 30,
    churnMinutes: values.churn === undefined ? null : toCount(values.churn, 1),
  };
}

function toParts(only: string | undefined, peers: boolean, leak: boolean): PartName[] {
  const asked = only?.split(',').map((name) => name.trim()) ?? PARTS.filter((name) => !OPTIONAL.includes(name));
  const unknown = asked.filter((name) => ![...PARTS, ...GROUPS].some((part) => part === name));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  const isAsked = (name: PartName): boolean => asked.includes(name) || GROUPS.some((group) => asked.includes(group) && name.startsWith(`${group}-`));
  return PARTS.filter((name) => isAsked(name) || (name === 'peers' && peers) || (name === 'leak' && leak));
}

function toCount(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`not a count: ${text}`);
  return count;
}
