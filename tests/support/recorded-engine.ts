/** A recorded engine on a real socket: answers as of some API version, and events that a test sends. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What an engine answers. */
export interface Recorded {
  version: Record<string, unknown>;
  info: Record<string, unknown>;
  list: Record<string, unknown>[];
  inspected: Record<string, Record<string, unknown>>;
  events: string[];
}

/** An engine that answers what was recorded. */
export interface RecordedEngine {
  readonly socket: string;
  readonly recorded: Recorded;
  /** Paths that were asked for, without the events. */
  readonly asked: string[];
  /** Queries of event streams, in order. */
  readonly streams: URLSearchParams[];
  /** Paths of what was to be done. */
  readonly posted: string[];
  readonly userAgents: Set<string | undefined>;
  /** Sends lines to all who follow. */
  send(...lines: readonly string[]): void;
  /** Ends all streams, as a daemon that restarts. */
  breakStreams(): void;
  stop(): Promise<void>;
}

const read = (name: string): Recorded => JSON.parse(readFileSync(fileURLToPath(new URL(`../fixtures/containers/api/${name}.json`, import.meta.url)), 'utf8')) as Recorded;

/** Since 1.52 events lack the fields of long ago, and the list tells health. */
function asSince152(recorded: Recorded): Recorded {
  const list = recorded.list.map((one) => ({ ...one, Status: 'Up 3 minutes', Health: { Status: /\((\w+)\)/.exec(String(one['Status']))?.[1] ?? 'none', FailingStreak: 0 } }));
  const events = recorded.events.map((line) => line.replace(/"status":"[^"]*","id":"[^"]*",("from":"[^"]*",)?/, ''));
  return { ...recorded, list, events };
}

/** Podman 5 says what a health check found. */
function asPodman5(recorded: Recorded): Recorded {
  const events = recorded.events.map((line) => line.replace(/("Action":"health_status".*"Attributes":\{)/, '$1"health_status":"healthy",'));
  return { ...recorded, events };
}

/** Recordings by API version. */
export const RECORDINGS: Readonly<Record<string, () => Recorded>> = {
  // Before networks and many fields were told.
  'Docker 1.40': () => withVersion(withoutFields(read('docker-1.41')), '19.03.15', '1.40'),
  'Docker 1.41': () => read('docker-1.41'),
  'Docker 1.44': () => withVersion(read('docker-1.41'), '25.0.3', '1.44'),
  'Docker 1.47': () => withVersion(read('docker-1.41'), '27.5.1', '1.47'),
  'Docker 1.52': () => withVersion(asSince152(read('docker-1.41')), '29.0.0', '1.52'),
  'Docker 1.53': () => withVersion(asSince152(read('docker-1.41')), '29.2.0', '1.53'),
  'Podman 4.3': () => read('podman-4.3'),
  'Podman 5.4': () => withVersion(asPodman5(read('podman-4.3')), '5.4.0', '1.41'),
};

function withVersion(recorded: Recorded, Version: string, ApiVersion: string): Recorded {
  return { ...recorded, version: { ...recorded.version, Version, ApiVersion } };
}

function withoutFields(recorded: Recorded): Recorded {
  const inspected = Object.fromEntries(Object.entries(recorded.inspected).map(([id, { NetworkSettings: _networks, Mounts: _mounts, ...one }]) => [id, one]));
  return { ...recorded, list: recorded.list.map(({ Ports: _ports, ...one }) => one), inspected };
}

/** Starts it. `answer`: in place of an answer, for what goes wrong; true where it has answered. */
export async function startRecordedEngine(recorded: Recorded, answer: (path: string, response: ServerResponse) => boolean = () => false): Promise<RecordedEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-engine-'));
  const socket = join(folder, 'engine.sock');
  const asked: string[] = [];
  const streams: URLSearchParams[] = [];
  const posted: string[] = [];
  const userAgents = new Set<string | undefined>();
  const open = new Set<ServerResponse>();
  const answers = (path: string): unknown => {
    if (path === '/version') return recorded.version;
    if (path === '/info') return recorded.info;
    if (path === '/containers/json') return recorded.list;
    return recorded.inspected[/^\/containers\/(\w+)\/json$/.exec(path)?.[1] ?? ''];
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://engine');
    userAgents.add(request.headers['user-agent']);
    if (pathname !== '/events') asked.push(request.url ?? '');
    if (answer(pathname, response)) return;
    if (pathname === '/events') {
      streams.push(searchParams);
      open.add(response);
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      response.once('close', () => open.delete(response));
      return;
    }
    if (request.method === 'POST') {
      posted.push(pathname);
      response.writeHead(204).end();
      return;
    }
    const found = pathname === '/_ping' ? 'OK' : answers(pathname);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? { message: 'No such container' }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    recorded,
    asked,
    streams,
    posted,
    userAgents,
    send: (...lines) => open.forEach((response) => response.write(lines.map((line) => `${line}\n`).join(''))),
    breakStreams: () => open.forEach((response) => response.destroy()),
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
