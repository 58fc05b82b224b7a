/** Part "tick": the engine alone under plain Node, in a process of its own. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Bench, PartResult } from '../bench';
import type { TickUse } from '../tick';

export async function measureTick(bench: Bench): Promise<PartResult> {
  const folder = fs.mkdtempSync(path.join(bench.home, 'tick-'));
  const runs: TickUse = JSON.parse(await runNode([path.join(bench.bundle, 'tick.mjs'), String(bench.options.ticks), folder]));
  bench.say(`  ${runs.ticks} ticks, ${runs.families} families, ${runs.series} series, faults: ${runs.faults.join(', ') || 'none'}`);
  const own = { part: 'tick', bare: null, compare: 'none' } as const;
  const perDay = (bytes: number | null): number | null => (bytes === null ? null : (bytes * 86_400) / 1e6);
  const rows = [
    { ...own, what: 'engine alone: one tick', app: runs.cpuMsPerTick, unit: 'CPU-ms', digits: 3 },
    { ...own, what: 'engine alone: one tick, all families viewed', app: runs.cpuMsPerViewedTick, unit: 'CPU-ms', digits: 3 },
    { ...own, what: 'engine alone: handed to the disk', app: perDay(runs.handedBytesPerTick), unit: 'MB/day', digits: 1 },
    { ...own, what: 'engine alone: database grows', app: perDay(runs.databaseBytesPerTick), unit: 'MB/day', digits: 1 },
  ];
  return { rows, runs };
}

function runNode(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject).on('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`the engine ended with exit code ${code}`));
    });
  });
}
