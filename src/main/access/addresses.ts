/** Which addresses this machine has, and what a browser calls them. Pure but for the reading. */
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';

/** An address of this machine. */
export interface LocalAddress {
  readonly address: string;
  /** Name of the network interface that has it. */
  readonly interface: string;
  readonly family: 4 | 6;
  /** Of this machine to itself. */
  readonly loopback: boolean;
  /** IPv6 fe80::/10, which a browser cannot name. */
  readonly linkLocal: boolean;
}

/** The machine's names and addresses at one moment. */
export interface LocalHost {
  /** Lower case, as the system has it. */
  readonly hostname: string;
  readonly addresses: readonly LocalAddress[];
}

/** An address in the one form it is compared in: no zone, IPv4 not dressed as IPv6, lower case. */
export function plainAddress(address: string): string {
  const bare = address.toLowerCase().replace(/%.*$/, '');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1] ?? bare;
}

/** True for addresses of this machine to itself. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}

function toLocal(name: string, { address, family, internal }: NetworkInterfaceInfo): LocalAddress {
  const plain = plainAddress(address);
  return { address: plain, interface: name, family: family === 'IPv6' ? 6 : 4, loopback: internal || isLoopback(plain), linkLocal: /^fe[89ab]/.test(plain) };
}

/** Reads the machine's names and addresses. */
export function readLocalHost(): LocalHost {
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, list]) => (list ?? []).map((info) => toLocal(name, info)));
  return { hostname: hostname().toLowerCase(), addresses };
}

/** The names this machine goes by: its own, that of multicast DNS, and localhost. */
export function ownNames({ hostname }: Pick<LocalHost, 'hostname'>): readonly string[] {
  const first = hostname.split('.')[0] ?? '';
  return [...new Set(['localhost', hostname, first, `${first}.local`])].filter((name) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name));
}

/** The name of multicast DNS, or null where the machine's name cannot be one. */
export function mdnsName(localHost: Pick<LocalHost, 'hostname'>): string | null {
  return ownNames(localHost).find((name) => name.endsWith('.local')) ?? null;
}

/**
 * The network an address counts as in limits: an IPv4 address itself; the /64 of an IPv6 address, as one machine can use
 * every address of it. `unknown` for anything that is not an address.
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  const family = isIP(plain);
  if (family !== 6) return family === 4 ? plain : 'unknown';
  const [head = '', tail] = plain.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return `${[...front, ...zeros, ...back].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** An address as it stands in a URL. */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** A URL of the server; the scheme's own port is left out. */
export function urlOf(scheme: 'http' | 'https', host: string, port: number): string {
  const standard = scheme === 'https' ? 443 : 80;
  return `${scheme}://${host}${port === standard ? '' : `:${port}`}/`;
}

/** How likely a viewer reaches the machine there: a private IPv4 address first, the machine itself last. */
function rank({ family, loopback, address }: LocalAddress): number {
  if (loopback) return 9;
  if (family === 6) return 2;
  // 172.17/16 is what container bridges take: nobody outside reaches those.
  const isBridge = address.startsWith('172.17.');
  return !isBridge && /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address) ? 0 : 1;
}

/**
 * What a viewer may type: an address per interface it listens at, the likeliest first. Loopback stands there only where
 * there is nothing else.
 */
export function urlsOf(scheme: 'http' | 'https', port: number, bound: readonly string[], localHost: LocalHost): readonly string[] {
  const everywhere = bound.some((address) => address === '::' || address === '0.0.0.0');
  const chosen = new Set(bound.map(plainAddress));
  const listening = localHost.addresses.filter(({ address, family }) => (everywhere ? bound.includes('::') || family === 4 : chosen.has(address)));
  const reachable = listening.filter(({ linkLocal }) => !linkLocal).toSorted((a, b) => rank(a) - rank(b));
  const outside = reachable.filter(({ loopback }) => !loopback);
  return (outside.length > 0 ? outside : reachable).map(({ address }) => urlOf(scheme, urlHost(address), port));
}
