/** Part "lan-growth": the server's memory over ten minutes while a tenth of the clients never read. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, PartResult, Row } from '../bench';
import { startServer, startClients, serverUse } from '../lan/processes';

const CLIENT_COUNT = 200;
/** Size of the largest batches, sent so often that the system's buffers are full within seconds. */
const BATCH_BYTES = 64 * 1024;
const EVERY = 250;
const STEP = 60;
const MEGA = 1e6;

/** Measures the memory each minute; the first minute is the warm-up. */
export async function measureLanGrowth(bench: Bench): Promise<PartResult> {
  const minutes = bench.options.quick ? 2 : 10;
  const { server, port } = await startServer(bench, { kind: 'traywatch', tls: false, every: EVERY, phase: 0, bytes: BATCH_BYTES, history: 0 });
  const clients = await startClients(bench, { port, tls: false, clients: CLIENT_COUNT, unresponsive: CLIENT_COUNT / 10, warmUp: 0 });
  const samples: { rss: number; heapBytes: number; clients: number }[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    await delay(STEP * 1000);
    const { rss, heapBytes, clients: connected } = await serverUse(server);
    samples.push({ rss, heapBytes, clients: connected });
    bench.say(`  minute ${minute}: ${(rss / MEGA).toFixed(1)} MB resident, ${(heapBytes / MEGA).toFixed(2)} MB of it JavaScript's, ${connected} viewers`);
  }
  await Promise.all([server.stop(), clients.stop()]);
  const growth = (of: 'rss' | 'heapBytes'): number => ((samples.at(-1)?.[of] ?? Number.NaN) - (samples[0]?.[of] ?? Number.NaN)) / MEGA;
  const row = (what: string, app: number): Row => ({ part: 'lan-growth', what: `${what}, minute 1 to ${minutes}, a tenth of ${CLIENT_COUNT} never reading`, bare: null, app, compare: 'none', unit: 'MB', digits: 2 });
  return { rows: [row('memory', growth('rss')), row('of it JavaScript’s', growth('heapBytes'))], runs: samples };
}
