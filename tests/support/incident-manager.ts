/** An incident manager over a fake clock, with a notifier that records what is on the screen. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createIncidentManager } from '../../src/main/alerts/incident-manager';
import type { IncidentManager, OpenAlert } from '../../src/main/alerts/incident-manager';
import type { NotificationOutcome, Notifier } from '../../src/main/alerts/notification-dispatcher';
import { openAlertStateStore } from '../../src/main/alerts/alert-state-store';
import type { AlertNotification } from '../../src/main/engine/alerts/policy';
import { createCallbackLog } from './log';
import type { IncidentEvent } from '../../src/shared/alerts/incident-event';
import { DEFAULT_SETTINGS } from '../../src/shared/settings/settings-schema';
import type { AlertsSettings } from '../../src/shared/alerts/alert-settings';
import type { EventInput } from '../../src/shared/timeline/event-schemas';
import { FakeTime } from './collectors';
import { resolved, eventOf, incidentOf, NOON, ruleOf } from './alert-samples';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

/** An incident manager with a temporary folder; `restart` creates another one on the same state file. `createNotifier` puts another desktop in the place of the recorded one. */
export function createIncidentRig(createNotifier?: (time: FakeTime) => Notifier) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-incidents-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'alerts.json');
  const time = new FakeTime();
  time.wall = NOON;
  const shown: AlertNotification[] = [];
  const onScreen = new Map<string, AlertNotification>();
  const events: EventInput[] = [];
  const sent: IncidentEvent[] = [];
  const problems: unknown[] = [];
  const world = { settings: DEFAULT_SETTINGS.alerts, paused: false, doNotDisturb: false, asked: 0, desktop: 'shown' as NotificationOutcome, tries: 0 };
  const notifier: Notifier = createNotifier?.(time) ?? {
    show(notification) {
      world.tries += 1;
      if (world.desktop !== 'shown') return Promise.resolve(world.desktop);
      shown.push(notification);
      onScreen.set(notification.key, notification);
      return Promise.resolve('shown');
    },
    close: (key) => void onScreen.delete(key),
  };
  const start = (): IncidentManager =>
    createIncidentManager({
      clock: time,
      timers: time,
      state: openAlertStateStore({ path, clock: time, timers: time, log: createCallbackLog(({ message }) => problems.push(message)) }),
      notifier,
      settings: () => world.settings,
      rules: () => [ruleOf()],
      isPaused: () => world.paused,
      doNotDisturb: () => {
        world.asked += 1;
        return Promise.resolve(world.doNotDisturb);
      },
      send: (event) => void sent.push(event),
      record: (event) => void events.push(event),
      onError: (error) => void problems.push(error),
      offsetAt: () => 0,
    });
  let incidentManager = start();
  return {
    time,
    world,
    sent,
    problems,
    incidentManager: () => incidentManager,
    set: (change: Partial<AlertsSettings>) => {
      world.settings = { ...world.settings, ...change };
    },
    fire: (incident = incidentOf(), rule = ruleOf()) => incidentManager.handle(eventOf('fired', incident, rule, time.wall)),
    clear: (incident = incidentOf(), rule = ruleOf()) => incidentManager.handle(eventOf('resolved', resolved(incident, time.wall), rule, time.wall)),
    handle: (event: IncidentEvent) => incidentManager.handle(event),
    /** Ends the app and starts it again; after a kill nothing was written at the end. */
    restart: (open: readonly OpenAlert[], how: 'kill' | 'close' = 'close') => {
      if (how === 'close') incidentManager.close();
      time.dropTimers();
      incidentManager = start();
      incidentManager.adopt(open);
    },
    /** Titles of the notifications shown since the last call. */
    titles: () => shown.splice(0).map(({ title }) => plain(title)),
    /** Keys of the notifications on the screen now. */
    screen: () => [...onScreen.keys()],
    body: (key: string) => plain(onScreen.get(key)?.body ?? ''),
    /** File names in the folder. */
    files: () => readdirSync(folder),
    /** The timeline events since the last call: types, and the reason where there is one. */
    timeline: () =>
      events.splice(0).map(({ type, details }) => {
        const reason = details?.['reason'] ?? details?.['notShown'];
        return typeof reason === 'string' ? `${type} ${reason}` : type;
      }),
  };
}
