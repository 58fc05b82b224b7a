/** Part "start": from the start of the process until its icon is registered at the tray. */
import { inTurn } from '../bench';
import type { DesktopBench, PartResult } from '../bench';
import { median, rangeOf } from '../numbers';
import { launch } from '../program';
import type { Program } from '../bench';

/** The first start of each makes its profile, and brings its files into memory: it does not count. */
const WARM_UPS = 1;

export async function measureStart(bench: DesktopBench): Promise<PartResult> {
  const startOnce = async (program: Program): Promise<number> => {
    const running = await launch(bench, program, program.hidden);
    await running.end();
    return running.toTrayMs;
  };
  await inTurn(bench, WARM_UPS, startOnce);
  const runs = await inTurn(bench, bench.options.shortPairs, startOnce);
  bench.say(`  bare ${runs.bare.map((ms) => ms.toFixed(0)).join(', ')} ms; app ${runs.app.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  const row = { part: 'start', what: 'start to tray icon', unit: 'ms', digits: 0 } as const;
  const figures = { bare: median(runs.bare), app: median(runs.app), range: rangeOf(runs.app) };
  return { rows: [{ ...row, ...figures, compare: 'over', aim: { of: 'compared', atMost: 1.2 } }], runs };
}
