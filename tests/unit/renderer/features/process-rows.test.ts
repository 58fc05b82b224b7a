import { describe, expect, it } from 'vitest';
import { describeCount, formatStart, holdOrder, isNearEnd, isSameRow, orderAfter, PROCESS_HEADS } from '../../../../src/renderer/features/processes/process-rows';
import { PROCESS_COLUMNS } from '../../../../src/shared/processes/process-columns';
import { info } from '../../../support/process-source';

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
    for (const change of [{ cpu: 1 }, { memory: 1 }, { read: null }, { name: 'x' }, { command: null }, { user: 'x' }, { key: 'x' }, { startedAt: null }]) {
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
