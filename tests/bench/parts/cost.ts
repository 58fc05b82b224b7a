/** What the programs cost while nobody does anything: in the tray, and with the window open. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inTurn } from '../bench';
import type { DesktopBench, PartResult, Row } from '../bench';
import { measureTree } from '../meter';
import type { TreeUse } from '../meter';
import { median, rangeOf } from '../numbers';
import { launch } from '../program';
import type { Program } from '../bench';

const MB = 1e6;
/** Bytes per 60 s to megabytes a day. */
const toMbPerDay = (bytes: number | null): number | null => (bytes === null ? null : (bytes * 60 * 24) / MB);
const toMb = (bytes: number | null): number | null => (bytes === null ? null : bytes / MB);
/** Other programs' processor seconds per 60 s above which a run is not to be trusted. */
const NOISE = 6;

type Mode = 'hidden' | 'open';

/** Part "closed": the tray icon alone. */
export async function measureClosed(bench: DesktopBench): Promise<PartResult> {
  const runs = await inTurn(bench, bench.options.pairs, (program, pair) => measureOne(bench, program, 'hidden', pair));
  const rows = toRows('closed', 'tray only', runs);
  const [cpu, pss, ...rest] = rows;
  if (cpu === undefined || pss === undefined) return { rows, runs };
  const aimed: Row[] = [
    { ...cpu, aim: { of: 'compared', atMost: 0.1 } },
    { ...pss, aim: { of: 'compared', atMost: 25 } },
  ];
  return { rows: [...aimed, ...rest], runs };
}

/** Part "open": the live Overview, beside one line chart with a point more each second. */
export async function measureOpen(bench: DesktopBench): Promise<PartResult> {
  const runs = await inTurn(bench, bench.options.pairs, (program, pair) => measureOne(bench, program, 'open', pair));
  const rows = toRows('open', 'window open', runs);
  const [cpu, ...rest] = rows;
  return { rows: cpu === undefined ? rows : [{ ...cpu, aim: { of: 'app', atMost: 1.5 } }, ...rest], runs };
}

async function measureOne(bench: DesktopBench, program: Program, mode: Mode, pair: number): Promise<TreeUse> {
  const { seconds, settleSeconds } = bench.options;
  const running = await launch(bench, program, program[mode]);
  try {
    await delay(settleSeconds * 1000);
    const renderers = running.renderers();
    if (renderers !== (mode === 'open' ? 1 : 0)) throw new Error(`${program.name} has ${renderers} renderer processes`);
    if (mode === 'open' && pair === 1) await bench.desktop.screenshot(path.join(bench.home, `${program.name}-open.png`));
    const use = await measureTree(running.pid, seconds);
    const noise = use.othersPer60 > NOISE ? `  (others used ${use.othersPer60.toFixed(1)} CPU-s/60 s: noisy)` : '';
    const twin = use.hasTwin ? '  (shares memory with another program on this runtime: PSS too low, left out)' : '';
    bench.say(`  ${program.name} ${pair}: ${use.cpuPer60.toFixed(3)} CPU-s/60 s, ${toMb(use.pssBytes)?.toFixed(1) ?? '?'} MB PSS${noise}${twin}`);
    return use;
  } finally {
    await running.end();
  }
}

/** Processor time, memory and writing, in this order. */
function toRows(part: 'closed' | 'open', where: string, runs: { bare: TreeUse[]; app: TreeUse[] }): Row[] {
  const row = (what: string, of: (use: TreeUse) => number | null, unit: string, digits: number): Row => {
    const app = runs.app.map(of);
    return { part, what: `${where}: ${what}`, bare: median(runs.bare.map(of)), app: median(app), compare: 'minus', unit, digits, range: rangeOf(app) };
  };
  return [
    row('processor', (use) => use.cpuPer60, 'CPU-s/60 s', 3),
    row('memory (PSS)', (use) => (use.hasTwin ? null : toMb(use.pssBytes)), 'MB', 1),
    row('written', (use) => toMbPerDay(use.writtenPer60), 'MB/day', 1),
  ];
}
