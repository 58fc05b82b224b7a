import { array, assert, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAt, flush, join, NO_GROUP, GROUP_SIZE, withdraw } from '../../../../src/main/engine/alerts/grouping';
import type { NotificationGroup, GroupOutcome } from '../../../../src/main/engine/alerts/grouping';

interface Item {
  readonly key: string;
}

/** Adds items at their times (ms, ascending) and shows what is due when it is due. */
function play(times: readonly (readonly [number, string])[]): { at: number; outcome: GroupOutcome<Item> }[] {
  const shown: { at: number; outcome: GroupOutcome<Item> }[] = [];
  let group: NotificationGroup<Item> = NO_GROUP;
  const showUntil = (end: number): void => {
    const at = dueAt(group);
    if (at === null || at > end) return;
    const flushed = flush(group, at);
    ({ group } = flushed);
    shown.push({ at, outcome: flushed.outcome });
  };
  for (const [at, key] of times) {
    showUntil(at);
    group = join(group, { key }, at);
  }
  showUntil(Number.POSITIVE_INFINITY);
  return shown;
}

const keysOf = ({ outcome }: { outcome: GroupOutcome<Item> }): string => `${outcome.kind} ${outcome.items.map(({ key }) => key).join('')}`;

describe('grouping', () => {
  it('shows a single item after a short wait, and two that come together at once', () => {
    expect(play([[0, 'a']]).map(({ at }) => at)).toEqual([2000]);
    expect(play([[0, 'a'], [500, 'b']]).map(keysOf)).toEqual(['single ab']);
  });

  it('makes one summary of 40 items, at once or spread', () => {
    const forty = Array.from({ length: 40 }, (_, index) => `${index} `);
    expect(play(forty.map((key) => [0, key])).map(({ outcome }) => [outcome.kind, outcome.items.length])).toEqual([['summary', 40]]);
    // One tick apart: the summary and one update.
    const spread = play(forty.map((key, index) => [index * 1000, key]));
    expect(spread.map(({ outcome }) => outcome.kind)).toEqual(['summary', 'summary']);
    expect(spread.at(-1)?.outcome.items).toHaveLength(40);
  });

  it('includes items shown singly in the summary when more come', () => {
    const shown = play([[0, 'a'], [5000, 'b'], [10_000, 'c'], [10_000, 'd']]);
    expect(shown.map(keysOf)).toEqual(['single a', 'single b', 'summary abcd']);
    expect(shown.at(-1)?.outcome).toMatchObject({ replaced: [{ key: 'a' }, { key: 'b' }], fresh: [{ key: 'c' }, { key: 'd' }] });
  });

  it('starts again after a summary is finished', () => {
    const grouped = ['a', 'b', 'c', 'd'].map((key) => [0, key] as const);
    expect(play([...grouped, [100_000, 'e']]).map(keysOf)).toEqual(['summary abcd', 'summary abcde']);
    expect(play([...grouped, [130_000, 'e']]).map(keysOf)).toEqual(['summary abcd', 'single e']);
  });

  it('keeps the latest item of a key', () => {
    expect(play([[0, 'a'], [1000, 'a']]).map(({ at, outcome }) => [at, outcome.items.length])).toEqual([[3000, 1]]);
  });

  it('neither shows nor counts a withdrawn item', () => {
    const joined = (group: NotificationGroup<Item>, at: number, ...keys: string[]): NotificationGroup<Item> => keys.reduce((before, key) => join(before, { key }, at), group);
    const waiting = joined(NO_GROUP, 0, 'a', 'b');
    expect(flush(withdraw(waiting, 'a'), 2000).outcome.items).toEqual([{ key: 'b' }]);
    const shown = flush(waiting, 2000).group;
    expect(flush(joined(withdraw(shown, 'a'), 3000, 'c', 'd'), 5000).outcome.kind).toBe('single');
    const grouped = flush(joined(shown, 3000, 'c', 'd'), 5000).group;
    expect(flush(joined(withdraw(grouped, 'a'), 6000, 'e'), 16_000).outcome.items.map(({ key }) => key)).toEqual(['b', 'c', 'd', 'e']);
  });

  it('loses nothing, shows nothing late, and never shows four items singly within 30 s (property)', () => {
    const arrivals = array(tuple(integer({ min: 0, max: 20_000 }), integer({ min: 0, max: 30 })), { maxLength: 60 });
    assert(
      property(arrivals, (steps) => {
        let at = 0;
        const times = steps.map(([wait, name]) => [(at += wait), `${name} `] as const);
        const shown = play(times);
        const keys = new Set(shown.flatMap(({ outcome }) => outcome.items.map(({ key }) => key)));
        expect(keys).toEqual(new Set(times.map(([, key]) => key)));
        const singles = shown.flatMap((each) => (each.outcome.kind === 'single' ? each.outcome.items.map(({ key }) => ({ key, at: each.at })) : []));
        for (const { at: last } of singles) {
          expect(new Set(singles.filter(({ at: when }) => when <= last && last - when < 30_000).map(({ key }) => key)).size).toBeLessThan(GROUP_SIZE);
        }
        for (const [time] of times) expect(shown.some(({ at: when }) => when >= time && when - time <= 60_000)).toBe(true);
      }),
    );
  });
});
