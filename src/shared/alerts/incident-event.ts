/** Events of an incident, as emitted by the rule evaluator. */
import type { Incident } from './incident';
import type { Rule } from './rule';

/** Kind of a step: an incident fires once and resolves once; the others are in between. */
export type IncidentEventKind = 'fired' | 'escalated' | 'deescalated' | 'resolved' | 'reminder';

/** One step of an incident, with the incident after it. */
export interface IncidentEvent<R extends Rule | null = Rule> {
  readonly kind: IncidentEventKind;
  readonly incident: Incident;
  /** The rule of the incident. */
  readonly rule: R;
  /** When it was detected, epoch milliseconds. */
  readonly at: number;
  /** Set: the step is recorded, but not notified. */
  readonly suppressed?: 'cooldown';
  /** Set at the end of an incident whose value could not be read for so long that its state is unknown, or whose device a person ignores. */
  readonly cause?: 'unreadable' | 'ignored';
}

/** An event as emitted by the evaluator; the rule is null if it was removed, which ended the incident. */
export type EvaluatedEvent = IncidentEvent<Rule | null>;
