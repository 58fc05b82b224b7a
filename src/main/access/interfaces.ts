/** The machine's network interfaces with what a browser would open at each. */
import type { InterfaceKind, LanInterface } from '../../shared/sharing/interface-schemas';
import type { LanSettings } from '../../shared/sharing/lan-settings';
import { CallError, messageOf } from '../../shared/result';
import { urlHost, urlOf } from './addresses';
import type { LocalAddress, LocalHost } from './addresses';
import type { KindOf } from './interface-kind';

/** The likelier a viewer on the LAN comes that way, the earlier. */
const ORDER: readonly InterfaceKind[] = ['ethernet', 'wifi', 'other', 'tunnel', 'virtual', 'loopback'];

/** Puts the machine's addresses together by interface. Pure but for `kindOf`. */
export function interfacesOf({ addresses }: LocalHost, kindOf: KindOf, { tls, port }: Pick<LanSettings, 'tls' | 'port'>): readonly LanInterface[] {
  const scheme = tls === 'off' ? 'http' : 'https';
  const own = new Map<string, LocalAddress[]>();
  for (const one of addresses) own.set(one.interface, [...(own.get(one.interface) ?? []), one]);
  const all = [...own].map(([name, list]): LanInterface => ({
    name,
    kind: list.every(({ loopback }) => loopback) ? 'loopback' : kindOf(name),
    addresses: list
      .map(({ address, family, linkLocal }) => ({ address, family, url: linkLocal ? null : urlOf(scheme, urlHost(address), port) }))
      .toSorted((a, b) => Number(a.url === null) - Number(b.url === null) || a.family - b.family),
  }));
  return all.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** What it is read from. */
export interface InterfaceParts {
  readonly kindOf: KindOf;
  localHost(): LocalHost;
  settings(): LanSettings;
}

/** Reads them as they are now. Throws a CallError where the system does not tell. */
export function readInterfaces({ kindOf, localHost, settings }: InterfaceParts): readonly LanInterface[] {
  let now: LocalHost;
  try {
    now = localHost();
  } catch (error) {
    throw new CallError('Unavailable', messageOf(error));
  }
  return interfacesOf(now, kindOf, settings());
}
