/** Part "store-size": bytes of samples and rollup points, beside the same in other stores. */
import fs from 'node:fs';
import path from 'node:path';
import type { Bench, PartResult, Row } from '../bench';
import { runStoreProgram } from '../node-program';
import type { SampleSizes, Sizes, TierSize } from '../store/sizes';

/** Most bytes aimed at: of a sample, and of a rollup point without its sketch. */
const AIM = { sample: 1.2, point: 12 } as const;

export async function measureStoreSize(bench: Bench): Promise<PartResult> {
  const folder = fs.mkdtempSync(path.join(bench.home, 'sizes-'));
  const sizes = await runStoreProgram<Sizes>(bench, ['sizes', folder, bench.options.quick ? 'quick' : 'full']);
  fs.rmSync(folder, { recursive: true });
  const { recorded, day } = sizes;
  bench.say(`  ${recorded.series} series; recorded: ${recorded.samples} samples in ${recorded.seconds} s; continued to ${sizes.days} days`);
  const missing = [['rrdtool', recorded.rrdtool], ['Prometheus', recorded.prometheus]].filter(([, bytes]) => bytes === null);
  if (missing.length > 0) bench.say(`  not installed, hence not compared: ${missing.map(([name]) => name).join(', ')}`);
  return { rows: toSizeRows(sizes.tiers, recorded, day), runs: sizes };
}

/** The rows of what was found: the first of each group has the aim. */
export function toSizeRows(tiers: readonly TierSize[], recorded: SampleSizes, day: SampleSizes | null): Row[] {
  return [...sampleRows('recorded 45 min', recorded), ...(day === null ? [] : sampleRows('continued to 24 h', day)), ...tiers.flatMap(pointRows)];
}

function sampleRows(name: string, { samples, here, wideRows, narrowRows, rrdtool, prometheus }: SampleSizes): Row[] {
  const others = [['plain rows, wide', wideRows], ['plain rows, narrow', narrowRows], ['rrdtool', rrdtool], ['Prometheus', prometheus]] as const;
  return toRows(`a sample, ${name}`, here / samples, others.map(([other, bytes]) => [other, bytes === null ? null : bytes / samples]), AIM.sample);
}

function pointRows({ tier, points, bytes, sketchBytes, rows, rrdtool }: TierSize): Row[] {
  const others = [['plain rows', rows / points], ['rrdtool, three robins', rrdtool === null ? null : rrdtool / points]] as const;
  const own = { part: 'store-size', bare: null, compare: 'none', unit: 'bytes', digits: 2 } as const;
  return [...toRows(`a point of ${tier}, without sketch`, bytes / points, others, AIM.point), { ...own, what: `a point of ${tier}, its sketch`, app: sketchBytes / points }];
}

function toRows(what: string, app: number, others: readonly (readonly [string, number | null])[], atMost: number): Row[] {
  const own = { part: 'store-size', app, unit: 'bytes', digits: 2 } as const;
  return [
    { ...own, what, bare: null, compare: 'none', aim: { of: 'app', atMost } },
    ...others.flatMap(([other, bare]): Row[] => (bare === null ? [] : [{ ...own, what: `  beside ${other}`, bare, compare: 'over' }])),
  ];
}
