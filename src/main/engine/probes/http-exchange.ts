/** One request and the head of its answer, over a connection that was opened and checked before. */
import { request, validateHeaderValue } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ServiceOf } from '../../../shared/services/service-schemas';
import { placeOf } from './connect';
import { ProbeError } from './prober';
import type { ProbeParts, Trace } from './prober';
import { faultOf } from './socket-faults';

/** Method of a request. */
export type Method = ServiceOf<'http'>['method'];

/** Bytes of headers that are taken. */
const MAX_HEADERS = 32 * 1024;

/** They say how the request itself is framed. */
const OURS = new Set(['connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect']);

function checkedValue(name: string, value: string | undefined): string {
  if (OURS.has(name.toLowerCase())) throw new ProbeError('other', `the header ${name} cannot be set; remove it`);
  if (value === undefined) throw new ProbeError('secretMissing', `the value of the header ${name} is not known; enter it again`);
  try {
    validateHeaderValue(name, value);
    return value;
  } catch {
    // Its message has the value in some versions.
    throw new ProbeError('other', `the value of the header ${name} has a line break or another character that no header can have; enter it again`);
  }
}

/** The headers that a person set, with their values. Throws a ProbeError: secretMissing, other. */
export function ownHeaders(names: readonly string[], secrets: ProbeParts['secrets']): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, checkedValue(name, Object.hasOwn(secrets, name) ? secrets[name] : undefined)]));
}

function headersOf(url: URL, own: Readonly<Record<string, string>>): Record<string, string> {
  const taken = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const usual = { host: url.host, 'user-agent': 'Traywatch', accept: '*/*', 'accept-encoding': 'identity', connection: 'close' };
  return { ...Object.fromEntries(Object.entries(usual).filter(([name]) => !taken.has(name))), ...own };
}

/** Sends a request without a body, and waits for the head of the answer. Rejects with a ProbeError. */
export function exchange(url: URL, method: Method, own: Readonly<Record<string, string>>, socket: Socket, signal: AbortSignal, trace: Trace): Promise<IncomingMessage> {
  const where = placeOf(url.hostname.replace(/^\[|\]$/g, ''), socket.remotePort ?? 0);
  const end = trace.begin('firstByte', 'waiting for the first byte of the answer');
  return new Promise((resolve, reject) => {
    const sent = request({
      method, path: `${url.pathname}${url.search}`, headers: headersOf(url, own), setHost: false, maxHeaderSize: MAX_HEADERS,
      // No agent, so no proxy either, and no connection that is used again: each probe measures its own.
      createConnection: () => socket,
    });
    if (method === 'POST') sent.setHeader('content-length', '0');
    sent.on('response', (response) => {
      end();
      response.on('error', () => undefined);
      resolve(response);
    });
    // Another protocol begins: the head of the answer is all there is to judge.
    sent.on('upgrade', (response, upgraded) => {
      end();
      upgraded.destroy();
      resolve(response);
    });
    sent.on('error', (error) => reject(faultOf(error, where)));
    signal.addEventListener('abort', () => sent.destroy(), { once: true });
    sent.end();
  });
}
