/** A desk whose clock is moved by hand, with a notification area that shows what a person would see. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createIncidentManager } from '../../src/main/alerts/incident-manager';
import type { IncidentManager, OpenAlert } from '../../src/main/alerts/incident-manager';
import { openAlertStateStore } from '../../src/main/alerts/alert-state-store';
import type { AlertNotification } from '../../src/main/engine/alerts/policy';
import { createCallbackLog } from '../../src/main/engine/log';
import type { IncidentEvent } from '../../src/shared/alerts/incident-event';
import { DEFAULT_ALERTS } from '../../src/shared/alerts/alert-settings';
import type { AlertsSettings } from '../../src/shared/alerts/alert-settings';
import { toNewEvent } from '../../src/main/timeline/event-recorder';
import type { NewEvent } from '../../src/shared/timeline/event-schemas';
import { FakeTime } from './collectors';
import { resolved, eventOf, incidentOf, NOON, ruleOf } from './alert-samples';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

/** A desk in a folder of its own; `restart` ends it as it is and starts another on the same memory. */
export function createRig() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-desk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'alerts.json');
  const time = new FakeTime();
  time.wall = NOON;
  const shown: AlertNotification[] = [];
  const visible = new Map<string, AlertNotification>();
  const events: NewEvent[] = [];
  const sent: IncidentEvent[] = [];
  const problems: unknown[] = [];
  const world = { settings: DEFAULT_ALERTS, paused: false, doNotDisturb: false, asked: 0 };
  const start = (): IncidentManager =>
    createIncidentManager({
      clock: time,
      timers: time,
      state: openAlertStateStore({ path, clock: time, timers: time, log: createCallbackLog(({ message }) => problems.push(message)) }),
      notifier: {
        show(notification) {
          shown.push(notification);
          visible.set(notification.key, notification);
        },
        close: (key) => void visible.delete(key),
      },
      settings: () => world.settings,
      rules: () => [ruleOf()],
      isPaused: () => world.paused,
      doNotDisturb: () => {
        world.asked += 1;
        return Promise.resolve(world.doNotDisturb);
      },
      send: (event) => void sent.push(event),
      record: (event) => void events.push(toNewEvent(event)),
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
    /** As a kill and a new start: nothing is written on the way out unless it is told to close. */
    restart: (open: readonly OpenAlert[], how: 'kill' | 'close' = 'close') => {
      if (how === 'close') incidentManager.close();
      time.dropTimers();
      incidentManager = start();
      incidentManager.adopt(open);
    },
    /** Titles shown since the last look. */
    titles: () => shown.splice(0).map(({ title }) => plain(title)),
    /** What is on the screen now. */
    screen: () => [...visible.keys()],
    body: (key: string) => plain(visible.get(key)?.body ?? ''),
    /** What lies in its folder. */
    files: () => readdirSync(folder),
    /** The timeline since the last look: types, and the reason where there is one. */
    timeline: () =>
      events.splice(0).map(({ type, details }) => {
        const reason = details?.['reason'] ?? details?.['notShown'];
        return typeof reason === 'string' ? `${type} ${reason}` : type;
      }),
  };
}
