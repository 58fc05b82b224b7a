/** The network interfaces of the machine, with the URL a browser would open at each address. */
import type { InterfaceKind, LanInterface } from '../../shared/sharing/interface-schemas';
import type { LanSettings } from '../../shared/sharing/lan-settings';
import { CallError, messageOf } from '../../shared/result';
import { urlHost, urlOf } from './addresses';
import type { LocalAddress, LocalHost } from './addresses';
import type { KindOf } from './interface-kind';

/** The likelier a client on the network comes that way, the earlier. */
const ORDER: readonly InterfaceKind[] = ['ethernet', 'wifi', 'other', 'tunnel', 'virtual', 'loopback'];

/** Groups the addresses of the machine by interface. Pure but for `kindOf`. */
export function interfacesOf({ addresses }: LocalHost, kindOf: KindOf, { tls, port }: Pick<LanSettings, 'tls' | 'port'>): readonly LanInterface[] {
  const scheme = tls === 'off' ? 'http' : 'https';
  const byInterface = new Map<string, LocalAddress[]>();
  for (const one of addresses) byInterface.set(one.interface, [...(byInterface.get(one.interface) ?? []), one]);
  const all = [...byInterface].map(([name, list]): LanInterface => ({
    name,
    kind: list.every(({ loopback }) => loopback) ? 'loopback' : kindOf(name),
    addresses: list
      .map(({ address, family, linkLocal }) => ({ address, family, url: linkLocal ? null : urlOf(scheme, urlHost(address), port) }))
      .toSorted((a, b) => Number(a.url === null) - Number(b.url === null) || a.family - b.family),
  }));
  return all.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** What the interfaces are read from. */
export interface InterfaceParts {
  readonly kindOf: KindOf;
  localHost(): LocalHost;
  settings(): LanSettings;
}

/** Reads the interfaces as they are now. Throws a CallError where the system refuses. */
export function readInterfaces({ kindOf, localHost, settings }: InterfaceParts): readonly LanInterface[] {
  let current: LocalHost;
  try {
    current = localHost();
  } catch (error) {
    throw new CallError('Unavailable', messageOf(error));
  }
  return interfacesOf(current, kindOf, settings());
}
