/** The UDP sockets of multicast DNS over IPv4: one that hears everything, and one for each link to send from. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';

/** A received message. */
export interface MdnsDatagram {
  readonly bytes: Buffer;
  readonly address: string;
  readonly port: number;
}

/** Called by the sockets. */
export interface MdnsSocketEvents {
  onMessage(datagram: MdnsDatagram): void;
  /** Nothing more is received. */
  onFailed(error: Error): void;
}

/** Open sockets. */
export interface MdnsSockets {
  /** The links, by their own IPv4 addresses, that could be opened. */
  readonly links: readonly string[];
  /** Sends from a link, to all or to one client; rejects where the system refuses. */
  send(link: string, bytes: Buffer, to?: { readonly address: string; readonly port: number }): Promise<void>;
  close(): Promise<void>;
}

/** Opens sockets for links; rejects where none can be opened. */
export type OpenSockets = (links: readonly string[], events: MdnsSocketEvents) => Promise<MdnsSockets>;

const GROUP = '224.0.0.251';
/** Port of multicast DNS. */
export const MDNS_PORT = 5353;
/** RFC 6762 (11): receivers may ignore messages from outside of the link, which have a lower value. */
const TTL = 255;

async function bound(address: string, port: number): Promise<Socket> {
  // Other responders on this machine have the same port.
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address, port }, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));

async function openLink(link: string, port: number, hearing: Socket, { onMessage }: MdnsSocketEvents): Promise<Socket> {
  const socket = await bound(link, port);
  try {
    socket.setMulticastInterface(link);
    socket.setMulticastTTL(TTL);
    socket.setMulticastLoopback(true);
    hearing.addMembership(GROUP, link);
  } catch (error) {
    await closed(socket);
    throw error;
  }
  // What is sent to this address alone arrives here. Errors of sending are those of the call.
  socket.on('message', (bytes, from) => onMessage({ bytes, address: from.address, port: from.port }));
  socket.on('error', () => undefined);
  return socket;
}

/** The real sockets, at the port of multicast DNS unless a test gives another. */
export function openSocketsAt(port: number): OpenSockets {
  return async (links, events) => {
    const hearing = await bound('0.0.0.0', port);
    hearing.on('message', (bytes, from) => events.onMessage({ bytes, address: from.address, port: from.port }));
    hearing.on('error', events.onFailed);
    const open = new Map<string, Socket>();
    let refused: unknown = new Error('no network interface with an IPv4 address');
    for (const link of links) {
      try {
        open.set(link, await openLink(link, port, hearing, events));
      } catch (error) {
        // An interface without multicast, or one that has just gone.
        refused = error;
      }
    }
    const close = async (): Promise<void> => {
      await Promise.all([hearing, ...open.values()].map(closed));
    };
    if (open.size === 0) {
      await close();
      throw refused;
    }
    return {
      links: [...open.keys()],
      send: (link, bytes, to = { address: GROUP, port }) =>
        new Promise((resolve, reject) => {
          const socket = open.get(link);
          if (socket === undefined) reject(new Error(`${link} is not open`));
          else socket.send(bytes, to.port, to.address, (error) => (error === null ? resolve() : reject(error)));
        }),
      close,
    };
  };
}
