/** Disks that versions before stored under the names of the kernel. */
import { expect, it } from 'vitest';
import type { RenamedDevices, SampleBatch } from '../../../../src/shared/metrics/reading';
import { createStoreFixture, NOON, pointsOf, pointsText } from '../../../support/store';

/** A batch of disks that are busy to this share; `at` in seconds after noon. */
function batch(at: number, busy: Readonly<Record<string, number>>, renamed: Readonly<Record<string, string>> = {}): SampleBatch {
  const devices = Object.fromEntries(Object.entries(busy).map(([id, value]) => [id, { label: id, values: { busy: value } }]));
  const groups = Object.entries(renamed).map(([from, to]): RenamedDevices => ({ renamed: { [from]: to }, unless: `${from} 2` }));
  return { seq: 1, time: NOON + at * 1000, readings: { diskio: { values: {}, devices, renamed: groups } }, faults: {} };
}

it('continue each for itself, whatever other disks have come or gone, and take nothing that is another’s', () => {
  const renames: [string, string][] = [];
  const { store } = createStoreFixture().open({ onRenamed: (keys) => renames.push(...keys) });
  const points = (disk: string): string => pointsText(pointsOf(store, `diskio.busy@${disk}`, 0, 1000)).replaceAll(/\s?\S*:–/g, '').trim();
  store.append(batch(0, { sda: 5, sdb: 6 }));
  store.commit();
  // The second is gone, and a third one has come that was never there.
  store.append(batch(100, { 'Disk A': 9, 'Disk C': 1 }, { sda: 'Disk A', sdc: 'Disk C' }));
  store.commit();
  expect([points('Disk A'), points('sda'), points('sdb'), points('Disk C')]).toEqual(['0:5 100:9', '', '0:6', '100:1']);
  expect(renames).toContainEqual(['diskio.busy@sda', 'diskio.busy@Disk A']);
  // The third is found under the name of the second: it has a history of its own by now.
  store.append(batch(200, { 'Disk A': 9, 'Disk C': 2 }, { sda: 'Disk A', sdb: 'Disk C' }));
  store.commit();
  expect([points('Disk A'), points('sdb'), points('Disk C')]).toEqual(['0:5 100:9 200:9', '0:6', '100:1 200:2']);
});
