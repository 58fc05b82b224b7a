/** Asks the policy about each event, does what it says, and writes both the step and the silence into the timeline. */
import type { AlertEvent } from '../../shared/alerts/incident-event';
import type { NewEvent } from '../../shared/timeline/event-schemas';
import { decide, unsentBy } from '../engine/alerts/policy';
import type { Circumstances, Hour, IncidentAnnouncement } from '../engine/alerts/policy';
import type { DeskMemory, Told } from './alert-state-store';
import { toStepEvent, toSuppressedEvent } from './alert-timeline-events';

/** What the decider needs. */
export interface DeciderParts {
  readonly memory: DeskMemory;
  readonly hour: (doNotDisturb: boolean) => Hour;
  /** True while monitoring is paused. */
  readonly isPaused: () => boolean;
  readonly announce: (announcement: IncidentAnnouncement) => void;
  /** Something may only be told later. */
  readonly miss: (announcement: IncidentAnnouncement) => void;
  /** Hands an event to the webhooks that take it. */
  readonly send: (event: AlertEvent) => void;
  readonly record: (event: NewEvent) => void;
}

/** What was acknowledged was less than what it is now. */
function isOutgrown({ kind, incident }: AlertEvent, told: Told | null): boolean {
  return kind === 'worsened' && told !== null && told.acknowledged !== null && told.acknowledged.severity !== incident.severity;
}

/** Makes the function that decides about an event; `isStep` for one that has just happened and goes to the timeline. */
export function createDecider(parts: DeciderParts): (event: AlertEvent, isStep?: boolean) => void {
  const { memory, record } = parts;
  const circumstances = (told: Told | null): Circumstances => ({
    // Whether the desktop is not to be disturbed is asked when something is to be shown.
    ...parts.hour(false),
    paused: parts.isPaused(),
    snoozes: memory.snoozes(),
    acknowledged: told !== null && told.acknowledged !== null,
    wasAnnounced: told?.announced === true,
  });
  return (event, isStep = false) => {
    const { incident, kind } = event;
    if (isOutgrown(event, memory.told(incident.id))) memory.tell(incident.id, { acknowledged: null });
    const told = memory.told(incident.id);
    const given = circumstances(told);
    const { announcement, reason } = decide(event, given);
    const step = isStep ? toStepEvent(event, reason) : null;
    if (step !== null) record(step);
    const wasSent = told?.sent === true;
    // After a restart an incident may be decided about once more.
    if (unsentBy(event, given, wasSent) === null && !(wasSent && kind === 'fired')) {
      parts.send(event);
      memory.tell(incident.id, { sent: true });
    }
    if (reason === null) {
      parts.announce(announcement);
      return;
    }
    memory.tell(incident.id, { decided: true });
    // Why an end is not shown stands with the end itself.
    if (kind === 'cleared') return;
    if (reason === 'quiet-hours') parts.miss(announcement);
    const suppressed = toSuppressedEvent(announcement.title, incident, reason);
    if (suppressed !== null) record(suppressed);
  };
}
