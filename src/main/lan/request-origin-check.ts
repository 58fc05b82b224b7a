/**
 * Checks Host, Origin and Fetch Metadata of a request: against DNS rebinding (a foreign name that resolves to this machine)
 * and CSRF (a request sent by a foreign page). Pure; authentication is separate.
 */
import { isIP } from 'node:net';
import type { PublicUrl } from '../../shared/sharing/public-url';
import { plainAddress, shortAddress, urlHost, urlOf } from '../access/addresses';
import type { RequestClient } from './reverse-proxy';

/** The server's end of a connection. */
export interface ServerEndpoint {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** Names of this server, lower case; "*." at the beginning matches any one label. */
  readonly names: readonly string[];
  /** Local address of the connection. */
  readonly address: string;
  /** Further URLs of this server; none where absent. */
  readonly publicUrls?: readonly PublicUrl[];
  /** Whether and how a named proxy passed the request on; absent for a direct one. */
  readonly client?: Pick<RequestClient, 'isProxied' | 'scheme'>;
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
  /** page: a static file without secrets; secret: its address is one, which no other site knows; data: everything else. */
  readonly kind: 'page' | 'secret' | 'data';
}

/** A refusal with its HTTP status. */
export interface Refusal {
  readonly status: 400 | 403 | 415 | 421;
  readonly message: string;
}

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * A Host header (RFC 9110, 7.2): an IPv6 address in brackets, with a zone (RFC 6874), or a name of any characters that
 * RFC 3986, 3.2.2, allows; then a port, which may be empty.
 */
const HOST = /^(?:\[([0-9a-f:.]+)(?:%(?:25)?[a-z0-9._~-]+)?\]|((?:[a-z0-9._~!$&'()*+,;=-]|%[0-9a-f]{2})+))(?::(\d{0,10}))?$/;

/** Name or address of a Host header, without brackets and zone, and its port; null for one that is malformed. Whether it is a known name is another question. */
function splitHost(host: string, standard: number): { name: string; port: number } | null {
  const found = HOST.exec(host.toLowerCase());
  if (found === null) return null;
  const [, address, name = '', port = ''] = found;
  if (address !== undefined && isIP(address) !== 6) return null;
  return { name: address === undefined ? name.replace(/\.$/, '') : shortAddress(address), port: port === '' ? standard : Number(port) };
}

function isOwnHost(name: string, { names, address }: ServerEndpoint): boolean {
  // An address must be the one the request arrived at; a foreign name never is an address.
  if (isIP(name) !== 0) return plainAddress(name) === plainAddress(address);
  const parent = name.slice(name.indexOf('.') + 1);
  return names.includes(name) || (name.includes('.') && names.includes(`*.${parent}`));
}

/** The public URL that a request is for; null for one that is for the server's own names, or for none. */
export function publicUrlOf(host: string, { publicUrls = [], client }: ServerEndpoint): PublicUrl | null {
  const isNamed = ({ scheme, hostname, port }: PublicUrl): boolean => {
    const requested = splitHost(host, scheme === 'https' ? 443 : 80);
    return requested !== null && urlHost(requested.name) === hostname && requested.port === port && scheme === (client?.scheme ?? scheme);
  };
  return publicUrls.find(isNamed) ?? null;
}

/** What the user is told to change; it names the setting as the page does. */
const UNKNOWN_HOST = 'unknown host name: to reach Traywatch at this address, add it to the public URLs on the Sharing page of the machine';
const UNKNOWN_PUBLIC_URL = 'the proxy asked for no public URL: it must pass the Host header on, and the address must be among the public URLs on the Sharing page of the machine';

function checkHost({ host = '', target }: RequestFacts, endpoint: ServerEndpoint): Refusal | null {
  // An absolute URL would take precedence over the Host header (RFC 9112, 3.2.2); only proxies get one.
  if (!target.startsWith('/')) return { status: 400, message: 'the request target must be a path' };
  const requested = splitHost(host, endpoint.scheme === 'https' ? 443 : 80);
  if (requested === null) return { status: 400, message: 'the Host header is missing or malformed' };
  if (publicUrlOf(host, endpoint) !== null) return null;
  // A proxy that replaces the Host header by the server's own name would undo this check for every foreign name.
  if (endpoint.client?.isProxied === true) return { status: 421, message: UNKNOWN_PUBLIC_URL };
  return requested.port === endpoint.port && isOwnHost(requested.name, endpoint) ? null : { status: 421, message: UNKNOWN_HOST };
}

function isOwnOrigin(origin: string, host: string, endpoint: ServerEndpoint): boolean {
  const publicUrl = publicUrlOf(host, endpoint);
  if (publicUrl !== null) return origin.toLowerCase() === publicUrl.origin;
  const { scheme, port } = endpoint;
  const named = splitHost(host, scheme === 'https' ? 443 : 80);
  return named !== null && `${origin.toLowerCase()}/` === urlOf(scheme, urlHost(named.name), port);
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
  // A job sends what it has to say in whichever type its program does.
  if (facts.kind === 'secret') return null;
  // A form of another site cannot send this type without a preflight request, which is never allowed.
  if (/^application\/json\s*(;|$)/i.test(facts.contentType ?? '')) return null;
  return { status: 415, message: 'content-type must be application/json' };
}
