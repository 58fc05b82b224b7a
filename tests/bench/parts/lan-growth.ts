/** Part "lan-growth": the server's memory over ten minutes in which a tenth of the viewers never read. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, PartResult, Row } from '../bench';
import { readUse, startServer, startViewers } from '../lan/helper-process';

const CROWD = 200;
/** Such as the largest batches have, so often that the system's own buffers are full within seconds. */
const BATCH_BYTES = 64 * 1024;
const EVERY = 250;
const STEP = 60;
const MEGA = 1e6;

/** Watches the memory minute by minute; the first minute is the server's to grow warm. */
export async function measureLanGrowth(bench: Bench): Promise<PartResult> {
  const minutes = bench.options.quick ? 2 : 10;
  const { server, port } = await startServer(bench, { kind: 'traywatch', tls: false, every: EVERY, phase: 0, bytes: BATCH_BYTES, history: 0 });
  const viewers = await startViewers(bench, { port, tls: false, viewers: CROWD, deaf: CROWD / 10, passing: 0 });
  const samples: { rss: number; held: number; viewers: number }[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    await delay(STEP * 1000);
    const { rss, held, viewers: here } = await readUse(server);
    samples.push({ rss, held, viewers: here });
    bench.say(`  minute ${minute}: ${(rss / MEGA).toFixed(1)} MB resident, ${(held / MEGA).toFixed(2)} MB of it JavaScript's, ${here} viewers`);
  }
  await Promise.all([server.stop(), viewers.stop()]);
  const growth = (of: 'rss' | 'held'): number => ((samples.at(-1)?.[of] ?? Number.NaN) - (samples[0]?.[of] ?? Number.NaN)) / MEGA;
  const row = (what: string, app: number): Row => ({ part: 'lan-growth', what: `${what}, minute 1 to ${minutes}, a tenth of ${CROWD} never reading`, bare: null, app, compare: 'none', unit: 'MB', digits: 2 });
  return { rows: [row('memory', growth('rss')), row('of it JavaScript’s', growth('held'))], runs: samples };
}
