/** The helper processes of the benchmark's LAN parts: servers and viewers. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench';
import { readIfAllowed } from '../proc';
import type { ServeOrder, ServerMessage, ServerUse, ViewerMessage, WatchOrder } from './messages';

/** Seconds after the last viewer connected before measuring begins. */
const SETTLE = 3;
/** Files a process needs besides its connections. */
export const SPARE_FILES = 100;
/**
 * Makes the C library return free memory at once instead of keeping it: otherwise memory the compiler's threads needed
 * temporarily, megabytes that vary from run to run, would be counted as memory of the viewers.
 */
const MALLOC_ENV = { GLIBC_TUNABLES: 'glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=32768:glibc.malloc.trim_threshold=65536:glibc.malloc.top_pad=0' };

/** A process of the benchmark that responds to a message with one message. */
export class HelperProcess<M extends object> {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  constructor(script: string, argument: unknown, bench: Bench) {
    this.#child = fork(script, [JSON.stringify(argument)], { env: { ...process.env, ...MALLOC_ENV }, execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#ended = once(this.#child, 'exit').then(([code]) => Promise.reject(new Error(`${path.basename(script)} ended with ${String(code)}`)));
    this.#ended.catch(() => undefined);
    bench.stops.add(this.stop);
  }

  /** Sends a message, if given, and resolves to the next one from the process. */
  async request(order?: string): Promise<M> {
    const response = once(this.#child, 'message');
    if (order !== undefined) this.#child.send(order);
    const [message] = (await Promise.race([response, this.#ended])) as [M];
    return message;
  }

  send(order: string): void {
    this.#child.send(order);
  }

  readonly stop = async (): Promise<void> => {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  };
}

/** Resources a server has used so far. */
export async function readUse(server: HelperProcess<ServerMessage>): Promise<ServerUse> {
  const response = await server.request('use');
  if (!('use' in response)) throw new Error('unexpected message of the server');
  return response.use;
}

/** Starts a server in a folder of its own. */
export async function startServer(bench: Bench, order: Omit<ServeOrder, 'folder'>): Promise<{ server: HelperProcess<ServerMessage>; port: number }> {
  const folder = fs.mkdtempSync(path.join(bench.home, 'lan-'));
  const server = new HelperProcess<ServerMessage>(path.join(bench.bundle, 'lan-server.mjs'), { ...order, folder }, bench);
  const response = await server.request();
  if (!('port' in response)) throw new Error('unexpected message of the server');
  return { server, port: response.port };
}

/** Starts viewers, and waits until all are connected and the load has settled. */
export async function startViewers(bench: Bench, order: WatchOrder): Promise<HelperProcess<ViewerMessage>> {
  const viewers = new HelperProcess<ViewerMessage>(path.join(bench.bundle, 'lan-viewers.mjs'), order, bench);
  await viewers.request();
  await delay(SETTLE * 1000);
  return viewers;
}

/** Most open files of this process and of each child. */
export function maxFiles(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readIfAllowed('/proc/self/limits') ?? '')?.[1] ?? 1024);
}
