/** Where to listen, from what was chosen and what the machine has now. Pure. */
import { interfaceOf } from '../../shared/sharing/interface-choice';
import type { LanSettings } from '../../shared/sharing/lan-settings';
import type { LocalHost } from '../access/addresses';

/** What was chosen, on the machine as it is. */
export interface BindTargets {
  /** Each a list of addresses of which the first that works counts. */
  readonly choices: readonly (readonly string[])[];
  /** Interfaces that were chosen and are not there, or have no address. */
  readonly absent: readonly string[];
}

/** Every address: a machine without IPv6 has no "::". */
const EVERYWHERE = ['::', '0.0.0.0'];

/** Addresses of an interface that a browser can name. */
function addressesOf(name: string, { addresses }: LocalHost): readonly string[] {
  return addresses.filter((one) => one.interface === name && !one.linkLocal).map(({ address }) => address);
}

/** Turns what was chosen into addresses; one that was chosen twice stands once. */
export function resolveBindTargets(chosen: LanSettings['addresses'], localHost: LocalHost): BindTargets {
  if (chosen === 'all') return { choices: [EVERYWHERE], absent: [] };
  const found = chosen.map((choice) => {
    const name = interfaceOf(choice);
    return { name, addresses: name === null ? [choice] : addressesOf(name, localHost) };
  });
  const absent = found.flatMap(({ name, addresses }) => (name !== null && addresses.length === 0 ? [name] : []));
  return { choices: [...new Set(found.flatMap(({ addresses }) => addresses))].map((address) => [address]), absent };
}

/** Of the addresses at which the server listens those where it should no longer: not chosen now, or not this machine's. */
export function staleListeners(listening: readonly string[], { choices }: BindTargets, localHost: LocalHost): readonly string[] {
  const here = new Set([...EVERYWHERE, ...localHost.addresses.map(({ address }) => address)]);
  const chosen = new Set(choices.flat());
  // Every machine has an address: without any the list could not be read, and says nothing.
  const isKnown = localHost.addresses.length > 0;
  // All of 127/8 is here, whatever the list says.
  return listening.filter((address) => !chosen.has(address) || (isKnown && !here.has(address) && !address.startsWith('127.')));
}

/** Where the server is announced: interfaces whatever their addresses, and addresses it listens at. Null for everywhere. */
export function mdnsInterfaces(chosen: LanSettings['addresses'], listening: readonly string[]): readonly string[] | null {
  if (chosen === 'all') return null;
  return chosen.flatMap((choice) => interfaceOf(choice) ?? (listening.includes(choice) ? choice : []));
}
