/** Network counters of Windows (GetIfTable2): each interface once, without the filters that are listed beside it. */
import { shownInterfaces } from '../windows/interface-roles';
import type { ShownInterface } from '../windows/interface-roles';
import { checkInterfaces, parseCounters, parseInterfaceTable } from '../windows/interface-rows';
import type { KnownInterface } from '../windows/interface-rows';
import { LayoutCheck } from '../windows/layout-check';
import type { WindowsLibrary } from '../windows/library';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { networkReading } from './network';
import type { InterfaceCounters, NetworkRaw } from './network';
import { ownValue } from './numbers';

/** How often all interfaces are listed, ms: with filters and what is hidden there are dozens. In between only those shown are read. */
const LIST_MS = 15_000;
/** How often addresses are looked up, ms, if no interface comes or goes. */
const ADDRESSES_MS = 60_000;

type NetworkDeps = Pick<SystemDeps, 'addresses' | 'clock' | 'windows'>;

/** The interfaces that are shown, and their addresses. */
class InterfaceList {
  readonly #deps: NetworkDeps;
  readonly #known: () => readonly KnownInterface[];
  readonly #check = new LayoutCheck();
  #shown: readonly ShownInterface[] = [];
  #due = Number.NEGATIVE_INFINITY;
  #addresses: Readonly<Record<string, string>> = {};
  #addressesOf = '';
  #addressesDue = Number.NEGATIVE_INFINITY;

  constructor(deps: NetworkDeps, known: () => readonly KnownInterface[]) {
    this.#deps = deps;
    this.#known = known;
  }

  current(library: WindowsLibrary): readonly ShownInterface[] {
    const now = this.#deps.clock.mono();
    if (now >= this.#due) this.#list(library, now);
    return this.#shown;
  }

  addressOf(name: string): string | null {
    return ownValue(this.#addresses, name);
  }

  /** Lists them again at the next read. */
  renew(): void {
    this.#due = Number.NEGATIVE_INFINITY;
  }

  #list(library: WindowsLibrary, now: number): void {
    const rows = parseInterfaceTable(library.interfaceTable());
    this.#check.ensure(() => checkInterfaces(rows, this.#known()));
    this.#shown = shownInterfaces(rows);
    this.#due = now + LIST_MS;
    const names = this.#shown.map(({ name }) => name).join('\n');
    if (names === this.#addressesOf && now < this.#addressesDue) return;
    this.#addresses = this.#deps.addresses();
    this.#addressesOf = names;
    this.#addressesDue = now + ADDRESSES_MS;
  }
}

/** `known`: the interfaces as Node lists them, to compare the first list with. */
export function win32Network(deps: NetworkDeps, known: () => readonly KnownInterface[]): Collector<'network', NetworkRaw> {
  const list = new InterfaceList(deps, known);
  return {
    family: 'network',
    read: async () => {
      const library = await deps.windows();
      const raw = new Map<string, InterfaceCounters>();
      for (const { luid, name, isSummed } of list.current(library)) {
        const row = library.interfaceRow(luid);
        if (row === null) list.renew();
        else raw.set(name, { detail: list.addressOf(name), summed: isSummed, ...parseCounters(row) });
      }
      if (raw.size === 0) throw new CollectorError('SystemUnavailable', 'the system lists no network interface');
      return raw;
    },
    toReading: networkReading,
  };
}
