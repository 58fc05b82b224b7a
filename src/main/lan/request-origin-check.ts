/**
 * Checks Host, Origin and Fetch Metadata of a request: against DNS rebinding (a foreign name that resolves to this machine)
 * and CSRF (a request sent by a foreign page). Pure; authentication is separate.
 */
import { isIP } from 'node:net';
import { plainAddress, urlOf } from '../access/addresses';

/** The server's end of a connection. */
export interface ServerEndpoint {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** Names of this server, lower case; "*." at the beginning matches any one label. */
  readonly names: readonly string[];
  /** Local address of the connection. */
  readonly address: string;
}

/** What of a request is checked. */
export interface RequestFacts {
  readonly method: string;
  /** As sent: a path with its query. */
  readonly target: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site, which a page cannot set. Browsers send it over TLS and to loopback only. */
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly contentType: string | undefined;
  readonly hasCookie: boolean;
  /** page: a static file without secrets; data: everything else. */
  readonly kind: 'page' | 'data';
}

/** A refusal with its HTTP status. */
export interface Refusal {
  readonly status: 400 | 403 | 415 | 421;
  readonly message: string;
}

const SAFE_METHODS = new Set(['GET', 'HEAD']);

function splitHost(host: string, standard: number): { name: string; port: number } | null {
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/.exec(host.toLowerCase());
  if (found === null) return null;
  const [, name = '', port] = found;
  return { name: name.replaceAll(/[[\]]/g, ''), port: port === undefined ? standard : Number(port) };
}

function isOwnHost(name: string, { names, address }: ServerEndpoint): boolean {
  // An address must be the one the request arrived at; a foreign name never is an address.
  if (isIP(name) !== 0) return plainAddress(name) === plainAddress(address);
  const bare = name.replace(/\.$/, '');
  const parent = bare.slice(bare.indexOf('.') + 1);
  return names.includes(bare) || (bare.includes('.') && names.includes(`*.${parent}`));
}

function checkHost({ host, target }: RequestFacts, endpoint: ServerEndpoint): Refusal | null {
  // An absolute URL would take precedence over the Host header (RFC 9112, 3.2.2); only proxies get one.
  if (!target.startsWith('/')) return { status: 400, message: 'the request target must be a path' };
  const requested = host === undefined ? null : splitHost(host, endpoint.scheme === 'https' ? 443 : 80);
  if (requested === null) return { status: 400, message: 'the Host header is missing or malformed' };
  if (requested.port === endpoint.port && isOwnHost(requested.name, endpoint)) return null;
  return { status: 421, message: 'unknown host name' };
}

function isOwnOrigin(origin: string, host: string, { scheme, port }: ServerEndpoint): boolean {
  const named = splitHost(host, scheme === 'https' ? 443 : 80);
  if (named === null) return false;
  const name = named.name.includes(':') ? `[${named.name}]` : named.name;
  return `${origin.toLowerCase()}/` === urlOf(scheme, name, port);
}

function checkOrigin(facts: RequestFacts, endpoint: ServerEndpoint): Refusal | null {
  const { origin, fetchSite, method, kind } = facts;
  const foreign: Refusal = { status: 403, message: 'cross-site request refused' };
  if (origin !== undefined && !isOwnOrigin(origin, facts.host ?? '', endpoint)) return foreign;
  const isSameOrigin = fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none';
  // A link on another site may open a page here; it may not fetch anything.
  const isVisit = kind === 'page' && SAFE_METHODS.has(method) && facts.fetchMode === 'navigate';
  if (!isSameOrigin && !isVisit) return foreign;
  // Browsers send the origin of a change. A request with a cookie and without an origin is not from a browser.
  const anonymous = origin === undefined && fetchSite === undefined;
  return !SAFE_METHODS.has(method) && anonymous && facts.hasCookie ? foreign : null;
}

/** The refusal; null when the request may go on. */
export function checkRequest(facts: RequestFacts, endpoint: ServerEndpoint): Refusal | null {
  const refused = checkHost(facts, endpoint) ?? checkOrigin(facts, endpoint);
  if (refused !== null || SAFE_METHODS.has(facts.method)) return refused;
  // A form of another site cannot send this type without a preflight request, which is never allowed.
  if (/^application\/json\s*(;|$)/i.test(facts.contentType ?? '')) return null;
  return { status: 415, message: 'content-type must be application/json' };
}
