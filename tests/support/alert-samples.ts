/** Sample rules, incidents and events. */
import type { IncidentEvent, IncidentEventKind } from '../../src/shared/alerts/incident-event';
import { incidentSchema } from '../../src/shared/alerts/incident';
import type { Incident } from '../../src/shared/alerts/incident';
import { ruleSchema } from '../../src/shared/alerts/rule';
import type { Rule } from '../../src/shared/alerts/rule';
import type { z } from 'zod';

/** 10 June 2026, 12:00 UTC. */
export const NOON = Date.UTC(2026, 5, 10, 12);
const MINUTE = 60_000;

/** A rule on CPU usage that notifies both severities by default. */
export function ruleOf(change: Partial<z.input<typeof ruleSchema>> = {}): Rule {
  const all = { notify: true, webhook: true };
  return ruleSchema.parse({
    id: 'cpu',
    label: 'CPU busy',
    family: 'cpu',
    metric: 'usage',
    warning: { threshold: 70, forSeconds: 60 },
    critical: { threshold: 90, forSeconds: 300 },
    channels: { warning: all, critical: all },
    ...change,
  });
}

/** An incident that fired at noon, critical by default. */
export function incidentOf(change: Partial<Incident> = {}): Incident {
  const series = change.series ?? 'cpu.usage';
  return incidentSchema.parse({
    id: `${change.ruleId ?? 'cpu'} ${series} ${change.firedAt ?? NOON}`,
    ruleId: 'cpu',
    label: 'CPU busy',
    device: null,
    deviceLabel: null,
    series,
    severity: 'critical',
    worst: 'critical',
    since: NOON - 5 * MINUTE,
    firedAt: NOON,
    clearedAt: null,
    endedBy: null,
    threshold: 90,
    valueAtFire: 97,
    value: 97,
    peak: 99,
    peakAt: NOON,
    acknowledgedAt: null,
    culprits: [],
    ...change,
  });
}

/** A step of an incident. */
export function eventOf(kind: IncidentEventKind, incident: Incident = incidentOf(), rule: Rule = ruleOf(), at = NOON): IncidentEvent {
  return { kind, incident, rule, at };
}

/** The incident after it was resolved. */
export function resolved(incident: Incident, at: number, endedBy: Incident['endedBy'] = 'recovered'): Incident {
  return { ...incident, clearedAt: at, endedBy, value: 12 };
}
