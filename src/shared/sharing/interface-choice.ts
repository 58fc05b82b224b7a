/** Format of the setting for listen addresses: an IP address, or `interface:` and the name of a network interface. No schemas. */

/** Prefix of interface names, so that none is taken for an address. */
const PREFIX = 'interface:';

/** The setting for an interface with whatever addresses it has, now and later. */
export function toInterfaceChoice(name: string): string {
  return `${PREFIX}${name}`;
}

/** The interface of a setting; null for an address. */
export function interfaceOf(choice: string): string | null {
  return choice.startsWith(PREFIX) ? choice.slice(PREFIX.length) : null;
}
