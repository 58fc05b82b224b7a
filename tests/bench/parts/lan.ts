/** Part "lan": live push to many clients, measured at the same time as a minimal server with node:http and node:https. */
import https from 'node:https';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, PartResult, Row } from '../bench';
import { maxFiles, SPARE_FILES, startServer, startClients, serverUse } from '../lan/processes';
import type { BenchProcess } from '../lan/processes';
import type { ServerOptions, ServerMessage, ServerUse } from '../lan/messages';
import { median, quantile } from '../numbers';

/** Numbers of clients. */
const CLIENT_COUNTS = [100, 1000, 5000] as const;
/** Size of a batch of the fast families, bytes. */
const BATCH_BYTES = 2000;
/** Interval of batches, ms. The two servers take turns, so that other load on the machine affects both. */
const EVERY = 1000;
const PHASES = { bare: 0, traywatch: EVERY / 2 } as const;
/** Clients of the warm-up: what is allocated once must not be counted per client. */
const WARM_UP_CLIENTS = 1000;
const KIB = 1024;

/** What a number of clients cost one server. */
interface ClientUse {
  readonly cpuPer60: number;
  /** Delay of a batch from before its serialization until it was read, ms. */
  readonly p50: number;
  readonly p99: number;
  /** Resident memory, and JavaScript's part of it. */
  readonly bytesPerClient: number;
  readonly heapPerClient: number;
  /** Received batches as a share of those due. */
  readonly share: number;
}

interface WarmServer {
  readonly server: BenchProcess<ServerMessage>;
  readonly port: number;
  readonly empty: ServerUse;
}

/** A server after its warm-up, without clients. */
async function openWarmServer(bench: Bench, kind: ServerOptions['kind'], tls: boolean): Promise<WarmServer> {
  const { server, port } = await startServer(bench, { kind, tls, every: EVERY, phase: PHASES[kind], bytes: BATCH_BYTES, history: 0 });
  const warmUp = await startClients(bench, { port, tls, clients: 0, unresponsive: 0, warmUp: WARM_UP_CLIENTS });
  await warmUp.stop();
  return { server, port, empty: await serverUse(server) };
}

/** Measures one server; all servers start counting at the same time, when `begin` resolves. */
async function measureClients(bench: Bench, { server, port, empty }: WarmServer, tls: boolean, clientCount: number, begin: () => Promise<void>): Promise<ClientUse> {
  const clients = await startClients(bench, { port, tls, clients: clientCount, unresponsive: 0, warmUp: 0 });
  await begin();
  const before = await serverUse(server);
  if (before.clients !== clientCount) throw new Error(`${before.clients} of ${clientCount} viewers are there`);
  clients.send('count');
  const start = performance.now();
  await delay(bench.options.seconds * 1000);
  const counted = await clients.request('report');
  const seconds = (performance.now() - start) / 1000;
  const after = await serverUse(server);
  await Promise.all([server.stop(), clients.stop()]);
  if (!('delays' in counted)) throw new Error('unexpected message from the clients');
  return {
    cpuPer60: ((after.cpu.before - before.cpu.after) / seconds) * 60,
    p50: quantile(counted.delays, 0.5) ?? Number.NaN,
    p99: quantile(counted.delays, 0.99) ?? Number.NaN,
    bytesPerClient: (after.rss - empty.rss) / clientCount,
    heapPerClient: (after.heapBytes - empty.heapBytes) / clientCount,
    share: counted.batches / (clientCount * seconds),
  };
}

/** Resolves for all callers when `count` have called. */
function createBarrier(count: number): () => Promise<void> {
  let arrived = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return all;
  };
}

/** Measures both servers with the same number of clients. */
async function measureBoth(bench: Bench, tls: boolean, clientCount: number): Promise<{ bare: ClientUse; app: ClientUse }> {
  const bareReady = await openWarmServer(bench, 'bare', tls);
  const appReady = await openWarmServer(bench, 'traywatch', tls);
  const begin = createBarrier(2);
  const [bare, app] = await Promise.all([measureClients(bench, bareReady, tls, clientCount, begin), measureClients(bench, appReady, tls, clientCount, begin)]);
  return { bare, app };
}

async function measureAllCounts(bench: Bench, tls: boolean): Promise<{ rows: Row[]; runs: unknown }> {
  const rows: Row[] = [];
  const runs: unknown[] = [];
  for (const clientCount of CLIENT_COUNTS) {
    if (maxFiles() < clientCount + SPARE_FILES) {
      bench.say(`  ${clientCount} viewers need more open files than the ${maxFiles()} allowed here (ulimit -n): left out`);
      continue;
    }
    const uses = { bare: [] as ClientUse[], app: [] as ClientUse[] };
    for (let pair = 1; pair <= bench.options.pairs; pair += 1) {
      const both = await measureBoth(bench, tls, clientCount);
      for (const name of ['bare', 'app'] as const) {
        uses[name].push(both[name]);
        bench.say(`  ${tls ? 'TLS' : 'plain'} ${clientCount} ${name} ${pair}: ${toFigures(both[name])}`);
      }
    }
    runs.push({ tls, clientCount, ...uses });
    rows.push(...toRows(tls, clientCount, uses));
  }
  return { rows, runs };
}

function toFigures({ cpuPer60, p50, p99, bytesPerClient, heapPerClient, share }: ClientUse): string {
  const memory = `${(bytesPerClient / KIB).toFixed(1)} KiB each, ${(heapPerClient / KIB).toFixed(1)} of it JavaScript's`;
  return `${cpuPer60.toFixed(2)} CPU-s/60 s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${memory}, ${(share * 100).toFixed(0)} % of batches`;
}

function toRows(tls: boolean, clientCount: number, uses: { bare: ClientUse[]; app: ClientUse[] }): Row[] {
  const where = `${clientCount} viewers${tls ? ' over TLS' : ''}`;
  const row = (what: string, of: (use: ClientUse) => number, unit: string, digits: number, aim?: Row['aim']): Row => ({
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
    row('memory each', (use) => use.bytesPerClient / KIB, 'KiB', 1, { of: 'compared', atMost: 1.3 }),
    row('of it JavaScript’s', (use) => use.heapPerClient / KIB, 'KiB', 2, { of: 'compared', atMost: 1.3 }),
    row('delay, p99', (use) => use.p99, 'ms', 1, clientCount === 1000 ? { of: 'app', atMost: 50 } : undefined),
  ];
}

/** Sequential history queries while a thousand clients are connected over TLS. */
async function measureHistory(bench: Bench): Promise<{ rows: Row[]; runs: unknown }> {
  const clientCount = Math.min(1000, maxFiles() - SPARE_FILES);
  const { server, port } = await startServer(bench, { kind: 'traywatch', tls: true, every: EVERY, phase: 0, bytes: BATCH_BYTES, history: 3600 });
  const clients = await startClients(bench, { port, tls: true, clients: clientCount, unresponsive: 0, warmUp: 0 });
  const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
  const times: number[] = [];
  const end = performance.now() + bench.options.seconds * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    await fetchAll(`https://127.0.0.1:${port}/api/metrics/cpu/history?metric=usage&points=300`, agent);
    times.push(performance.now() - start);
    // A user looking at charts, not a load test.
    await delay(20);
  }
  agent.destroy();
  await Promise.all([server.stop(), clients.stop()]);
  const [p50, p99] = [quantile(times, 0.5) ?? Number.NaN, quantile(times, 0.99) ?? Number.NaN];
  bench.say(`  history beside ${clientCount} viewers: ${times.length} queries, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  const row: Row = { part: 'lan', what: `history, one hour as 300 points, beside ${clientCount} viewers over TLS: p99`, bare: null, app: p99, compare: 'none', unit: 'ms', digits: 1 };
  return { rows: [row], runs: { clientCount, times } };
}

function fetchAll(url: string, agent: https.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { agent, headers: { authorization: 'Bearer x' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`history responds with ${String(response.statusCode)}`));
      response.on('end', resolve).resume();
    });
    request.on('error', reject);
  });
}

/** Part "lan". */
export async function measureLan(bench: Bench): Promise<PartResult> {
  const parts = [await measureAllCounts(bench, false), await measureAllCounts(bench, true), await measureHistory(bench)];
  return { rows: parts.flatMap(({ rows }) => rows), runs: parts.map(({ runs }) => runs) };
}
