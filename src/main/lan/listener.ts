/** One listening socket with its limits; it passes requests to a handler. */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LanErrorReason } from '../../shared/sharing/lan-state';
import { codeOf, messageOf } from '../../shared/result';
import { networkOf, urlHost } from '../access/addresses';
import type { KeyPair } from './certificate';
import type { ServerLimits } from './server-limits';

/** Handles requests. */
export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** Counts open connections over all listeners. */
export interface ConnectionCounter {
  /** False when there are too many; the connection is not counted then. */
  add(address: string): boolean;
  remove(address: string): void;
}

/** Creates a counter with the limits overall and per network. A named proxy has the connections of many clients: only the overall limit is for it. */
export function createConnectionCounter({ connections, connectionsPerAddress }: ServerLimits, isProxy: (address: string) => boolean = () => false): ConnectionCounter {
  const open = new Map<string, number>();
  let all = 0;
  return {
    add(address) {
      const network = networkOf(address);
      const own = open.get(network) ?? 0;
      if (all >= connections || (own >= connectionsPerAddress && !isProxy(address))) return false;
      open.set(network, own + 1);
      all += 1;
      return true;
    },
    remove(address) {
      const network = networkOf(address);
      const own = (open.get(network) ?? 1) - 1;
      if (own === 0) open.delete(network);
      else open.set(network, own);
      all -= 1;
    },
  };
}

/** A listening socket. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Uses another certificate for new connections. */
  setCertificate(pair: KeyPair): void;
  /** Accepts no more connections, waits up to `grace` ms for responses to end, then cuts what is left. */
  close(grace: number): Promise<void>;
}

/** What a listener is built from. */
export interface ListenerParts {
  readonly address: string;
  readonly port: number;
  /** Null for plain HTTP. */
  readonly pair: KeyPair | null;
  readonly limits: ServerLimits;
  readonly counter: ConnectionCounter;
  readonly handler: RequestHandler;
  /** The socket failed after it had begun to listen. */
  onFailed(error: Error): void;
}

/**
 * Suites of TLS 1.3, and those of TLS 1.2 with forward secrecy and authenticated encryption (RFC 9325, 4.2). RSA is for
 * certificates of the user. Those of TLS 1.3 have to be in the list, or Node turns that version off.
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  ...['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].flatMap((suite) => [`ECDHE-ECDSA-${suite}`, `ECDHE-RSA-${suite}`]),
].join(':');

/** The same for the first certificate and for those that replace it. */
const TLS_OPTIONS = { minVersion: 'TLSv1.2', ciphers: CIPHERS } as const;

function createServer({ pair, limits, handler }: ListenerParts): http.Server | https.Server {
  const options: http.ServerOptions = {
    maxHeaderSize: limits.head,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    connectionsCheckingInterval: limits.timeoutCheckInterval,
    keepAliveTimeout: limits.keepAlive,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  };
  const server =
    pair === null
      ? http.createServer(options, handler)
      : https.createServer({ ...options, ...pair, ...TLS_OPTIONS, handshakeTimeout: limits.handshakeTimeout, ALPNProtocols: ['http/1.1'] }, handler);
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.timeout = limits.idle;
  return server;
}

const BAD_REQUESTS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** A request that is not HTTP gets a bare response, and the connection ends. */
function respondToClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  // A client that does not read even this is not waited for.
  socket.end(`HTTP/1.1 ${BAD_REQUESTS[error.code ?? ''] ?? '400 Bad Request'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}

/** Tracks sockets by address, those amid a TLS handshake as well; one listener function for all of them. */
function trackSockets(server: http.Server | https.Server, counter: ConnectionCounter): ReadonlyMap<Socket, string> {
  const sockets = new Map<Socket, string>();
  const forget = (socket: Socket): void => {
    const address = sockets.get(socket);
    if (address !== undefined && sockets.delete(socket)) counter.remove(address);
  };
  const onClose = function onClose(this: Socket): void {
    forget(this);
  };
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || !counter.add(address)) {
      socket.destroy();
      return;
    }
    sockets.set(socket, address);
    socket.on('close', onClose);
  });
  return sockets;
}

/**
 * Why a socket could not listen. On Windows any user may use any port, so one that is denied lies in a range that Hyper-V,
 * WinNAT or an administrator has reserved.
 */
export function errorReasonOf(error: unknown, platform?: NodeJS.Platform): LanErrorReason {
  const code = codeOf(error);
  if (code === 'EACCES' && platform === 'win32') return 'portReserved';
  if (code === 'EADDRINUSE') return 'portInUse';
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'ENODEV' || code === 'EINVAL') return 'addressGone';
  return code === 'EACCES' || code === 'EPERM' ? 'notPermitted' : 'other';
}

const ERROR_TEXT: Readonly<Partial<Record<LanErrorReason, string>>> = {
  portInUse: 'port in use by another program',
  addressGone: 'address not available on this machine',
  notPermitted: 'permission denied; use a port from 1024',
  portReserved: 'port reserved by Windows; choose another one (netsh int ipv4 show excludedportrange tcp lists those that are not free)',
};

/** The reason as a message with address and port. */
export function listenErrorText(reason: LanErrorReason, address: string, port: number, error: unknown): string {
  return `${urlHost(address)}:${port}: ${ERROR_TEXT[reason] ?? messageOf(error)}`;
}

/** Opens a listening socket; rejects with the system's error. */
export async function listen(parts: ListenerParts): Promise<Listener> {
  const server = createServer(parts);
  const sockets = trackSockets(server, parts.counter);
  server.on('clientError', respondToClientError);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Bound to "::", the socket accepts IPv4 as well.
    server.listen({ host: parts.address, port: parts.port, ipv6Only: false }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', parts.onFailed);
  const bound = server.address();
  return {
    address: parts.address,
    port: typeof bound === 'object' && bound !== null ? bound.port : parts.port,
    setCertificate(pair) {
      if (server instanceof https.Server) server.setSecureContext({ ...pair, ...TLS_OPTIONS });
    },
    close: (grace) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => sockets.forEach((_address, socket) => socket.destroy()), grace);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
