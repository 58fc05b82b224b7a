/** Everything that happens after an alert event, put together. */
import { hostname } from 'node:os';
import type { Handlers } from '../../shared/api/dispatch';
import type { OpenAlerts } from '../../shared/api/alert-schemas';
import type { Rule } from '../../shared/alerts/rule';
import type { NewEvent } from '../../shared/events';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import type { Dialogs } from '../history-tools';
import type { Notices } from '../notices';
import type { Paths } from '../paths';
import type { SettingsHolder } from '../settings/settings';
import type { Notifier } from './announcer';
import { createDesk } from './desk';
import type { Desk } from './desk';
import { openDeskMemory } from './memory';
import { openSecrets } from './secrets';
import type { SecretBox } from './secrets';
import { exportAlerts, importAlerts } from './transfer';
import { removeWebhook, setWebhook } from './webhook-commands';
import { openWebhookQueue } from './webhook-queue';
import { createWebhooks } from './webhooks';

/** The desktop's part in alerts; in tests, whatever they need. */
export interface AlertPlaces {
  readonly notifier: Notifier;
  readonly secretBox: SecretBox;
  /** The desktop's own switch; resolves to false where it cannot be asked. */
  readonly doNotDisturb: () => Promise<boolean>;
}

/** What the alerts need. */
export interface AlertsParts extends AlertPlaces {
  readonly paths: Paths;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly settings: SettingsHolder;
  readonly notices: Notices;
  readonly dialogs: Dialogs;
  /** The rules in force. */
  readonly rules: () => readonly Rule[];
  readonly isPaused: () => boolean;
  /** Writes into the activity timeline. */
  readonly record: (event: NewEvent) => void;
}

/** The calls that are answered here. */
export type AlertHandlers = Pick<
  Handlers,
  'openAlerts' | 'acknowledge' | 'snooze' | 'unsnooze' | 'webhooks' | 'setWebhook' | 'testWebhook' | 'removeWebhook' | 'exportAlerts' | 'importAlerts'
>;

/** The alerts. `desk.adopt` must be called once, with the incidents that were open when the app ended. */
export interface Alerts {
  readonly desk: Desk;
  readonly handlers: AlertHandlers;
  openAlerts(): OpenAlerts;
  close(): void;
}

/** Builds it. */
export function createAlerts(parts: AlertsParts): Alerts {
  const { paths, clock, timers, settings, secretBox } = parts;
  const log = parts.log.scoped('alerts');
  const alertSettings = () => settings.get().alerts;
  const secrets = openSecrets({ path: paths.secrets, box: secretBox, clock, log });
  const queue = openWebhookQueue({ path: paths.webhookQueue, clock, timers, log });
  const webhooks = createWebhooks({ ...parts, log, queue, secrets, webhooks: () => alertSettings().webhooks, hostname: hostname() });
  const memory = openDeskMemory({ path: paths.alerts, clock, timers, log });
  const desk = createDesk({ ...parts, memory, settings: alertSettings, send: (event) => webhooks.send(event), onError: (error) => log.error('alerts could not be shown', { error }) });
  const openAlerts = (): OpenAlerts => ({ incidents: desk.open().map(({ incident }) => incident), snoozes: desk.snoozes() });
  settings.subscribe(() => webhooks.refresh());
  secrets.keepOnly(new Set(alertSettings().webhooks.map(({ id }) => id)));
  webhooks.start();
  const commands = { ...parts, secrets, webhooks };
  const told = (work: () => void): OpenAlerts => {
    work();
    return openAlerts();
  };
  return {
    desk,
    openAlerts,
    handlers: {
      openAlerts,
      acknowledge: ({ incident }) => told(() => desk.acknowledge(incident)),
      snooze: ({ target, length }) => told(() => desk.snooze(target, length)),
      unsnooze: ({ target }) => told(() => desk.unsnooze(target)),
      webhooks: () => webhooks.states(),
      setWebhook: (wish) => setWebhook(commands, wish),
      testWebhook: ({ id }) => webhooks.test(id),
      removeWebhook: ({ id }) => removeWebhook(commands, id),
      exportAlerts: () => exportAlerts(parts),
      importAlerts: () => importAlerts(parts),
    },
    close() {
      desk.close();
      webhooks.close();
    },
  };
}
