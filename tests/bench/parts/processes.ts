/** Part "processes": one look at all of them, beside the usual ways, in a process of its own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Bench, PartResult, Row } from '../bench';
import type { ProcessesUse } from '../processes';
import { runNodeProgram } from '../node-program';

/** What a look each minute may cost, ms. */
const MINUTE_AIM = 5;

export async function measureProcesses(bench: Bench): Promise<PartResult> {
  // In memory where there is such a place: a busy disk takes minutes for so many files.
  const place = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
  const folder = fs.mkdtempSync(path.join(place, 'traywatch-bench-proc-'));
  const remove = async (): Promise<void> => fs.rmSync(folder, { recursive: true, force: true });
  bench.stops.add(remove);
  try {
    const runs = await runNodeProgram<ProcessesUse>(bench, 'processes', [folder]);
    bench.say(`  ${runs.processes} processes here, ${runs.madeUp} made up`);
    return { rows: toRows(runs), runs };
  } finally {
    await remove();
    bench.stops.delete(remove);
  }
}

function toRows({ processes, madeUp, warm, cold, madeUpWarm, ps, systemInformation }: ProcessesUse): Row[] {
  const own = { part: 'processes', bare: null, compare: 'none', unit: 'CPU-ms', digits: 2 } as const;
  return [
    { ...own, what: `${processes} processes: a minute’s look, after a rest`, app: cold, aim: { of: 'app', atMost: MINUTE_AIM } },
    { ...own, what: `${processes} processes: a minute’s look, warm`, app: warm.plain },
    { ...own, what: `${processes} processes: an alert’s look, disk I/O too`, app: warm.io },
    { ...own, what: `${processes} processes: the table’s look, warm`, app: warm.full },
    { ...own, what: `${processes} processes: ps -eo`, app: ps },
    { ...own, what: `${processes} processes: systeminformation.processes()`, app: systemInformation },
    { ...own, what: `${madeUp} made up: a minute’s look`, app: madeUpWarm.plain },
    { ...own, what: `${madeUp} made up: the table’s look`, app: madeUpWarm.full },
  ];
}
