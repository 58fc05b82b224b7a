/** A server that pushes a batch to all clients: Traywatch's, or a minimal one with node:http. */
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
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { Handlers } from '../../../src/shared/api/dispatch';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import type { ServerOptions, ServerMessage, ServerCommand } from './messages';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, scoped: () => silent };

const send = (message: ServerMessage): void => void process.send?.(message);

/** Makes batches of the fast families, filled up to about `bytes`, with their time of creation for measuring delays. */
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

/** The minimal server: a set of responses, and one text for all. */
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
  clients = () => open.size;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** Node's gc with --expose-gc; its types lack the options. */
const collect = globalThis.gc as ((how: object) => void) | undefined;

/** Code that has not run for so many collections is discarded as well. */
const ROUNDS = 8;

/** Returns all free memory to the system: the rest is in use. */
function collectAll(): void {
  for (let round = 0; round < ROUNDS; round += 1) collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

let clients = (): number => 0;

/** Traywatch's server, with one identity and limits that the benchmark does not reach. */
function serveTraywatch(options: ServerOptions, hub: Hub): Promise<number> {
  const store = openStore({ path: path.join(options.folder, 'history.sqlite'), clock: systemClock, log: silent, keepDays: 30 }).store;
  const make = batchMaker(options.bytes);
  const now = Date.now();
  for (let second = options.history; second > 0; second -= 1) store.append({ ...make(second), time: now - second * 1000 });
  const many = 1_000_000;
  const identity = { id: 'bench', name: 'bench', role: 'viewer', scopes: null } as const;
  return new Promise((resolve) => {
    const lan = startLan({
      settings: { ...DEFAULT_SETTINGS.lan, enabled: true, port: 0, addresses: ['127.0.0.1'], tls: options.tls ? 'self-signed' : 'off' },
      folder: options.folder,
      pages: options.folder,
      version: '0.0.0',
      runId: 'bench',
      clock: systemClock,
      timers: systemTimers,
      log: silent,
      // Only the handlers that this benchmark calls.
      handlers: { snapshot: () => hub.snapshot(), series: (query: Parameters<Handlers['series']>[0]) => store.query(query) } as unknown as Handlers,
      viewedFamilies: { set: () => undefined, drop: () => undefined },
      authenticator: { authenticate: () => Promise.resolve(identity), onRevoked: () => () => undefined },
      since: (time, limit) => store.since(time, limit),
      snapshot: () => hub.snapshot(),
      openIncidents: () => [],
      heartbeat: () => Promise.resolve(false),
      report: () => Promise.reject(new Error('no machine reports here')),
      subscribe: (listener) => hub.subscribe(listener),
      limits: { ...DEFAULT_LIMITS, connections: many, connectionsPerAddress: many, requests: many, requestsPerAddress: many, requestsPerIdentity: many, streamsPerIdentity: many },
      onState: (state) => {
        if (state.state === 'listening') resolve(Number(new URL(state.urls[0] ?? '').port));
        if (state.state === 'failed') throw new Error(state.message);
      },
    });
    clients = () => lan.connections().length;
  });
}

/** Calls back at fixed phases of the clock; an interval would drift. */
function atPhase({ every, phase }: Pick<ServerOptions, 'every' | 'phase'>, callback: () => void): void {
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

async function serve(options: ServerOptions): Promise<void> {
  const hub = createHub((error) => {
    throw error;
  });
  const pair = options.kind === 'bare' && options.tls ? await createCertificate({ names: ['localhost'], addresses: ['127.0.0.1'] }, Date.now()) : null;
  const port = options.kind === 'bare' ? await serveBare(pair, hub) : await serveTraywatch(options, hub);
  const make = batchMaker(options.bytes);
  let seq = 0;
  atPhase(options, () => hub.publish(make((seq += 1))));
  process.on('message', (_command: ServerCommand) => {
    const before = cpuSeconds();
    collectAll();
    const { rss, heapUsed, external } = process.memoryUsage();
    send({ use: { cpu: { before, after: cpuSeconds() }, rss, heapBytes: heapUsed + external, clients: clients() } });
  });
  process.on('disconnect', () => process.exit(0));
  send({ port });
}

await serve(JSON.parse(process.argv[2] ?? '{}') as ServerOptions);
