import { expect, it } from 'vitest';
import { createRig } from '../../support/incident-manager';
import { incidentOf } from '../../support/alert-samples';

it('a desk is written down only when something has changed', async () => {
  const rig = createRig();
  rig.restart([]);
  await rig.time.pass(60_000);
  expect(rig.files()).toEqual([]);
  rig.fire();
  await rig.time.pass(60_000);
  expect(rig.files()).toEqual(['alerts.json']);
});

it('a desk tells of a change once, and gives the same answer until the next', async () => {
  const rig = createRig();
  let told = 0;
  rig.desk().onChange(() => (told += 1));
  for (let index = 0; index < 40; index += 1) rig.fire(incidentOf({ series: `disk.usage@/m${index}` }));
  await rig.time.pass(10);
  expect(told).toBe(1);
  expect(rig.desk().open()).toBe(rig.desk().open());
  rig.desk().snooze({ kind: 'all' }, '1h');
  expect(rig.desk().open().every(({ isSnoozed }) => isSnoozed)).toBe(true);
});
