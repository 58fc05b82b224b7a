/** Silence of machines: an incident of one that should always be there, one for most of them at once, none that was announced. */
import { describe, expect, it } from 'vitest';
import { ClockOffset } from '../../../src/main/machines/clock-offset';
import { ageOf } from '../../../src/main/machines/version-age';
import { temporaryFolder } from '../../support/access';
import { openMachines } from '../../support/open-machines';
import { ABOUT, ReportingMachine } from '../../support/reports';
import { createSimulatedTime } from '../../support/timers';

const MINUTE = 60_000;
const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(32));

function openHub() {
  const folder = temporaryFolder();
  const time = createSimulatedTime();
  const alerts: string[] = [];
  const { machines, events } = openMachines(folder, time, {
    version: '1.0.0',
    onAlert: (machine, { label }, kind) => alerts.push(`${machine?.id.slice(0, 1) ?? 'hub'}: ${label} ${kind}`),
  });
  const reporters = ids.map((id) => new ReportingMachine((report) => machines.take(id, report), () => time.clock.now(), id));
  const join_ = async (count: number): Promise<void> => {
    for (const reporter of reporters.slice(0, count)) {
      await reporter.report({ about: ABOUT });
      const settings = machines.get(reporter.id)?.known.settings;
      if (settings !== undefined) machines.save(reporter.id, { ...settings, alwaysOn: true });
    }
  };
  /** Lets minutes pass in which these report every 10 s. */
  const pass = async (minutes: number, talking: readonly ReportingMachine[]): Promise<void> => {
    for (let at = 0; at < minutes * MINUTE; at += 10_000) {
      for (const reporter of talking) await reporter.report();
      await time.advance(10_000);
    }
  };
  return { machines, reporters, time, alerts, events, join: join_, pass };
}

describe('silence', () => {
  it('is an incident after the minutes that are set, once, and ends with the next report', async () => {
    const { machines, reporters: [nas], alerts, join: joined, pass, events } = openHub();
    if (nas === undefined) throw new Error('there is no machine');
    await joined(1);
    await pass(4.5, []);
    expect(alerts).toEqual([]);
    await pass(3, []);
    expect(alerts).toEqual(['a: Silent for 5 min fired']);
    expect(machines.list(false)[0]).toMatchObject({ state: 'away', open: 1, worst: { severity: 'critical', title: 'Silent for 5 min' } });
    await nas.report();
    expect(alerts).toEqual(['a: Silent for 5 min fired', 'a: Silent for 5 min resolved']);
    expect(machines.list(false)[0]).toMatchObject({ state: 'live', open: 0 });
    expect(events).toEqual(['machine_network']);
  });

  it('is none for a machine that said that it sleeps or stops, nor for one that need not be there', async () => {
    const { machines, reporters, alerts, join: joined, pass } = openHub();
    const [one, two, three] = reporters;
    await joined(2);
    await three?.report({ about: ABOUT });
    await one?.report({ state: 'suspending' });
    await two?.report({ state: 'stopping' });
    await pass(10, []);
    expect(machines.list(false).map(({ state }) => state)).toEqual(['asleep', 'stopped', 'away']);
    expect(alerts).toEqual([]);
  });

  it('of most machines at once is told once, for the hub, and of one among others for that one', async () => {
    const { reporters, alerts, join: joined, pass } = openHub();
    await joined(3);
    await pass(7, reporters.slice(0, 2));
    expect(alerts).toEqual(['c: Silent for 5 min fired']);
    await pass(1, reporters);
    alerts.length = 0;
    await pass(8, []);
    expect(alerts).toEqual(['hub: 3 machines went silent at once fired']);
    await pass(1, reporters);
    expect(alerts.at(-1)).toBe('hub: 3 machines went silent at once resolved');
  });

  it('of machines that a hub did not hear since it slept itself is none', async () => {
    const { alerts, join: joined, pass, time } = openHub();
    await joined(1);
    await pass(3, []);
    time.sleep(60 * MINUTE);
    await pass(4, []);
    expect(alerts).toEqual([]);
  });

  it('tells a new start of the program from one of the machine', async () => {
    const { reporters: [nas], events, join: joined } = openHub();
    if (nas === undefined) throw new Error('there is no machine');
    await joined(1);
    nas.run = 'run-0002';
    await nas.report();
    Object.assign(nas, { run: 'run-0003', boot: 'boot-2' });
    await nas.report();
    expect(events).toEqual(['machine_program', 'machine_reboot']);
  });
});

describe('a clock', () => {
  it('is not corrected for the time that reports are under way, and is where it is wrong, without jitter', () => {
    const offset = new ClockOffset();
    for (const delay of [200, 4000, 9000]) offset.add(delay);
    expect([offset.correction, offset.ahead]).toEqual([0, null]);
    for (const delay of [200, 1500, 300]) offset.add(delay - 10_800_000);
    expect(offset.ahead).toBe(10_799_800);
    // Set right again.
    for (const delay of [200, 300]) offset.add(delay);
    expect(offset.correction).toBe(0);
  });
});

it('tells older from newer versions', () => {
  expect(['1.0.0', '0.9.9', '1.0.1', '1.0.0-beta.1', 'nonsense'].map((theirs) => ageOf(theirs, '1.0.0'))).toEqual(['same', 'older', 'newer', 'same', 'same']);
});
