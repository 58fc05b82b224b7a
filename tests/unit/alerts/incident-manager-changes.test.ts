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
  let delivery = 0;
  rig.incidentManager().onChange(() => (delivery += 1));
  for (let index = 0; index < 40; index += 1) rig.fire(incidentOf({ series: `disk.usage@/m${index}` }));
  await rig.time.pass(10);
  expect(delivery).toBe(1);
  expect(rig.incidentManager().open()).toBe(rig.incidentManager().open());
  rig.incidentManager().snooze({ kind: 'all' }, '1h');
  expect(rig.incidentManager().open().every(({ isSnoozed }) => isSnoozed)).toBe(true);
});
