/** Opens connections for probes: to a checked address, with TLS where wanted, each phase measured. */
import { connect as netConnect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { checkedAddresses } from './addresses';
import type { Target } from './addresses';
import { chainLines, chainOf, daysUntil, distrustReason, firstToEnd } from './certificate';
import { ProbeError } from './prober';
import type { ProbeParts, Trace } from './prober';
import { faultOf } from './socket-faults';

/** What a connection is opened with. */
export type ConnectParts = Pick<ProbeParts, 'clock' | 'signal' | 'lookup'>;

/** How a certificate is checked. */
export interface TlsChoice {
  readonly certificate: 'verify' | 'ownCa' | 'unverified';
  /** PEM, for `ownCa`. */
  readonly ca: string | null;
}

/** "example.org:443", "[::1]:443". */
export const placeOf = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Connections beneath TLS. One that is closed just before its TLS, while something is being written, ends the process (Node 20 and 24): TLS closes it itself. */
const beneath = new WeakSet<Socket>();

/** A socket is closed when the probe ends, and its late errors trouble nobody. */
function bind<S extends Socket>(socket: S, signal: AbortSignal): S {
  const end = (): void => {
    if (!beneath.has(socket)) socket.destroy();
  };
  socket.on('error', () => undefined);
  signal.addEventListener('abort', end, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', end));
  if (signal.aborted) end();
  return socket;
}

/** Waits for an event of a socket; rejects with a ProbeError if it fails or is closed first. */
function reached(socket: Socket, event: 'connect' | 'secureConnect', where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new ProbeError('reset', `${where} closed the connection`));
    socket.once(event, () => {
      // Each is closed in the end: an error that nobody gets would still note where it was made.
      socket.removeListener('close', onClose);
      resolve();
    });
    socket.once('error', (error) => reject(faultOf(error, where)));
    socket.once('close', onClose);
  });
}

/** Connects to the first address that answers, of those that may be asked. Rejects with a ProbeError. */
export async function openSocket(target: Target & { readonly port: number }, { signal, lookup }: ConnectParts, trace: Trace): Promise<Socket> {
  const { host, port } = target;
  const addresses = await checkedAddresses(target, lookup, trace);
  const where = placeOf(host, port);
  const end = trace.begin('connect', `connecting to ${where}`);
  // The name is not looked up again: these are the addresses that were checked.
  const socket = bind(netConnect({ host, port, autoSelectFamily: true, lookup: (_host, _options, done) => done(null, [...addresses]) }), signal);
  await reached(socket, 'connect', where);
  end();
  trace.details.push(`Connected to ${placeOf(socket.remoteAddress ?? host, port)}`);
  return socket;
}

/** Begins TLS. Throws where the authority's certificate cannot be used. */
function beginTls(plain: Socket, host: string, { certificate, ca }: TlsChoice, alpn: readonly string[]): TLSSocket {
  const common = { socket: plain, host, rejectUnauthorized: false, ALPNProtocols: [...alpn], ...(isIP(host) === 0 ? { servername: host } : {}) };
  if (certificate !== 'ownCa') return tlsConnect(common);
  if (ca === null) throw new ProbeError('certificate', 'no certificate of an authority was given; add one, or choose another check');
  try {
    return tlsConnect({ ...common, ca });
  } catch {
    // In words of OpenSSL: "no start line".
    throw new ProbeError('certificate', 'the certificate of the authority cannot be read; give it as PEM text');
  }
}

/**
 * Begins TLS on a connection and judges the certificate before anything is sent. One that is not believed still tells how long
 * it is valid. Rejects with a ProbeError: tls, certificate; the connection is closed then.
 */
export async function startTls(plain: Socket, host: string, choice: TlsChoice, { clock, signal }: ConnectParts, trace: Trace, alpn: readonly string[] = []): Promise<TLSSocket> {
  const where = placeOf(host, plain.remotePort ?? 0);
  const end = trace.begin('tls', `waiting for TLS with ${where}`);
  let socket: TLSSocket | null = null;
  try {
    socket = bind(beginTls(plain, host, choice, alpn), signal);
    beneath.add(plain);
    await reached(socket, 'secureConnect', where);
    end();
    judge(socket, host, choice, clock.now(), trace);
    return socket;
  } catch (error) {
    (socket ?? plain).destroy();
    throw error;
  }
}

function judge(socket: TLSSocket, host: string, { certificate }: TlsChoice, now: number, trace: Trace): void {
  const chain = chainOf(socket);
  const first = firstToEnd(chain);
  if (first !== null) trace.noteCertificate(daysUntil(first.validTo, now));
  trace.details.push(`TLS: ${socket.getProtocol() ?? 'unknown version'}`, ...chainLines(chain));
  if (socket.authorized) return;
  // It is a text, though declared as an error, or the error of a wrong name.
  const problem: unknown = socket.authorizationError;
  const reason = distrustReason(problem instanceof Error && 'code' in problem ? String(problem.code) : String(problem), chain, host, now);
  if (certificate === 'unverified') {
    trace.details.push(`The certificate is not checked: ${reason}`);
    return;
  }
  throw new ProbeError('certificate', `the certificate of ${host} is not valid: ${reason}`);
}
