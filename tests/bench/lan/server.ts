/** A server that pushes a batch to everybody who watches: Traywatch's, or the least that node:http can do. */
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { createHub } from '../../../src/main/engine/hub';
import type { Hub } from '../../../src/main/engine/hub';
import { systemClock, systemTimers } from '../../../src/main/engine/clock';
import type { Log } from '../../../src/main/engine/log';
import { openStore } from '../../../src/main/engine/store/open-store';
import { createCertificate } from '../../../src/main/lan/certificate';
import type { KeyPair } from '../../../src/main/lan/certificate';
import { startLan } from '../../../src/main/lan/index';
import { DEFAULT_LIMITS } from '../../../src/main/lan/server-limits';
import type { Handlers } from '../../../src/shared/api/dispatch';
import { DEFAULT_LAN } from '../../../src/shared/sharing/lan-settings';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import type { ServeOrder, ServerMessage, ServerOrder } from './messages';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, scoped: () => silent };

const tell = (message: ServerMessage): void => void process.send?.(message);

/** A batch of the fast families, filled up to about `bytes`; it says when it was made, so that viewers can tell its delay. */
function batchMaker(bytes: number): (seq: number) => SampleBatch {
  const values = (count: number): Record<string, number> => Object.fromEntries(Array.from({ length: count }, (_, n) => [`metric${n}`, n * 1.5]));
  const core = (seq: number): SampleBatch['readings'] => ({
    cpu: { values: { usage: (seq * 7) % 100, ...values(8) }, devices: Object.fromEntries([0, 1, 2, 3].map((n) => [`cpu${n}`, { label: `CPU ${n}`, values: { usage: (seq * n) % 100 } }])) },
    memory: { values: values(8), devices: {} },
  });
  const padding = 'x'.repeat(Math.max(0, bytes - JSON.stringify(core(1)).length - 120));
  return (seq) => ({
    seq,
    time: Date.now(),
    readings: { ...core(seq), network: { values: values(1), devices: {}, note: `sent ${(performance.timeOrigin + performance.now()).toFixed(3)} ${padding}` } },
    faults: {},
  });
}

/** The least there is: responses in a set, one text for all. */
function serveBare(pair: KeyPair | null, hub: Hub): Promise<number> {
  const open = new Set<http.ServerResponse>();
  const handler = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 2000\n\n');
    open.add(response);
    request.on('close', () => open.delete(response));
  };
  const server = pair === null ? http.createServer(handler) : https.createServer({ ...pair }, handler);
  hub.subscribe((batch) => {
    const text = Buffer.from(`event: batch\nid: ${batch.seq}\ndata: ${JSON.stringify(batch)}\n\n`);
    for (const response of open) response.write(text);
  });
  viewers = () => open.size;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** Node's own with --expose-gc; its types do not know what it takes. */
const collect = globalThis.gc as ((how: object) => void) | undefined;

/** Code that has not run since so many collections is thrown away as well. */
const ROUNDS = 8;

/** All that is free is given back to the system: what is left is in use. */
function collectAll(): void {
  for (let round = 0; round < ROUNDS; round += 1) collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

let viewers = (): number => 0;

/** Traywatch's server, with somebody let in and limits that a benchmark does not meet. */
function serveTraywatch(order: ServeOrder, hub: Hub): Promise<number> {
  const store = openStore({ path: path.join(order.folder, 'history.sqlite'), clock: systemClock, log: silent, keepDays: 30 }).store;
  const make = batchMaker(order.bytes);
  const now = Date.now();
  for (let second = order.history; second > 0; second -= 1) store.append({ ...make(second), time: now - second * 1000 });
  const many = 1_000_000;
  const identity = { id: 'bench', name: 'bench', role: 'viewer', scopes: null } as const;
  return new Promise((resolve) => {
    const lan = startLan({
      settings: { ...DEFAULT_LAN, enabled: true, port: 0, addresses: ['127.0.0.1'], tls: order.tls ? 'self-signed' : 'off' },
      folder: order.folder,
      pages: order.folder,
      version: '0.0.0',
      runId: 'bench',
      clock: systemClock,
      timers: systemTimers,
      log: silent,
      // Only what this benchmark asks for is ever called.
      handlers: { snapshot: () => hub.snapshot(), series: (query: Parameters<Handlers['series']>[0]) => store.query(query) } as unknown as Handlers,
      viewedFamilies: { set: () => undefined, drop: () => undefined },
      authenticator: { authenticate: () => Promise.resolve(identity), onRevoked: () => () => undefined },
      since: (time, limit) => store.since(time, limit),
      snapshot: () => hub.snapshot(),
      subscribe: (listener) => hub.subscribe(listener),
      limits: { ...DEFAULT_LIMITS, connections: many, connectionsPerAddress: many, requests: many, requestsPerAddress: many, streamsPerIdentity: many },
      onState: (state) => {
        if (state.state === 'listening') resolve(Number(new URL(state.urls[0] ?? '').port));
        if (state.state === 'failed') throw new Error(state.message);
      },
    });
    viewers = () => lan.connections().length;
  });
}

/** Calls back at the same moments of the clock again and again; an interval would drift. */
function atPhase({ every, phase }: Pick<ServeOrder, 'every' | 'phase'>, callback: () => void): void {
  const next = (): void => {
    setTimeout(
      () => {
        next();
        callback();
      },
      every - ((Date.now() - phase) % every),
    );
  };
  next();
}

async function serve(order: ServeOrder): Promise<void> {
  const hub = createHub((error) => {
    throw error;
  });
  const pair = order.kind === 'bare' && order.tls ? await createCertificate({ names: ['localhost'], addresses: ['127.0.0.1'] }, Date.now()) : null;
  const port = order.kind === 'bare' ? await serveBare(pair, hub) : await serveTraywatch(order, hub);
  const make = batchMaker(order.bytes);
  let seq = 0;
  atPhase(order, () => hub.publish(make((seq += 1))));
  process.on('message', (_order: ServerOrder) => {
    const before = cpuSeconds();
    collectAll();
    const { rss, heapUsed, external } = process.memoryUsage();
    tell({ use: { cpu: { before, after: cpuSeconds() }, rss, held: heapUsed + external, viewers: viewers() } });
  });
  process.on('disconnect', () => process.exit(0));
  tell({ port });
}

await serve(JSON.parse(process.argv[2] ?? '{}') as ServeOrder);
