/**
 * Network counters of macOS: one netstat(1) for all interfaces. Since macOS 26 a program that asks the kernel itself
 * (NET_RT_IFLIST2) gets the lower 32 bits of the counters unless Apple signed it; netstat gets them whole.
 */
import type { Value } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import { parseFault } from './faults';
import { networkReading } from './network';
import type { InterfaceCounters, NetworkRaw } from './network';
import { ownValue, totalOf } from './numbers';

const NETSTAT = '/usr/sbin/netstat';
const ARGUMENTS = ['-ibdn'];

/** After this a program that hangs is ended, ms; its family has long failed by then. */
const DEADLINE = 4000;

/** A program for each read is dear: at most so often, ms. */
const LEAST_INTERVAL = 2000;

/**
 * Ethernet, Wi-Fi, tethered phones: all that carries traffic out of the machine. Everything else passes one of these as well
 * (bridge, bond, vlan, utun, ipsec, ppp, feth, tap, tun, wg), stays in the machine (lo, vmenet, gif, stf, anpi, ap, XHC),
 * carries no traffic that the user pays for (awdl, llw, p2p), or copies it (pktap, iptap).
 */
const PHYSICAL = /^en\d+$/;

/** Whether an interface is part of the machine's sums. */
export function isSummed(name: string): boolean {
  return PHYSICAL.test(name);
}

const NUMBER = /^(?:\d+|-)$/;

/** The numbers at the end of a row, at most `count`: the address before them may be missing, and `-` is unknown. */
function numbersOf(cells: readonly string[], count: number): Value[] {
  let from = cells.length;
  while (from > 0 && NUMBER.test(cells[from - 1] ?? '')) from -= 1;
  return cells.slice(Math.max(from, cells.length - count)).map((cell) => (cell === '-' ? null : Number(cell)));
}

/** The columns with numbers, which follow the address. Throws a ParseError. */
function columnsOf(header: string): readonly string[] {
  const cells = header.trim().split(/\s+/);
  const columns = cells.slice(cells.indexOf('Address') + 1);
  for (const name of ['Ibytes', 'Obytes']) if (!columns.includes(name)) throw parseFault('netstat', `has no column "${name}"`);
  return columns;
}

/**
 * Parses `netstat -ibdn`. Of the rows of an interface only that of its link counts (`<Link#4>`); the others repeat it for each
 * address. An asterisk marks an interface that is down. Throws a ParseError, and SystemUnavailable without any interface.
 */
export function parseInterfaces(text: string, addresses: Readonly<Record<string, string>>): Map<string, InterfaceCounters> {
  const [header = '', ...lines] = text.split('\n');
  const columns = columnsOf(header);
  const interfaces = new Map<string, InterfaceCounters>();
  for (const line of lines) {
    const cells = line.trim().split(/\s+/);
    const name = (cells[0] ?? '').replace(/\*$/, '');
    if (!/^<Link#\d+>$/.test(cells[2] ?? '') || interfaces.has(name)) continue;
    const numbers = numbersOf(cells.slice(3), columns.length);
    const of = (column: string): Value => numbers[columns.indexOf(column)] ?? null;
    interfaces.set(name, {
      detail: ownValue(addresses, name),
      summed: isSummed(name),
      rxBytes: of('Ibytes'),
      rxPackets: of('Ipkts'),
      txBytes: of('Obytes'),
      txPackets: of('Opkts'),
      errors: totalOf([of('Ierrs'), of('Oerrs')]),
      drops: of('Drop'),
    });
  }
  if (interfaces.size === 0) throw new CollectorError('SystemUnavailable', 'netstat lists no network interface');
  return interfaces;
}

/** Reads the counters of all interfaces. */
export function darwinNetwork(deps: Pick<SystemDeps, 'addresses' | 'programs'>): Collector<'network', NetworkRaw> {
  return {
    family: 'network',
    leastInterval: LEAST_INTERVAL,
    read: async () => parseInterfaces(await deps.programs.read(NETSTAT, ARGUMENTS, DEADLINE), deps.addresses()),
    toReading: networkReading,
  };
}
