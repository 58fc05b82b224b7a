import { expect, it } from 'vitest';
import { createHub } from '../../../src/main/engine/hub';
import { createViewedFamilies } from '../../../src/main/engine/viewed-families';

const reading = (usage: number) => ({ values: { usage }, devices: {} });

it('keeps the last reading of every family; that of one that failed since is not among the current ones', () => {
  const hub = createHub((error) => {
    throw error;
  });
  hub.publish({ seq: 1, time: 1000, readings: { cpu: reading(1), disk: reading(9) }, faults: {} });
  hub.publish({ seq: 2, time: 2000, readings: { cpu: reading(2) }, faults: { disk: { kind: 'Timeout', message: 'hung', since: 1, nextAt: null } } });
  const snapshot = hub.snapshot();
  expect(snapshot).toEqual({
    seq: 2,
    time: 2000,
    paused: false,
    readings: { cpu: reading(2) },
    faults: { disk: { kind: 'Timeout', message: 'hung', since: 1, nextAt: null } },
    lastKnown: { disk: { reading: reading(9), readAt: 1000 } },
    readAt: { cpu: 2000, disk: 2000 },
  });
  hub.publish({ seq: 3, time: 3000, readings: { disk: reading(8) }, faults: {} });
  expect(hub.snapshot().faults).toEqual({});
  expect(hub.snapshot().lastKnown).toEqual({});
  expect(hub.snapshot().readings.disk).toEqual(reading(8));
  expect(hub.snapshot().readAt.cpu).toBe(2000);
});

it('passes a batch to all listeners although one throws', () => {
  const errors: unknown[] = [];
  const hub = createHub((error) => errors.push(error));
  const seen: number[] = [];
  hub.subscribe(() => {
    throw new Error('broken');
  });
  const off = hub.subscribe((batch) => seen.push(batch.seq));
  hub.publish({ seq: 1, time: 1, readings: {}, faults: {} });
  off();
  hub.publish({ seq: 2, time: 2, readings: {}, faults: {} });
  expect(seen).toEqual([1]);
  expect(errors).toHaveLength(2);
});

it('viewed families are the union over callers', () => {
  const emitted: string[][] = [];
  const viewedFamilies = createViewedFamilies((viewed) => emitted.push([...viewed].toSorted()));
  viewedFamilies.set('a', ['cpu', 'disk']);
  viewedFamilies.set('b', ['cpu']);
  viewedFamilies.drop('a');
  viewedFamilies.drop('a');
  viewedFamilies.set('b', []);
  expect(emitted).toEqual([['cpu', 'disk'], ['cpu', 'disk'], ['cpu'], []]);
});
