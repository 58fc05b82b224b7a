/**
 * The Processes page: all processes, searchable and sortable, updated every two seconds.
 * It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only frame.tsx imports it,
 * lazily; charts, ui, data, lib, theme and worker must not.
 */
import { useEffect, useState } from 'react';
import { MOST_PROCESSES } from '../../../shared/processes/process-columns';
import type { ProcessInfo } from '../../../shared/processes/process-schemas';
import { useApp } from '../../app/app-context';
import { AsOf, useStaleness } from '../../app/staleness';
import type { Timers } from '../../data/timers';
import { describeCount, FIRST_ORDER, nextRows, NO_ROWS, PROCESS_HEADS } from './process-rows';
import type { ProcessOrder, ShownRows } from './process-rows';
import { formatClock } from '../../lib/range';
import { ROWS_STEP } from '../../lib/row-steps';
import { orderAfter } from '../../lib/sort';
import { PageHead } from '../../ui/page-head';
import { SortSelect } from '../../ui/sort-select';
import { ProcessTable } from './process-table';
import { formatCount } from '../../../shared/units';
import { createSortHold } from './sort-hold';
import type { SortHold } from './sort-hold';
import { useProcesses } from './use-processes';
import type { ProcessesResult } from './use-processes';
import '../../charts/charts.css';
import '../../ui/tables.css';
import './processes.css';

function useRows(result: ProcessesResult, held: boolean): readonly ProcessInfo[] | null {
  const [shown, setShown] = useState<ShownRows>(NO_ROWS);
  const next = nextRows(shown, result, held);
  if (next !== shown) setShown(next);
  return next.rows;
}

/** The state of the hold, and what changes it. */
function useSortHold(timers: Timers): { readonly hold: SortHold; readonly held: boolean } {
  const [held, setHeld] = useState(false);
  const [hold] = useState(() => createSortHold(timers, setHeld));
  useEffect(() => hold.stop, [hold]);
  return { hold, held };
}

/** Says that the order is held, and ends that. The table takes the focus, which the button loses with it. */
function SortingPaused({ hold }: { readonly hold: SortHold }) {
  const resume = (): void => {
    hold.resume();
    document.querySelector<HTMLElement>('.process-scroll')?.focus();
  };
  return (
    <output className="sorting-paused">
      {' · Sorting paused '}
      <button type="button" className="plain" data-resume title="Esc" onClick={resume} onBlur={() => hold.focused(false)}>
        Resume
      </button>
    </output>
  );
}

interface ToolbarProps {
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly order: ProcessOrder;
  readonly onSort: (order: ProcessOrder) => void;
}

/** Search, and on narrow pages, which lack most headings, a select for the order. */
function Toolbar({ search, onSearch, order, onSort }: ToolbarProps) {
  return (
    <div className="process-toolbar">
      <input type="search" aria-label="Search processes" placeholder="Name, command, user, container or PID" maxLength={200} value={search} onChange={({ target }) => onSearch(target.value)} />
      <SortSelect className="process-order" heads={PROCESS_HEADS} column={order.column} onSelect={(head) => onSort(orderAfter(order, head))} />
    </div>
  );
}

/** Notes about the columns, the number of rows shown, and a button for more. */
function Foot({ shown, matching, limit, onMore }: { readonly shown: number; readonly matching: number; readonly limit: number; readonly onMore: () => void }) {
  return (
    <p className="table-note process-foot">
      <span>CPU: 100 % = one core. “–” = not available.</span>
      {shown < matching && (
        <span className="process-more">
          Showing {formatCount(shown)} of {formatCount(matching)}
          {limit < MOST_PROCESSES ? (
            <button type="button" onClick={onMore}>
              Show more
            </button>
          ) : (
            '. Search to find others.'
          )}
        </span>
      )}
    </p>
  );
}

/** The page. */
export function ProcessesPage() {
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState<ProcessOrder>(FIRST_ORDER);
  const [limit, setLimit] = useState<number>(ROWS_STEP);
  const { hold, held } = useSortHold(useApp().timers);
  const stale = useStaleness();
  const result = useProcesses({ search, sort: order.column, descending: order.descending, limit });
  const rows = useRows(result, held);
  const { table, failure } = result;
  // Once per result, although scrolling calls it more often.
  const showMore = (): void => {
    if (table !== null && rows !== null && rows.length >= limit && rows.length < table.matching) setLimit(Math.min(MOST_PROCESSES, limit + ROWS_STEP));
  };
  return (
    <div className="process-page">
      <PageHead title="Processes">
        {table !== null && (
          <span className="summary">
            {describeCount(table.total, table.matching)}
            {stale !== null && (
              <>
                {' · '}
                <AsOf at={table.time} />
              </>
            )}
            {held && <SortingPaused hold={hold} />}
          </span>
        )}
      </PageHead>
      <Toolbar search={search} onSearch={setSearch} order={order} onSort={setOrder} />
      {failure !== null && (
        <p className="page-empty" role="alert">
          Couldn’t load processes{table === null ? '' : ` after ${formatClock(table.time)}`}: {failure}
        </p>
      )}
      {table === null && failure === null && <p className="page-empty">Loading processes…</p>}
      {table !== null && table.matching === 0 && (
        <p className="page-empty">
          No processes match “{search}”.{' '}
          <button type="button" className="plain" onClick={() => setSearch('')}>
            Show all
          </button>
        </p>
      )}
      {table !== null && table.matching > 0 && (
        <section className="table-panel process-panel" aria-label="Processes" data-stale={stale?.reason}>
          <ProcessTable rows={rows} now={table.time} order={result.order ?? order} onSort={(head) => setOrder(orderAfter(order, head))} hold={hold} hasRates={table.ratesOver !== null} onEnd={showMore} />
          <Foot shown={rows?.length ?? table.matching} matching={table.matching} limit={limit} onMore={showMore} />
        </section>
      )}
    </div>
  );
}
