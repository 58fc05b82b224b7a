import { describe, expect, it } from 'vitest';
import { machineStatus, openAlertsText } from '../../../../src/renderer/app/machine-status';
import { OpenIncidents } from '../../../../src/renderer/features/alerts/open-incidents';
import { OverviewPage } from '../../../../src/renderer/features/overview/overview-page';
import type { Incident } from '../../../../src/shared/alerts/incident';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { incidentOf } from '../../../support/alert-samples';
import { renderedText } from '../../../support/rendered';

const reading = (usage: number | null): Reading => ({ values: { usage }, devices: {} });
const machine = (usage: number | null) => ({ readings: { cpu: reading(usage) }, faults: {} });
const warning = incidentOf({ severity: 'warning' });
const critical = incidentOf({ id: 'b', severity: 'critical' });
const FAULT = { network: { kind: 'Timeout', message: '', since: 1, nextAt: null } } as const;

describe('the state of the machine in one line', () => {
  it.each<[string, ReturnType<typeof machine>, readonly Incident[] | null, string, string, string | null]>([
    ['nothing known', { readings: {}, faults: {} } as never, null, 'unknown', 'Collecting the first readings…', null],
    ['nothing read, no alert', { readings: {}, faults: {} } as never, [], 'unknown', 'Collecting the first readings…', null],
    ['nothing read, an alert of the run before', { readings: {}, faults: {} } as never, [warning], 'warning', '1 open alert', '#/alerts'],
    ['busy, but no rule says so', machine(99), [], 'healthy', 'No open alerts', null],
    ['calm, but a rule says so', machine(1), [warning], 'warning', '1 open alert', '#/alerts'],
    ['several', machine(1), [warning, critical], 'critical', '2 open alerts', '#/alerts'],
    ['alerts not known, calm', machine(1), null, 'healthy', 'All metrics normal', null],
    ['alerts not known, busy', machine(99), null, 'critical', 'CPU: critical', '#/cpu?range=5m'],
  ])('is from open alerts wherever they are known: %s', (_, snapshot, open, severity, text, link) => {
    expect(machineStatus(snapshot, open)).toEqual({ severity, text, link });
  });

  it('names what could not be read', () => {
    expect(machineStatus({ ...machine(1), faults: FAULT }, [])).toMatchObject({ severity: 'unknown', text: 'No open alerts · Cannot be read: Network' });
    expect(machineStatus({ ...machine(1), faults: FAULT }, [critical])).toMatchObject({ severity: 'critical', text: '1 open alert · Cannot be read: Network' });
    expect(machineStatus({ readings: {}, faults: FAULT }, null)).toMatchObject({ severity: 'unknown', text: 'Cannot be read: Network' });
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
    expect(overview).toContain(openAlertsText(incidents));
    expect(overview).not.toMatch(/normal|well/);
    expect(alerts.includes('No open alerts')).toBe(incidents.length === 0);
    expect(overview.includes('No open alerts')).toBe(incidents.length === 0);
  });
});
