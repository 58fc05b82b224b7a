/** What the rules have to say: an incident began, changed or ended. */
import type { Incident } from './incident';
import type { Rule } from './rule';

/** worsened: from warning to critical; eased: back to warning; reminder: it still lasts. */
export type IncidentEventKind = 'fired' | 'worsened' | 'eased' | 'cleared' | 'reminder';

/** One step of an incident, with the incident as it stands after it. */
export interface IncidentEvent {
  readonly kind: IncidentEventKind;
  readonly incident: Incident;
  /** The rule as it stood then. */
  readonly rule: Rule;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Set where the rules themselves ask for silence: the series recovered only just now. */
  readonly suppressed?: 'cooldown';
}
