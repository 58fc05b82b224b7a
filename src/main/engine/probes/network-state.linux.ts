/** The network of Linux: routes of the main table, and name servers (proc_net(5), route.h, ipv6_route.h; resolv.conf(5)). */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkState } from './network-state';

/** Bytes that are read of a file: a router has a million routes, and its default one is among the first. */
const MAX_BYTES = 64 * 1024;

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

type Routes = NetworkState['routes'];

const isUsable = (flags: string | undefined): boolean => {
  const bits = Number.parseInt(flags ?? '', 16);
  return (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0;
};

function best(routes: readonly (Routes | null)[]): Routes {
  return routes.includes('default') ? 'default' : routes.includes('some') ? 'some' : 'none';
}

/** /proc/net/route: interface, destination, gateway, flags, …, mask. Pure. */
export function routesOfIpv4(text: string): Routes {
  const lines = text.split('\n').slice(1).map((line) => line.trim().split(/\s+/));
  return best(lines.map(([, destination, , flags, , , , mask]) => (mask === undefined || !isUsable(flags) ? null : destination === '00000000' && mask === '00000000' ? 'default' : 'some')));
}

/** /proc/net/ipv6_route: destination, its length, source, its length, next hop, metric, …, flags, interface. Pure. */
export function routesOfIpv6(text: string): Routes {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  return best(
    lines.map(([destination = '', length, , , , , , , flags, name]) => {
      // Multicast and link-local networks are there as soon as an interface is.
      if (name === undefined || name === 'lo' || !isUsable(flags) || /^f(f|e[89ab])/.test(destination)) return null;
      return length === '00' ? 'default' : 'some';
    }),
  );
}

/** Whether /etc/resolv.conf names a server. Pure. */
export const hasNameServer = (text: string): boolean => /^\s*nameserver\s+\S/m.test(text);

/** What the files are read into. */
export const networkBuffer = (): Buffer => Buffer.allocUnsafe(MAX_BYTES);

/** The begin of a file, read into a buffer of MAX_BYTES; null if it cannot be read. */
function headOf(path: string, buffer: Buffer): string | null {
  try {
    const file = openSync(path, 'r');
    try {
      return buffer.toString('latin1', 0, readSync(file, buffer, 0, MAX_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    // A kernel without IPv6, a container without /proc/net: then nothing is said by this file.
    return null;
  }
}

/** Reads it. What cannot be read counts as there: a probe will tell. `buffer` is used again by who reads each few seconds. */
export function readLinuxNetwork(root: string, buffer = networkBuffer()): NetworkState {
  const [ipv4, ipv6, resolver] = ['proc/net/route', 'proc/net/ipv6_route', 'etc/resolv.conf'].map((path) => headOf(join(root, path), buffer));
  const isCut = [ipv4, ipv6].some((text) => text?.length === MAX_BYTES);
  const isKnown = ipv4 !== null && ipv4 !== undefined && !isCut;
  return {
    routes: isKnown ? best([routesOfIpv4(ipv4), routesOfIpv6(ipv6 ?? '')]) : 'default',
    hasNameServer: resolver === null || resolver === undefined || hasNameServer(resolver),
  };
}
