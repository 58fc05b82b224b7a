/** A gap told as a stall of which it is learned later that it was sleep: in what is stored and in what waits to be stored. */
import { expect, it } from 'vitest';
import { createGapQuery } from '../../../src/main/history/gap-query';
import { batchOf, createStoreFixture, NOON } from '../../support/store';

it.each([true, false])('gets its reason in the history (stored before: %s), and no other gap does', (isStored) => {
  const fixture = createStoreFixture();
  const { store } = fixture.open();
  const gaps = createGapQuery({ store, path: () => fixture.path, pausedNow: () => null });
  for (const at of [0, 1, 2, 40, 41, 80, 81]) {
    const batch = batchOf(at, { cpu: { usage: 1 }, memory: { usage: 1 } }, at === 0 ? 'start' : at === 40 || at === 80 ? 'stall' : undefined);
    store.append(batch);
    gaps.onBatch(batch);
  }
  if (isStored) store.commit();
  // No gap ends at 41 s: nothing to change.
  for (const seconds of [40, 41]) {
    store.setGapReason(NOON + seconds * 1000, 'sleep');
    gaps.onSleepLearned(NOON + seconds * 1000);
  }
  const found = (query: typeof gaps) => query.gaps(NOON, NOON + 82_000).map(({ to, reason }) => [(to - NOON) / 1000, reason]);
  expect(found(gaps)).toEqual([[40, 'sleep'], [80, 'stall']]);
  expect(found(createGapQuery({ store, path: () => fixture.path, pausedNow: () => null }))).toEqual([[40, 'sleep'], [80, 'stall']]);
});
