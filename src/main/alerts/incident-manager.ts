/**
 * The incident manager: routes the events of incidents to notifications and webhooks, keeps snoozes and acknowledgements,
 * records every event and every suppressed notification in the timeline, and stores over a restart what was delivered.
 */
import type { IncidentEvent } from '../../shared/alerts/incident-event';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import type { AlertsSettings } from '../../shared/alerts/alert-settings';
import { covers, snoozeOf } from '../../shared/alerts/snooze';
import type { Snooze, SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import { parseSeriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import { CallError } from '../../shared/result';
import { localOffset } from '../../shared/series/calendar';
import type { OffsetAt } from '../../shared/series/calendar';
import type { Clock, Timers } from '../engine/clock';
import type { IncidentNotification, QuietContext, SuppressReason } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import { createWallClockTimer } from './wall-clock-timer';
import { createNotificationDispatcher } from './notification-dispatcher';
import type { Notifier } from './notification-dispatcher';
import { createAlertRouter } from './alert-router';
import { createDigest } from './digest';
import type { AlertStateStore } from './alert-state-store';
import { createSnoozeController } from './snoozes';
import { toAcknowledgedEvent, toSuppressedEvent } from './alert-timeline-events';

/** An open incident with its rule. */
export interface OpenAlert {
  readonly incident: Incident;
  readonly rule: Rule;
}

/** An open incident as it is shown: `incident.acknowledgedAt` is set where the user acknowledged it. */
interface ShownAlert extends OpenAlert {
  readonly isSnoozed: boolean;
}

/** What the incident manager needs. */
export interface IncidentManagerParts {
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly state: AlertStateStore;
  readonly notifier: Notifier;
  readonly settings: () => AlertsSettings;
  /** The active rules; a snooze gets its label from them. */
  readonly rules: () => readonly Rule[];
  /** True while monitoring is paused. */
  readonly isPaused: () => boolean;
  /** Resolves to whether the desktop's do-not-disturb is on; false where that is unknown. */
  readonly doNotDisturb: () => Promise<boolean>;
  /** Sends an event to the webhooks that accept it. */
  readonly send: (event: IncidentEvent) => void;
  readonly record: EventRecorder;
  readonly onError: (error: unknown) => void;
  /** Offset of local time; that of the machine's time zone unless given. */
  readonly offsetAt?: OffsetAt;
}

/** Open incidents and the commands on them. */
export interface IncidentManager {
  /** Takes over the incidents that were open when the app ended. Called once at the start, before the first event. */
  adopt(open: readonly OpenAlert[]): void;
  handle(event: IncidentEvent): void;
  /** Series have other keys now: open incidents and snoozes of them continue. */
  onRenamed(renamed: ReadonlyMap<SeriesKey, SeriesKey>): void;
  /** Open incidents; the same array until something has changed. */
  open(): readonly ShownAlert[];
  snoozes(): readonly Snooze[];
  /** Snoozes a target; replaces a snooze of the same target. Throws a CallError when there is no such target. */
  snooze(target: SnoozeTarget, length: SnoozeLength): void;
  /** Ends a snooze, or all of them. Throws a CallError when there is none such. */
  unsnooze(target: SnoozeTarget | null): void;
  /** Throws a CallError when the incident is resolved. */
  acknowledge(incidentId: string): void;
  /** Calls back after changes of what is open, snoozed or acknowledged; once for all changes of one tick. */
  onChange(listener: () => void): void;
  /** Writes what is pending. */
  close(): void;
}

/** Creates the parts of the incident manager and connects them. */
function setupParts(parts: IncidentManagerParts, open: ReadonlyMap<string, OpenAlert>, changed: () => void) {
  const { clock, timers, state, notifier, settings, record, doNotDisturb, offsetAt = localOffset } = parts;
  const now = (): number => clock.now();
  const quietContext = (disturbed: boolean): QuietContext => ({ settings: settings(), now: now(), offsetAt, doNotDisturb: disturbed });
  const isSnoozed = (): boolean => state.snoozes().some(({ target }) => target.kind === 'all');
  const incidents = (): readonly Incident[] => [...open.values()].map(({ incident }) => incident);
  const digest = createDigest({ state, now, mono: () => clock.mono(), offsetAt, settings, doNotDisturb, isSnoozed, show: (notification) => notifier.show(notification), record });
  const snoozes = createSnoozeController({ state, now, offsetAt, open: incidents, rules: parts.rules, record });
  const dues = (): readonly number[] => [digest.due(), snoozes.nextEnd()].flatMap((due) => due ?? []);
  const wallClockTimer = createWallClockTimer(clock, timers, () => (dues().length === 0 ? null : Math.min(...dues())), () => onDue());
  const miss = (notification: IncidentNotification, cause: 'suppressed' | 'refused'): void => {
    digest.add(notification, cause);
    wallClockTimer.arm();
  };
  const dispatcher = createNotificationDispatcher({
    ...parts,
    quietContext,
    isOpen: (id) => open.has(id),
    onMissed: (notification) => miss(notification, 'suppressed'),
    onRefused: (notification) => miss(notification, 'refused'),
    onShown(incidentIds) {
      digest.onShown(incidentIds);
      // What the desktop refused before can be shown now.
      if (digest.due() !== null) onDue();
    },
  });
  const route = createAlertRouter({ ...parts, quietContext, notify: (notification) => dispatcher.notify(notification), onMissed: (notification) => digest.add(notification, 'suppressed') });
  /** Ends expired snoozes, and sends a reminder of each incident that is still open after its snooze. */
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

type ManagerParts = ReturnType<typeof setupParts>;

/** Restored incidents and events. */
function createEventHandlers({ clock, state }: IncidentManagerParts, managerParts: ManagerParts, open: Map<string, OpenAlert>, changed: () => void): Pick<IncidentManager, 'adopt' | 'handle' | 'onRenamed'> {
  const { digest, wallClockTimer, dispatcher, route, sweep, onDue } = managerParts;
  return {
    adopt(alerts) {
      for (const alert of alerts) open.set(alert.incident.id, alert);
      for (const { incidentId, clearedAt } of state.missed()) if (clearedAt === null && !open.has(incidentId)) digest.resolved(incidentId, clock.now());
      state.keepOnly(new Set(open.keys()));
      // The app ended before a notification was shown or suppressed.
      for (const alert of alerts) if (state.delivery(alert.incident.id)?.decided !== true) route({ kind: 'fired', ...alert, at: clock.now() });
      onDue();
      changed();
    },
    onRenamed(renamed) {
      const keyOf = (series: SeriesKey): SeriesKey => renamed.get(series) ?? series;
      for (const [id, { incident, rule }] of open) {
        const series = keyOf(incident.series);
        if (series !== incident.series) open.set(id, { rule, incident: { ...incident, series, device: parseSeriesKey(series)?.device ?? null } });
      }
      const isRenamed = ({ target }: Snooze): boolean => target.kind === 'series' && renamed.has(target.series);
      if (!state.snoozes().some(isRenamed) && ![...open.values()].some(({ incident }) => [...renamed.values()].includes(incident.series))) return;
      state.setSnoozes(state.snoozes().map((snooze) => (snooze.target.kind === 'series' ? { ...snooze, target: { ...snooze.target, series: keyOf(snooze.target.series) } } : snooze)));
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

/** The user's commands. */
function createCommands({ clock, state, record }: IncidentManagerParts, managerParts: ManagerParts, open: ReadonlyMap<string, OpenAlert>, changed: () => void): Pick<IncidentManager, 'snooze' | 'unsnooze' | 'acknowledge'> {
  const { digest, snoozes, wallClockTimer, dispatcher } = managerParts;
  /** Withdraws the notification of an incident, and records one that was still waiting as suppressed. */
  const withdraw = (incident: Incident, reason: SuppressReason): void => {
    const waiting = dispatcher.withdrawNotification(incident.id);
    if (waiting === null) return;
    state.setDelivery(incident.id, { decided: true });
    const suppressed = toSuppressedEvent(waiting.title, incident, reason);
    if (suppressed !== null) record(suppressed);
  };
  return {
    snooze(target, length) {
      snoozes.add(target, length);
      for (const { incident } of open.values()) if (covers(target, incident)) withdraw(incident, 'snoozed');
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
      if (alert === undefined) throw new CallError('NotFound', 'this alert is already resolved');
      state.setDelivery(incidentId, { decided: true, acknowledged: { at: clock.now(), severity: alert.incident.severity } });
      state.save();
      digest.drop(incidentId);
      record(toAcknowledgedEvent(alert.incident, alert.rule));
      withdraw(alert.incident, 'acknowledged');
      changed();
    },
  };
}

/** Starts without open incidents. */
export function createIncidentManager(parts: IncidentManagerParts): IncidentManager {
  const { state } = parts;
  const open = new Map<string, OpenAlert>();
  const listeners = new Set<() => void>();
  let shown: readonly ShownAlert[] | null = [];
  const emitChange = (): void => listeners.forEach((listener) => listener());
  const changed = (): void => {
    // Many alerts may fire in one tick.
    if (shown !== null) queueMicrotask(emitChange);
    shown = null;
  };
  const toShown = ({ incident, rule }: OpenAlert): ShownAlert => {
    const acknowledgedAt = state.delivery(incident.id)?.acknowledged?.at ?? null;
    return { incident: { ...incident, acknowledgedAt }, rule, isSnoozed: snoozeOf(state.snoozes(), incident) !== null };
  };
  const managerParts = setupParts(parts, open, changed);
  return {
    ...createEventHandlers(parts, managerParts, open, changed),
    ...createCommands(parts, managerParts, open, changed),
    open: () => (shown ??= [...open.values()].map(toShown)),
    snoozes: () => state.snoozes(),
    onChange: (listener) => void listeners.add(listener),
    close() {
      managerParts.wallClockTimer.stop();
      managerParts.dispatcher.stop();
      state.save();
    },
  };
}
