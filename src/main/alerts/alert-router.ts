/** Routes each event of an incident: asks the policy, notifies, sends to webhooks, and records the event and why it was suppressed. */
import type { IncidentEvent } from '../../shared/alerts/incident-event';
import { decide, webhookSuppressedBy } from '../engine/alerts/policy';
import type { NotificationContext, QuietContext, IncidentNotification } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import type { AlertStateStore, DeliveryState } from './alert-state-store';
import { toIncidentEvent, toSuppressedEvent } from './alert-timeline-events';

/** What the router needs. */
export interface AlertRouterParts {
  readonly state: AlertStateStore;
  readonly quietContext: (doNotDisturb: boolean) => QuietContext;
  /** True while monitoring is paused. */
  readonly isPaused: () => boolean;
  readonly notify: (notification: IncidentNotification) => void;
  /** Called for a notification that is suppressed by quiet hours and belongs in the digest. */
  readonly onMissed: (notification: IncidentNotification) => void;
  /** Sends an event to the webhooks that accept it. */
  readonly send: (event: IncidentEvent) => void;
  readonly record: EventRecorder;
}

/** True where the incident has become more severe than what was acknowledged. */
function isSuperseded({ kind, incident }: IncidentEvent, delivery: DeliveryState | null): boolean {
  return kind === 'escalated' && delivery !== null && delivery.acknowledged !== null && delivery.acknowledged.severity !== incident.severity;
}

/** Returns the function that routes an event; `isNew` for one that has just happened and is recorded in the timeline. */
export function createAlertRouter(parts: AlertRouterParts): (event: IncidentEvent, isNew?: boolean) => void {
  const { state, record } = parts;
  const contextOf = (delivery: DeliveryState | null): NotificationContext => ({
    // Do-not-disturb is queried later, when a notification is about to be shown.
    ...parts.quietContext(false),
    paused: parts.isPaused(),
    snoozes: state.snoozes(),
    acknowledged: delivery !== null && delivery.acknowledged !== null,
    wasDelivered: delivery?.announced === true,
  });
  return (event, isNew = false) => {
    const { incident, kind } = event;
    if (isSuperseded(event, state.delivery(incident.id))) state.setDelivery(incident.id, { acknowledged: null });
    const delivery = state.delivery(incident.id);
    const context = contextOf(delivery);
    const { notification, reason } = decide(event, context);
    const recorded = isNew ? toIncidentEvent(event, reason) : null;
    if (recorded !== null) record(recorded);
    const wasSent = delivery?.sent === true;
    // After a restart an incident may be routed once more.
    if (webhookSuppressedBy(event, context, wasSent) === null && !(wasSent && kind === 'fired')) {
      parts.send(event);
      state.setDelivery(incident.id, { sent: true });
    }
    if (reason === null) {
      parts.notify(notification);
      return;
    }
    state.setDelivery(incident.id, { decided: true });
    // For the end of an incident the reason is in the event itself.
    if (kind === 'resolved') return;
    if (reason === 'quiet-hours') parts.onMissed(notification);
    const suppressed = toSuppressedEvent(notification.title, incident, reason);
    if (suppressed !== null) record(suppressed);
  };
}
