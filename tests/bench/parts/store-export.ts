/** Part "store-export": two years of everything as a file, while the loop goes on. */
import type { Bench, PartResult, Row } from '../bench';
import { runNodeProgram } from '../node-program';
import type { Exporting, ExportPlan } from '../store/exporting';

const BLOCK = 10;
/** Megabytes that an export may need, whatever its length. */
const GROWTH_MB = 100;

export async function measureStoreExport(bench: Bench): Promise<PartResult> {
  const series = bench.options.quick ? 40 : 120;
  const history = await bench.histories.get(bench, series, 730);
  const runs: Exporting[] = [];
  for (const format of ['csv', 'json'] as const) {
    const plan: ExportPlan = { ...history, format };
    runs.push(await runNodeProgram<Exporting>(bench, 'store', ['export', JSON.stringify(plan)]));
  }
  return { rows: runs.flatMap((run) => toExportRows(run, series)), runs };
}

/** The rows of one export. */
export function toExportRows({ format, seconds, bytes, wall, thread, grownEarly, grown }: Exporting, series: number): Row[] {
  const own = { part: 'store-export', bare: null, compare: 'none' } as const;
  const name = `two years of ${series} series as ${format.toUpperCase()}`;
  const turn = (what: string, spread: Exporting['wall']): Row => {
    const range = spread === null ? null : { min: spread.p50, max: spread.p99 };
    return { ...own, what: `${name}: ${what}`, app: spread?.longest ?? null, aim: { of: 'app', atMost: BLOCK }, unit: 'ms', digits: 2, range };
  };
  return [
    { ...own, what: `${name}: takes`, app: seconds, unit: 's', digits: 1 },
    { ...own, what: `${name}: file`, app: bytes / 1e6, unit: 'MB', digits: 1 },
    turn('longest turn of the loop, processor', thread),
    turn('longest turn of the loop, clock', wall),
    { ...own, what: `${name}: memory more than before`, app: grown / 1e6, aim: { of: 'app', atMost: GROWTH_MB }, unit: 'MB', digits: 1, range: { min: grownEarly / 1e6, max: grown / 1e6 } },
  ];
}
