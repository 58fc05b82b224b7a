/**
 * The page of all machines: a card for each, the settings of one, and how another is added; and the bar over every page that
 * says which machine is shown (machine-bar.tsx). It may import app, charts, ui, data, lib and src/shared, and no other feature.
 * Of the renderer only frame.tsx imports the page and the bar, lazily.
 */
import { useDeferredValue, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { MachineSummary } from '../../../shared/machines/machine-schemas';
import { useApp, useCan } from '../../app/app-context';
import { formatRoute, isMachineSort, NEW_DEVICE } from '../../lib/route';
import type { MachineSort, Route } from '../../lib/route';
import { PageHead } from '../../ui/page-head';
import { AddMachine } from './add-machine';
import { MachineCard } from './machine-card';
import { groupsOf, inOrder, matching } from './machine-order';
import { MachineSettingsPage } from './machine-settings';
import { countsText } from './machine-text';
import '../../charts/sparkline.css';
import './machine-bar.css';
import './machines.css';
import './machine-card.css';

/** What the address says. */
type Shown = Omit<Extract<Route, { readonly page: 'machines' }>, 'page'>;

/** Sparklines are asked for so often while they are seen, ms: as often as they get a value. */
const SPARK_INTERVAL = 10_000;

/** The machines, kept up to date with their sparklines; null until they are known. */
function useMachines(): readonly MachineSummary[] | null {
  const { machines, timers } = useApp();
  useEffect(() => {
    let cancel = (): void => undefined;
    const ask = (): void => {
      if (!document.hidden) void machines.load();
      cancel = timers.after(SPARK_INTERVAL, ask);
    };
    ask();
    return () => cancel();
  }, [machines, timers]);
  return useStore(machines.store, ({ list }) => list);
}

function AddLink() {
  return (
    <a className="button" href={formatRoute({ page: 'machines', edit: NEW_DEVICE })}>
      Add machine
    </a>
  );
}

/** Search and order; both are in the address. */
function Toolbar({ sort, find = '' }: Shown) {
  const { router } = useApp();
  const show = (order: MachineSort | undefined, text: string): void => router.replace({ page: 'machines', ...(order === undefined ? {} : { sort: order }), ...(text === '' ? {} : { find: text }) });
  return (
    <div className="machines-toolbar">
      <input type="search" aria-label="Search machines" placeholder="Name, tag, system or alert" maxLength={100} value={find} onChange={({ target }) => show(sort, target.value)} />
      <label>
        Sort by
        <select value={sort ?? 'worst'} onChange={({ target }) => show(isMachineSort(target.value) ? target.value : undefined, find)}>
          <option value="worst">Worst first</option>
          <option value="name">Name</option>
          <option value="tag">Tag</option>
        </select>
      </label>
    </div>
  );
}

interface GridProps {
  readonly list: readonly MachineSummary[];
  readonly canEdit: boolean;
  readonly label: string;
}

function Grid({ list, canEdit, label }: GridProps) {
  return (
    <ul className="machines" aria-label={label}>
      {list.map((machine) => (
        <MachineCard key={machine.id} machine={machine} canEdit={canEdit} />
      ))}
    </ul>
  );
}

/** The cards of each tag under its name. */
function Groups({ list, canEdit }: Omit<GridProps, 'label'>) {
  return groupsOf(list).map(({ tag, machines }) => (
    <section key={tag ?? ''} className="machine-group">
      <h2>
        {tag ?? 'No tag'} <span className="quiet">{machines.length}</span>
      </h2>
      <Grid list={machines} canEdit={canEdit} label={tag ?? 'Machines without a tag'} />
    </section>
  ));
}

/** What it means that other machines report here, for who has none. */
function EmptyState({ canAdd }: { readonly canAdd: boolean }) {
  return (
    <section className="empty-state">
      <h2>Only this machine so far</h2>
      <p>Other machines with Traywatch can report here: their values, history and alerts are then seen on this page, and you switch between them as between pages. They send; nothing can be changed on them from here.</p>
      {canAdd ? <AddLink /> : <p>Machines are added in Traywatch on this machine.</p>}
    </section>
  );
}

function Cards({ list, shown, canAdd }: { readonly list: readonly MachineSummary[]; readonly shown: Shown; readonly canAdd: boolean }) {
  const { router } = useApp();
  const canEdit = useCan('saveMachine');
  const find = useDeferredValue(shown.find ?? '');
  const { sort } = shown;
  const found = useMemo(() => inOrder(matching(list, find), sort), [list, find, sort]);
  return (
    <>
      {list.length > 1 && <Toolbar {...shown} />}
      {found.length === 0 && (
        <p className="page-empty">
          No machine matches “{find}”.{' '}
          <button type="button" className="plain" onClick={() => router.replace({ page: 'machines', ...(sort === undefined ? {} : { sort }) })}>
            Show all
          </button>
        </p>
      )}
      {sort === 'tag' ? <Groups list={found} canEdit={canEdit} /> : <Grid list={found} canEdit={canEdit} label="Machines" />}
      {list.length === 1 && <EmptyState canAdd={canAdd} />}
    </>
  );
}

function MachinesList(shown: Shown) {
  const { machines } = useApp();
  const list = useMachines();
  const failure = useStore(machines.store, (slice) => slice.failure);
  const canAdd = useCan('lanPairingStart');
  return (
    <>
      <PageHead title="All machines">
        {list !== null && <span className="quiet">{countsText(list)}</span>}
        {canAdd && list !== null && list.length > 1 && (
          <span className="machines-add">
            <AddLink />
          </span>
        )}
      </PageHead>
      {failure !== null && (
        <p className="page-empty" role="alert">
          Couldn’t load the machines: {failure}{' '}
          <button type="button" onClick={() => void machines.load()}>
            Try again
          </button>
        </p>
      )}
      {list === null && failure === null && <p className="page-empty">Loading…</p>}
      {list !== null && <Cards list={list} shown={shown} canAdd={canAdd} />}
    </>
  );
}

/** The page: all machines; with `edit` the settings of one, or how one is added. */
export function MachinesPage({ edit, ...shown }: Shown) {
  if (edit === NEW_DEVICE) return <AddMachine />;
  return edit === undefined ? <MachinesList {...shown} /> : <MachineSettingsPage key={edit} id={edit} />;
}
