/**
 * The connection to a hub. A hub is known by its certificate, which is looked at before a byte of a request is written: one
 * that shows another gets nothing. Authorities are not asked: hubs issue their certificates themselves.
 */
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { matchesPin, pinOf } from './certificate-pin';
import type { Pin } from './certificate-pin';

/** Most bytes of an answer. */
const MAX_ANSWER = 256 * 1024;

/** The hub showed another certificate than the one that was confirmed. */
export class OtherCertificateError extends Error {
  override readonly name = 'OtherCertificateError';
  constructor(readonly shown: Pin | null) {
    super('the hub shows another certificate than the one that was confirmed');
  }
}

/** A request. The body is sent as it is. */
export interface HubRequest {
  readonly method: 'GET' | 'POST';
  /** Below the hub's address, without a slash in front. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly signal: AbortSignal;
}

/** An answer. */
export interface HubAnswer {
  readonly status: number;
  readonly text: string;
  /** `retry-after`, seconds; null where there is none. */
  readonly retryAfter: number | null;
}

function serverName(host: string): { servername: string } | object {
  return isIP(host.replace(/^\[|\]$/g, '')) === 0 ? { servername: host } : {};
}

/** Opens a TLS connection, and gives it only where its certificate is the right one; `pin` null: whichever it is. */
function openPinned(address: URL, pin: Pin | null, done: (error: Error | null, socket: TLSSocket | null, shown: Pin | null) => void): TLSSocket {
  const host = address.hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(address.port === '' ? 443 : address.port), ...serverName(host), rejectUnauthorized: false, ALPNProtocols: ['http/1.1'], minVersion: 'TLSv1.2' });
  const onError = (error: Error): void => done(error, null, null);
  socket.once('error', onError);
  socket.once('secureConnect', () => {
    socket.off('error', onError);
    const certificate = socket.getPeerX509Certificate();
    const shown = certificate === undefined ? null : pinOf(certificate);
    if (shown !== null && (pin === null || matchesPin(pin, shown))) return done(null, socket, shown);
    // Nothing was written yet, and nothing is.
    socket.on('error', () => undefined);
    socket.destroy();
    return done(new OtherCertificateError(shown), null, shown);
  });
  return socket;
}

/** The certificate a hub shows; nothing is sent. Null for an address without encryption. */
export function lookAtCertificate(address: URL, signal: AbortSignal): Promise<Pin | null> {
  if (address.protocol === 'http:') return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const socket = openPinned(address, null, (error, opened, shown) => {
      opened?.destroy();
      if (error === null) resolve(shown);
      else reject(error);
    });
    signal.addEventListener('abort', () => {
      socket.destroy();
      reject(new Error('it does not answer'));
    });
  });
}

class PinnedAgent extends HttpsAgent {
  readonly #address: URL;
  readonly #pin: Pin;
  readonly #onShown: (shown: Pin) => void;

  constructor(address: URL, pin: Pin, onShown: (shown: Pin) => void) {
    // One connection for reports, and one for the word that this machine stops while a report is under way.
    super({ keepAlive: true, maxSockets: 2, maxCachedSessions: 0 });
    this.#address = address;
    this.#pin = pin;
    this.#onShown = onShown;
  }

  override createConnection(_options: unknown, onCreate?: (error: Error | null, socket: Duplex) => void): undefined {
    openPinned(this.#address, this.#pin, (error, socket, shown) => {
      if (shown !== null && error === null) this.#onShown(shown);
      onCreate?.(error, socket as unknown as Socket);
    });
    return undefined;
  }
}

async function readAnswer(response: IncomingMessage): Promise<HubAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER) throw new Error('the answer of the hub is too long');
    chunks.push(chunk);
  }
  const retryAfter = Number(response.headers['retry-after'] ?? Number.NaN);
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), retryAfter: Number.isFinite(retryAfter) ? retryAfter : null };
}

/** Requests to one hub, over connections that stay open. */
export interface HubConnection {
  /** Rejects where the hub cannot be reached, with an OtherCertificateError where another certificate is shown. */
  send(request: HubRequest): Promise<HubAnswer>;
  close(): void;
}

/** Creates it; nothing is connected before the first request. `pin` is null for an address without encryption. `onShown` is called with the certificate of each connection. */
export function createHubConnection(address: URL, pin: Pin | null, onShown: (shown: Pin) => void): HubConnection {
  const agent = pin === null ? new HttpAgent({ keepAlive: true, maxSockets: 2 }) : new PinnedAgent(address, pin, onShown);
  const begin = pin === null ? requestHttp : requestHttps;
  return {
    send: ({ method, path, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const length = body === null ? {} : { 'content-length': String(body.length) };
        const request = begin(new URL(path, address), { method, agent, signal, headers: { ...headers, ...length } }, (response) => void readAnswer(response).then(resolve, reject));
        request.once('error', reject);
        request.end(body ?? undefined);
      }),
    close: () => agent.destroy(),
  };
}
