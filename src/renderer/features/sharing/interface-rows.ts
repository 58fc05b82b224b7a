/** What the choice of places to listen shows: the machine's interfaces, and what was chosen and is not there. Pure. */
import { interfaceOf, toInterfaceChoice } from '../../../shared/sharing/interface-choice';
import type { InterfaceKind, LanInterface } from '../../../shared/sharing/interface-schemas';
import type { LanSettings } from '../../../shared/sharing/lan-settings';

/** An interface as a choice. */
export interface InterfaceRow {
  /** As it stands in the settings. */
  readonly choice: string;
  readonly name: string;
  /** Null for one that is not there now, of which nobody can tell. */
  readonly kind: InterfaceKind | null;
  readonly checked: boolean;
  readonly addresses: LanInterface['addresses'];
}

/** An address that was typed. */
export interface AddressRow {
  readonly choice: string;
  readonly checked: boolean;
  /** The interface that has it now; null for none. */
  readonly on: string | null;
}

/** All rows, by where they stand. */
export interface InterfaceRows {
  /** Where others may come from; those that are not there now stand last. */
  readonly outside: readonly InterfaceRow[];
  /** This machine to itself. */
  readonly loopback: readonly InterfaceRow[];
  readonly typed: { readonly outside: readonly AddressRow[]; readonly loopback: readonly AddressRow[] };
}

/** What each kind is called. */
export const KIND_LABELS: Readonly<Record<InterfaceKind, string>> = {
  ethernet: 'Ethernet',
  wifi: 'Wi-Fi',
  tunnel: 'VPN or tunnel',
  virtual: 'Bridge or virtual network',
  loopback: 'Loopback',
  other: 'Network interface',
};

/** True for addresses of this machine to itself. */
const isOwn = ({ choice }: AddressRow): boolean => choice === '::1' || choice.startsWith('127.');

/**
 * Puts what was chosen and what is there together. `kept` are choices that were there to be ticked a moment ago: what is
 * not there now and was unticked by mistake can be ticked again.
 */
export function rowsOf(chosen: LanSettings['addresses'], present: readonly LanInterface[], kept: readonly string[]): InterfaceRows {
  const isChosen = (choice: string): boolean => chosen === 'all' || chosen.includes(choice);
  const shown = chosen === 'all' ? [] : [...new Set([...chosen, ...kept])];
  const here = present.map(({ name, kind, addresses }): InterfaceRow => ({ choice: toInterfaceChoice(name), name, kind, checked: isChosen(toInterfaceChoice(name)), addresses }));
  const absent = shown.flatMap((choice): InterfaceRow[] => {
    const name = interfaceOf(choice);
    return name === null || present.some((one) => one.name === name) ? [] : [{ choice, name, kind: null, checked: isChosen(choice), addresses: [] }];
  });
  const typed = shown.filter((choice) => interfaceOf(choice) === null).map((choice): AddressRow => {
    const on = present.find(({ addresses }) => addresses.some(({ address }) => address === choice))?.name ?? null;
    return { choice, checked: isChosen(choice), on };
  });
  return {
    outside: [...here.filter(({ kind }) => kind !== 'loopback'), ...absent],
    loopback: here.filter(({ kind }) => kind === 'loopback'),
    typed: { outside: typed.filter((row) => !isOwn(row)), loopback: typed.filter(isOwn) },
  };
}

/** The list with a choice put in or taken out. */
export function withChoice(chosen: readonly string[], choice: string, on: boolean): string[] {
  const others = chosen.filter((one) => one !== choice);
  return on ? [...others, choice] : others;
}
