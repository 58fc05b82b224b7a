/** A neighbor that speaks multicast DNS on the loopback interface, at a port of the test. */
import { createSocket } from 'node:dgram';
import { decode, encode } from 'dns-packet';
import type { Packet, RecordType } from 'dns-packet';

const GROUP = '224.0.0.251';
const ASK_INTERVAL = 400;

/** A neighbor. */
export interface Neighbor {
  /** Asks, and resolves to the first response that answers. */
  query(name: string, type: RecordType): Promise<Packet>;
  /** Has a host name from now on, and says so to whoever asks. */
  answer(name: string, address: string): void;
  close(): void;
}

/** Joins the group on loopback. */
export async function listenOnMulticast(port: number): Promise<Neighbor> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind({ address: '0.0.0.0', port }, resolve));
  socket.addMembership(GROUP, '127.0.0.1');
  socket.setMulticastInterface('127.0.0.1');
  const hosts = new Map<string, string>();
  const waiting: { matches: (packet: Packet) => boolean; resolve: (packet: Packet) => void }[] = [];
  const sendAll = (packet: Packet): void => socket.send(encode(packet), port, GROUP);
  socket.on('message', (bytes) => {
    const packet = decode(bytes);
    if (packet.type === 'query') {
      for (const { name } of packet.questions ?? []) {
        const data = hosts.get(name);
        if (data !== undefined) sendAll({ type: 'response', answers: [{ name, type: 'A', ttl: 120, flush: true, data }] });
      }
      return;
    }
    for (const one of waiting.filter(({ matches }) => matches(packet))) {
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve(packet);
    }
  });
  return {
    query: (name, type) =>
      new Promise((resolve) => {
        const ask = (): void => sendAll({ type: 'query', questions: [{ name, type }] });
        // What was sent to all a moment ago is not sent again.
        const again = setInterval(ask, ASK_INTERVAL);
        waiting.push({ matches: ({ answers = [] }) => answers.length === 1 && answers[0]?.name === name && answers[0].type === type, resolve: (packet) => (clearInterval(again), resolve(packet)) });
        ask();
      }),
    answer: (name, address) => void hosts.set(name, address),
    close: () => void socket.close(),
  };
}
