/** The process table. */
import { useCallback, useMemo, useState } from 'react';
import type { FocusEvent, PointerEvent } from 'react';
import type { ProcessInfo } from '../../../shared/processes/process-schemas';
import { isNearEnd, orderAfter, PROCESS_HEADS } from './process-rows';
import type { ProcessHead, ProcessOrder } from './process-rows';
import { useWidthStep } from './use-width';
import { ProcessRow } from './process-row';
import { Scroller } from '../../ui/scroller';

function Head({ head, order, onSort }: { readonly head: ProcessHead; readonly order: ProcessOrder; readonly onSort: (order: ProcessOrder) => void }) {
  const { column, label, help } = head;
  const sorted = order.column === column;
  return (
    <th scope="col" data-column={column} title={help} aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="sort" onClick={() => onSort(orderAfter(order, head))}>
        {label}
        <span className="sort-sign" aria-hidden="true">
          {sorted ? (order.descending ? '▾' : '▴') : ''}
        </span>
      </button>
    </th>
  );
}

interface ProcessTableProps {
  readonly rows: readonly ProcessInfo[];
  /** Time of the rows, epoch ms. */
  readonly now: number;
  readonly order: ProcessOrder;
  readonly onSort: (order: ProcessOrder) => void;
  /** Called with true while a row is hovered with a mouse or focused by keyboard. */
  readonly onHold: (hold: boolean) => void;
  /** Called when the last rows become visible. */
  readonly onEnd: () => void;
}

/** Event handlers that report whether a row is hovered or focused by keyboard. */
function useHold(onHold: (hold: boolean) => void) {
  const [held] = useState({ pointer: false, focus: false });
  const set = (change: Partial<typeof held>): void => {
    Object.assign(held, change);
    onHold(held.pointer || held.focus);
  };
  return {
    // Mouse only: after a touch no pointerleave follows when the finger is lifted.
    onPointerEnter: ({ pointerType }: PointerEvent) => set({ pointer: pointerType === 'mouse' }),
    onPointerLeave: () => set({ pointer: false }),
    onFocus: ({ target }: FocusEvent<HTMLElement>) => set({ focus: target.matches(':focus-visible') }),
    onBlur: () => set({ focus: false }),
  };
}

/** The table, with the rows in the given order. */
export function ProcessTable({ rows, now, order, onSort, onHold, onEnd }: ProcessTableProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((key: string) => setOpen((before) => (before.has(key) ? new Set([...before].filter((other) => other !== key)) : new Set([...before, key]))), []);
  const step = useWidthStep();
  const heads = useMemo(() => PROCESS_HEADS.filter(({ from }) => from <= step), [step]);
  const hold = useHold(onHold);
  // Rates need two looks at a process: in the first answer no row has one.
  const isFirst = rows.every(({ cpu }) => cpu === null);
  return (
    <Scroller label="Table of processes" className="table-scroll process-scroll" onScroll={({ currentTarget }) => isNearEnd(currentTarget) && onEnd()}>
      <table className="process-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <Head key={head.column} head={head} order={order} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody {...hold}>
          {rows.map((process) => (
            <ProcessRow key={process.key} process={process} heads={heads} isOpen={open.has(process.key)} isFirst={isFirst} now={now} onToggle={toggle} />
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
