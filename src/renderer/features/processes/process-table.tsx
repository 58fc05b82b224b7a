/** The process table. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { FocusEvent, KeyboardEvent, PointerEvent } from 'react';
import type { ProcessInfo } from '../../../shared/processes/process-schemas';
import { isNearEnd } from '../../lib/row-steps';
import { PROCESS_HEADS } from './process-rows';
import type { ProcessHead, ProcessOrder } from './process-rows';
import type { SortHold } from './sort-hold';
import { ProcessRow } from './process-row';
import { Scroller } from '../../ui/scroller';
import { SortHead } from '../../ui/sort-head';
import { useWidthStep } from '../../ui/use-width';

/** Minimum widths of the page for more columns, px; the first is the breakpoint of the narrow layout. */
const WIDTHS = [720, 900, 1040] as const;

/** Placeholders: about as many as a small window shows. */
const SKELETON_ROWS = 12;

interface ProcessTableProps {
  /** Null while there are none in a known order. */
  readonly rows: readonly ProcessInfo[] | null;
  /** Time of the rows, epoch ms. */
  readonly now: number;
  /** The order the rows are in. */
  readonly order: ProcessOrder;
  readonly onSort: (head: ProcessHead) => void;
  readonly hold: SortHold;
  readonly hasRates: boolean;
  /** Called when the last rows become visible. */
  readonly onEnd: () => void;
}

/** Whether the focus goes to the button that ends the hold: that is no reason to end it before it is pressed. */
function isToResume({ relatedTarget }: FocusEvent<HTMLElement>): boolean {
  return relatedTarget instanceof HTMLElement && relatedTarget.dataset['resume'] !== undefined;
}

/** Event handlers of the rows. */
function rowHandlers(hold: SortHold, at: { x: number; y: number }) {
  return {
    // Mouse only: after a touch no pointerleave follows when the finger is lifted.
    onPointerMove: ({ pointerType, screenX, screenY }: PointerEvent) => {
      // Browsers report a move as well where a row moved below a pointer at rest.
      if (pointerType !== 'mouse' || (screenX === at.x && screenY === at.y)) return;
      Object.assign(at, { x: screenX, y: screenY });
      hold.pointerMoved();
    },
    onPointerLeave: () => hold.pointerLeft(),
    onFocus: ({ target }: FocusEvent<HTMLElement>) => hold.focused(target.matches(':focus-visible')),
    onBlur: (event: FocusEvent<HTMLElement>) => {
      if (!isToResume(event)) hold.focused(false);
    },
    onKeyDown: ({ key }: KeyboardEvent) => {
      if (key === 'Escape') hold.resume();
    },
  };
}

/** Placeholders for rows whose order is not known yet. */
function Skeleton({ columns }: { readonly columns: number }) {
  return Array.from({ length: SKELETON_ROWS }, (_, row) => (
    <tr key={row} className="process-skeleton">
      <td colSpan={columns}>
        <span>{row === 0 ? 'Measuring…' : ''}</span>
      </td>
    </tr>
  ));
}

/** The table, with the rows in the given order. */
export function ProcessTable({ rows, now, order, onSort, hold, hasRates, onEnd }: ProcessTableProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((key: string) => setOpen((before) => (before.has(key) ? new Set([...before].filter((other) => other !== key)) : new Set([...before, key]))), []);
  const step = useWidthStep(WIDTHS);
  const heads = useMemo((): readonly ProcessHead[] => PROCESS_HEADS.filter(({ from }) => from <= step), [step]);
  const [handlers] = useState(() => rowHandlers(hold, { x: -1, y: -1 }));
  // Only rows that are still there: an open row whose process ended holds nothing.
  const openCount = rows?.filter(({ key }) => open.has(key)).length ?? 0;
  useEffect(() => hold.opened(openCount), [hold, openCount]);
  return (
    <Scroller label="Table of processes" className="table-scroll process-scroll" onScroll={({ currentTarget }) => isNearEnd(currentTarget) && onEnd()}>
      <table className="steady-table process-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <SortHead key={head.column} column={head.column} label={head.label} help={head.help} order={order} onSort={() => onSort(head)} />
            ))}
          </tr>
        </thead>
        <tbody {...handlers}>
          {rows === null && <Skeleton columns={heads.length} />}
          {rows?.map((process) => (
            <ProcessRow key={process.key} process={process} heads={heads} isOpen={open.has(process.key)} now={now} hasRates={hasRates} onToggle={toggle} />
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
