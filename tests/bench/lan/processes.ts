/** The child processes of the parts about the LAN server: servers and clients. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench';
import { readIfAllowed } from '../proc';
import type { ServerOptions, ServerMessage, ServerUse, ClientMessage, ClientOptions } from './messages';

/** Seconds from the last connection until the measurement starts. */
const SETTLE_SECONDS = 3;
/** Files a process needs besides its connections. */
export const SPARE_FILES = 100;
/**
 * Makes the C library return free memory to the system at once. Otherwise memory that the compiler's threads needed for a
 * short time, some MB more or less per run, would be counted as the clients'.
 */
const MALLOC_OPTIONS = { GLIBC_TUNABLES: 'glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=32768:glibc.malloc.trim_threshold=65536:glibc.malloc.top_pad=0' };

/** A child process that responds to one message with one. */
export class BenchProcess<M extends object> {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  constructor(script: string, argument: unknown, bench: Bench) {
    this.#child = fork(script, [JSON.stringify(argument)], { env: { ...process.env, ...MALLOC_OPTIONS }, execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#ended = once(this.#child, 'exit').then(([code]) => Promise.reject(new Error(`${path.basename(script)} ended with ${String(code)}`)));
    this.#ended.catch(() => undefined);
    bench.stops.add(this.stop);
  }

  async request(command?: string): Promise<M> {
    const response = once(this.#child, 'message');
    if (command !== undefined) this.#child.send(command);
    const [message] = (await Promise.race([response, this.#ended])) as [M];
    return message;
  }

  send(command: string): void {
    this.#child.send(command);
  }

  readonly stop = async (): Promise<void> => {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  };
}

/** What a server has used so far. */
export async function serverUse(server: BenchProcess<ServerMessage>): Promise<ServerUse> {
  const response = await server.request('use');
  if (!('use' in response)) throw new Error('unexpected message from the server');
  return response.use;
}

/** Starts a server in a folder of its own. */
export async function startServer(bench: Bench, options: Omit<ServerOptions, 'folder'>): Promise<{ server: BenchProcess<ServerMessage>; port: number }> {
  const folder = fs.mkdtempSync(path.join(bench.home, 'lan-'));
  const server = new BenchProcess<ServerMessage>(path.join(bench.bundle, 'lan-server.mjs'), { ...options, folder }, bench);
  const response = await server.request();
  if (!('port' in response)) throw new Error('unexpected message from the server');
  return { server, port: response.port };
}

/** Starts the clients and waits until all are connected and the load has settled. */
export async function startClients(bench: Bench, options: ClientOptions): Promise<BenchProcess<ClientMessage>> {
  const clients = new BenchProcess<ClientMessage>(path.join(bench.bundle, 'lan-clients.mjs'), options, bench);
  await clients.request();
  await delay(SETTLE_SECONDS * 1000);
  return clients;
}

/** Limit of open files of this process and its children. */
export function maxFiles(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readIfAllowed('/proc/self/limits') ?? '')?.[1] ?? 1024);
}
