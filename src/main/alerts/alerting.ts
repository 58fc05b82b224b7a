/**
 * From batches to alerts: rules are evaluated, the processes behind an alert are looked up, incidents are stored and passed
 * to the incident manager. Events are processed one after the other, since the look-up takes time and their order must not
 * change.
 */
import type { OpenAlerts } from '../../shared/api/alert-schemas';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import { byUrgency } from '../../shared/alerts/severity';
import type { SeriesKey } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import { messageOf } from '../../shared/result';
import type { TimeToFull } from '../engine/alerts/series-evaluator';
import { createEvaluator } from '../engine/alerts/evaluator';
import type { Evaluator } from '../engine/alerts/evaluator';
import type { EvaluatedEvent } from '../../shared/alerts/incident-event';
import type { Clock } from '../engine/clock';
import type { Hub } from '../engine/hub';
import type { Log } from '../engine/log';
import type { Processes } from '../engine/processes/index';
import type { Store } from '../engine/store/store-types';
import { withCause } from './incident-cause';
import type { IncidentManager, IncidentManagerParts, OpenAlert } from './incident-manager';
import { toTimelineEvent } from './alert-timeline-events';

/** What alerting needs. */
export interface AlertingParts {
  readonly clock: Clock;
  readonly hub: Pick<Hub, 'snapshot'>;
  readonly store: Store;
  readonly incidentManager: IncidentManager;
  readonly processes: Pick<Processes, 'explain'>;
  /** The active rules. */
  readonly rules: () => readonly Rule[];
  /** When a disk will be full, from the history; answers from memory. */
  readonly timeToFull: TimeToFull;
  readonly record: IncidentManagerParts['record'];
  readonly log: Log;
}

/** Evaluates batches and keeps open alerts. */
export interface Alerting {
  /** Restores the incidents of the last run. Called once, before the first batch. */
  start(): void;
  onBatch(batch: SampleBatch): void;
  /** The rules in the settings changed. */
  onRules(): void;
  /** Series have other keys now; `rules` where those of single devices changed with them. */
  onRenamed(renamed: ReadonlyMap<SeriesKey, SeriesKey>, rules: readonly Rule[] | null): void;
  /** Open incidents with their current values, the worst first, and the snoozes. */
  openAlerts(): OpenAlerts;
  /** Throws a CallError when the incident is resolved. */
  acknowledge(id: string): void;
  /** Calls back when open alerts change, and periodically while there are any. */
  onChange(listener: () => void): void;
  /** Resolves when every event so far has been processed. */
  settled(): Promise<void>;
  close(): void;
}

/** At the start incidents resolved longer ago than this are not read, ms: no cooldown is longer. */
const LONGEST_COOLDOWN = 86_400_000;
/** Interval at which the current values of open incidents are emitted, ms. */
const EMIT_INTERVAL = 5000;
/** Largest number of incidents restored from the last run. */
const MAX_RESTORED = 1000;

/** Processes events of incidents in order. */
function createEventQueue(parts: AlertingParts, evaluator: Evaluator, incidentManager: IncidentManager) {
  const { store, record, log } = parts;
  let last = Promise.resolve();
  let waiting = 0;
  const handleEvent = async (event: EvaluatedEvent): Promise<void> => {
    const { incident, rule, ...rest } = await withCause(parts, (id, cause) => evaluator.setCause(id, cause), event);
    store.activity.putIncident(incident);
    if (rule !== null) incidentManager.handle({ ...rest, incident, rule });
    // The rule was deleted, so its texts are not available.
    else record(toTimelineEvent('alert_resolved', 'info', `${incident.label}: rule no longer active`, { incident: incident.id }));
  };
  const add = (event: EvaluatedEvent): void => {
    waiting += 1;
    last = last
      .then(() => handleEvent(event))
      .catch((error: unknown) => log.error('an event of an alert could not be processed', { incident: event.incident.id, reason: messageOf(error) }))
      .then(() => {
        waiting -= 1;
        // An alert that was notified must still be in the history after a crash of the machine.
        if (waiting === 0) store.commit();
      });
  };
  return { add, settled: () => last };
}

/** The incident with its current values. Its severity is that of its last event, which tray and notifications have as well. */
function withValues(incident: Incident, current: Incident | undefined): Incident {
  if (current === undefined) return incident;
  const { value, peak, peakAt } = current;
  return { ...incident, value, peak, peakAt };
}

/** Open incidents with the evaluator's current values and the user's acknowledgements. */
function openAlertsOf(evaluator: Evaluator, incidentManager: IncidentManager): OpenAlerts {
  const current = new Map(evaluator.open().map((incident) => [incident.id, incident]));
  const incidents = incidentManager.open().map(({ incident }) => withValues(incident, current.get(incident.id)));
  return { incidents: incidents.sort(byUrgency), snoozes: incidentManager.snoozes() };
}

/** Creates it; `start` must be called before the first batch. */
export function createAlerting(parts: AlertingParts): Alerting {
  const { clock, store, incidentManager, rules, timeToFull } = parts;
  const evaluator = createEvaluator({ clock, rules: rules(), timeToFull });
  const queue = createEventQueue(parts, evaluator, incidentManager);
  const listeners = new Set<() => void>();
  let emittedAt = 0;
  const emitChange = (): void => {
    emittedAt = clock.mono();
    listeners.forEach((listener) => listener());
  };
  incidentManager.onChange(emitChange);
  return {
    start() {
      const known = store.activity.incidents({ from: clock.now() - LONGEST_COOLDOWN, to: Number.MAX_SAFE_INTEGER, openOnly: false, limit: MAX_RESTORED });
      const ended = evaluator.restore(known);
      const activeRules = new Map(rules().map((rule) => [rule.id, rule]));
      incidentManager.adopt(evaluator.open().flatMap((incident): OpenAlert[] => {
        const rule = activeRules.get(incident.ruleId);
        return rule === undefined ? [] : [{ incident, rule }];
      }));
      ended.forEach(queue.add);
    },
    onBatch(batch) {
      evaluator.evaluate(batch).forEach(queue.add);
      if (clock.mono() - emittedAt >= EMIT_INTERVAL && incidentManager.open().length > 0) emitChange();
    },
    onRules: () => evaluator.setRules(rules()).forEach(queue.add),
    onRenamed(renamed, present) {
      evaluator.rename(renamed, present).forEach(queue.add);
      for (const incident of evaluator.open()) if ([...renamed.values()].includes(incident.series)) store.activity.putIncident(incident);
    },
    openAlerts: () => openAlertsOf(evaluator, incidentManager),
    acknowledge(id) {
      incidentManager.acknowledge(id);
      const incident = evaluator.acknowledge(id);
      if (incident !== null) store.activity.putIncident(incident);
    },
    onChange: (listener) => void listeners.add(listener),
    settled: queue.settled,
    close() {
      for (const incident of evaluator.open()) store.activity.putIncident(incident);
    },
  };
}
