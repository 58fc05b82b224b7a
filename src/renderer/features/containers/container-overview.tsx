/** All containers, filtered and sorted, or why there are none. */
import { useMemo, useState } from 'react';
import type { ContainerList } from '../../../shared/containers/container-schemas';
import { familyOf } from '../../../shared/metrics/index';
import type { Reading } from '../../../shared/metrics/reading';
import { useAppState, useLive } from '../../app/app-context';
import { useFamilyState } from '../../app/staleness';
import { orderAfter } from '../../lib/sort';
import type { SortOrder } from '../../lib/sort';
import { SortSelect } from '../../ui/sort-select';
import { CONTAINER_HEADS, filterRows, FIRST_ORDER, groupRows, toRows } from './container-rows';
import { ContainerTable } from './container-table';

const NO_DEVICES: Reading['devices'] = {};
/** A sparkline has no order. */
const SORTABLE = CONTAINER_HEADS.filter(({ column }) => column !== 'spark');

/** Why there is no table: nothing is looked for, nothing was found, or there is nothing in it. */
function NoContainers({ list: { engines } }: { readonly list: ContainerList }) {
  const isEnabled = useAppState(({ state }) => state?.settings.containers.enabled ?? true);
  const isAnswering = engines.some(({ state }) => state === 'answering');
  const [title, text] = !isEnabled
    ? ['Containers are not watched', 'Watching them is turned off in the settings.']
    : engines.length === 0
      ? ['Not available on this machine', familyOf('container').absence]
      : isAnswering
        ? ['No containers', 'The engine has none, not even stopped ones. They appear here within seconds of being created.']
        : ['No containers known', 'No engine answers. What can be done is said above.'];
  return (
    <section className="container-empty">
      <h2>{title}</h2>
      <p>
        {text} {(!isEnabled || engines.length === 0) && <a href="#/settings">Open settings</a>}
      </p>
    </section>
  );
}

interface ToolbarProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly order: SortOrder;
  readonly onSort: (order: SortOrder) => void;
}

/** The filter, and on narrow pages, which lack most headings, a select for the order. */
function Toolbar({ text, onText, order, onSort }: ToolbarProps) {
  return (
    <div className="container-toolbar">
      <input type="search" aria-label="Filter containers" placeholder="Name, image, project or state" maxLength={200} value={text} onChange={({ target }) => onText(target.value)} />
      <SortSelect className="container-order" heads={SORTABLE} column={order.column} onSelect={(head) => onSort(orderAfter(order, head))} />
    </div>
  );
}

/** All containers of the list with their last values. */
export function ContainerOverview({ list }: { readonly list: ContainerList }) {
  const { reading, stale } = useFamilyState('container');
  // By the minute: a new time alone is no reason to draw all rows anew.
  const now = useLive((state) => Math.floor(state.time / 60_000) * 60_000);
  const [text, setText] = useState('');
  const [order, setOrder] = useState(FIRST_ORDER);
  const { engines, containers } = list;
  const devices = reading?.devices ?? NO_DEVICES;
  const rows = useMemo(() => toRows(containers, devices, now), [containers, devices, now]);
  const matching = useMemo(() => filterRows(rows, text, engines), [rows, text, engines]);
  const groups = useMemo(() => groupRows(matching, engines, order), [matching, engines, order]);
  if (containers.length === 0) return <NoContainers list={list} />;
  return (
    <>
      <Toolbar text={text} onText={setText} order={order} onSort={setOrder} />
      {matching.length === 0 ? (
        <p className="page-empty">
          No containers match “{text}”.{' '}
          <button type="button" className="plain" onClick={() => setText('')}>
            Show all
          </button>
        </p>
      ) : (
        <section className="table-panel" aria-label="Containers" data-stale={stale?.reason}>
          <ContainerTable groups={groups} order={order} onSort={setOrder} isFiltered={text.trim() !== ''} />
          <p className="table-note">CPU: 100 % = one core. “–” = not available.</p>
        </section>
      )}
    </>
  );
}
