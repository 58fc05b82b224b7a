/**
 * The room alerts: from incidents to the user. Routing, notifications, snoozes, digests, webhooks, import and export of the
 * alert settings, and the preview of a rule on past data.
 *
 * It may import src/shared, the engine, lib and its neighbors access, power, history, timeline and settings. It may not
 * import core, desktop, lan, transports or Electron: notifications, encryption and do-not-disturb are passed in. The core
 * is built from it; desktop implements its interfaces.
 *
 * This file creates the parts and connects them.
 */
import type { Handlers } from '../../shared/api/dispatch';
import type { OpenAlerts } from '../../shared/api/alert-schemas';
import { effectiveRules } from '../../shared/alerts/default-rules';
import type { Rule } from '../../shared/alerts/rule';
import type { SeriesKey } from '../../shared/metrics/index';
import type { Clock, Timers } from '../engine/clock';
import type { Hub } from '../engine/hub';
import type { Log } from '../engine/log';
import type { Processes } from '../engine/processes/index';
import type { Store } from '../engine/store/store-types';
import type { Notices } from '../timeline/notices';
import type { FileDialogs } from '../lib/file-dialogs';
import type { Paths } from '../lib/paths';
import type { EncryptionService } from '../lib/secret-store';
import type { SettingsHolder } from '../settings/settings';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Notifier } from './notification-dispatcher';
import { createAlerting } from './alerting';
import type { Alerting } from './alerting';
import { createIncidentManager } from './incident-manager';
import type { IncidentManager } from './incident-manager';
import { openAlertStateStore } from './alert-state-store';
import { sendTestNotification } from './test-notification';
import { openSecrets } from './webhook-secrets';
import { createFillForecasts } from './fill-forecasts';
import { exportAlerts, importAlerts } from './import-export';
import { renamedRules } from './renamed-rules';
import { removeWebhook, setWebhook } from './webhook-commands';
import { openWebhookQueue } from './webhook-queue';
import { createWebhooks } from './webhooks';

/** What alerts need of the desktop. */
export interface DesktopServices {
  readonly notifier: Notifier;
  readonly encryption: EncryptionService;
  /** Resolves to whether the desktop's do-not-disturb is on; false where that is unknown. */
  readonly doNotDisturb: () => Promise<boolean>;
}

/** What alerts need. */
export interface AlertsParts extends DesktopServices {
  /** Name of the machine in messages to other programs. */
  readonly hostname: string;
  readonly hub: Hub;
  readonly store: Store;
  readonly processes: Pick<Processes, 'explain'>;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly settings: SettingsHolder;
  readonly notices: Notices;
  readonly dialogs: FileDialogs;
  readonly isPaused: () => boolean;
  readonly record: EventRecorder;
}

/** The calls that are handled here. */
export type AlertHandlers = Pick<
  Handlers,
  'openAlerts' | 'acknowledge' | 'snooze' | 'unsnooze' | 'testNotification' | 'webhooks' | 'setWebhook' | 'testWebhook' | 'removeWebhook' | 'exportAlerts' | 'importAlerts'
>;

/** Alerts, from batches to notifications and calls. */
export interface Alerts {
  readonly alerting: Alerting;
  readonly incidentManager: IncidentManager;
  readonly handlers: AlertHandlers;
  openAlerts(): OpenAlerts;
  /** Series have other keys now: rules, incidents and snoozes of their devices continue. */
  onRenamed(renamed: ReadonlyMap<SeriesKey, SeriesKey>): void;
  close(): void;
}

/** Creates the parts, restores the last run and subscribes to batches and settings. */
export function createAlerts(parts: AlertsParts): Alerts {
  const { paths, clock, timers, settings, encryption } = parts;
  const log = parts.log.scoped('alerts');
  const alertSettings = () => settings.get().alerts;
  const secrets = openSecrets({ path: paths.secrets, encryption, clock, log });
  const queue = openWebhookQueue({ path: paths.webhookQueue, clock, timers, log });
  const webhooks = createWebhooks({ ...parts, log, queue, secrets, webhooks: () => alertSettings().webhooks, hostname: parts.hostname });
  const state = openAlertStateStore({ path: paths.alerts, clock, timers, log });
  const rules = (): readonly Rule[] => effectiveRules(alertSettings().rules);
  const incidentManager = createIncidentManager({ ...parts, state, rules, settings: alertSettings, send: (event) => webhooks.send(event), onError: (error) => log.error('alerts could not be shown', { error }) });
  const forecasts = createFillForecasts({ ...parts, log });
  const alerting = createAlerting({ ...parts, log, incidentManager, rules, timeToFull: forecasts.timeToFull });
  const { openAlerts } = alerting;
  settings.subscribe(({ alerts: now }, { alerts: before }) => {
    if (now.rules !== before.rules) alerting.onRules();
    if (now.webhooks !== before.webhooks) webhooks.refresh();
  });
  if (settings.isComplete) secrets.keepOnly(new Set(alertSettings().webhooks.map(({ id }) => id)));
  alerting.start();
  webhooks.start();
  parts.hub.subscribe((batch) => alerting.onBatch(batch));
  const commands = { ...parts, secrets, webhooks };
  const afterwards = (work: () => void): OpenAlerts => {
    work();
    return openAlerts();
  };
  return {
    alerting,
    incidentManager,
    openAlerts,
    onRenamed(renamed) {
      const present = renamedRules(alertSettings().rules, renamed);
      const isSame = present === alertSettings().rules;
      // Before the settings: a rule whose device is another one would end its incident.
      alerting.onRenamed(renamed, isSame ? null : effectiveRules(present));
      incidentManager.onRenamed(renamed);
      if (isSame) return;
      const saved = settings.update({ alerts: { rules: [...present] } });
      if (!saved.ok) log.warn('rules of renamed devices could not be saved', { reason: saved.message });
    },
    handlers: {
      openAlerts,
      acknowledge: ({ incident }) => afterwards(() => alerting.acknowledge(incident)),
      snooze: ({ target, length }) => afterwards(() => incidentManager.snooze(target, length)),
      unsnooze: ({ target }) => afterwards(() => incidentManager.unsnooze(target)),
      testNotification: async () => ({ outcome: await sendTestNotification(parts) }),
      webhooks: () => webhooks.states(),
      setWebhook: (input) => setWebhook(commands, input),
      testWebhook: ({ id }) => webhooks.test(id),
      removeWebhook: ({ id }) => removeWebhook(commands, id),
      exportAlerts: () => exportAlerts(parts),
      importAlerts: () => importAlerts(parts),
    },
    close() {
      forecasts.close();
      alerting.close();
      incidentManager.close();
      webhooks.close();
    },
  };
}
