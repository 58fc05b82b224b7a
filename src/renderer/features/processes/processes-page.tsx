import { useState } from 'react';
import { MOST_PROCESSES } from '../../../shared/processes/process-columns';
import type { ProcessInfo } from '../../../shared/processes/process-schemas';
import { useAppState } from '../../app/app-context';
import { describeCount, FIRST_ORDER, holdOrder, orderAfter, PROCESS_HEADS, ROWS_STEP } from './process-rows';
import type { ProcessOrder } from './process-rows';
import { formatClock } from '../../lib/range';
import { PageHead } from '../../ui/page-head';
import { ProcessTable } from './process-table';
import { formatCount } from '../../../shared/units';
import { useProcesses } from './use-processes';
import type { ProcessesResult } from './use-processes';
import '../../theme/detail.css';
import '../../theme/history.css';
import './processes.css';

const NO_ROWS: readonly ProcessInfo[] = [];

/** The rows of an answer; while held, in the order they stood in, as long as they answer the same question. */
function useRows({ table, asked }: ProcessesResult, hold: boolean): readonly ProcessInfo[] {
  const told = table?.processes ?? NO_ROWS;
  const [shown, setShown] = useState({ told, asked, rows: told });
  if (shown.told === told) return shown.rows;
  const rows = hold && shown.asked === asked ? holdOrder(shown.rows, told) : told;
  setShown({ told, asked, rows });
  return rows;
}

interface ToolbarProps {
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly order: ProcessOrder;
  readonly onSort: (order: ProcessOrder) => void;
}

/** Search, and on a narrow page, whose table has few headings, the order. */
function Toolbar({ search, onSearch, order, onSort }: ToolbarProps) {
  return (
    <div className="process-toolbar">
      <input type="search" aria-label="Search processes" placeholder="Name, command, user or PID" maxLength={200} value={search} onChange={({ target }) => onSearch(target.value)} />
      <label className="process-order">
        <span className="sr">Sort by</span>
        <select
          value={order.column}
          onChange={({ target }) => {
            const head = PROCESS_HEADS.find(({ column }) => column === target.value);
            if (head !== undefined) onSort(orderAfter(order, head));
          }}
        >
          {PROCESS_HEADS.map(({ column, label }) => (
            <option key={column} value={column}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** How many rows stand there, and more of them. */
function Foot({ shown, matching, limit, onMore }: { readonly shown: number; readonly matching: number; readonly limit: number; readonly onMore: () => void }) {
  return (
    <p className="table-note process-foot">
      <span>CPU is percent of one core. “–” is what the system does not tell this user.</span>
      {shown < matching && (
        <span className="process-more">
          Showing {formatCount(shown)} of {formatCount(matching)}
          {limit < MOST_PROCESSES ? (
            <button type="button" onClick={onMore}>
              Show more
            </button>
          ) : (
            ': search for the others'
          )}
        </span>
      )}
    </p>
  );
}

/** All processes, live. */
export function ProcessesPage() {
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState<ProcessOrder>(FIRST_ORDER);
  const [limit, setLimit] = useState<number>(ROWS_STEP);
  const [hold, setHold] = useState(false);
  const paused = useAppState(({ state }) => state?.paused ?? false);
  const answer = useProcesses({ search, sort: order.column, descending: order.descending, limit });
  const rows = useRows(answer, hold);
  const { table, failure } = answer;
  // Once for each answer, however often it is asked for meanwhile.
  const more = (): void => {
    if (table !== null && rows.length >= limit && rows.length < table.matching) setLimit(Math.min(MOST_PROCESSES, limit + ROWS_STEP));
  };
  return (
    <div className="process-page">
      <PageHead title="Processes">
        {table !== null && (
          <span className="summary">
            {describeCount(table.total, table.matching)}
            {paused && `, as of ${formatClock(table.time)}: monitoring is paused`}
            {hold && ' · order held while you are at a row'}
          </span>
        )}
      </PageHead>
      <Toolbar search={search} onSearch={setSearch} order={order} onSort={setOrder} />
      {failure !== null && (
        <p className="page-empty" role="alert">
          The processes could not be read{table === null ? '' : ` after ${formatClock(table.time)}`}: {failure}
        </p>
      )}
      {table === null && failure === null && <p className="page-empty">Reading the processes…</p>}
      {table !== null && table.matching === 0 && (
        <p className="page-empty">
          No process has “{search}” in its name, command, user or number.{' '}
          <button type="button" className="plain" onClick={() => setSearch('')}>
            Show all
          </button>
        </p>
      )}
      {table !== null && table.matching > 0 && (
        <section className="table-panel process-panel" aria-label="Processes">
          <ProcessTable rows={rows} now={table.time} order={order} onSort={setOrder} onHold={setHold} onEnd={more} />
          <Foot shown={rows.length} matching={table.matching} limit={limit} onMore={more} />
        </section>
      )}
    </div>
  );
}
