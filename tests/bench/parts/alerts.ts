/** Part "alerts": the rules engine alone under plain Node, in a process of its own. */
import type { AlertsUse } from '../alerts';
import type { Bench, PartResult, Row } from '../bench';
import { runNodeProgram } from '../node-program';

/** Milliseconds of processor time that a batch may take with 200 rules on 500 series. */
const AIM_MS = 0.5;
/** Young generation, MB: large enough that nothing is collected while bytes are counted. */
const YOUNG = 256;

export async function measureAlerts(bench: Bench): Promise<PartResult> {
  const runs = await runNodeProgram<AlertsUse[]>(bench, 'alerts', [String(bench.options.ticks)], [`--max-semi-space-size=${YOUNG}`]);
  const own = { part: 'alerts', bare: null, compare: 'none' } as const;
  const rows = runs.flatMap(({ what, rules, pairs, open, cpuMsPerBatch, bytesPerBatch }): Row[] => {
    bench.say(`  ${what}: ${rules} rules, ${pairs} times a rule on a series, ${open} incidents open`);
    const isAimed = rules >= 200 && open === 0;
    return [
      { ...own, what, app: cpuMsPerBatch, unit: 'CPU-ms', digits: 4, ...(isAimed ? { aim: { of: 'app', atMost: AIM_MS } } : {}) },
      { ...own, what: '  allocated for it', app: bytesPerBatch, unit: 'bytes', digits: 0 },
    ];
  });
  return { rows, runs };
}
