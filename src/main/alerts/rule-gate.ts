/**
 * Refuses rules that would flap, where a user or a script creates or changes one. Rules that were stored or imported before
 * stay valid: only what is new is refused (recoveryProblems in src/shared/alerts/rule-validation.ts).
 */
import { effectiveRules } from '../../shared/alerts/default-rules';
import type { Rule } from '../../shared/alerts/rule';
import { recoveryProblems } from '../../shared/alerts/rule-validation';
import { CallError } from '../../shared/result';
import type { SettingsHolder } from '../settings/settings';

/** Versions of one rule that are remembered; an undo needs the one before. */
const MAX_VERSIONS = 20;

/** Creates the check; it throws a CallError that names the rule and the field. */
export function createRuleGate(settings: Pick<SettingsHolder, 'get' | 'subscribe'>): (rules: readonly Rule[]) => void {
  /** Every version of this run in which a rule had such a value, by rule: undoing a change must not be refused. */
  const versions = new Map<string, Rule[]>();
  const remember = (rules: readonly Rule[]): void => {
    for (const rule of rules) if (recoveryProblems(rule, null).length > 0) versions.set(rule.id, [rule, ...(versions.get(rule.id) ?? [])].slice(0, MAX_VERSIONS));
  };
  remember(settings.get().alerts.rules);
  settings.subscribe((next, before) => {
    if (next.alerts.rules !== before.alerts.rules) remember(next.alerts.rules);
  });
  return (rules) => {
    const present = new Map(effectiveRules(settings.get().alerts.rules).map((rule) => [rule.id, rule]));
    rules.forEach((rule, index) => {
      const known = [present.get(rule.id) ?? null, ...(versions.get(rule.id) ?? [])];
      const [problem] = known.map((stored) => recoveryProblems(rule, stored)).reduce((least, problems) => (problems.length < least.length ? problems : least));
      if (problem !== undefined) throw new CallError('BadInput', `alerts.rules.${index}.${problem.path.join('.')}: “${rule.label}”: ${problem.message}`);
    });
  };
}
