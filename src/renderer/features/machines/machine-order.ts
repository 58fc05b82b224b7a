/** Order, search and groups of the machines. Pure. */
import type { MachineState, MachineSummary } from '../../../shared/machines/machine-schemas';
import type { MachineSort } from '../../lib/route';

/** How much a state asks for attention; alerts ask for more. */
const CONCERN: Readonly<Record<MachineState, number>> = { revoked: 5, away: 4, late: 3, catchingUp: 2, paused: 1, live: 0, asleep: 0, stopped: 0 };
const ALERT = { critical: 20, warning: 10 } as const;

function concernOf({ worst, state }: MachineSummary): number {
  return (worst === null ? 0 : ALERT[worst.severity]) + CONCERN[state];
}

const byName = (a: MachineSummary, b: MachineSummary): number => a.name.localeCompare(b.name, undefined, { numeric: true }) || a.id.localeCompare(b.id);

/** Those that ask for attention first, unless by name. */
export function inOrder(list: readonly MachineSummary[], sort: MachineSort | undefined): readonly MachineSummary[] {
  return list.toSorted((a, b) => (sort === 'name' ? 0 : concernOf(b) - concernOf(a) || b.open - a.open) || byName(a, b));
}

/** Those in whose name, tags, system, version or alert every word is found. */
export function matching(list: readonly MachineSummary[], find: string): readonly MachineSummary[] {
  const words = find.toLocaleLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return list;
  return list.filter(({ name, hostname, os, version, settings, worst }) => {
    const text = [name, hostname, os, version, ...(settings?.tags ?? []), worst?.title ?? ''].join('\n').toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Machines with the same first tag; null: those without one. */
export interface MachineGroup {
  readonly tag: string | null;
  readonly machines: readonly MachineSummary[];
}

/** The groups by the first tag of each, in alphabetical order, those without a tag last; the order within each stays. */
export function groupsOf(list: readonly MachineSummary[]): readonly MachineGroup[] {
  const groups = new Map<string | null, MachineSummary[]>();
  for (const machine of list) {
    const tag = machine.settings?.tags[0] ?? null;
    groups.set(tag, [...(groups.get(tag) ?? []), machine]);
  }
  return [...groups].map(([tag, machines]) => ({ tag, machines })).toSorted(({ tag: a }, { tag: b }) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return a.localeCompare(b, undefined, { numeric: true });
  });
}
