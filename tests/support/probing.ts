/** What tests of probes share: servers on loopback, services of each kind, and what probers are given. */
import { lookup } from 'node:dns/promises';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import type { ProbeParts } from '../../src/main/engine/probes/prober';
import { probeHttp } from '../../src/main/engine/probes/http';
import { probeResultSchema, serviceSchema } from '../../src/shared/services/service-schemas';
import type { ProbeResult, ServiceInput, ServiceOf } from '../../src/shared/services/service-schemas';
import { expect } from 'vitest';
import { NO_PROGRAMS } from './programs';

/** A server that is closed, with all its connections, at the end of a test. */
export interface TestServer {
  readonly port: number;
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

async function listening(server: Server, host: string): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Servers of one test. */
export interface Servers {
  http(onRequest: RequestListener, host?: string): Promise<TestServer>;
  https(pair: { readonly cert: string; readonly key: string }, onRequest?: RequestListener): Promise<TestServer>;
  /** One that gets the plain connection. */
  tcp(onSocket: (socket: Socket) => void, host?: string): Promise<TestServer>;
  closeAll(): Promise<void>;
}

/** None runs yet. */
export function createServers(): Servers {
  const all: TestServer[] = [];
  const keep = async (server: Server, host: string): Promise<TestServer> => {
    const one = await listening(server, host);
    all.push(one);
    return one;
  };
  return {
    http: (onRequest, host = '127.0.0.1') => keep(createHttpServer(onRequest), host),
    https: (pair, onRequest = (_request, response) => response.end('fine')) => {
      const server = createHttpsServer(pair, onRequest);
      server.on('tlsClientError', () => undefined);
      return keep(server, '127.0.0.1');
    },
    tcp: (onSocket, host = '127.0.0.1') => keep(createServer({ allowHalfOpen: true }, onSocket), host),
    closeAll: async () => void (await Promise.all(all.splice(0).map((server) => server.close()))),
  };
}

type Without<K extends ServiceInput['kind']> = Omit<Extract<ServiceInput, { readonly kind: K }>, 'id' | 'name' | 'kind'> & { readonly id?: string };

const made = <K extends ServiceInput['kind']>(kind: K, fields: Without<K>): ServiceOf<K> => serviceSchema.parse({ id: 'one', name: 'One', kind, ...fields }) as ServiceOf<K>;

/** A service with the defaults. */
export const httpService = (url: string, fields: Partial<Without<'http'>> = {}): ServiceOf<'http'> => made('http', { url, ...fields });
export const tcpService = (host: string, port: number, fields: Partial<Without<'tcp'>> = {}): ServiceOf<'tcp'> => made('tcp', { host, port, ...fields });
export const pingService = (host: string, fields: Partial<Without<'ping'>> = {}): ServiceOf<'ping'> => made('ping', { host, ...fields });

/** A result without values: of a probe that succeeded, unless said otherwise. */
export const probeResult = (fields: Partial<ProbeResult> = {}): ProbeResult => ({
  time: 0, ok: true, fault: null, text: '', latency: null, dns: null, connect: null, tls: null, firstByte: null, certificateDays: null,
  connections: null, connectionsMax: null, connectionsActive: null, connectionsIdleInTransaction: null, replicationLagSeconds: null, details: [], ...fields,
});

/** Real clocks, timers and lookups, and no programs; ten seconds. */
export const probeParts = (parts: Partial<ProbeParts> = {}): ProbeParts => ({
  clock: systemClock,
  timers: systemTimers,
  signal: new AbortController().signal,
  timeout: 10_000,
  secrets: {},
  lookup: (host) => lookup(host, { all: true }),
  programs: NO_PROGRAMS,
  platform: 'linux',
  ...parts,
});

/** A lookup that knows these names alone. */
export const namesOnly =
  (names: Readonly<Record<string, readonly string[]>>): ProbeParts['lookup'] =>
  (host) => {
    const addresses = names[host];
    if (addresses === undefined) return Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }));
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };

/** Probes a web address. Every result keeps to its schema, and a failed one has no latency. */
export async function probeUrl(url: string, fields: Partial<Without<'http'>> = {}, parts: Partial<ProbeParts> = {}): Promise<ProbeResult> {
  const result = await probeHttp(httpService(url, fields), probeParts(parts));
  expect(probeResultSchema.parse(result)).toEqual(result);
  expect(result.ok).toBe(result.fault === null);
  if (!result.ok) expect(result.latency).toBeNull();
  return result;
}

/** A web address on a server. */
export const urlAt = ({ port }: Pick<TestServer, 'port'>, path = '/'): string => `http://127.0.0.1:${port}${path}`;

/** Ends a probe as its deadline does, when the test says so. */
export function manualDeadline(): { readonly parts: Partial<ProbeParts>; pass(): void } {
  const controller = new AbortController();
  return { parts: { signal: controller.signal, timeout: 5000 }, pass: () => controller.abort() };
}
