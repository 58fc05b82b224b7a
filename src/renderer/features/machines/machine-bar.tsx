/** The bar over every page that says which machine is shown, how it is, and leads to the others. */
import { useStore } from 'zustand';
import { THIS_MACHINE } from '../../../shared/machines/this-machine';
import type { MachineSummary } from '../../../shared/machines/machine-schemas';
import { useApp, useRoute } from '../../app/app-context';
import { formatRoute } from '../../lib/route';
import { inOrder } from './machine-order';
import { otherMachine, sameOn } from './machine-address';
import { MachineStateText } from './machine-state';
import { clockText, isCurrent, STATE_LABELS } from './machine-text';
import './machine-bar.css';

const NO_MACHINES: readonly MachineSummary[] = [];

/** This machine, then the others by name. */
function choicesOf(list: readonly MachineSummary[]): readonly MachineSummary[] {
  return [...list.filter(({ id }) => id === THIS_MACHINE), ...inOrder(list.filter(({ id }) => id !== THIS_MACHINE), 'name')];
}

function labelOf(machine: MachineSummary): string {
  if (machine.id === THIS_MACHINE) return `${machine.name} (this machine)`;
  return machine.state === 'live' ? machine.name : `${machine.name} – ${STATE_LABELS[machine.state]}`;
}

/** The machine that is chosen, and all others to choose from. */
function Switcher({ list, current }: { readonly list: readonly MachineSummary[]; readonly current: string }) {
  const { router } = useApp();
  const route = useRoute();
  const isKnown = list.some(({ id }) => id === current);
  return (
    <select className="machine-switch" aria-label="Machine" value={current} onChange={({ target }) => router.goTo(sameOn(route, otherMachine(target.value)))}>
      {!isKnown && <option value={current}>Unknown machine</option>}
      {choicesOf(list).map((machine) => (
        <option key={machine.id} value={machine.id}>
          {labelOf(machine)}
        </option>
      ))}
    </select>
  );
}

/** How the machine is that is shown. */
function Facts({ machine }: { readonly machine: MachineSummary }) {
  const clock = clockText(machine);
  return (
    <>
      <MachineStateText machine={machine} />
      {!isCurrent(machine) && machine.problem !== null && <span className="machine-bar-problem">{machine.problem}</span>}
      {clock !== null && <span className="machine-odd">{clock}</span>}
    </>
  );
}

/** Which machine is shown. On the page of all machines there is no one. */
export function MachineBar() {
  const { machine, machines } = useApp();
  const { page } = useRoute();
  const list = useStore(machines.store, (slice) => slice.list);
  if (page === 'machines') return null;
  const current = machine ?? THIS_MACHINE;
  const shown = (list ?? NO_MACHINES).find(({ id }) => id === current);
  return (
    <header className="machine-bar" data-other={machine !== null || undefined}>
      <Switcher list={list ?? NO_MACHINES} current={current} />
      <output className="machine-bar-facts">
        {machine !== null && shown !== undefined && <Facts machine={shown} />}
        {list !== null && shown === undefined && 'This machine does not report here.'}
      </output>
      <a href={formatRoute({ page: 'machines' })}>All machines</a>
    </header>
  );
}
