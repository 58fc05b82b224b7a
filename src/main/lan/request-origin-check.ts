/**
 * Whether a request comes from where it should: not over a foreign name (DNS rebinding), not sent by a foreign page
 * (CSRF). Pure; who sends it is another question.
 */
import { isIP } from 'node:net';
import { plainAddress, urlOf } from '../access/addresses';

/** Where a request arrived. */
export interface ServerEndpoint {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** Names this server goes by, lower case; one that begins with "*." stands for any one label. */
  readonly names: readonly string[];
  /** The machine's own end of the connection. */
  readonly address: string;
}

/** What is looked at. */
export interface RequestFacts {
  readonly method: string;
  /** As sent: a path with its query. */
  readonly target: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site, which a page cannot set by itself. Browsers send it over TLS and to this machine only. */
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly contentType: string | undefined;
  readonly hasCookie: boolean;
  /** page: what a browser shows, without secrets; data: everything else. */
  readonly kind: 'page' | 'data';
}

/** Why a request is refused, and with which HTTP status. */
export interface Refusal {
  readonly status: 400 | 403 | 415 | 421;
  readonly message: string;
}

const READING = new Set(['GET', 'HEAD']);

function splitHost(host: string, standard: number): { name: string; port: number } | null {
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/.exec(host.toLowerCase());
  if (found === null) return null;
  const [, name = '', port] = found;
  return { name: name.replaceAll(/[[\]]/g, ''), port: port === undefined ? standard : Number(port) };
}

function isOwnHost(name: string, { names, address }: ServerEndpoint): boolean {
  // The address it came in by is ours by proof; a foreign name never is an address.
  if (isIP(name) !== 0) return plainAddress(name) === plainAddress(address);
  const bare = name.replace(/\.$/, '');
  const parent = bare.slice(bare.indexOf('.') + 1);
  return names.includes(bare) || (bare.includes('.') && names.includes(`*.${parent}`));
}

function checkHost({ host, target }: RequestFacts, endpoint: ServerEndpoint): Refusal | null {
  // A whole URL would overrule the Host header (RFC 9112, 3.2.2); only proxies are sent one.
  if (!target.startsWith('/')) return { status: 400, message: 'the request target must be a path' };
  const named = host === undefined ? null : splitHost(host, endpoint.scheme === 'https' ? 443 : 80);
  if (named === null) return { status: 400, message: 'the Host header is missing or malformed' };
  if (named.port === endpoint.port && isOwnHost(named.name, endpoint)) return null;
  return { status: 421, message: 'this server does not go by that name' };
}

function isOwnOrigin(origin: string, host: string, { scheme, port }: ServerEndpoint): boolean {
  const named = splitHost(host, scheme === 'https' ? 443 : 80);
  if (named === null) return false;
  const name = named.name.includes(':') ? `[${named.name}]` : named.name;
  return `${origin.toLowerCase()}/` === urlOf(scheme, name, port);
}

function checkOrigin(facts: RequestFacts, endpoint: ServerEndpoint): Refusal | null {
  const { origin, fetchSite, method, kind } = facts;
  const foreign: Refusal = { status: 403, message: 'requests from other sites are refused' };
  if (origin !== undefined && !isOwnOrigin(origin, facts.host ?? '', endpoint)) return foreign;
  const own = fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none';
  // A link on another page may lead here; it may not fetch anything.
  const isVisit = kind === 'page' && READING.has(method) && facts.fetchMode === 'navigate';
  if (!own && !isVisit) return foreign;
  // A browser says where a change comes from; one with a cookie that does not is no browser we know.
  const anonymous = origin === undefined && fetchSite === undefined;
  return !READING.has(method) && anonymous && facts.hasCookie ? foreign : null;
}

/** Why the request is refused, or null when it may go on. */
export function checkRequest(facts: RequestFacts, endpoint: ServerEndpoint): Refusal | null {
  const refused = checkHost(facts, endpoint) ?? checkOrigin(facts, endpoint);
  if (refused !== null || READING.has(facts.method)) return refused;
  // A form of another page cannot send this type without asking first, and it is never allowed.
  if (/^application\/json\s*(;|$)/i.test(facts.contentType ?? '')) return null;
  return { status: 415, message: 'content-type must be application/json' };
}
