/** Part "tick": the engine alone under plain Node, in a process of its own, on this machine and on a big one. */
import fs from 'node:fs';
import path from 'node:path';
import type { Bench, PartResult } from '../bench';
import { runNodeProgram } from '../node-program';
import type { TickUse } from '../tick';

export async function measureTick(bench: Bench): Promise<PartResult> {
  const folder = fs.mkdtempSync(path.join(bench.home, 'tick-'));
  const runs = await runNodeProgram<TickUse>(bench, 'tick', [String(bench.options.ticks), folder]);
  bench.say(`  ${runs.ticks} ticks, ${runs.families} families, ${runs.series} series, faults: ${runs.faults.join(', ') || 'none'}`);
  const big = await runNodeProgram<TickUse>(bench, 'tick', [String(Math.min(bench.options.ticks, 600)), fs.mkdtempSync(path.join(bench.home, 'tick-')), 'big']);
  bench.say(`  big machine: ${big.series} series, faults: ${big.faults.join(', ') || 'none'}`);
  const own = { part: 'tick', bare: null, compare: 'none' } as const;
  const perDay = (bytes: number | null): number | null => (bytes === null ? null : (bytes * 86_400) / 1e6);
  const rows = [
    { ...own, what: 'engine alone: one tick', app: runs.cpuMsPerTick, unit: 'CPU-ms', digits: 3 },
    { ...own, what: 'engine alone: one tick, all families viewed', app: runs.cpuMsPerViewedTick, unit: 'CPU-ms', digits: 3 },
    { ...own, what: 'engine alone on a big machine: one tick', app: big.cpuMsPerTick, unit: 'CPU-ms', digits: 3 },
    { ...own, what: 'engine alone: one read of 100 containers, each 15 s', app: big.cpuMsPerContainerRead, unit: 'CPU-ms', digits: 3 },
    { ...own, what: 'engine alone: handed to the disk', app: perDay(runs.writtenBytesPerTick), unit: 'MB/day', digits: 1 },
    { ...own, what: 'engine alone: database grows', app: perDay(runs.databaseBytesPerTick), unit: 'MB/day', digits: 1 },
  ];
  return { rows, runs: [runs, big] };
}
