/**
 * The desk where alert events arrive: decides what is announced and sent, keeps snoozes and acknowledgements, writes
 * every step and every silence into the timeline, and remembers over a restart what was told. No electron.
 */
import type { IncidentEvent } from '../../shared/alerts/incident-event';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import type { AlertsSettings } from '../../shared/alerts/alert-settings';
import { covers, snoozeOf } from '../../shared/alerts/snooze';
import type { Snooze, SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import { CallError } from '../../shared/result';
import { localOffset } from '../../shared/series/calendar';
import type { OffsetAt } from '../../shared/series/calendar';
import type { Clock, Timers } from '../engine/clock';
import type { QuietContext, SuppressReason } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import { createWallClockTimer } from './wall-clock-timer';
import { createNotificationDispatcher } from './notification-dispatcher';
import type { Notifier } from './notification-dispatcher';
import { createAlertRouter } from './alert-router';
import { createDigest } from './digest';
import type { AlertStateStore } from './alert-state-store';
import { createSnoozeController } from './snoozes';
import { toAcknowledgedEvent, toSuppressedEvent } from './alert-timeline-events';

/** An incident that lasts, with the rule it broke. */
export interface OpenAlert {
  readonly incident: Incident;
  readonly rule: Rule;
}

/** An incident that lasts, as it is shown. */
interface ShownAlert extends OpenAlert {
  readonly isSnoozed: boolean;
}

/** What the desk needs. */
export interface IncidentManagerParts {
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly state: AlertStateStore;
  readonly notifier: Notifier;
  readonly settings: () => AlertsSettings;
  /** The rules in force, by which a snooze gets its name. */
  readonly rules: () => readonly Rule[];
  /** True while monitoring is paused. */
  readonly isPaused: () => boolean;
  /** The desktop's own switch; resolves to false where it cannot be asked. */
  readonly doNotDisturb: () => Promise<boolean>;
  /** Hands an event to the webhooks that take it. */
  readonly send: (event: IncidentEvent) => void;
  /** Writes into the activity timeline. */
  readonly record: EventRecorder;
  readonly onError: (error: unknown) => void;
  /** The zone; the machine's own unless given. */
  readonly offsetAt?: OffsetAt;
}

/** The desk. */
export interface IncidentManager {
  /** Incidents that were open when the app ended. Called once at the start, before the first event. */
  adopt(open: readonly OpenAlert[]): void;
  handle(event: IncidentEvent): void;
  /** Incidents that last, with what was acknowledged; the same array until something has changed. */
  open(): readonly ShownAlert[];
  snoozes(): readonly Snooze[];
  /** Silences; takes the place of a snooze of the same target. Throws a CallError when there is nothing such. */
  snooze(target: SnoozeTarget, length: SnoozeLength): void;
  /** Ends a snooze, or all of them. Throws a CallError when there is none such. */
  unsnooze(target: SnoozeTarget | null): void;
  /** Throws a CallError when the incident is over. */
  acknowledge(incidentId: string): void;
  /** Told after changes of what is open, snoozed or acknowledged; once of all that come at once. */
  onChange(listener: () => void): void;
  /** Writes what is pending. */
  close(): void;
}

/** The parts of the desk, joined. */
function setupIncidentManager(parts: IncidentManagerParts, open: ReadonlyMap<string, OpenAlert>, changed: () => void) {
  const { clock, timers, state, notifier, settings, record, doNotDisturb, offsetAt = localOffset } = parts;
  const now = (): number => clock.now();
  const quietContext = (disturbed: boolean): QuietContext => ({ settings: settings(), now: now(), offsetAt, doNotDisturb: disturbed });
  const isSnoozed = (): boolean => state.snoozes().some(({ target }) => target.kind === 'all');
  const incidents = (): readonly Incident[] => [...open.values()].map(({ incident }) => incident);
  const digest = createDigest({ state, now, offsetAt, settings, doNotDisturb, isSnoozed, show: (notification) => notifier.show(notification), record });
  const snoozes = createSnoozeController({ state, now, offsetAt, open: incidents, rules: parts.rules, record });
  const dues = (): readonly number[] => [digest.due(), snoozes.nextEnd()].flatMap((due) => due ?? []);
  const wallClockTimer = createWallClockTimer(clock, timers, () => (dues().length === 0 ? null : Math.min(...dues())), () => onDue());
  const dispatcher = createNotificationDispatcher({
    ...parts,
    quietContext,
    isOpen: (id) => open.has(id),
    onMissed(notification) {
      digest.miss(notification);
      wallClockTimer.arm();
    },
  });
  const route = createAlertRouter({ ...parts, quietContext, notify: (notification) => dispatcher.notify(notification), miss: (notification) => digest.miss(notification) });
  /** Ends what is over, and tells what lasts longer than its snooze did. */
  const sweep = (): void => {
    const before = state.snoozes();
    const ended = snoozes.sweep();
    const covered = [...open.values()].filter(({ incident }) => ended.some(({ target }) => covers(target, incident)));
    for (const alert of covered) route({ kind: 'reminder', ...alert, at: now() });
    if (state.snoozes() !== before) changed();
  };
  const onDue = (): void => {
    sweep();
    void digest.check().catch(parts.onError).then(wallClockTimer.arm);
  };
  return { digest, snoozes, wallClockTimer, dispatcher, route, sweep, onDue };
}

type Joined = ReturnType<typeof setupIncidentManager>;

/** What happens to incidents. */
function createCourse({ clock, state }: IncidentManagerParts, joined: Joined, open: Map<string, OpenAlert>, changed: () => void): Pick<IncidentManager, 'adopt' | 'handle'> {
  const { digest, wallClockTimer, dispatcher, route, sweep, onDue } = joined;
  return {
    adopt(alerts) {
      for (const alert of alerts) open.set(alert.incident.id, alert);
      for (const { incidentId, clearedAt } of state.missed()) if (clearedAt === null && !open.has(incidentId)) digest.resolved(incidentId, clock.now());
      state.keepOnly(new Set(open.keys()));
      // The app ended before it had decided about these.
      for (const alert of alerts) if (state.delivery(alert.incident.id)?.decided !== true) route({ kind: 'fired', ...alert, at: clock.now() });
      onDue();
      changed();
    },
    handle(event) {
      const { incident, rule, kind, at } = event;
      if (kind === 'resolved') {
        open.delete(incident.id);
        dispatcher.withdrawNotification(incident.id);
        route(event, true);
        digest.resolved(incident.id, incident.clearedAt ?? at);
        state.forget(incident.id);
        sweep();
      } else {
        open.set(incident.id, { incident, rule });
        route(event, true);
      }
      wallClockTimer.arm();
      changed();
    },
  };
}

/** What a person can do. */
function createHands({ clock, state, record }: IncidentManagerParts, joined: Joined, open: ReadonlyMap<string, OpenAlert>, changed: () => void): Pick<IncidentManager, 'snooze' | 'unsnooze' | 'acknowledge'> {
  const { digest, snoozes, wallClockTimer, dispatcher } = joined;
  /** Takes back what is shown of an incident, or about to be. */
  const silence = (incident: Incident, reason: SuppressReason): void => {
    const waiting = dispatcher.withdrawNotification(incident.id);
    if (waiting === null) return;
    state.setDelivery(incident.id, { decided: true });
    const suppressed = toSuppressedEvent(waiting.title, incident, reason);
    if (suppressed !== null) record(suppressed);
  };
  return {
    snooze(target, length) {
      snoozes.add(target, length);
      for (const { incident } of open.values()) if (covers(target, incident)) silence(incident, 'snoozed');
      wallClockTimer.arm();
      changed();
    },
    unsnooze(target) {
      snoozes.remove(target);
      wallClockTimer.arm();
      changed();
    },
    acknowledge(incidentId) {
      const alert = open.get(incidentId);
      if (alert === undefined) throw new CallError('NotFound', 'this is over already');
      state.setDelivery(incidentId, { decided: true, acknowledged: { at: clock.now(), severity: alert.incident.severity } });
      state.save();
      digest.drop(incidentId);
      record(toAcknowledgedEvent(alert.incident, alert.rule));
      silence(alert.incident, 'acknowledged');
      changed();
    },
  };
}

/** Builds the desk. */
export function createIncidentManager(parts: IncidentManagerParts): IncidentManager {
  const { state } = parts;
  const open = new Map<string, OpenAlert>();
  const listeners = new Set<() => void>();
  let shown: readonly ShownAlert[] | null = [];
  const setDelivery = (): void => listeners.forEach((listener) => listener());
  const changed = (): void => {
    // A storm comes within one tick.
    if (shown !== null) queueMicrotask(setDelivery);
    shown = null;
  };
  const toShown = ({ incident, rule }: OpenAlert): ShownAlert => {
    const acknowledgedAt = state.delivery(incident.id)?.acknowledged?.at ?? null;
    return { incident: { ...incident, acknowledgedAt }, rule, isSnoozed: snoozeOf(state.snoozes(), incident) !== null };
  };
  const joined = setupIncidentManager(parts, open, changed);
  return {
    ...createCourse(parts, joined, open, changed),
    ...createHands(parts, joined, open, changed),
    open: () => (shown ??= [...open.values()].map(toShown)),
    snoozes: () => state.snoozes(),
    onChange: (listener) => void listeners.add(listener),
    close() {
      joined.wallClockTimer.stop();
      joined.dispatcher.stop();
      state.save();
    },
  };
}
