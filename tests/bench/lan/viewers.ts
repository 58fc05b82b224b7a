/** Many viewers in one process: raw sockets that do next to nothing with what they get. */
import { once } from 'node:events';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import tls from 'node:tls';
import type { ViewerMessage, ViewerOrder, WatchOrder } from './messages';

/** Connections opened at the same time: the server's queue is not what is measured. */
const AT_ONCE = 100;
const SENT = 'sent ';
/** Of those that come and go. */
const PASSING_AT_ONCE = 10;
/** How long one that never reads stays, ms: longer than the server has patience with it. */
const DEAF_STAYS = 90_000;

const send = (message: ViewerMessage): void => void process.send?.(message);

let counting = false;
let delays: number[] = [];

/** The delay of the batch a chunk begins; most batches come in one chunk. */
function onChunk(chunk: Buffer): void {
  const at = counting ? chunk.indexOf(SENT, 0, 'latin1') : -1;
  if (at < 0) return;
  const sent = Number(chunk.toString('latin1', at + SENT.length, at + SENT.length + 17));
  delays.push(performance.timeOrigin + performance.now() - sent);
}

function open({ port, tls: encrypted }: WatchOrder, index: number, isDeaf: boolean): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const onConnect = (): void => {
      socket.write(`GET /api/stream?interval=1&client=v${index} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer x\r\n\r\n`);
    };
    const socket = encrypted ? tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, onConnect) : net.connect({ port, host: '127.0.0.1' }, onConnect);
    socket.on('error', reject);
    socket.once('data', () => {
      resolve(socket);
      if (isDeaf) socket.pause();
      else socket.on('data', onChunk);
    });
  });
}

/** Those that come and go let the server load and compile what all need; never many at a time, so that they leave no room behind. */
async function pass(order: WatchOrder): Promise<void> {
  for (let from = 0; from < order.passing; from += PASSING_AT_ONCE) {
    const sockets = await Promise.all(Array.from({ length: PASSING_AT_ONCE }, (_, n) => open(order, n, false)));
    await Promise.all(
      sockets.map((socket) => {
        socket.destroy();
        return once(socket, 'close');
      }),
    );
  }
}

/** One that never reads, and does not notice when it is dropped; it comes again and again. */
async function openDeaf(order: WatchOrder, index: number): Promise<void> {
  const socket = await open(order, index, true);
  setTimeout(() => {
    socket.destroy();
    void openDeaf(order, index);
  }, DEAF_STAYS);
}

async function watch(order: WatchOrder): Promise<void> {
  await pass(order);
  for (let from = 0; from < order.viewers; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, order.viewers - from);
    await Promise.all(Array.from({ length: count }, (_, n) => (from + n < order.deaf ? openDeaf(order, from + n) : open(order, from + n, false))));
  }
  process.on('message', (what: ViewerOrder) => {
    counting = what === 'count';
    if (what === 'report') send({ batches: delays.length, delays });
    delays = [];
  });
  process.on('disconnect', () => process.exit(0));
  send({ ready: true });
}

await watch(JSON.parse(process.argv[2] ?? '{}') as WatchOrder);
