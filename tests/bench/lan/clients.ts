/** Many clients in one process: raw sockets that do next to nothing with what they receive. */
import { once } from 'node:events';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import tls from 'node:tls';
import type { ClientMessage, ClientCommand, ClientOptions } from './messages';

/** Connections opened at the same time: the server's accept queue is not measured. */
const CONNECT_AT_ONCE = 100;
const SENT = 'sent ';
/** The same for the warm-up. */
const WARM_UP_AT_ONCE = 10;
/** How long a client that never reads stays, ms: longer than the server's timeout. */
const UNRESPONSIVE_LIFETIME = 90_000;

const send = (message: ClientMessage): void => void process.send?.(message);

let counting = false;
let delays: number[] = [];

/** Records the delay of the batch that begins in a chunk; most batches arrive in one chunk. */
function onChunk(chunk: Buffer): void {
  const at = counting ? chunk.indexOf(SENT, 0, 'latin1') : -1;
  if (at < 0) return;
  const sent = Number(chunk.toString('latin1', at + SENT.length, at + SENT.length + 17));
  delays.push(performance.timeOrigin + performance.now() - sent);
}

function open({ port, tls: encrypted }: ClientOptions, index: number, isUnresponsive: boolean): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const onConnect = (): void => {
      socket.write(`GET /api/stream?interval=1&client=v${index} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer x\r\n\r\n`);
    };
    const socket = encrypted ? tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, onConnect) : net.connect({ port, host: '127.0.0.1' }, onConnect);
    socket.on('error', reject);
    socket.once('data', () => {
      resolve(socket);
      if (isUnresponsive) socket.pause();
      else socket.on('data', onChunk);
    });
  });
}

/** Connects and disconnects clients, so that the server loads and compiles what all need; few at a time, to leave no free memory behind. */
async function warmUp(options: ClientOptions): Promise<void> {
  for (let from = 0; from < options.warmUp; from += WARM_UP_AT_ONCE) {
    const sockets = await Promise.all(Array.from({ length: WARM_UP_AT_ONCE }, (_, n) => open(options, n, false)));
    await Promise.all(
      sockets.map((socket) => {
        socket.destroy();
        return once(socket, 'close');
      }),
    );
  }
}

/** A client that never reads and does not notice being dropped; it reconnects after a while. */
async function openUnresponsive(options: ClientOptions, index: number): Promise<void> {
  const socket = await open(options, index, true);
  setTimeout(() => {
    socket.destroy();
    void openUnresponsive(options, index);
  }, UNRESPONSIVE_LIFETIME);
}

async function run(options: ClientOptions): Promise<void> {
  await warmUp(options);
  for (let from = 0; from < options.clients; from += CONNECT_AT_ONCE) {
    const count = Math.min(CONNECT_AT_ONCE, options.clients - from);
    await Promise.all(Array.from({ length: count }, (_, n) => (from + n < options.unresponsive ? openUnresponsive(options, from + n) : open(options, from + n, false))));
  }
  process.on('message', (command: ClientCommand) => {
    counting = command === 'count';
    if (command === 'report') send({ batches: delays.length, delays });
    delays = [];
  });
  process.on('disconnect', () => process.exit(0));
  send({ ready: true });
}

await run(JSON.parse(process.argv[2] ?? '{}') as ClientOptions);
