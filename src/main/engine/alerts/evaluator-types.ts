/** Words of the rules engine. */
import type { Incident } from '../../../shared/alerts/incident';
import type { Rule } from '../../../shared/alerts/rule';

/** What happens to an incident. It is fired once and cleared once; the others come in between. */
export type IncidentEventKind = 'fired' | 'worsened' | 'eased' | 'cleared' | 'reminder';

/** Why something is not to be announced although it is true. */
export type AlertSuppression = 'cooldown';

/** One thing that happened to an incident. */
export interface IncidentEvent {
  readonly kind: IncidentEventKind;
  /** As it stands after this. */
  readonly incident: Incident;
  /** The rule in force; null when it is gone, and with it the incident. */
  readonly rule: Rule | null;
  /** When it was noticed, epoch milliseconds. */
  readonly at: number;
  /** Set: written down, but not announced. */
  readonly suppressed?: AlertSuppression;
}
