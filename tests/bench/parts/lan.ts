/** Part "lan": live push to many viewers, beside the least that node:http and node:https can do, in turn. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, PartResult, Row } from '../bench';
import type { ServeOrder, ServerMessage, ServerUse, ViewerMessage, WatchOrder } from '../lan/messages';
import { median } from '../numbers';
import { readIfAllowed } from '../proc';

/** Viewers at the same time. */
const CROWDS = [100, 1000, 5000] as const;
/** Size of a batch of the fast families, bytes. */
const BATCH_BYTES = 2000;
/** Seconds after the last viewer came before anything counts. */
const SETTLE = 3;
/** Viewers that come and go before anything is measured. */
const WARM_UP = 100;
/** Files a process needs besides its connections. */
const SPARE_FILES = 100;
const KIB = 1024;

/** A process of the benchmark that answers one message with one. */
class Helper<M extends object> {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  constructor(script: string, argument: unknown, bench: Bench) {
    this.#child = fork(script, [JSON.stringify(argument)], { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#ended = once(this.#child, 'exit').then(([code]) => Promise.reject(new Error(`${path.basename(script)} ended with ${String(code)}`)));
    this.#ended.catch(() => undefined);
    bench.stops.add(this.stop);
  }

  async ask(order?: string): Promise<M> {
    const answer = once(this.#child, 'message');
    if (order !== undefined) this.#child.send(order);
    const [message] = (await Promise.race([answer, this.#ended])) as [M];
    return message;
  }

  tell(order: string): void {
    this.#child.send(order);
  }

  readonly stop = async (): Promise<void> => {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  };
}

/** What one crowd cost one server. */
interface CrowdUse {
  readonly cpuPer60: number;
  /** Of a viewer's batches, from before it became bytes until it was read. */
  readonly p50: number;
  readonly p99: number;
  readonly bytesPerViewer: number;
  /** Batches that came, of those that were due. */
  readonly share: number;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

async function useOf(server: Helper<ServerMessage>): Promise<ServerUse> {
  const answer = await server.ask('use');
  if (!('use' in answer)) throw new Error('the server said something else');
  return answer.use;
}

async function startServer(bench: Bench, order: Omit<ServeOrder, 'folder'>): Promise<{ server: Helper<ServerMessage>; port: number }> {
  const folder = fs.mkdtempSync(path.join(bench.home, 'lan-'));
  const server = new Helper<ServerMessage>(path.join(bench.bundle, 'lan-server.mjs'), { ...order, folder }, bench);
  const answer = await server.ask();
  if (!('port' in answer)) throw new Error('the server said something else');
  return { server, port: answer.port };
}

async function startViewers(bench: Bench, order: WatchOrder): Promise<Helper<ViewerMessage>> {
  const viewers = new Helper<ViewerMessage>(path.join(bench.bundle, 'lan-viewers.mjs'), order, bench);
  await viewers.ask();
  await delay(SETTLE * 1000);
  return viewers;
}

async function measureCrowd(bench: Bench, kind: ServeOrder['kind'], tls: boolean, crowd: number): Promise<CrowdUse> {
  const { server, port } = await startServer(bench, { kind, tls, hertz: 1, bytes: BATCH_BYTES, history: 0 });
  // The first viewers load and compile what all need: that is not theirs to pay.
  const first = await startViewers(bench, { port, tls, viewers: WARM_UP, deaf: 0 });
  await first.stop();
  await delay(SETTLE * 1000);
  const empty = await useOf(server);
  const viewers = await startViewers(bench, { port, tls, viewers: crowd, deaf: 0 });
  const before = await useOf(server);
  if (before.viewers !== crowd) throw new Error(`${before.viewers} of ${crowd} viewers are there`);
  viewers.tell('count');
  const start = performance.now();
  await delay(bench.options.seconds * 1000);
  const counted = await viewers.ask('tell');
  const seconds = (performance.now() - start) / 1000;
  const after = await useOf(server);
  await Promise.all([server.stop(), viewers.stop()]);
  if (!('delays' in counted)) throw new Error('the viewers said something else');
  return {
    cpuPer60: ((after.cpu - before.cpu) / seconds) * 60,
    p50: percentile(counted.delays, 0.5),
    p99: percentile(counted.delays, 0.99),
    bytesPerViewer: (after.rss - empty.rss) / crowd,
    share: counted.batches / (crowd * seconds),
  };
}

/** Open files this process and its children may have. */
function maxFiles(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readIfAllowed('/proc/self/limits') ?? '')?.[1] ?? 1024);
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
      for (const [name, kind] of [['bare', 'bare'], ['app', 'traywatch']] as const) {
        const use = await measureCrowd(bench, kind, tls, crowd);
        uses[name].push(use);
        bench.say(`  ${tls ? 'TLS' : 'plain'} ${crowd} ${kind} ${pair}: ${use.cpuPer60.toFixed(2)} CPU-s/60 s, p50 ${use.p50.toFixed(1)} ms, p99 ${use.p99.toFixed(1)} ms, ${(use.bytesPerViewer / KIB).toFixed(1)} KiB each, ${(use.share * 100).toFixed(0)} % of batches`);
      }
    }
    runs.push({ tls, crowd, ...uses });
    rows.push(...toRows(tls, crowd, uses));
  }
  return { rows, runs };
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
    row('delay, p99', (use) => use.p99, 'ms', 1, crowd === 1000 ? { of: 'app', atMost: 50 } : undefined),
  ];
}

/** Questions for history, one after the other, while a thousand watch over TLS. */
async function measureHistory(bench: Bench): Promise<{ rows: Row[]; runs: unknown }> {
  const crowd = Math.min(1000, maxFiles() - SPARE_FILES);
  const { server, port } = await startServer(bench, { kind: 'traywatch', tls: true, hertz: 1, bytes: BATCH_BYTES, history: 3600 });
  const viewers = await startViewers(bench, { port, tls: true, viewers: crowd, deaf: 0 });
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
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
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

/** Memory while a tenth never reads, with batches so large that the system's own buffers are full within seconds. */
async function measureDeaf(bench: Bench): Promise<{ rows: Row[]; runs: unknown }> {
  const crowd = 200;
  const { server, port } = await startServer(bench, { kind: 'traywatch', tls: false, hertz: 10, bytes: 64 * KIB, history: 0 });
  const viewers = await startViewers(bench, { port, tls: false, viewers: crowd, deaf: crowd / 10 });
  const samples: number[] = [];
  for (let step = 0; step <= 4; step += 1) {
    await delay((bench.options.seconds * 1000) / 4);
    samples.push((await useOf(server)).rss);
  }
  await Promise.all([server.stop(), viewers.stop()]);
  const growth = ((samples.at(-1) ?? 0) - (samples[1] ?? 0)) / 1e6;
  bench.say(`  a tenth of ${crowd} never read: ${samples.map((bytes) => (bytes / 1e6).toFixed(0)).join(', ')} MB`);
  const row: Row = { part: 'lan', what: `growth while a tenth of ${crowd} never read (64 KiB, 10 Hz)`, bare: null, app: growth, compare: 'none', unit: 'MB', digits: 1 };
  return { rows: [row], runs: { samples } };
}

/** Part "lan". */
export async function measureLan(bench: Bench): Promise<PartResult> {
  const parts = [await measureCrowds(bench, false), await measureCrowds(bench, true), await measureHistory(bench), await measureDeaf(bench)];
  return { rows: parts.flatMap(({ rows }) => rows), runs: parts.map(({ runs }) => runs) };
}
