/**
 * Notifications of what machines that report here tell: once, under the machine's name, through the same batches, quiet hours
 * and groups as those of this machine. Which incidents are live, the hub has decided.
 */
import type { Incident } from '../../shared/alerts/incident';
import type { IncidentEventKind } from '../../shared/alerts/incident-event';
import type { Rule } from '../../shared/alerts/rule';
import { toAlertText } from '../../shared/alerts/alert-text';
import { localOffset } from '../../shared/series/calendar';
import type { Clock } from '../engine/clock';
import type { QuietContext } from '../engine/alerts/policy';
import type { Log } from '../engine/log';
import type { DeliveryState } from './alert-state-store';
import { createNotificationDispatcher } from './notification-dispatcher';
import type { NotificationDispatcherParts } from './notification-dispatcher';

/** A live incident of a machine. */
interface MachineAlert {
  /** Name of the machine; null for the hub itself. */
  readonly machine: string | null;
  readonly incident: Incident;
  readonly kind: Extract<IncidentEventKind, 'fired' | 'escalated' | 'resolved'>;
  /** The machine's rule; null for a rule of the hub, or one that is not known here. */
  readonly rule: Rule | null;
}

/** Tells of incidents. */
export interface MachineAlerts {
  tell(alert: MachineAlert): void;
  close(): void;
}

function textOf({ incident, kind, rule }: MachineAlert, now: number): { readonly title: string; readonly body: string } {
  if (rule !== null) return toAlertText({ kind, incident, rule, at: now });
  return kind === 'resolved' ? { title: `${incident.label}: over`, body: 'It reports again.' } : { title: incident.label, body: incident.state ?? '' };
}

/** What they are told by. */
export interface MachineAlertsParts extends Pick<NotificationDispatcherParts, 'timers' | 'notifier' | 'doNotDisturb' | 'record'> {
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
  settings(): QuietContext['settings'];
  /** True while all alerts are snoozed. */
  isSnoozed(): boolean;
}

/** What was delivered, of this run: after a restart open incidents of machines are not told again. */
function createDeliveries(): NotificationDispatcherParts['state'] & { forget(key: string): void } {
  const deliveries = new Map<string, DeliveryState>();
  const none: DeliveryState = { decided: false, announced: false, sent: false, acknowledged: null };
  return {
    delivery: (key) => deliveries.get(key) ?? null,
    setDelivery: (key, change) => void deliveries.set(key, { ...(deliveries.get(key) ?? none), ...change }),
    forget: (key) => void deliveries.delete(key),
  };
}

/** Creates it. */
export function createMachineAlerts(parts: MachineAlertsParts): MachineAlerts {
  const { clock, log, settings, isSnoozed } = parts;
  const now = (): number => clock.now();
  const open = new Set<string>();
  const state = createDeliveries();
  const dispatcher = createNotificationDispatcher({
    ...parts,
    state,
    quietContext: (doNotDisturb) => ({ settings: settings(), now: now(), offsetAt: localOffset, doNotDisturb }),
    isOpen: (key) => open.has(key),
    onMissed: () => undefined,
    onRefused: () => undefined,
    onShown: () => undefined,
    onError: (error) => log.error('alerts of machines could not be shown', { error }),
  });
  return {
    tell(alert) {
      const { machine, incident, kind } = alert;
      // Two machines may have incidents of the same id.
      const key = `${machine ?? ''}|${incident.id}`;
      const wasShown = state.delivery(key)?.announced === true;
      if (kind === 'resolved') {
        open.delete(key);
        state.forget(key);
        if (dispatcher.withdrawNotification(key) !== null || !wasShown) return;
      } else {
        if (isSnoozed()) return;
        open.add(key);
      }
      const { title, body } = textOf(alert, now());
      const name = kind === 'resolved' ? 'recovery' : 'alert';
      dispatcher.notify({ key, kind: name, severity: kind === 'resolved' ? 'info' : incident.severity, title: machine === null ? title : `${machine}: ${title}`, body, incident: { ...incident, id: key } });
    },
    close: () => dispatcher.stop(),
  };
}
