/** Which interfaces of Windows are shown, and which are summed so that nothing counts twice. Pure. */
import type { InterfaceRow } from './interface-rows';

/** Numbers of kinds of interfaces (ipifcons.h) that lead through another one, or nowhere: PPP, loopback, virtual (VPN), tunnels. */
const PASSING_ON = new Set([23, 24, 53, 131]);

/** IF_TYPE_SOFTWARE_LOOPBACK. */
const LOOPBACK = 24;

/** Filters are rows of their own, named after the interface they are on, and count its traffic again. */
const FILTER_NAME = /-\d{4}$/;

/** An interface that is shown. */
export interface ShownInterface extends InterfaceRow {
  /** Unique among those that are shown. */
  readonly name: string;
  readonly isSummed: boolean;
}

function isFilter({ isFilter: isMarked, isHardware, alias }: InterfaceRow, all: readonly InterfaceRow[]): boolean {
  if (isMarked || isHardware) return isMarked;
  return FILTER_NAME.test(alias) && all.some((other) => other.alias !== '' && other.alias !== alias && alias.startsWith(`${other.alias}-`));
}

const isUsed = ({ counters: { rxPackets, txPackets, rxBytes, txBytes } }: InterfaceRow): boolean => [rxPackets, txPackets, rxBytes, txBytes].some((value) => value !== null && value > 0);

const leadsOut = ({ type }: InterfaceRow): boolean => !PASSING_ON.has(type);

/** Names are unique among interfaces that are present. Of those that are left over from hardware that was there two may have one name. */
function uniqueNames(rows: readonly InterfaceRow[]): Map<bigint, string> {
  const names = new Map<bigint, string>();
  const taken = new Set<string>();
  for (const { luid, alias, description } of rows) {
    const name = alias === '' ? description : alias;
    let unique = name;
    for (let number = 2; taken.has(unique); number += 1) unique = `${name} #${number}`;
    taken.add(unique);
    names.set(luid, unique);
  }
  return names;
}

/**
 * The interfaces without filters. Summed are those of hardware: switches, VPNs, bridges and teams are software, and what
 * passes them passes a card as well. Where none is of hardware, as in some guests and under Wine, those that lead out. What
 * is neither summed nor loopback, and never carried a packet, is left out.
 */
export function shownInterfaces(all: readonly InterfaceRow[]): ShownInterface[] {
  const rows = all.filter((row) => !isFilter(row, all) && (row.isPresent || isUsed(row)));
  const hasHardware = rows.some((row) => row.isHardware && leadsOut(row));
  const isSummed = (row: InterfaceRow): boolean => leadsOut(row) && (row.isHardware || !hasHardware);
  const names = uniqueNames(rows);
  return rows
    .filter((row) => isSummed(row) || row.type === LOOPBACK || isUsed(row))
    .map((row) => ({ ...row, name: names.get(row.luid) ?? row.alias, isSummed: isSummed(row) }));
}
