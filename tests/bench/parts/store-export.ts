/** Part "store-export": two years of everything as a file, while the loop goes on. */
import type { Bench, PartResult, Row } from '../bench';
import { rangeOf } from '../numbers';
import { runStoreProgram } from '../node-program';
import type { Exporting, ExportPlan } from '../store/exporting';

const BLOCK = 10;
/** Megabytes in use that an export may need, whatever its length. */
const IN_USE_MB = 20;

export async function measureStoreExport(bench: Bench): Promise<PartResult> {
  const series = bench.options.quick ? 40 : 120;
  const history = await bench.histories.get(bench, series, 730);
  const runs: Exporting[] = [];
  for (const format of ['csv', 'json'] as const) {
    const plan: ExportPlan = { ...history, format };
    runs.push(await runStoreProgram<Exporting>(bench, ['export', JSON.stringify(plan)]));
  }
  return { rows: runs.flatMap((run) => toExportRows(run, series)), runs };
}

/** The rows of one export. */
export function toExportRows({ format, seconds, bytes, wall, thread, inUse, residentGrown }: Exporting, series: number): Row[] {
  const own = { part: 'store-export', bare: null, compare: 'none' } as const;
  const name = `two years of ${series} series as ${format.toUpperCase()}`;
  const most = Math.max(...inUse) / 1e6;
  const turn = (what: string, spread: Exporting['wall']): Row => {
    const range = spread === null ? null : { min: spread.p50, max: spread.p99 };
    return { ...own, what: `${name}: ${what}`, app: spread?.longest ?? null, aim: { of: 'app', atMost: BLOCK }, unit: 'ms', digits: 2, range };
  };
  return [
    { ...own, what: `${name}: takes`, app: seconds, unit: 's', digits: 1 },
    { ...own, what: `${name}: file`, app: bytes / 1e6, unit: 'MB', digits: 1 },
    turn('longest turn of the loop, processor', thread),
    turn('longest turn of the loop, clock', wall),
    { ...own, what: `${name}: memory in use, most of ten looks`, app: inUse.length === 0 ? null : most, aim: { of: 'app', atMost: IN_USE_MB }, unit: 'MB', digits: 1, range: rangeOf(inUse.map((bytes) => bytes / 1e6)) },
    { ...own, what: `${name}: process larger than before, at the most`, app: residentGrown / 1e6, unit: 'MB', digits: 1 },
  ];
}
