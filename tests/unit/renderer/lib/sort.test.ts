import { describe, expect, it } from 'vitest';
import { nextOrder, sortRows } from '../../../../src/renderer/lib/sort';

describe('sortRows', () => {
  it('counts numbers inside names', () => {
    const names = ['Core 10', 'Core 2', 'core 1'];
    expect(sortRows(names, (name) => name, false)).toEqual(['core 1', 'Core 2', 'Core 10']);
  });

  it('puts missing values last, whichever way', () => {
    const values = [3, null, 12, undefined, 5];
    expect(sortRows(values, (value) => value, false).slice(0, 3)).toEqual([3, 5, 12]);
    expect(sortRows(values, (value) => value, true).slice(0, 3)).toEqual([12, 5, 3]);
  });

  it('leaves the given list and the order of equals alone', () => {
    const rows = [{ id: 'b', at: 1 }, { id: 'a', at: 1 }];
    expect(sortRows(rows, ({ at }) => at, true).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(rows[0]?.id).toBe('b');
  });
});

describe('nextOrder', () => {
  it('turns the same column round, and begins a new one the useful way', () => {
    expect(nextOrder({ column: 'a', descending: true }, 'a', true)).toEqual({ column: 'a', descending: false });
    expect(nextOrder({ column: 'a', descending: true }, 'b', true)).toEqual({ column: 'b', descending: true });
    expect(nextOrder({ column: 'a', descending: true }, 'b', false)).toEqual({ column: 'b', descending: false });
  });
});
