/**
 * Part "workloads": what a hundred containers and a hundred services cost with the window closed, beside Traywatch without
 * them at the same time. The engine is made up: it has no cgroups, so numbers come from its one-shot statistics, which is
 * the dearer way.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DesktopBench, PartResult, Row } from '../bench';
import { measureTree } from '../meter';
import type { TreeUse } from '../meter';
import { median, minus, rangeOf } from '../numbers';
import { ticksIn } from '../workloads/history';
import type { Ticks } from '../workloads/history';
import { HISTORY, launchWatching, startWatched, WATCHED } from '../workloads/watched';
import type { Watched } from '../workloads/watched';
import { measureChurn } from './workloads-churn';

const MB = 1e6;
/** Processor seconds per 60 s that the hundred of each may cost. */
const AIM = 0.3;
/** Other programs' processor seconds per 60 s above which a run is not to be trusted; what answers the probes is among them. */
const NOISE = 8;

/** One of the two that run at the same time. */
interface Side {
  readonly use: TreeUse;
  readonly ticks: Ticks;
}

interface Pair {
  readonly without: Side;
  readonly watching: Side;
}

/** Compares, or lets containers come and go where the options say so. */
export async function measureWorkloads(bench: DesktopBench): Promise<PartResult> {
  bench.say(`  ${WATCHED} containers of a made-up engine (cgroups cannot be made up: numbers are the engine's one-shot statistics), ${WATCHED} HTTP services at 60 s`);
  const watched = await startWatched(bench);
  try {
    return bench.options.churnMinutes === null ? await compare(bench, watched) : await measureChurn(bench, watched, bench.options.churnMinutes);
  } finally {
    await watched.stop();
  }
}

async function compare(bench: DesktopBench, watched: Watched): Promise<PartResult> {
  const pairs: Pair[] = [];
  for (let pair = 1; pair <= bench.options.pairs; pair += 1) pairs.push(await measurePair(bench, watched, pair));
  return { rows: toRows(pairs), runs: pairs };
}

async function measurePair(bench: DesktopBench, watched: Watched, pair: number): Promise<Pair> {
  const { seconds, settleSeconds } = bench.options;
  const folder = (name: string): string => path.join(bench.home, `workloads-${pair}-${name}`);
  const without = await launchWatching(bench, null, folder('without'));
  const watching = await launchWatching(bench, watched, folder('watching')).catch(async (error: unknown) => {
    await without.end();
    throw error;
  });
  const asked = watched.asked();
  let uses: [TreeUse, TreeUse];
  let from = 0;
  let to = 0;
  try {
    await delay(settleSeconds * 1000);
    from = Date.now();
    uses = await Promise.all([measureTree(without.pid, seconds), measureTree(watching.pid, seconds)]);
    to = Date.now();
  } finally {
    await Promise.all([without.end(), watching.end()]);
  }
  const sideOf = (use: TreeUse, name: string): Side => ({ use, ticks: ticksIn(path.join(folder(name), HISTORY), from, to) });
  const result = { without: sideOf(uses[0], 'without'), watching: sideOf(uses[1], 'watching') };
  const since = watched.asked();
  tell(bench, pair, result, { statistics: since.statistics - asked.statistics, services: since.services - asked.services });
  return result;
}

function tell(bench: DesktopBench, pair: number, { without, watching }: Pair, asked: ReturnType<Watched['asked']>): void {
  const others = watching.use.othersPer60 - without.use.cpuPer60;
  const line = (name: string, { use, ticks }: Side): void => {
    const pss = use.pssBytes === null ? '?' : (use.pssBytes / MB).toFixed(1);
    bench.say(`  ${name} ${pair}: ${use.cpuPer60.toFixed(3)} CPU-s/60 s, ${pss} MB PSS, ${ticks.count} ticks, ${ticks.late} of them late, ${ticks.stalls} stalls`);
  };
  line('without', without);
  line('watching', watching);
  const above = watching.use.cpuPer60 - without.use.cpuPer60;
  bench.say(`  difference ${pair}: ${above.toFixed(3)} CPU-s/60 s (aim: ≤ ${AIM}); since the start ${asked.statistics} statistics and ${asked.services} services were asked for`);
  if (others > NOISE) bench.say(`  (others used ${others.toFixed(1)} CPU-s/60 s: noisy)`);
}

function toRows(pairs: readonly Pair[]): Row[] {
  const row = (what: string, of: (side: Side) => number | null, unit: string, digits: number): Row => {
    const app = pairs.map(({ watching }) => of(watching));
    return { part: 'workloads', what: `workloads: ${what}`, bare: median(pairs.map(({ without }) => of(without))), app: median(app), compare: 'minus', unit, digits, range: rangeOf(app) };
  };
  const processor = row('processor (bare: Traywatch without them)', ({ use }) => use.cpuPer60, 'CPU-s/60 s', 3);
  // What both ran at the same time: the difference of each pair, not of the medians.
  const above = median(pairs.map(({ watching, without }) => minus(watching.use.cpuPer60, without.use.cpuPer60)));
  return [
    processor,
    { part: 'workloads', what: 'workloads: processor, difference within a pair', bare: null, app: above, compare: 'none', aim: { of: 'app', atMost: AIM }, unit: 'CPU-s/60 s', digits: 3 },
    // Both share the runtime's memory: lower than alone, alike for both.
    row('memory (PSS, shared by both)', ({ use }) => (use.pssBytes === null ? null : use.pssBytes / MB), 'MB', 1),
    { ...row('ticks late or missing', ({ ticks }) => ticks.late + ticks.stalls, 'ticks', 0), aim: { of: 'app', atMost: 0 } },
  ];
}
