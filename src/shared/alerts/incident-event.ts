/** What the rules report of an incident: that it fired, changed, resolved, or still lasts. */
import type { Incident } from './incident';
import type { Rule } from './rule';

/** A step in the life of an incident. It fires once and resolves once; the others come in between. */
export type IncidentEventKind = 'fired' | 'escalated' | 'deescalated' | 'resolved' | 'reminder';

/** One step of an incident, with the incident as it stands after it. */
export interface IncidentEvent<R extends Rule | null = Rule> {
  readonly kind: IncidentEventKind;
  readonly incident: Incident;
  /** The rule in force. */
  readonly rule: R;
  /** When it was noticed, epoch milliseconds. */
  readonly at: number;
  /** Set: recorded, but not notified, although it is true. */
  readonly suppressed?: 'cooldown';
}

/** An event as the evaluator reports it: the rule is null when it was removed, and the incident ended with it. */
export type EvaluatedEvent = IncidentEvent<Rule | null>;
