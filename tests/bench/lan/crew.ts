/** The processes the parts about the LAN work with: servers, and those who watch. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench';
import { readIfAllowed } from '../proc';
import type { ServeOrder, ServerMessage, ServerUse, ViewerMessage, WatchOrder } from './messages';

/** Seconds after the last viewer came before anything counts. */
const SETTLE = 3;
/** Files a process needs besides its connections. */
export const SPARE_FILES = 100;
/**
 * The C library gives back what is free instead of keeping it for later: else what the compiler's threads needed for a
 * moment, megabytes more or less from run to run, would pass for the viewers' memory.
 */
const THRIFT = { GLIBC_TUNABLES: 'glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=32768:glibc.malloc.trim_threshold=65536:glibc.malloc.top_pad=0' };

/** A process of the benchmark that answers one message with one. */
export class Helper<M extends object> {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  constructor(script: string, argument: unknown, bench: Bench) {
    this.#child = fork(script, [JSON.stringify(argument)], { env: { ...process.env, ...THRIFT }, execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
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

/** What a server has used so far. */
export async function useOf(server: Helper<ServerMessage>): Promise<ServerUse> {
  const answer = await server.ask('use');
  if (!('use' in answer)) throw new Error('the server said something else');
  return answer.use;
}

/** Starts a server in a folder of its own. */
export async function startServer(bench: Bench, order: Omit<ServeOrder, 'folder'>): Promise<{ server: Helper<ServerMessage>; port: number }> {
  const folder = fs.mkdtempSync(path.join(bench.home, 'lan-'));
  const server = new Helper<ServerMessage>(path.join(bench.bundle, 'lan-server.mjs'), { ...order, folder }, bench);
  const answer = await server.ask();
  if (!('port' in answer)) throw new Error('the server said something else');
  return { server, port: answer.port };
}

/** Starts those who watch, and waits until all are there and it is quiet again. */
export async function startViewers(bench: Bench, order: WatchOrder): Promise<Helper<ViewerMessage>> {
  const viewers = new Helper<ViewerMessage>(path.join(bench.bundle, 'lan-viewers.mjs'), order, bench);
  await viewers.ask();
  await delay(SETTLE * 1000);
  return viewers;
}

/** Open files this process and its children may have. */
export function maxFiles(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readIfAllowed('/proc/self/limits') ?? '')?.[1] ?? 1024);
}
