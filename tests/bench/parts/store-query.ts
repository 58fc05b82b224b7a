/** Parts "store-query" and "store-age": how fast a history answers, and whether its age matters. */
import type { Bench, PartResult, Row } from '../bench';
import type { Spread } from '../numbers';
import { runStoreProgram } from '../node-program';
import type { Latency, LatencyPlan, RangeLatency } from '../store/latency';
import type { WrittenHistory } from '../store/write-history';

/** Most milliseconds aimed at: 95 % of the calls; all turns of the loop. */
const AIM = { warm: 3, cold: 15, twelve: 25, open: 50, held: 10 } as const;
/** Bytes of two years of 120 series aimed at. */
const AIM_MB = 150;
const YEARS = 730;
/** Ages compared, days. */
const AGES = [{ name: '1 month', days: 31 }, { name: '6 months', days: 182 }, { name: '2 years', days: YEARS }] as const;

type QueryPart = 'store-query' | 'store-age';

/** Series of the histories: fewer for a first look. */
function seriesOf({ options }: Bench): number {
  return options.quick ? 40 : 120;
}

async function ask(bench: Bench, history: WrittenHistory, counts: readonly number[]): Promise<Latency> {
  const { path, keys, now, days } = history;
  const plan: LatencyPlan = { path, keys, now, days, counts, isQuick: bench.options.quick };
  return runStoreProgram<Latency>(bench, ['latency', JSON.stringify(plan)]);
}

/** Part "store-query": two years, one series and twelve. */
export async function measureStoreQuery(bench: Bench): Promise<PartResult> {
  const series = seriesOf(bench);
  const history = await bench.histories.get(bench, series, YEARS);
  const latency = await ask(bench, history, [1, 12]);
  if (latency.openCold === null) bench.say('  this machine cannot be made to forget a file: nothing was measured cold');
  const own = { part: 'store-query', bare: null, compare: 'none' } as const;
  const size: Row = { ...own, what: `two years of ${series} series`, app: history.bytes / 1e6, unit: 'MB', digits: 1, ...(series === 120 ? { aim: { of: 'app', atMost: AIM_MB } } : {}) };
  const opens = [spreadRow('store-query', 'opening two years, p95', latency.open, AIM.open), spreadRow('store-query', 'opening two years cold, p95', latency.openCold, AIM.open)];
  return { rows: [size, ...opens, ...latency.ranges.flatMap(rangeRows)], runs: latency };
}

function rangeRows(found: RangeLatency): Row[] {
  const isOne = found.series === 1;
  const name = `${found.range}, ${isOne ? 'one series' : `${found.series} series`}`;
  return [
    spreadRow('store-query', `${name}: chart, p95 of processor time`, found.chartThread, isOne ? AIM.warm : AIM.twelve),
    spreadRow('store-query', `${name}: chart, p95 by the clock`, found.chart, isOne ? AIM.warm : AIM.twelve),
    spreadRow('store-query', `${name}: chart cold, p95 by the clock`, found.cold, isOne ? AIM.cold : null),
    heldRow(`${name}: chart in pieces, longest turn of the loop`, found.chartHeld),
    spreadRow('store-query', `${name}: statistics, p95 of processor time`, found.statsThread, null),
    heldRow(`${name}: statistics in pieces, longest turn of the loop`, found.statsHeld),
  ];
}

/** The longest of all calls, with the median and what 99 % stay below. */
function heldRow(what: string, spread: Spread | null): Row {
  const range = spread === null ? null : { min: spread.p50, max: spread.p99 };
  return { part: 'store-query', what, bare: null, app: spread?.longest ?? null, compare: 'none', aim: { of: 'app', atMost: AIM.held }, unit: 'ms', digits: 2, range };
}

/** Part "store-age": the same questions to histories of different ages. */
export async function measureStoreAge(bench: Bench): Promise<PartResult> {
  const found: { name: string; latency: Latency }[] = [];
  for (const { name, days } of AGES) {
    const history = await bench.histories.get(bench, seriesOf(bench), days);
    found.push({ name, latency: await ask(bench, history, [1]) });
  }
  return { rows: toAgeRows(found), runs: found };
}

/** Rows by range, then age; the youngest history that has the range is what the others are compared with. */
export function toAgeRows(found: readonly { name: string; latency: Latency }[]): Row[] {
  const ranges = new Set(found[0]?.latency.ranges.map(({ range }) => range));
  return [...ranges].flatMap((range) => {
    const ofRange = found.map(({ name, latency }) => ({ name, found: latency.ranges.find((one) => one.range === range) ?? null }));
    const youngest = ofRange[0]?.found ?? null;
    return ofRange.flatMap(({ name, found: own }, i): Row[] =>
      (['chartThread', 'statsThread'] as const).map((what) => {
        const row = spreadRow('store-age', `${range} of ${name}: ${what === 'chartThread' ? 'chart' : 'statistics'}, p95 of processor time`, own?.[what] ?? null, what === 'chartThread' ? AIM.warm : null);
        return i === 0 ? row : { ...row, bare: youngest?.[what]?.p95 ?? null, compare: 'over' };
      }),
    );
  });
}

/** A row of 95 % of the calls, with the median and the longest as its range. */
function spreadRow(part: QueryPart, what: string, spread: Spread | null, atMost: number | null): Row {
  const range = spread === null ? null : { min: spread.p50, max: spread.longest };
  const row: Row = { part, what, bare: null, app: spread?.p95 ?? null, compare: 'none', unit: 'ms', digits: 2, range };
  return atMost === null ? row : { ...row, aim: { of: 'app', atMost } };
}
