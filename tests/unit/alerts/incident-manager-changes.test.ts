import { expect, it } from 'vitest';
import { createIncidentRig } from '../../support/incident-manager';
import { incidentOf } from '../../support/alert-samples';

it('the alert state is stored only when something has changed', async () => {
  const rig = createIncidentRig();
  rig.restart([]);
  await rig.time.pass(60_000);
  expect(rig.files()).toEqual([]);
  rig.fire();
  await rig.time.pass(60_000);
  expect(rig.files()).toEqual(['alerts.json']);
});

it('emits simultaneous changes once, and returns the same array until the next change', async () => {
  const rig = createIncidentRig();
  let changes = 0;
  rig.incidentManager().onChange(() => (changes += 1));
  for (let index = 0; index < 40; index += 1) rig.fire(incidentOf({ series: `disk.usage@/m${index}` }));
  await rig.time.pass(10);
  expect(changes).toBe(1);
  expect(rig.incidentManager().open()).toBe(rig.incidentManager().open());
  rig.incidentManager().snooze({ kind: 'all' }, '1h');
  expect(rig.incidentManager().open().every(({ isSnoozed }) => isSnoozed)).toBe(true);
});
