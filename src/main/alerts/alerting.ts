/**
 * From batches to alerts: the rules judge, processes explain, the journal keeps, the desk tells. Steps of incidents are
 * worked off one after the other, since explaining takes a moment and none may overtake another.
 */
import type { OpenAlerts } from '../../shared/api/alert-schemas';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import { familyOf, parseSeriesKey } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import { messageOf } from '../../shared/result';
import { createEvaluator } from '../engine/alerts/evaluator';
import type { Evaluator } from '../engine/alerts/evaluator';
import type { EvaluatedEvent } from '../../shared/alerts/incident-event';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { Processes } from '../engine/processes/index';
import type { Store } from '../engine/store/store-types';
import type { IncidentManager, IncidentManagerParts, OpenAlert } from './incident-manager';
import { toEvent } from './alert-timeline-events';

/** What alerting needs. */
export interface AlertingParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly incidentManager: IncidentManager;
  readonly processes: Pick<Processes, 'explain'>;
  /** The rules in force. */
  readonly rules: () => readonly Rule[];
  readonly record: IncidentManagerParts['record'];
  readonly log: Log;
}

/** Alerting as the rest of the app sees it. */
export interface Alerting {
  /** Takes up the incidents of the last run. Called once, before the first batch. */
  start(): void;
  onBatch(batch: SampleBatch): void;
  /** The rules in the settings changed. */
  onRules(): void;
  /** What lasts, with its values of this moment, the worst first, and what is silenced. */
  openAlerts(): OpenAlerts;
  /** Throws a CallError when the incident is over. */
  acknowledge(id: string): void;
  /** Told when that changed, and now and then while something lasts. */
  onChange(listener: () => void): void;
  /** Resolves when every step so far was told. */
  settled(): Promise<void>;
  close(): void;
}

/** Incidents that ended before this are not asked for at the start, ms: no cooldown is longer. */
const LONGEST_COOLDOWN = 86_400_000;
/** Values of open incidents are told anew after so long, ms: the words say "now". */
const REFRESH = 5000;
/** Most incidents taken up from the last run. */
const TAKEN_UP = 1000;

const SEVERITIES = { critical: 0, warning: 1 } as const;

/** The worst and then the latest first. */
function byWeight(a: Incident, b: Incident): number {
  return SEVERITIES[a.severity] - SEVERITIES[b.severity] || b.firedAt - a.firedAt;
}

/** The step with what is known of its cause; without, where processes cannot be read. */
async function explained(parts: AlertingParts, evaluator: Evaluator, event: EvaluatedEvent): Promise<EvaluatedEvent> {
  const { kind, incident, at } = event;
  const family = parseSeriesKey(incident.series)?.family;
  if ((kind !== 'fired' && kind !== 'escalated') || family === undefined) return event;
  try {
    const { culprits, top } = await parts.processes.explain(familyOf(family).culprits ?? 'cpu');
    parts.store.activity.putProcessSnapshot({ time: at, incident: incident.id, processes: top });
    evaluator.setCulprits(incident.id, culprits);
    return { ...event, incident: { ...incident, culprits } };
  } catch (error) {
    parts.log.warn('the processes behind an alert could not be read', { incident: incident.id, reason: messageOf(error) });
    return event;
  }
}

/** Works off the steps of incidents in order. */
function createSteps(parts: AlertingParts, evaluator: Evaluator, incidentManager: IncidentManager) {
  const { store, record, log } = parts;
  let last = Promise.resolve();
  let waiting = 0;
  const take = async (event: EvaluatedEvent): Promise<void> => {
    const { incident, rule, ...step } = await explained(parts, evaluator, event);
    store.activity.putIncident(incident);
    if (rule !== null) incidentManager.handle({ ...step, incident, rule });
    // Without its rule there are no words for it but its own.
    else record(toEvent('alert_resolved', 'info', `${incident.label} is not watched any more`, { incident: incident.id }));
  };
  const add = (event: EvaluatedEvent): void => {
    waiting += 1;
    last = last
      .then(() => take(event))
      .catch((error: unknown) => log.error('an alert could not be told', { incident: event.incident.id, reason: messageOf(error) }))
      .then(() => {
        waiting -= 1;
        // What was alerted of must be found after a crash of the machine, too.
        if (waiting === 0) store.commit();
      });
  };
  return { add, settled: () => last };
}

/** Open incidents as the rules see them now, with what a person did about them. */
function openAlertsOf(evaluator: Evaluator, incidentManager: IncidentManager): OpenAlerts {
  const now = new Map(evaluator.open().map((incident) => [incident.id, incident]));
  const incidents = incidentManager.open().map(({ incident }) => ({ ...(now.get(incident.id) ?? incident), culprits: incident.culprits, acknowledgedAt: incident.acknowledgedAt }));
  return { incidents: incidents.sort(byWeight), snoozes: incidentManager.snoozes() };
}

/** Builds it; nothing is judged before `start`. */
export function createAlerting(parts: AlertingParts): Alerting {
  const { clock, store, incidentManager, rules } = parts;
  const evaluator = createEvaluator({ clock, rules: rules() });
  const steps = createSteps(parts, evaluator, incidentManager);
  const listeners = new Set<() => void>();
  let toldAt = 0;
  const setDelivery = (): void => {
    toldAt = clock.mono();
    listeners.forEach((listener) => listener());
  };
  incidentManager.onChange(setDelivery);
  return {
    start() {
      const known = store.activity.incidents({ from: clock.now() - LONGEST_COOLDOWN, to: Number.MAX_SAFE_INTEGER, openOnly: false, limit: TAKEN_UP });
      const ended = evaluator.restore(known);
      const inForce = new Map(rules().map((rule) => [rule.id, rule]));
      incidentManager.adopt(evaluator.open().flatMap((incident): OpenAlert[] => {
        const rule = inForce.get(incident.ruleId);
        return rule === undefined ? [] : [{ incident, rule }];
      }));
      ended.forEach(steps.add);
    },
    onBatch(batch) {
      evaluator.evaluate(batch).forEach(steps.add);
      if (clock.mono() - toldAt >= REFRESH && incidentManager.open().length > 0) setDelivery();
    },
    onRules: () => evaluator.setRules(rules()).forEach(steps.add),
    openAlerts: () => openAlertsOf(evaluator, incidentManager),
    acknowledge(id) {
      incidentManager.acknowledge(id);
      const incident = evaluator.acknowledge(id);
      if (incident !== null) store.activity.putIncident(incident);
    },
    onChange: (listener) => void listeners.add(listener),
    settled: steps.settled,
    close() {
      for (const incident of evaluator.open()) store.activity.putIncident(incident);
    },
  };
}
