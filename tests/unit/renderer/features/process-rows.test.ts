import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNearEnd } from '../../../../src/renderer/lib/row-steps';
import { orderAfter } from '../../../../src/renderer/lib/sort';
import { describeCount, formatStart, holdOrder, isSameRow, nextRows, NO_ROWS, PROCESS_HEADS } from '../../../../src/renderer/features/processes/process-rows';
import type { AnsweredRows, ProcessOrder, ShownRows } from '../../../../src/renderer/features/processes/process-rows';
import { createSortHold, POINTER_HOLD } from '../../../../src/renderer/features/processes/sort-hold';
import { PROCESS_COLUMNS } from '../../../../src/shared/processes/process-columns';
import { info } from '../../../support/process-source';
import { createManualTimers } from '../../../support/timers';

describe('rows', () => {
  it('keep their order while held: ended processes are removed, new ones come last', () => {
    const shown = [info(3), info(1), info(2)];
    const rows = [info(4), info(2, { cpu: 9 }), info(3)];
    expect(holdOrder(shown, rows).map(({ pid }) => pid)).toEqual([3, 2, 4]);
    expect(holdOrder(shown, rows)[1]?.cpu).toBe(9);
    expect(holdOrder([], rows)).toEqual(rows);
  });

  it('are rendered again when anything shown changes', () => {
    expect(isSameRow(info(1), info(1))).toBe(true);
    for (const change of [{ cpu: 1 }, { memory: 1 }, { read: null }, { name: 'x' }, { command: null }, { user: 'x' }, { key: 'x' }, { startedAt: null }, { container: 'shop-db' }]) {
      expect(isSameRow(info(1), info(1, change)), `a change of ${Object.keys(change).join()}`).toBe(false);
    }
  });

  it('are loaded when the last of them become visible', () => {
    expect(isNearEnd({ scrollHeight: 2000, scrollTop: 0, clientHeight: 600 })).toBe(false);
    expect(isNearEnd({ scrollHeight: 2000, scrollTop: 1300, clientHeight: 600 })).toBe(true);
  });

  it('have a column for each sort order', () => {
    expect(PROCESS_HEADS.map(({ column }) => column).toSorted()).toEqual(PROCESS_COLUMNS.toSorted());
    expect(PROCESS_HEADS.filter(({ from }) => from === 0).map(({ column }) => column)).toEqual(['name', 'cpu', 'memory']);
  });
});

describe('text and order', () => {
  it('a start time is as short as possible', () => {
    const now = new Date(2026, 10, 21, 14, 5).getTime();
    expect(formatStart(new Date(2026, 10, 21, 3, 4).getTime(), now)).toBe('03:04');
    expect(formatStart(new Date(2026, 10, 20, 23, 59).getTime(), now)).toBe('11-20');
    expect(formatStart(new Date(2025, 10, 21, 14, 5).getTime(), now)).toBe('2025');
    expect(formatStart(null, now)).toBe('–');
  });

  it('a count has digits in groups of three', () => {
    expect(describeCount(412, 412)).toBe('412 processes');
    expect(describeCount(12_345, 1000)).toBe('1\u202f000 of 12\u202f345 processes');
    expect(describeCount(1, 1)).toBe('1 process');
    expect(describeCount(7, 0)).toBe('0 of 7 processes');
  });

  it('a second click reverses the order, a new column begins descending for numbers', () => {
    const [name, , cpu] = PROCESS_HEADS;
    expect(orderAfter({ column: 'cpu', descending: true }, cpu)).toEqual({ column: 'cpu', descending: false });
    expect(orderAfter({ column: 'cpu', descending: true }, name)).toEqual({ column: 'name', descending: false });
    expect(orderAfter({ column: 'name', descending: false }, cpu)).toEqual({ column: 'cpu', descending: true });
  });
});

describe('order', () => {
  const order = { column: 'cpu', descending: true } as const;
  const answer = (pids: readonly number[], ratesOver: number | null = 2, orderKey = 'k', by: ProcessOrder = order): AnsweredRows => ({ table: { ratesOver, processes: pids.map((pid) => info(pid)) }, order: by, orderKey });
  const pids = ({ rows }: ShownRows): readonly number[] | null => rows?.map(({ pid }) => pid) ?? null;

  it('by a rate is none before there are rates: placeholders are shown, and it is never held', () => {
    const first = nextRows(NO_ROWS, answer([1, 2, 3], null), true);
    expect(pids(first)).toBeNull();
    expect(pids(nextRows(first, answer([3, 1, 2]), true))).toEqual([3, 1, 2]);
    for (const column of ['cpu', 'read', 'written'] as const) expect(pids(nextRows(NO_ROWS, answer([1], null, 'k', { column, descending: true }), false))).toBeNull();
    expect(pids(nextRows(NO_ROWS, answer([1], null, 'k', { column: 'name', descending: false }), false))).toEqual([1]);
  });

  it('is held while there is a reason, and follows the answer at once when there is none any more', () => {
    const shown = nextRows(NO_ROWS, answer([1, 2, 3]), false);
    const latest = answer([3, 2, 1]);
    const held = nextRows(shown, latest, true);
    expect(pids(held)).toEqual([1, 2, 3]);
    expect(pids(nextRows(held, latest, false))).toEqual([3, 2, 1]);
  });

  it('is that of the answer after a change of filter or sort order, and after missed data', () => {
    const shown = nextRows(NO_ROWS, answer([1, 2, 3]), true);
    expect(pids(nextRows(shown, answer([3, 1], 2, 'other'), true))).toEqual([3, 1]);
  });

  it('is held only as an order that was shown sorted, whatever answers come', () => {
    const step = fc.record({ pids: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), rates: fc.constantFrom(null, 2), key: fc.constantFrom('a', 'b'), held: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let shown = NO_ROWS;
        /** The order that may be held: that of an answer with rates under this key. */
        let sorted: { key: string; pids: readonly number[] } | null = null;
        for (const { pids: all, rates, key, held } of steps) {
          shown = nextRows(shown, answer(all, rates, key), held);
          if (rates === null) {
            expect(shown.rows).toBeNull();
            sorted = null;
          } else {
            const before: readonly number[] = held && sorted?.key === key ? sorted.pids : [];
            sorted = { key, pids: [...before.filter((pid) => all.includes(pid)), ...all.filter((pid) => !before.includes(pid))] };
            expect(pids(shown)).toEqual(sorted.pids);
          }
        }
      }),
    );
  });
});

describe('the hold', () => {
  const create = () => {
    const timers = createManualTimers();
    const changes: boolean[] = [];
    return { timers, changes, hold: createSortHold(timers, (held) => changes.push(held)) };
  };

  it('ends two seconds after the pointer last moved', () => {
    const { timers, changes, hold } = create();
    hold.pointerMoved();
    timers.advance(1500);
    hold.pointerMoved();
    timers.advance(POINTER_HOLD - 1);
    expect(changes).toEqual([true]);
    timers.advance(1);
    expect(changes).toEqual([true, false]);
    hold.pointerMoved();
    hold.pointerLeft();
    expect(hold.held()).toBe(false);
  });

  it('lasts as long as a row is focused or open, and ends with Resume until there is another reason', () => {
    const { timers, hold } = create();
    hold.opened(1);
    hold.focused(true);
    timers.advance(60_000);
    hold.focused(false);
    expect(hold.held()).toBe(true);
    hold.resume();
    expect(hold.held()).toBe(false);
    hold.opened(1);
    expect(hold.held()).toBe(false);
    hold.opened(2);
    expect(hold.held()).toBe(true);
    hold.opened(0);
    expect(hold.held()).toBe(false);
  });
});
