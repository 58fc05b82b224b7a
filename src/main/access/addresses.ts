/** Host name and IP addresses of this machine, and the URLs they are reached at. Pure but for `readLocalHost`. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';
import { readNetworkInterfaces } from '../engine/network-interfaces';

/** An address of this machine. */
export interface LocalAddress {
  readonly address: string;
  /** Name of its network interface. */
  readonly interface: string;
  readonly family: 4 | 6;
  /** Only reachable from this machine. */
  readonly loopback: boolean;
  /** IPv6 fe80::/10, which browsers cannot open. */
  readonly linkLocal: boolean;
  /** Length of the network's prefix, bits; absent where the system does not tell. */
  readonly prefix?: number;
}

/** Host name and addresses as they are at one time. */
export interface LocalHost {
  /** As the system reports it, in lower case. */
  readonly hostname: string;
  /** The host name announced by multicast DNS, without `.local`, where another machine has the machine's own. */
  readonly announced?: string;
  readonly addresses: readonly LocalAddress[];
}

/** The canonical form of an address, for comparisons: no zone, IPv4-mapped IPv6 as IPv4, lower case. */
export function plainAddress(address: string): string {
  const bare = address.toLowerCase().replace(/%.*$/, '');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1] ?? bare;
}

/** The canonical form, with IPv6 addresses in the short form that systems and browsers write: `0:0:0:0:0:0:0:1` is `::1`. */
export function shortAddress(address: string): string {
  const plain = plainAddress(address);
  return isIP(plain) === 6 ? plainAddress(new URL(`http://[${plain}]/`).hostname.slice(1, -1)) : plain;
}

/** True for loopback addresses. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}

function toLocal(name: string, { address, family, internal, cidr }: NetworkInterfaceInfo): LocalAddress {
  const plain = plainAddress(address);
  const prefix = Number(cidr?.split('/')[1] ?? Number.NaN);
  return { ...(Number.isInteger(prefix) ? { prefix } : {}), address: plain, interface: name, family: family === 'IPv6' ? 6 : 4, loopback: internal || isLoopback(plain), linkLocal: /^fe[89ab]/.test(plain) };
}

/** Reads host name and addresses from the system. */
export function readLocalHost(): LocalHost {
  const addresses = readNetworkInterfaces().flatMap(([name, list]) => list.map((info) => toLocal(name, info)));
  return { hostname: hostname().toLowerCase(), addresses };
}

/** The host names of this machine: its own, without the domain, with `.local` (multicast DNS), the one announced, and localhost. */
export function ownNames({ hostname, announced }: Pick<LocalHost, 'hostname' | 'announced'>): readonly string[] {
  const first = hostname.split('.')[0] ?? '';
  const second = announced === undefined ? [] : [announced, `${announced}.local`];
  return [...new Set(['localhost', hostname, first, `${first}.local`, ...second])].filter((name) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name));
}

/** The multicast DNS name (`<name>.local`); null where the host name cannot be part of one. */
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

/** An address as the host of a URL: IPv6 in brackets. */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** A URL of the server; the scheme's default port is left out. */
export function urlOf(scheme: 'http' | 'https', host: string, port: number): string {
  const standard = scheme === 'https' ? 443 : 80;
  return `${scheme}://${host}${port === standard ? '' : `:${port}`}/`;
}

/** How likely a client reaches the machine at an address: private IPv4 first, loopback last. */
function rank({ family, loopback, address }: LocalAddress): number {
  if (loopback) return 9;
  if (family === 6) return 2;
  // 172.17/16 is the default of container bridges, which nothing outside this machine reaches.
  const isBridge = address.startsWith('172.17.');
  return !isBridge && /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address) ? 0 : 1;
}

/**
 * The URLs to open in a browser, one per bound address, the likeliest first. Loopback is listed only where there is
 * nothing else.
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
