/**
 * Probes a web address: a fresh connection each time, each phase measured, redirects followed one by one.
 *
 * Environment variables that name a proxy are ignored: what is measured is the way from this machine to the service, and
 * an address that was checked would not be the one that a proxy asks.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ServiceOf } from '../../../shared/services/service-schemas';
import { openSocket, startTls } from './connect';
import { MAX_BODY, readBody } from './http-body';
import type { Body } from './http-body';
import { exchange, ownHeaders } from './http-exchange';
import type { Method } from './http-exchange';
import { ProbeError, probed } from './prober';
import type { Found, ProbeParts, Prober, Trace } from './prober';
import { previewWithout } from './secret-echo';
import { isExpected } from './status-codes';

type HttpService = ServiceOf<'http'>;

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Characters of the body that are shown. */
const PREVIEW = 500;

/** Headers that are shown: they tell what answered, and hold no secrets. */
const SHOWN = ['content-type', 'content-length', 'content-encoding', 'server', 'date', 'cache-control', 'age', 'via', 'retry-after', 'www-authenticate', 'strict-transport-security'];

/** One request of a probe. */
interface Hop {
  readonly url: URL;
  readonly method: Method;
  /** Headers of the service, which are not for another host. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Without query and password: either may be a secret. */
const shown = (url: URL): string => `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;

function nextUrl(location: string, from: URL): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw new ProbeError('badAnswer', 'it redirects to an address that cannot be followed');
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

/** RFC 9110, 15.4: 303 always asks with GET; so do browsers after a POST that was moved. */
function nextMethod(method: Method, status: number): Method {
  if (method === 'HEAD') return method;
  return status === 303 || (method === 'POST' && (status === 301 || status === 302)) ? 'GET' : method;
}

/** Where an answer leads; null where it is the last one. Throws a ProbeError. */
function nextHop({ url, method, headers }: Hop, response: IncomingMessage, trace: Trace): Hop | null {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (!REDIRECTS.has(status) || location === undefined) return null;
  const next = nextUrl(location, url);
  const isElsewhere = next.origin !== url.origin;
  const note = next.hostname === url.hostname ? '' : ' (another host)';
  trace.details.push(`Redirect ${status} to ${shown(next)}${note}`);
  if (isElsewhere && Object.keys(headers).length > 0) trace.details.push('The headers of this service are not sent there');
  return { url: next, method: nextMethod(method, status), headers: isElsewhere ? {} : headers };
}

/** Where an answer would lead is told, too. */
function noteRedirect({ url }: Hop, response: IncomingMessage, trace: Trace): null {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (REDIRECTS.has(status) && location !== undefined && URL.canParse(location, url.href)) trace.details.push(`Redirect ${status} to ${shown(new URL(location, url.href))}, not followed`);
  return null;
}

async function connect(url: URL, service: HttpService, parts: ProbeParts, trace: Trace): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const plain = await openSocket({ host, port, allowLinkLocal: service.allowLinkLocal }, parts, trace);
  return isTls ? startTls(plain, host, service, parts, trace, ['http/1.1']) : plain;
}

function headLines(response: IncomingMessage): readonly string[] {
  const headers = SHOWN.flatMap((name) => {
    const value = response.headers[name];
    return value === undefined ? [] : [`${name}: ${String(value)}`];
  });
  const cookies = (response.headers['set-cookie'] ?? []).map((cookie) => `set-cookie: ${cookie.split('=')[0] ?? ''} (value not shown)`);
  return [`HTTP/${response.httpVersion} ${response.statusCode ?? 0} ${response.statusMessage ?? ''}`.trim(), ...headers, ...cookies];
}

/** Why a body is not as it should be; null where it is. Pure. */
function bodyFault({ keyword, keywordAbsent }: Pick<HttpService, 'keyword' | 'keywordAbsent'>, body: Body, head: IncomingMessage): ProbeError | null {
  if (keyword === null) return null;
  const encoding = head.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return new ProbeError('badAnswer', `the answer is compressed (${encoding}), though it was asked for as it is: the text in it cannot be looked for`);
  if (body.hasKeyword) return keywordAbsent ? new ProbeError('keyword', `HTTP ${head.statusCode ?? 0}, but “${keyword}” is in the answer`) : null;
  if (body.end === 'broken') return new ProbeError('reset', 'the connection was closed in the middle of the answer');
  const part = body.end === 'cut' ? `the first ${MAX_BODY / 1024} KB of ` : '';
  return keywordAbsent ? null : new ProbeError('keyword', `HTTP ${head.statusCode ?? 0}, but “${keyword}” is not in ${part}the answer`);
}

async function judge(service: HttpService, response: IncomingMessage, parts: ProbeParts, trace: Trace): Promise<Found> {
  const status = response.statusCode ?? 0;
  trace.details.push(...headLines(response));
  const answered = trace.elapsed();
  trace.doing = 'reading the answer';
  const isGood = isExpected(status, service.expectedCodes);
  const body = await readBody(response, isGood ? service.keyword : null, parts.timers);
  if (body.text !== '') trace.details.push(`Body: ${previewWithout(body.text, Object.values(parts.secrets), PREVIEW)}`);
  if (!isGood) throw new ProbeError('status', `HTTP ${status}, expected ${service.expectedCodes}`);
  const fault = bodyFault(service, body, response);
  if (fault !== null) throw fault;
  return { text: `HTTP ${status}`, latency: service.keyword === null ? answered : trace.elapsed() };
}

async function ask(service: HttpService, parts: ProbeParts, trace: Trace): Promise<Found> {
  let hop: Hop = { url: new URL(service.url), method: service.method, headers: ownHeaders(service.headers, parts.secrets) };
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const socket = await connect(hop.url, service, parts, trace);
    try {
      const response = await exchange(hop.url, hop.method, hop.headers, socket, parts.signal, trace);
      const next = service.followRedirects ? nextHop(hop, response, trace) : noteRedirect(hop, response, trace);
      if (next === null) return await judge(service, response, parts, trace);
      hop = next;
    } finally {
      socket.destroy();
    }
  }
  throw new ProbeError('tooManyRedirects', `more than ${MAX_REDIRECTS} redirects`);
}

/**
 * Asks a web address. Its latency is the time until the head of the last answer came, redirects included, and until a text was
 * looked for where one is. The phases are sums over redirects.
 */
export const probeHttp: Prober<'http'> = (service, parts) => probed(parts, (trace) => ask(service, parts, trace));
