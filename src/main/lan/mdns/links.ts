/** On which networks the server is announced, and with which addresses. Pure. */
import { BlockList, isIP } from 'node:net';
import type { LocalAddress, LocalHost } from '../../access/addresses';

/** A network the machine is in. */
export interface MdnsLink {
  /** The machine's own IPv4 address there: messages are sent from it. */
  readonly address: string;
  /** Length of its network prefix; null where unknown. */
  readonly prefix: number | null;
  /** All addresses that browsers there can use. */
  readonly addresses: readonly string[];
}

/**
 * One link for each interface with an IPv4 address. `only`: names of interfaces, and addresses; null for all but loopback.
 * `hasIpv6`: the server listens at IPv6 addresses as well.
 */
export function linksOf({ addresses }: LocalHost, only: readonly string[] | null, hasIpv6: boolean): readonly MdnsLink[] {
  const isUsed = (one: LocalAddress): boolean => !one.linkLocal && (only === null ? !one.loopback && (hasIpv6 || one.family === 4) : only.includes(one.interface) || only.includes(one.address));
  const byInterface = new Map<string, LocalAddress[]>();
  for (const one of addresses.filter(isUsed)) byInterface.set(one.interface, [...(byInterface.get(one.interface) ?? []), one]);
  return [...byInterface.values()].flatMap((list) => {
    const own = list.find(({ family }) => family === 4);
    return own === undefined ? [] : [{ address: own.address, prefix: own.prefix ?? null, addresses: list.map(({ address }) => address) }];
  });
}

/** Whether a message comes from the link itself: others are ignored (RFC 6762, 11). */
export function isOnLink({ address, prefix }: MdnsLink, sender: string): boolean {
  if (isIP(sender) !== 4) return false;
  if (prefix === null) return true;
  const network = new BlockList();
  network.addSubnet(address, prefix, 'ipv4');
  return network.check(sender, 'ipv4');
}
