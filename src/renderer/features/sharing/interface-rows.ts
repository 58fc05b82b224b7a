/** Rows of the choice of network interfaces: those of the machine, and chosen ones that are not connected. Pure. */
import { interfaceOf, toInterfaceChoice } from '../../../shared/sharing/interface-choice';
import type { InterfaceKind, LanInterface } from '../../../shared/sharing/interface-schemas';
import type { LanSettings } from '../../../shared/sharing/lan-settings';

/** A network interface. */
export interface InterfaceRow {
  /** Its value in the settings. */
  readonly choice: string;
  readonly name: string;
  /** Null if it is not connected, since the kind is then unknown. */
  readonly kind: InterfaceKind | null;
  readonly checked: boolean;
  readonly addresses: LanInterface['addresses'];
}

/** A single IP address that the user added. */
export interface AddressRow {
  readonly choice: string;
  readonly checked: boolean;
  /** The interface that has the address now; null for none. */
  readonly on: string | null;
}

/** All rows, by group. */
export interface InterfaceRows {
  /** Interfaces to other machines; those that are not connected come last. */
  readonly outside: readonly InterfaceRow[];
  /** Interfaces that only this machine can reach. */
  readonly loopback: readonly InterfaceRow[];
  readonly typed: { readonly outside: readonly AddressRow[]; readonly loopback: readonly AddressRow[] };
}

/** Label of each kind of interface. */
export const KIND_LABELS: Readonly<Record<InterfaceKind, string>> = {
  ethernet: 'Ethernet',
  wifi: 'Wi-Fi',
  tunnel: 'VPN or tunnel',
  virtual: 'Bridge or virtual network',
  loopback: 'Loopback',
  other: 'Network interface',
};

/** Whether an address is a loopback address. */
const isLoopbackAddress = ({ choice }: AddressRow): boolean => choice === '::1' || choice.startsWith('127.');

/**
 * Combines the chosen interfaces with those present. `kept` are choices deselected since the page was opened: one that is
 * not connected stays listed, so that it can be selected again.
 */
export function rowsOf(chosen: LanSettings['addresses'], present: readonly LanInterface[], kept: readonly string[]): InterfaceRows {
  const isChosen = (choice: string): boolean => chosen === 'all' || chosen.includes(choice);
  const shown = chosen === 'all' ? [] : [...new Set([...chosen, ...kept])];
  const here = present.map(({ name, kind, addresses }): InterfaceRow => ({ choice: toInterfaceChoice(name), name, kind, checked: isChosen(toInterfaceChoice(name)), addresses }));
  const absent = shown.flatMap((choice): InterfaceRow[] => {
    const name = interfaceOf(choice);
    return name === null || present.some((other) => other.name === name) ? [] : [{ choice, name, kind: null, checked: isChosen(choice), addresses: [] }];
  });
  const typed = shown.filter((choice) => interfaceOf(choice) === null).map((choice): AddressRow => {
    const on = present.find(({ addresses }) => addresses.some(({ address }) => address === choice))?.name ?? null;
    return { choice, checked: isChosen(choice), on };
  });
  return {
    outside: [...here.filter(({ kind }) => kind !== 'loopback'), ...absent],
    loopback: here.filter(({ kind }) => kind === 'loopback'),
    typed: { outside: typed.filter((row) => !isLoopbackAddress(row)), loopback: typed.filter(isLoopbackAddress) },
  };
}

/** The list with a choice added or removed. */
export function withChoice(chosen: readonly string[], choice: string, on: boolean): string[] {
  const others = chosen.filter((other) => other !== choice);
  return on ? [...others, choice] : others;
}
