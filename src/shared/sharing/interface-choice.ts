/** Where to listen, as it stands in the settings: addresses, and network interfaces by their names. No schema is here. */

/** What an interface's name stands behind, so that it is never taken for an address. */
const PREFIX = 'interface:';

/** The choice of an interface with whatever addresses it has, those of tomorrow as well. */
export function toInterfaceChoice(name: string): string {
  return `${PREFIX}${name}`;
}

/** The interface a choice names; null for an address. */
export function interfaceOf(choice: string): string | null {
  return choice.startsWith(PREFIX) ? choice.slice(PREFIX.length) : null;
}
