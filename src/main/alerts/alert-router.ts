/** Asks the policy about each event, does what it says, and writes both the step and the silence into the timeline. */
import type { IncidentEvent } from '../../shared/alerts/incident-event';
import { decide, webhookSuppressedBy } from '../engine/alerts/policy';
import type { NotificationContext, QuietContext, IncidentNotification } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import type { AlertStateStore, DeliveryState } from './alert-state-store';
import { toStepEvent, toSuppressedEvent } from './alert-timeline-events';

/** What the decider needs. */
export interface AlertRouterParts {
  readonly state: AlertStateStore;
  readonly quietContext: (doNotDisturb: boolean) => QuietContext;
  /** True while monitoring is paused. */
  readonly isPaused: () => boolean;
  readonly notify: (notification: IncidentNotification) => void;
  /** Something may only be told later. */
  readonly miss: (notification: IncidentNotification) => void;
  /** Hands an event to the webhooks that take it. */
  readonly send: (event: IncidentEvent) => void;
  readonly record: EventRecorder;
}

/** What was acknowledged was less than what it is now. */
function isSuperseded({ kind, incident }: IncidentEvent, delivery: DeliveryState | null): boolean {
  return kind === 'escalated' && delivery !== null && delivery.acknowledged !== null && delivery.acknowledged.severity !== incident.severity;
}

/** Makes the function that decides about an event; `isStep` for one that has just happened and goes to the timeline. */
export function createAlertRouter(parts: AlertRouterParts): (event: IncidentEvent, isStep?: boolean) => void {
  const { state, record } = parts;
  const circumstances = (delivery: DeliveryState | null): NotificationContext => ({
    // Whether the desktop is not to be disturbed is asked when something is to be shown.
    ...parts.quietContext(false),
    paused: parts.isPaused(),
    snoozes: state.snoozes(),
    acknowledged: delivery !== null && delivery.acknowledged !== null,
    wasDelivered: delivery?.announced === true,
  });
  return (event, isStep = false) => {
    const { incident, kind } = event;
    if (isSuperseded(event, state.delivery(incident.id))) state.setDelivery(incident.id, { acknowledged: null });
    const delivery = state.delivery(incident.id);
    const given = circumstances(delivery);
    const { notification, reason } = decide(event, given);
    const step = isStep ? toStepEvent(event, reason) : null;
    if (step !== null) record(step);
    const wasSent = delivery?.sent === true;
    // After a restart an incident may be decided about once more.
    if (webhookSuppressedBy(event, given, wasSent) === null && !(wasSent && kind === 'fired')) {
      parts.send(event);
      state.setDelivery(incident.id, { sent: true });
    }
    if (reason === null) {
      parts.notify(notification);
      return;
    }
    state.setDelivery(incident.id, { decided: true });
    // Why an end is not shown stands with the end itself.
    if (kind === 'resolved') return;
    if (reason === 'quiet-hours') parts.miss(notification);
    const suppressed = toSuppressedEvent(notification.title, incident, reason);
    if (suppressed !== null) record(suppressed);
  };
}
