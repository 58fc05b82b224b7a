/** The addresses the server listens at, resolved from the settings and the present network interfaces. Pure. */
import { interfaceOf } from '../../shared/sharing/interface-choice';
import type { LanSettings } from '../../shared/sharing/lan-settings';
import type { LocalHost } from '../access/addresses';

/** The configured addresses and interfaces, resolved. */
export interface BindTargets {
  /** Each a list of alternatives: the first address that can be bound is used. */
  readonly choices: readonly (readonly string[])[];
  /** Configured interfaces that do not exist or have no address. */
  readonly absent: readonly string[];
}

/** All addresses; a machine without IPv6 cannot bind "::". */
const EVERYWHERE = ['::', '0.0.0.0'];

/** Addresses of an interface that browsers can open. */
function addressesOf(name: string, { addresses }: LocalHost): readonly string[] {
  return addresses.filter((one) => one.interface === name && !one.linkLocal).map(({ address }) => address);
}

/** Resolves the setting; duplicates are left out. */
export function resolveBindTargets(setting: LanSettings['addresses'], localHost: LocalHost): BindTargets {
  if (setting === 'all') return { choices: [EVERYWHERE], absent: [] };
  const found = setting.map((choice) => {
    const name = interfaceOf(choice);
    return { name, addresses: name === null ? [choice] : addressesOf(name, localHost) };
  });
  const absent = found.flatMap(({ name, addresses }) => (name !== null && addresses.length === 0 ? [name] : []));
  return { choices: [...new Set(found.flatMap(({ addresses }) => addresses))].map((address) => [address]), absent };
}

/** The addresses to stop listening at: no longer configured, or no longer of this machine. */
export function staleListeners(listening: readonly string[], { choices }: BindTargets, localHost: LocalHost): readonly string[] {
  const local = new Set([...EVERYWHERE, ...localHost.addresses.map(({ address }) => address)]);
  const chosen = new Set(choices.flat());
  // Every machine has an address: an empty list means that it could not be read.
  const isKnown = localHost.addresses.length > 0;
  // All of 127/8 is local, whatever the system lists.
  return listening.filter((address) => !chosen.has(address) || (isKnown && !local.has(address) && !address.startsWith('127.')));
}

/** Where the server is announced by mDNS: configured interfaces, and configured addresses it listens at; null for everywhere. */
export function mdnsInterfaces(setting: LanSettings['addresses'], listening: readonly string[]): readonly string[] | null {
  if (setting === 'all') return null;
  return setting.flatMap((choice) => interfaceOf(choice) ?? (listening.includes(choice) ? choice : []));
}
