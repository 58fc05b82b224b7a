import { EventEmitter } from 'node:events';
import type { NotificationConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { abilitiesOf } from '../../../src/main/desktop/native-notification';
import type { NotificationConstructor } from '../../../src/main/desktop/native-notification';
import { createNotifier, MAX_SHOWN } from '../../../src/main/desktop/notifier';
import type { AlertNotification } from '../../../src/main/engine/alerts/policy';
import { incidentPath } from '../../../src/shared/alerts/incident-path';
import { parseRoute } from '../../../src/renderer/lib/route';
import { resolved, incidentOf, NOON } from '../../support/alert-samples';

/** A desktop with the notifications on its screen; a close event comes only when a test emits it, as over a bus. */
function createDesktop(platform: NodeJS.Platform = 'linux', supported = true) {
  const screen: FakeNotification[] = [];
  const actions: string[] = [];
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
      screen.splice(screen.indexOf(this), 1);
    }
  }
  const notifier = createNotifier({
    Notification: FakeNotification as unknown as NotificationConstructor,
    abilities: () => abilitiesOf(platform, supported),
    onOpen: ({ key }) => actions.push(`open ${key}`),
    onSnooze: ({ series }, length) => actions.push(`snooze ${series} ${length}`),
  });
  return { screen, actions, notifier };
}

const alert = (change: Partial<AlertNotification> = {}): AlertNotification => ({ key: 'a', kind: 'alert', severity: 'critical', title: 'CPU 97 %', body: 'Above 90 %', incident: incidentOf(), ...change });

describe('notifications', () => {
  it('are shown once per key, with the urgency of their severity', () => {
    const { screen, notifier } = createDesktop();
    notifier.show(alert({ severity: 'warning' }));
    notifier.show(alert());
    notifier.show(alert({ key: 'b', kind: 'recovery', severity: 'info' }));
    expect(screen.map(({ options }) => [options.urgency, options.silent])).toEqual([['critical', false], ['low', true]]);
  });

  it('are kept when the close event of the one they replace comes late', () => {
    const { screen, notifier, actions } = createDesktop();
    notifier.show(alert());
    const [first] = screen;
    notifier.show(alert());
    first?.emit('close');
    expect(notifier.count()).toBe(1);
    screen[0]?.emit('click');
    expect([actions, notifier.count()]).toEqual([['open a'], 0]);
  });

  it('are released when the user closes them, and limited in number', () => {
    const { screen, notifier } = createDesktop();
    for (let index = 0; index < 50; index += 1) notifier.show(alert({ key: `${index}` }));
    expect([screen.length, notifier.count()]).toEqual([MAX_SHOWN, MAX_SHOWN]);
    screen[0]?.emit('close');
    expect(notifier.count()).toBe(MAX_SHOWN - 1);
    notifier.closeAll();
    notifier.close('none');
    expect(notifier.count()).toBe(0);
  });

  it('have buttons only where these work', () => {
    const mac = createDesktop('darwin');
    mac.notifier.show(alert());
    expect(mac.screen[0]?.options.actions?.map(({ text }) => text)).toEqual(['Snooze 1 h', 'Until resolved']);
    mac.screen[0]?.emit('action', { actionIndex: 1 }, 1);
    // Before version 45 the index is a separate argument.
    mac.notifier.show(alert());
    mac.screen.at(-1)?.emit('action', {}, 0);
    expect(mac.actions).toEqual(['snooze cpu.usage recovery', 'snooze cpu.usage 1h']);
    mac.notifier.show(alert({ kind: 'summary', incident: null }));
    expect(mac.screen.at(-1)?.options.actions).toBeUndefined();
    for (const platform of ['linux', 'win32'] as const) {
      const { screen, notifier } = createDesktop(platform);
      notifier.show(alert());
      expect(screen[0]?.options.actions).toBeUndefined();
    }
  });

  it('escape the body where the server reads it as markup', () => {
    const body = '<b>evil</b> & Co 310 %';
    const linux = createDesktop('linux');
    linux.notifier.show(alert({ body }));
    expect(linux.screen[0]?.options.body).toBe('&lt;b&gt;evil&lt;/b&gt; &amp; Co 310 %');
    const windows = createDesktop('win32');
    windows.notifier.show(alert({ body }));
    expect(windows.screen[0]?.options.body).toBe(body);
  });

  it('are not shown where notifications are not supported', () => {
    const { screen, notifier } = createDesktop('linux', false);
    notifier.show(alert());
    expect([screen.length, notifier.count()]).toEqual([0, 0]);
  });
});

describe('the page of an incident', () => {
  it('shows its metric around the time it fired, with a path the window can parse', () => {
    const incident = incidentOf();
    const path = incidentPath(incident, NOON + 86_400_000);
    expect(parseRoute(`#${path}`)).toEqual({ page: 'family', family: 'cpu', range: { kind: 'fixed', from: NOON - 15 * 60_000, to: NOON + 5 * 60_000, span: '1h' } });
    expect(path.length).toBeLessThan(200);
    expect(parseRoute(`#${incidentPath(incident, NOON + 1)}`)).toMatchObject({ range: { to: NOON + 1 } });
  });

  it('shows the whole of a resolved incident, and the overview for an unknown metric', () => {
    expect(parseRoute(`#${incidentPath(resolved(incidentOf(), NOON + 3_600_000), NOON + 86_400_000)}`)).toMatchObject({ range: { to: NOON + 65 * 60_000 } });
    expect(parseRoute(`#${incidentPath(incidentOf({ series: 'gone.metric' }), NOON)}`)).toEqual({ page: 'overview' });
  });
});
