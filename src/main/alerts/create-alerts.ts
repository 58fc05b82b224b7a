/** Everything about alerts, put together: rules, the desk that tells of them, webhooks. */
import { hostname } from 'node:os';
import type { Handlers } from '../../shared/api/dispatch';
import type { OpenAlerts } from '../../shared/api/alert-schemas';
import { effectiveRules } from '../../shared/alerts/default-rules';
import type { Rule } from '../../shared/alerts/rule';
import type { Clock, Timers } from '../engine/clock';
import type { Hub } from '../engine/hub';
import type { Log } from '../engine/log';
import type { Processes } from '../engine/processes/index';
import type { Store } from '../engine/store/store-types';
import type { Dialogs } from '../history/history-commands';
import type { Notices } from '../timeline/notices';
import type { Paths } from '../lib/paths';
import type { SettingsHolder } from '../settings/settings';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Notifier } from './notification-dispatcher';
import { createAlerting } from './alerting';
import type { Alerting } from './alerting';
import { createIncidentManager } from './incident-manager';
import type { IncidentManager } from './incident-manager';
import { openAlertStateStore } from './alert-state-store';
import { openSecrets } from './webhook-secrets';
import type { EncryptionService } from './webhook-secrets';
import { exportAlerts, importAlerts } from './import-export';
import { removeWebhook, setWebhook } from './webhook-commands';
import { openWebhookQueue } from './webhook-queue';
import { createWebhooks } from './webhooks';

/** The desktop's part in alerts; in tests, whatever they need. */
export interface DesktopServices {
  readonly notifier: Notifier;
  readonly encryption: EncryptionService;
  /** The desktop's own switch; resolves to false where it cannot be asked. */
  readonly doNotDisturb: () => Promise<boolean>;
}

/** What the alerts need. */
export interface AlertsParts extends DesktopServices {
  readonly hub: Hub;
  readonly store: Store;
  readonly processes: Pick<Processes, 'explain'>;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly settings: SettingsHolder;
  readonly notices: Notices;
  readonly dialogs: Dialogs;
  readonly isPaused: () => boolean;
  /** Writes into the activity timeline. */
  readonly record: EventRecorder;
}

/** The calls that are answered here. */
export type AlertHandlers = Pick<
  Handlers,
  'openAlerts' | 'acknowledge' | 'snooze' | 'unsnooze' | 'webhooks' | 'setWebhook' | 'testWebhook' | 'removeWebhook' | 'exportAlerts' | 'importAlerts'
>;

/** The alerts, from batches to what a person sees of them. */
export interface Alerts {
  readonly alerting: Alerting;
  readonly incidentManager: IncidentManager;
  readonly handlers: AlertHandlers;
  openAlerts(): OpenAlerts;
  close(): void;
}

/** Builds it. */
export function createAlerts(parts: AlertsParts): Alerts {
  const { paths, clock, timers, settings, encryption } = parts;
  const log = parts.log.scoped('alerts');
  const alertSettings = () => settings.get().alerts;
  const secrets = openSecrets({ path: paths.secrets, encryption: encryption, clock, log });
  const queue = openWebhookQueue({ path: paths.webhookQueue, clock, timers, log });
  const webhooks = createWebhooks({ ...parts, log, queue, secrets, webhooks: () => alertSettings().webhooks, hostname: hostname() });
  const state = openAlertStateStore({ path: paths.alerts, clock, timers, log });
  const rules = (): readonly Rule[] => effectiveRules(alertSettings().rules);
  const incidentManager = createIncidentManager({ ...parts, state, rules, settings: alertSettings, send: (event) => webhooks.send(event), onError: (error) => log.error('alerts could not be shown', { error }) });
  const alerting = createAlerting({ ...parts, log, incidentManager, rules });
  const { openAlerts } = alerting;
  settings.subscribe(({ alerts: now }, { alerts: before }) => {
    if (now.rules !== before.rules) alerting.onRules();
    if (now.webhooks !== before.webhooks) webhooks.refresh();
  });
  secrets.keepOnly(new Set(alertSettings().webhooks.map(({ id }) => id)));
  alerting.start();
  webhooks.start();
  parts.hub.subscribe((batch) => alerting.onBatch(batch));
  const commands = { ...parts, secrets, webhooks };
  const delivery = (work: () => void): OpenAlerts => {
    work();
    return openAlerts();
  };
  return {
    alerting,
    incidentManager,
    openAlerts,
    handlers: {
      openAlerts,
      acknowledge: ({ incident }) => delivery(() => alerting.acknowledge(incident)),
      snooze: ({ target, length }) => delivery(() => incidentManager.snooze(target, length)),
      unsnooze: ({ target }) => delivery(() => incidentManager.unsnooze(target)),
      webhooks: () => webhooks.states(),
      setWebhook: (input) => setWebhook(commands, input),
      testWebhook: ({ id }) => webhooks.test(id),
      removeWebhook: ({ id }) => removeWebhook(commands, id),
      exportAlerts: () => exportAlerts(parts),
      importAlerts: () => importAlerts(parts),
    },
    close() {
      alerting.close();
      incidentManager.close();
      webhooks.close();
    },
  };
}
