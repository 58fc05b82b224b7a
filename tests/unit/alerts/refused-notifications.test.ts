import { EventEmitter } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notifier } from '../../../src/main/alerts/notification-dispatcher';
import type { NotificationConstructor } from '../../../src/main/desktop/native-notification';
import { abilitiesOf } from '../../../src/main/desktop/native-notification';
import { createNotifier } from '../../../src/main/desktop/notifier';
import type { Incident } from '../../../src/shared/alerts/incident';
import { WEEKDAYS } from '../../../src/shared/alerts/weekdays';
import { createIncidentRig } from '../../support/incident-manager';
import { eventOf, incidentOf, ruleOf } from '../../support/alert-samples';
import type { FakeTime } from '../../support/collectors';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const mount = (name: string, change: Partial<Incident> = {}): Incident => incidentOf({ ruleId: 'disk', series: `disk.usage@${name}`, device: name, deviceLabel: name, label: 'Disk space', ...change });

/** What the notification service does: it answers, is not on the bus, or never says anything; or Electron itself throws. */
type Service = 'answers' | 'fails' | 'silent' | 'throws';

/** An incident manager on the real notifier, with a notification service that a test turns on and off. */
function openDesktop(first: Service) {
  const world = { service: first, tries: 0 };
  /** Titles of what came on the screen, and what is there now. */
  const seen: string[] = [];
  const screen = new Set<FakeNotification>();
  const outages: (string | null)[] = [];
  class FakeNotification extends EventEmitter {
    constructor(readonly options: { title: string; body: string }) {
      super();
    }
    show(): void {
      world.tries += 1;
      if (world.service === 'throws') throw new Error('no display');
      if (world.service === 'fails') this.emit('failed', {}, '');
      if (world.service !== 'answers') return;
      seen.push(`${this.options.title}\n${this.options.body}`.replaceAll('\u202f', ' '));
      screen.add(this);
      this.emit('show');
    }
    close(): void {
      screen.delete(this);
    }
  }
  const create = (time: FakeTime): Notifier =>
    createNotifier({
      Notification: FakeNotification as unknown as NotificationConstructor,
      abilities: () => abilitiesOf('win32', true),
      onOpen: () => undefined,
      onSnooze: () => undefined,
      timers: time,
      onOutage: (reason) => outages.push(reason),
    });
  const rig = createIncidentRig(create);
  return { ...rig, service: world, outages, seen: () => seen.splice(0), titles: () => seen.splice(0).map((text) => text.split('\n')[0]), onScreen: () => [...screen].map(({ options }) => options.title) };
}

describe.each<Service>(['fails', 'silent', 'throws'])('a desktop that %s', (service) => {
  it('loses no alert: it stays open, and is in the next summary once notifications are taken again', async () => {
    const desktop = openDesktop(service);
    desktop.fire();
    await desktop.time.pass(30 * SECOND);
    expect([desktop.titles(), desktop.outages.length, desktop.incidentManager().open().length]).toEqual([[], 1, 1]);
    expect(desktop.timeline()).toEqual(['alert_fired', 'alert_suppressed refused']);
    await desktop.time.pass(10 * MINUTE);
    expect([desktop.titles(), desktop.outages.length]).toEqual([[], 1]);
    desktop.service.service = 'answers';
    await desktop.time.pass(20 * MINUTE);
    expect(desktop.seen()).toEqual(['Missed: 1 alert, still open\nCPU 97 %']);
    expect([desktop.outages.length, desktop.outages.at(-1)]).toEqual([2, null]);
    await desktop.time.pass(24 * HOUR);
    expect([desktop.titles(), desktop.timeline()]).toEqual([[], ['alert_digest']]);
    // It was told, so its end is told, too.
    desktop.clear();
    await desktop.time.pass(MINUTE);
    expect(desktop.titles()).toEqual(['CPU: resolved, now 12 %']);
    expect(desktop.problems).toEqual([]);
  });

  it('is tried ever more seldom', async () => {
    const desktop = openDesktop(service);
    desktop.fire();
    await desktop.time.pass(HOUR);
    const tries = desktop.service.tries;
    expect(tries).toBeLessThan(9);
    await desktop.time.pass(24 * HOUR);
    expect(desktop.service.tries - tries).toBeLessThan(24 * 4 + 1);
    expect(desktop.outages).toHaveLength(1);
  });

  it('keeps what it missed over a restart', async () => {
    const desktop = openDesktop(service);
    desktop.fire();
    await desktop.time.pass(30 * SECOND);
    desktop.service.service = 'answers';
    desktop.restart([{ incident: incidentOf(), rule: ruleOf() }], 'kill');
    await desktop.time.pass(HOUR);
    expect(desktop.titles()).toEqual(['Missed: 1 alert, still open']);
    expect(desktop.files()).toEqual(['alerts.json']);
  });

  it('says of an alert that ended meanwhile that it was there', async () => {
    const desktop = openDesktop(service);
    desktop.fire();
    await desktop.time.pass(30 * SECOND);
    desktop.clear();
    await desktop.time.pass(30 * SECOND);
    desktop.service.service = 'answers';
    await desktop.time.pass(HOUR);
    expect(desktop.seen()).toEqual(['Missed: 1 alert, resolved\nCPU 97 % (resolved)']);
  });

  it('misses every alert of a group', async () => {
    const desktop = openDesktop(service);
    for (const name of ['/a', '/b', '/c', '/d', '/e']) desktop.fire(mount(name));
    await desktop.time.pass(MINUTE);
    desktop.service.service = 'answers';
    await desktop.time.pass(HOUR);
    expect(desktop.titles()).toEqual(['Missed: 5 alerts, all still open']);
  });

  it('misses also what the summary of quiet hours, turned off, would leave out', async () => {
    const desktop = openDesktop(service);
    desktop.set({ digest: false });
    desktop.fire();
    await desktop.time.pass(30 * SECOND);
    desktop.service.service = 'answers';
    await desktop.time.pass(HOUR);
    expect(desktop.titles()).toEqual(['Missed: 1 alert, still open']);
  });
});

describe('a desktop that takes notifications again', () => {
  it('shows the missed ones with the first that it takes, not minutes later', async () => {
    const desktop = openDesktop('fails');
    desktop.fire();
    await desktop.time.pass(HOUR);
    desktop.service.service = 'answers';
    desktop.fire(mount('/home'));
    await desktop.time.pass(3 * SECOND);
    expect(desktop.titles()).toEqual(['Disk space /home 97 %', 'Missed: 1 alert, still open']);
  });

  it('shows nothing twice: an escalation tells of the incident, so the summary does not', async () => {
    const desktop = openDesktop('fails');
    const mild = incidentOf({ severity: 'warning', worst: 'warning' });
    desktop.fire(mild);
    await desktop.time.pass(10 * SECOND);
    desktop.service.service = 'answers';
    desktop.handle(eventOf('escalated', incidentOf()));
    await desktop.time.pass(HOUR);
    expect(desktop.titles()).toEqual(['CPU 97 %']);
  });

  it('does not show what was acknowledged meanwhile', async () => {
    const desktop = openDesktop('fails');
    desktop.fire();
    await desktop.time.pass(10 * SECOND);
    desktop.incidentManager().acknowledge(incidentOf().id);
    desktop.service.service = 'answers';
    await desktop.time.pass(HOUR);
    expect(desktop.titles()).toEqual([]);
  });

  it('waits for the end of quiet hours with the summary', async () => {
    const desktop = openDesktop('fails');
    desktop.set({ quietHours: [{ days: [...WEEKDAYS], from: '11:00', to: '14:00' }] });
    desktop.fire();
    await desktop.time.pass(10 * SECOND);
    desktop.service.service = 'answers';
    await desktop.time.pass(HOUR);
    expect(desktop.titles()).toEqual([]);
    await desktop.time.pass(HOUR + MINUTE);
    expect(desktop.titles()).toEqual(['Missed: 1 alert, still open']);
  });
});

describe('a notification that is not answered', () => {
  it('is not delivered until it is: a restart before shows it again', async () => {
    const desktop = openDesktop('silent');
    desktop.fire();
    await desktop.time.pass(5 * SECOND);
    desktop.service.service = 'answers';
    desktop.restart([{ incident: incidentOf(), rule: ruleOf() }], 'kill');
    await desktop.time.pass(5 * SECOND);
    expect(desktop.titles()).toEqual(['CPU 97 %']);
  });

  it('is withdrawn with its incident, and missed by nobody', async () => {
    const desktop = openDesktop('silent');
    desktop.fire();
    await desktop.time.pass(5 * SECOND);
    desktop.clear();
    desktop.service.service = 'answers';
    await desktop.time.pass(HOUR);
    expect(desktop.titles()).toEqual([]);
  });

  it('does not hold up others', async () => {
    const desktop = openDesktop('silent');
    desktop.fire();
    await desktop.time.pass(3 * SECOND);
    desktop.service.service = 'answers';
    desktop.fire(mount('/home'));
    await desktop.time.pass(3 * SECOND);
    expect(desktop.titles()).toEqual(['Disk space /home 97 %']);
  });
});

it('whatever the service does and when, each alert is told exactly once', async () => {
  const services = fc.array(fc.tuple(fc.constantFrom<Service>('answers', 'fails', 'silent', 'throws'), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(services, fc.integer({ min: 1, max: 6 }), async (history, count) => {
      const desktop = openDesktop('answers');
      let fired = 0;
      for (const [service, minutes] of history) {
        desktop.service.service = service;
        // Fewer than a group of them at a time.
        if (fired < count) desktop.fire(mount(`/m${(fired += 1)}`));
        await desktop.time.pass(minutes * MINUTE);
      }
      desktop.service.service = 'answers';
      await desktop.time.pass(HOUR);
      const seen = desktop.seen().join('\n');
      for (let index = 1; index <= fired; index += 1) expect(seen.split(`/m${index} `).length - 1).toBe(1);
      expect(desktop.problems).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
