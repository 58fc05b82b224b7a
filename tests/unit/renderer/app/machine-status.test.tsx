import { describe, expect, it } from 'vitest';
import { machineStatus, openAlertsText } from '../../../../src/renderer/app/machine-status';
import { OpenIncidents } from '../../../../src/renderer/features/alerts/open-incidents';
import { OverviewPage } from '../../../../src/renderer/features/overview/overview-page';
import type { Incident } from '../../../../src/shared/alerts/incident';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { incidentOf, NOON } from '../../../support/alert-samples';
import { renderedText } from '../../../support/rendered';

const reading = (usage: number | null): Reading => ({ values: { usage }, devices: {} });
const machine = (usage: number | null) => ({ readings: { cpu: reading(usage) }, faults: {}, paused: false });
const NOTHING = { readings: {}, faults: {}, paused: false };
const warning = incidentOf({ severity: 'warning' });
const critical = incidentOf({ id: 'b', severity: 'critical' });
const acknowledged = { ...critical, acknowledgedAt: NOON };
const FAULT = { network: { kind: 'Timeout', message: '', since: 1, nextAt: null } } as const;

describe('the state of the machine in one line', () => {
  it.each<[string, ReturnType<typeof machine> | typeof NOTHING, readonly Incident[] | null, string | null, string, string | null]>([
    ['nothing known', NOTHING, null, null, 'Collecting the first readings…', null],
    ['nothing read, no alert', NOTHING, [], 'unknown', 'Collecting the first readings…', null],
    ['nothing read, an alert of the run before', NOTHING, [warning], 'warning', '1 open alert', '#/alerts'],
    ['busy, but no rule says so', machine(99), [], 'healthy', 'Everything is normal', null],
    ['calm, but a rule says so', machine(1), [warning], 'warning', '1 open alert', '#/alerts'],
    ['several', machine(1), [warning, critical], 'critical', '2 open alerts', '#/alerts'],
    ['acknowledged ones count', machine(1), [acknowledged], 'critical', '1 open alert', '#/alerts'],
    ['alerts not known, calm', machine(1), null, null, 'Loading…', null],
    ['alerts not known, busy', machine(99), null, null, 'Loading…', null],
  ])('is from open alerts, and says nothing until they are known: %s', (_, snapshot, open, severity, text, link) => {
    const status = machineStatus(snapshot, open);
    expect({ severity: status.health?.severity ?? null, text: status.text, link: status.link }).toEqual({ severity, text, link });
  });

  it('has a quiet mark where every alert is acknowledged', () => {
    expect(machineStatus(machine(1), [acknowledged]).health).toEqual({ severity: 'critical', mark: 'healthy' });
    expect(machineStatus(machine(1), [acknowledged, warning]).health).toEqual({ severity: 'critical', mark: 'warning' });
  });

  it('names what could not be read, and does not call that normal', () => {
    expect(machineStatus({ ...machine(1), faults: FAULT }, [])).toMatchObject({ health: { severity: 'unknown', mark: 'unknown' }, text: 'No open alerts · Cannot be read: Network' });
    expect(machineStatus({ ...machine(1), faults: FAULT }, [critical])).toMatchObject({ health: { severity: 'critical' }, text: '1 open alert · Cannot be read: Network' });
    expect(machineStatus({ ...NOTHING, faults: FAULT }, [])).toMatchObject({ health: { severity: 'unknown' }, text: 'Cannot be read: Network' });
    expect(machineStatus({ ...NOTHING, faults: FAULT }, null)).toMatchObject({ health: null, text: 'Cannot be read: Network' });
  });

  it('is the same object as long as it says the same, so that no view renders for nothing', () => {
    for (const open of [[], [warning], [acknowledged]]) {
      for (const snapshot of [machine(1), { ...machine(1), faults: FAULT }, { ...machine(1), paused: true }, NOTHING]) expect(machineStatus(snapshot, open).health).toBe(machineStatus(snapshot, open).health);
    }
  });

  it('knows nothing while monitoring is paused, and still counts the alerts', () => {
    expect(machineStatus({ ...machine(1), paused: true }, [])).toEqual({ health: { severity: 'unknown', mark: 'unknown' }, text: 'Monitoring is paused', link: null });
    expect(machineStatus({ ...machine(1), paused: true }, [critical])).toMatchObject({ health: { severity: 'unknown' }, text: 'Monitoring is paused · 1 open alert', link: '#/alerts' });
  });

  it.each([
    ['calm', 1, []],
    ['busy', 99, []],
    ['with an alert', 1, [warning]],
    ['with two', 99, [warning, critical]],
  ])('says the same on Overview and on Alerts: %s', (_, usage, incidents) => {
    const shown = { live: { time: 1, ...machine(usage) }, alerts: { incidents, snoozes: [] } };
    const overview = renderedText(<OverviewPage />, shown);
    const alerts = renderedText(<OpenIncidents rules={[]} />, shown);
    expect(overview.includes('Everything is normal')).toBe(incidents.length === 0);
    expect(alerts.includes('No open alerts')).toBe(incidents.length === 0);
    if (incidents.length > 0) expect(overview).toContain(openAlertsText(incidents));
  });
});
