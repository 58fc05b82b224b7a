/** Part "lan": live push to many viewers, beside the least that node:http and node:https can do, at the same time. */
import https from 'node:https';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, PartResult, Row } from '../bench';
import { maxFiles, readUse, SPARE_FILES, startServer, startViewers } from '../lan/helper-process';
import type { HelperProcess } from '../lan/helper-process';
import type { ServeOrder, ServerMessage, ServerUse } from '../lan/messages';
import { median, quantile } from '../numbers';

/** Viewers at the same time. */
const CROWDS = [100, 1000, 5000] as const;
/** Size of a batch of the fast families, bytes. */
const BATCH_BYTES = 2000;
/** Between two batches, ms; the two servers make theirs in turn, so that whatever else the machine does meets both. */
const EVERY = 1000;
const PHASES = { bare: 0, traywatch: EVERY / 2 } as const;
/** Viewers that come and go before anything is measured: what all need is not those to pay that are counted. */
const PASSING = 1000;
const KIB = 1024;

/** What one crowd cost one server. */
interface CrowdUse {
  readonly cpuPer60: number;
  /** Of a viewer's batches, from before it became bytes until it was read. */
  readonly p50: number;
  readonly p99: number;
  /** Resident, and of it what JavaScript holds. */
  readonly bytesPerViewer: number;
  readonly heldPerViewer: number;
  /** Batches that came, of those that were due. */
  readonly share: number;
}

interface Ready {
  readonly server: HelperProcess<ServerMessage>;
  readonly port: number;
  readonly empty: ServerUse;
}

/** A server that has had viewers, and has none now. */
async function makeReady(bench: Bench, kind: ServeOrder['kind'], tls: boolean): Promise<Ready> {
  const { server, port } = await startServer(bench, { kind, tls, every: EVERY, phase: PHASES[kind], bytes: BATCH_BYTES, history: 0 });
  const passing = await startViewers(bench, { port, tls, viewers: 0, deaf: 0, passing: PASSING });
  await passing.stop();
  return { server, port, empty: await readUse(server) };
}

/** Lets a crowd watch a server; all servers count at the same time, from `begin` resolving on. */
async function measureCrowd(bench: Bench, { server, port, empty }: Ready, tls: boolean, crowd: number, begin: () => Promise<void>): Promise<CrowdUse> {
  const viewers = await startViewers(bench, { port, tls, viewers: crowd, deaf: 0, passing: 0 });
  await begin();
  const before = await readUse(server);
  if (before.viewers !== crowd) throw new Error(`${before.viewers} of ${crowd} viewers are there`);
  viewers.send('count');
  const start = performance.now();
  await delay(bench.options.seconds * 1000);
  const counted = await viewers.request('report');
  const seconds = (performance.now() - start) / 1000;
  const after = await readUse(server);
  await Promise.all([server.stop(), viewers.stop()]);
  if (!('delays' in counted)) throw new Error('the viewers said something else');
  return {
    cpuPer60: ((after.cpu.before - before.cpu.after) / seconds) * 60,
    p50: quantile(counted.delays, 0.5) ?? Number.NaN,
    p99: quantile(counted.delays, 0.99) ?? Number.NaN,
    bytesPerViewer: (after.rss - empty.rss) / crowd,
    heldPerViewer: (after.held - empty.held) / crowd,
    share: counted.batches / (crowd * seconds),
  };
}

/** Resolves for all when all have come. */
function meeting(count: number): () => Promise<void> {
  let here = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    here += 1;
    if (here === count) open();
    return all;
  };
}

/** Both servers with a crowd each. */
async function measureBoth(bench: Bench, tls: boolean, crowd: number): Promise<{ bare: CrowdUse; app: CrowdUse }> {
  const bareReady = await makeReady(bench, 'bare', tls);
  const appReady = await makeReady(bench, 'traywatch', tls);
  const begin = meeting(2);
  const [bare, app] = await Promise.all([measureCrowd(bench, bareReady, tls, crowd, begin), measureCrowd(bench, appReady, tls, crowd, begin)]);
  return { bare, app };
}

async function measureCrowds(bench: Bench, tls: boolean): Promise<{ rows: Row[]; runs: unknown }> {
  const rows: Row[] = [];
  const runs: unknown[] = [];
  for (const crowd of CROWDS) {
    if (maxFiles() < crowd + SPARE_FILES) {
      bench.say(`  ${crowd} viewers need more open files than the ${maxFiles()} allowed here (ulimit -n): left out`);
      continue;
    }
    const uses = { bare: [] as CrowdUse[], app: [] as CrowdUse[] };
    for (let pair = 1; pair <= bench.options.pairs; pair += 1) {
      const both = await measureBoth(bench, tls, crowd);
      for (const name of ['bare', 'app'] as const) {
        uses[name].push(both[name]);
        bench.say(`  ${tls ? 'TLS' : 'plain'} ${crowd} ${name} ${pair}: ${toFigures(both[name])}`);
      }
    }
    runs.push({ tls, crowd, ...uses });
    rows.push(...toRows(tls, crowd, uses));
  }
  return { rows, runs };
}

function toFigures({ cpuPer60, p50, p99, bytesPerViewer, heldPerViewer, share }: CrowdUse): string {
  const memory = `${(bytesPerViewer / KIB).toFixed(1)} KiB each, ${(heldPerViewer / KIB).toFixed(1)} of it JavaScript's`;
  return `${cpuPer60.toFixed(2)} CPU-s/60 s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${memory}, ${(share * 100).toFixed(0)} % of batches`;
}

function toRows(tls: boolean, crowd: number, uses: { bare: CrowdUse[]; app: CrowdUse[] }): Row[] {
  const where = `${crowd} viewers${tls ? ' over TLS' : ''}`;
  const row = (what: string, of: (use: CrowdUse) => number, unit: string, digits: number, aim?: Row['aim']): Row => ({
    part: 'lan',
    what: `${where}: ${what}`,
    bare: median(uses.bare.map(of)),
    app: median(uses.app.map(of)),
    compare: 'over',
    unit,
    digits,
    ...(aim === undefined ? {} : { aim }),
  });
  return [
    row('processor', (use) => use.cpuPer60, 'CPU-s/60 s', 2, { of: 'compared', atMost: 1.3 }),
    row('memory each', (use) => use.bytesPerViewer / KIB, 'KiB', 1, { of: 'compared', atMost: 1.3 }),
    row('of it JavaScript’s', (use) => use.heldPerViewer / KIB, 'KiB', 2, { of: 'compared', atMost: 1.3 }),
    row('delay, p99', (use) => use.p99, 'ms', 1, crowd === 1000 ? { of: 'app', atMost: 50 } : undefined),
  ];
}

/** Questions for history, one after the other, while a thousand watch over TLS. */
async function measureHistory(bench: Bench): Promise<{ rows: Row[]; runs: unknown }> {
  const crowd = Math.min(1000, maxFiles() - SPARE_FILES);
  const { server, port } = await startServer(bench, { kind: 'traywatch', tls: true, every: EVERY, phase: 0, bytes: BATCH_BYTES, history: 3600 });
  const viewers = await startViewers(bench, { port, tls: true, viewers: crowd, deaf: 0, passing: 0 });
  const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
  const times: number[] = [];
  const end = performance.now() + bench.options.seconds * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    await fetchAll(`https://127.0.0.1:${port}/api/metrics/cpu/history?metric=usage&points=300`, agent);
    times.push(performance.now() - start);
    // A person who looks at charts, not a flood.
    await delay(20);
  }
  agent.destroy();
  await Promise.all([server.stop(), viewers.stop()]);
  const [p50, p99] = [quantile(times, 0.5) ?? Number.NaN, quantile(times, 0.99) ?? Number.NaN];
  bench.say(`  history beside ${crowd} viewers: ${times.length} questions, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  const row: Row = { part: 'lan', what: `history, one hour as 300 points, beside ${crowd} viewers over TLS: p99`, bare: null, app: p99, compare: 'none', unit: 'ms', digits: 1 };
  return { rows: [row], runs: { crowd, times } };
}

function fetchAll(url: string, agent: https.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { agent, headers: { authorization: 'Bearer x' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`history answers ${String(response.statusCode)}`));
      response.on('end', resolve).resume();
    });
    request.on('error', reject);
  });
}

/** Part "lan". */
export async function measureLan(bench: Bench): Promise<PartResult> {
  const parts = [await measureCrowds(bench, false), await measureCrowds(bench, true), await measureHistory(bench)];
  return { rows: parts.flatMap(({ rows }) => rows), runs: parts.map(({ runs }) => runs) };
}
