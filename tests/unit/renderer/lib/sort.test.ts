import { describe, expect, it } from 'vitest';
import { nextOrder, sortRows } from '../../../../src/renderer/lib/sort';

describe('sortRows', () => {
  it('compares numbers inside names by value', () => {
    const names = ['Core 10', 'Core 2', 'core 1'];
    expect(sortRows(names, (name) => name, false)).toEqual(['core 1', 'Core 2', 'Core 10']);
  });

  it('puts missing values last in either direction', () => {
    const values = [3, null, 12, undefined, 5];
    expect(sortRows(values, (value) => value, false).slice(0, 3)).toEqual([3, 5, 12]);
    expect(sortRows(values, (value) => value, true).slice(0, 3)).toEqual([12, 5, 3]);
  });

  it('changes neither the given list nor the order of equal rows', () => {
    const rows = [{ id: 'b', at: 1 }, { id: 'a', at: 1 }];
    expect(sortRows(rows, ({ at }) => at, true).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(rows[0]?.id).toBe('b');
  });
});

describe('nextOrder', () => {
  it('reverses the same column, and begins a new one descending for numbers', () => {
    expect(nextOrder({ column: 'a', descending: true }, 'a', true)).toEqual({ column: 'a', descending: false });
    expect(nextOrder({ column: 'a', descending: true }, 'b', true)).toEqual({ column: 'b', descending: true });
    expect(nextOrder({ column: 'a', descending: true }, 'b', false)).toEqual({ column: 'b', descending: false });
  });
});
