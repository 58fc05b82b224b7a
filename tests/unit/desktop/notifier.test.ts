import { EventEmitter } from 'node:events';
import type { NotificationConstructorOptions } from 'electron';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExecResult } from '../../../src/main/engine/programs/exec-program';
import { abilitiesOf, CONFIRM_TIME } from '../../../src/main/desktop/native-notification';
import type { NotificationConstructor } from '../../../src/main/desktop/native-notification';
import { createNotificationServiceCheck } from '../../../src/main/desktop/notification-service';
import type { NotificationServiceCheck } from '../../../src/main/desktop/notification-service';
import { createNotifier, MAX_SHOWN } from '../../../src/main/desktop/notifier';
import type { AlertNotification } from '../../../src/main/engine/alerts/policy';
import { firedAtOf, incidentPath } from '../../../src/shared/alerts/incident-path';
import { formatRoute, parseRoute } from '../../../src/renderer/lib/route';
import { resolved, incidentOf, NOON } from '../../support/alert-samples';
import { FakeTime } from '../../support/collectors';

/** A desktop with the notifications on its screen; a close event comes only when a test emits it, as over a bus. */
function createDesktop(platform: NodeJS.Platform = 'linux', supported = true, check: NotificationServiceCheck | null = null) {
  const screen: FakeNotification[] = [];
  const actions: string[] = [];
  const outages: (string | null)[] = [];
  const time = new FakeTime();
  const world = { supported };
  class FakeNotification extends EventEmitter {
    readonly options: NotificationConstructorOptions;
    constructor(options: NotificationConstructorOptions) {
      super();
      this.options = options;
    }
    show(): void {
      screen.push(this);
    }
    close(): void {
      if (screen.includes(this)) screen.splice(screen.indexOf(this), 1);
    }
  }
  const notifier = createNotifier({
    Notification: FakeNotification as unknown as NotificationConstructor,
    abilities: () => abilitiesOf(platform, world.supported),
    check,
    timers: time,
    onOutage: (reason) => outages.push(reason),
    onOpen: ({ key }) => actions.push(`open ${key}`),
    onSnooze: ({ series }, length) => actions.push(`snooze ${series} ${length}`),
  });
  return { screen, actions, notifier, outages, time, world };
}

const alert = (change: Partial<AlertNotification> = {}): AlertNotification => ({ key: 'a', kind: 'alert', severity: 'critical', title: 'CPU 97 %', body: 'Above 90 %', incident: incidentOf(), ...change });

describe('notifications', () => {
  it('are shown once per key, with the urgency of their severity', () => {
    const { screen, notifier } = createDesktop();
    void notifier.show(alert({ severity: 'warning' }));
    void notifier.show(alert());
    void notifier.show(alert({ key: 'b', kind: 'recovery', severity: 'info' }));
    expect(screen.map(({ options }) => [options.urgency, options.silent])).toEqual([['critical', false], ['low', true]]);
  });

  it('are kept when the close event of the one they replace comes late', () => {
    const { screen, notifier, actions } = createDesktop();
    void notifier.show(alert());
    const [first] = screen;
    void notifier.show(alert());
    first?.emit('close');
    expect(notifier.count()).toBe(1);
    screen[0]?.emit('click');
    expect([actions, notifier.count()]).toEqual([['open a'], 0]);
  });

  it('are released when the user closes them, and limited in number', () => {
    const { screen, notifier } = createDesktop();
    for (let index = 0; index < 50; index += 1) void notifier.show(alert({ key: `${index}` }));
    expect([screen.length, notifier.count()]).toEqual([MAX_SHOWN, MAX_SHOWN]);
    screen[0]?.emit('close');
    expect(notifier.count()).toBe(MAX_SHOWN - 1);
    notifier.closeAll();
    notifier.close('none');
    expect(notifier.count()).toBe(0);
  });

  it('have buttons only where these work', () => {
    const mac = createDesktop('darwin');
    void mac.notifier.show(alert());
    expect(mac.screen[0]?.options.actions?.map(({ text }) => text)).toEqual(['Snooze 1 h', 'Until resolved']);
    mac.screen[0]?.emit('action', { actionIndex: 1 }, 1);
    // Before version 45 the index is a separate argument.
    void mac.notifier.show(alert());
    mac.screen.at(-1)?.emit('action', {}, 0);
    expect(mac.actions).toEqual(['snooze cpu.usage recovery', 'snooze cpu.usage 1h']);
    void mac.notifier.show(alert({ kind: 'summary', incident: null }));
    expect(mac.screen.at(-1)?.options.actions).toBeUndefined();
    for (const platform of ['linux', 'win32'] as const) {
      const { screen, notifier } = createDesktop(platform);
      void notifier.show(alert());
      expect(screen[0]?.options.actions).toBeUndefined();
    }
  });

  it('escape the body where the server reads it as markup', () => {
    const body = '<b>evil</b> & Co 310 %';
    const linux = createDesktop('linux');
    void linux.notifier.show(alert({ body }));
    expect(linux.screen[0]?.options.body).toBe('&lt;b&gt;evil&lt;/b&gt; &amp; Co 310 %');
    const windows = createDesktop('win32');
    void windows.notifier.show(alert({ body }));
    expect(windows.screen[0]?.options.body).toBe(body);
  });

  it('are refused where notifications are not supported, until they are', async () => {
    const { screen, notifier, outages, world } = createDesktop('linux', false);
    expect(await notifier.show(alert())).toBe('refused');
    expect([screen.length, notifier.count(), outages]).toEqual([0, 0, ['this desktop shows no notifications']]);
    world.supported = true;
    void notifier.show(alert());
    expect(screen).toHaveLength(1);
  });
});

describe('a notification that Windows keeps when it leaves the screen', () => {
  const shown = () => {
    const desktop = createDesktop('win32');
    void desktop.notifier.show(alert());
    const [native] = desktop.screen;
    native?.emit('show');
    native?.emit('close', { reason: 'timedOut' });
    return { ...desktop, native };
  };

  it('still opens at a click', () => {
    const { native, notifier, actions } = shown();
    expect(notifier.count()).toBe(1);
    native?.emit('click');
    expect([actions, notifier.count()]).toEqual([['open a'], 0]);
  });

  it('is taken away by the recovery', () => {
    const { notifier, screen } = shown();
    notifier.close('a');
    expect([screen.length, notifier.count()]).toEqual([0, 0]);
  });

  it.each(['userCanceled', 'applicationHidden', undefined])('is forgotten where it is really gone (%s)', (reason) => {
    const { native, notifier } = shown();
    native?.emit('close', { reason });
    expect(notifier.count()).toBe(0);
  });
});

describe('what became of a notification', () => {
  it('is known once the desktop has answered; what the user does with it is an answer, too', async () => {
    for (const [event, ...args] of [['show'], ['click'], ['close'], ['action', { actionIndex: 0 }, 0]] as const) {
      const { screen, notifier, outages, time } = createDesktop();
      const outcome = notifier.show(alert());
      screen[0]?.emit(event, ...args);
      await time.pass(CONFIRM_TIME);
      expect([await outcome, outages]).toEqual(['shown', []]);
    }
  });

  it('is a refusal when it failed, with one report for a whole outage', async () => {
    const { screen, notifier, outages } = createDesktop();
    for (const message of ['', 'no service', 'no service']) {
      const outcome = notifier.show(alert());
      screen.pop()?.emit('failed', {}, message);
      expect(await outcome).toBe('refused');
    }
    expect([outages, notifier.count()]).toEqual([['the desktop did not take it'], 0]);
    for (let time = 0; time < 2; time += 1) {
      const outcome = notifier.show(alert());
      screen.at(-1)?.emit('show');
      expect(await outcome).toBe('shown');
    }
    expect(outages).toEqual(['the desktop did not take it', null]);
  });

  it('is a refusal when nothing is said, and what comes on the screen late is taken off it', async () => {
    const { screen, notifier, outages, time } = createDesktop();
    const outcome = notifier.show(alert());
    const [native] = screen;
    await time.pass(CONFIRM_TIME - 1);
    expect([screen.length, outages]).toEqual([1, []]);
    await time.pass(1);
    native?.emit('show');
    native?.emit('click');
    expect([await outcome, screen.length, outages, notifier.count()]).toEqual(['refused', 0, ['the desktop did not confirm it'], 0]);
  });

  it('is nothing when it is closed or replaced before an answer', async () => {
    const { screen, notifier, outages, time } = createDesktop();
    const first = notifier.show(alert());
    const second = notifier.show(alert());
    const third = notifier.show(alert({ key: 'b' }));
    notifier.close('a');
    notifier.closeAll();
    await time.pass(CONFIRM_TIME);
    expect([await first, await second, await third, screen.length, outages]).toEqual(['withdrawn', 'withdrawn', 'withdrawn', 0, []]);
  });

  it('is a refusal when it gave way to others before an answer', async () => {
    const { notifier } = createDesktop();
    const oldest = notifier.show(alert({ key: 'oldest' }));
    for (let index = 0; index < MAX_SHOWN; index += 1) void notifier.show(alert({ key: `${index}` }));
    expect(await oldest).toBe('refused');
  });
});

describe('a notification service that is asked first', () => {
  const answers = (answer: Partial<ExecResult>, mono = () => 0) => {
    const asked: string[] = [];
    const exec = (program: string): Promise<ExecResult> => {
      asked.push(program);
      return Promise.resolve({ code: 0, stdout: '', stderr: '', isMissing: false, ...answer });
    };
    return { asked, check: createNotificationServiceCheck({ platform: 'linux', exec, mono }) };
  };

  it.each([
    ['answers', { stdout: "('dunst', 'knopwob', '1.9.0', '1.2')" }, null],
    ['is not on the bus', { code: 1, stderr: 'Error: GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable' }, 'there is no notification service'],
    ['hangs', { code: 1, stderr: 'Error: Timeout was reached' }, 'the notification service does not answer: Error: Timeout was reached'],
    ['hangs, and so does the tool', { code: null }, 'the notification service does not answer: no reply within the deadline'],
    ['cannot be asked', { code: null, isMissing: true }, null],
  ])('%s', async (_, answer, problem) => {
    const { check } = answers(answer);
    const { notifier, screen, outages, time } = createDesktop('linux', true, check);
    const outcome = notifier.show(alert());
    expect(screen).toHaveLength(0);
    await time.pass(0);
    screen[0]?.emit('show');
    expect([await outcome, outages]).toEqual([problem === null ? 'shown' : 'refused', problem === null ? [] : [problem]]);
  });

  it('is asked once for notifications of one moment, and again later', async () => {
    const world = { time: 0 };
    const { check, asked } = answers({}, () => world.time);
    await Promise.all([check?.(), check?.()]);
    world.time = 2001;
    await check?.();
    expect(asked).toHaveLength(2);
  });

  it('shows nothing that was closed meanwhile', async () => {
    const { check } = answers({});
    const { notifier, screen, time } = createDesktop('linux', true, check);
    const outcome = notifier.show(alert());
    notifier.close('a');
    await time.pass(0);
    expect([await outcome, screen.length]).toEqual(['withdrawn', 0]);
  });

  it('is not asked on systems where showing cannot block', () => {
    expect(createNotificationServiceCheck({ platform: 'win32', exec: () => Promise.reject(new Error('not used')), mono: () => 0 })).toBeNull();
  });
});

describe('the page of an incident', () => {
  const MINUTE = 60_000;
  const pageOf = (incident: Parameters<typeof incidentPath>[0], now: number) => parseRoute(`#${incidentPath(incident, now)}`);

  it('shows all of it, from before it began to after it ended, with a path the window can parse', () => {
    const incident = resolved(incidentOf(), NOON + 60 * MINUTE);
    // It lasted 65 minutes from five before noon.
    expect(pageOf(incident, NOON + 86_400_000)).toEqual({ page: 'family', family: 'cpu', range: { kind: 'fixed', from: NOON - 15 * MINUTE, to: NOON + 66.5 * MINUTE, span: '1h' }, incident: incident.id });
    expect(pageOf(incident, NOON + 61 * MINUTE)).toMatchObject({ range: { to: NOON + 61 * MINUTE } });
  });

  it('reaches to now while it is open, however long ago it fired', () => {
    expect(pageOf(incidentOf(), NOON + 1)).toMatchObject({ range: { from: NOON - 15 * MINUTE, to: NOON + 1 } });
    expect(pageOf(incidentOf(), NOON + 3 * 86_400_000)).toMatchObject({ range: { to: NOON + 3 * 86_400_000 } });
  });

  it('is the overview for an unknown metric', () => {
    expect(pageOf(incidentOf({ series: 'gone.metric' }), NOON)).toEqual({ page: 'overview' });
  });

  it('contains it whatever its times are, and its id comes back', () => {
    const time = fc.integer({ min: NOON - 1e10, max: NOON + 1e10 });
    fc.assert(
      fc.property(time, fc.nat(1e8), fc.option(fc.nat(1e9)), fc.nat(1e9), fc.string({ maxLength: 100 }), (firedAt, before, lasted, later, device) => {
        const clearedAt = lasted === null ? null : firedAt + lasted;
        const now = (clearedAt ?? firedAt) + later;
        const id = `disk-space:disk.usage@${device}:${firedAt}`;
        const route = pageOf({ id, series: `disk.usage@${device}`, since: firedAt - before, firedAt, clearedAt }, now);
        expect(route).toMatchObject({ page: 'family', family: 'disk', incident: id });
        if (route.page !== 'family' || route.range.kind !== 'fixed') throw new Error('no fixed range');
        expect(route.range.from).toBeLessThan(firedAt - before);
        expect(route.range.to).toBeGreaterThanOrEqual(clearedAt ?? now);
        expect(route.range.to).toBeLessThanOrEqual(Math.max(now, firedAt));
        expect(firedAtOf(id)).toBe(firedAt);
        expect(parseRoute(formatRoute(route))).toEqual(route);
      }),
    );
  });
});
