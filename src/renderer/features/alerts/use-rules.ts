import { useMemo } from 'react';
import { effectiveRules, isDefaultRule, rulesToSave } from '../../../shared/alerts/default-rules';
import type { Rule } from '../../../shared/alerts/rule';
import { useApp, useAppState } from '../../app/app-context';

/** Changes to the rules. Each resolves to null, or to why it did not work. */
export interface RuleActions {
  /** Adds a rule, or puts it in the place of the one of the same id. */
  put(rule: Rule): Promise<string | null>;
  /** Removes an own rule; a default one goes back to how it came. */
  remove(id: string): Promise<string | null>;
  /** All rules as they were: the way back from a change. */
  restore(rules: readonly Rule[]): Promise<string | null>;
}

const NONE: readonly Rule[] = [];

/** The rules in force, and what can be done with them. */
export function useRules(): { readonly rules: readonly Rule[]; readonly actions: RuleActions } {
  const { actions, alerts } = useApp();
  const saved = useAppState(({ state }) => state?.settings.alerts.rules ?? NONE);
  return useMemo(() => {
    const rules = effectiveRules(saved);
    const save = async (next: readonly Rule[], words: string): Promise<string | null> => {
      const problem = await actions.updateSettings({ alerts: { rules: [...rulesToSave(next)] } });
      if (problem === null) alerts.store.setState({ undo: words === '' ? null : { words, rules } });
      return problem;
    };
    const labelOf = (id: string): string => rules.find((rule) => rule.id === id)?.label ?? id;
    return {
      rules,
      actions: {
        put: (rule) => (rules.some(({ id }) => id === rule.id) ? save(rules.map((other) => (other.id === rule.id ? rule : other)), `“${rule.label}” was changed.`) : save([...rules, rule], `“${rule.label}” was made.`)),
        remove: (id) =>
          isDefaultRule(id)
            ? save(effectiveRules(saved.filter((rule) => rule.id !== id)), `“${labelOf(id)}” is as it came.`)
            : save(rules.filter((rule) => rule.id !== id), `“${labelOf(id)}” was deleted.`),
        restore: (before) => save(before, ''),
      },
    };
  }, [actions, alerts, saved]);
}
