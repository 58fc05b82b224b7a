/** Part "alerts": the rules engine alone under plain Node, in a process of its own. */
import path from 'node:path';
import type { AlertsUse } from '../alerts';
import type { Bench, PartResult, Row } from '../bench';
import { runNode } from '../run-node';

/** Milliseconds of processor time that a batch may take with 200 rules on 500 series. */
const AIM_MS = 0.5;
/** Young generation, MB: large enough that nothing is collected while bytes are counted. */
const YOUNG = 256;

export async function measureAlerts(bench: Bench): Promise<PartResult> {
  const runs: AlertsUse[] = JSON.parse(await runNode(['--expose-gc', `--max-semi-space-size=${YOUNG}`, path.join(bench.bundle, 'alerts.mjs'), String(bench.options.ticks)]));
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
