/** Which addresses this machine has, and what a browser calls them. Pure but for the reading. */
import { hostname } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';
import { readNetworkInterfaces } from '../engine/network-interfaces';

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
  const addresses = readNetworkInterfaces().flatMap(([name, list]) => list.map((info) => toLocal(name, info)));
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

/** The part of a network an address belongs to for counting: one IPv6 customer has a whole /64. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const all = tail === undefined ? groups : [...groups, ...Array.from({ length: Math.max(0, 8 - groups.length - behind.length) }, () => '0'), ...behind];
  return `${all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
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
  if (localHost.addresses.length === 0) {
    // They could not be read; what is listened on is known all the same.
    const hosts = bound.map((address) => (address === '::' || address === '0.0.0.0' ? '127.0.0.1' : urlHost(address)));
    return [...new Set(hosts)].map((host) => urlOf(scheme, host, port));
  }
  const everywhere = bound.some((address) => address === '::' || address === '0.0.0.0');
  const chosen = new Set(bound.map(plainAddress));
  const listening = localHost.addresses.filter(({ address, family }) => (everywhere ? bound.includes('::') || family === 4 : chosen.has(address)));
  const reachable = listening.filter(({ linkLocal }) => !linkLocal).toSorted((a, b) => rank(a) - rank(b));
  const outside = reachable.filter(({ loopback }) => !loopback);
  return (outside.length > 0 ? outside : reachable).map(({ address }) => urlOf(scheme, urlHost(address), port));
}
