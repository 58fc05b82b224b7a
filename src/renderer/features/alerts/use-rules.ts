/** The active rules and the commands that change them. */
import { useMemo } from 'react';
import { effectiveRules, isDefaultRule, rulesToSave } from '../../../shared/alerts/default-rules';
import type { Rule } from '../../../shared/alerts/rule';
import { useApp, useAppState } from '../../app/app-context';

/** Commands that change the rules. Each resolves to null, or to a message why it failed. */
export interface RuleActions {
  /** Adds a rule, or replaces the one with the same id. */
  put(rule: Rule): Promise<string | null>;
  /** Deletes a custom rule; resets a default one to its default. */
  remove(id: string): Promise<string | null>;
  /** Replaces all rules, to undo a change. */
  restore(rules: readonly Rule[]): Promise<string | null>;
}

const NONE: readonly Rule[] = [];

/** The active rules (defaults with the saved changes applied) and the commands that change them. */
export function useRules(): { readonly rules: readonly Rule[]; readonly actions: RuleActions } {
  const { actions, alerts } = useApp();
  const saved = useAppState(({ state }) => state?.settings.alerts.rules ?? NONE);
  return useMemo(() => {
    const rules = effectiveRules(saved);
    const save = async (next: readonly Rule[], message: string): Promise<string | null> => {
      const problem = await actions.updateSettings({ alerts: { rules: [...rulesToSave(next)] } });
      if (problem === null) alerts.store.setState({ undo: message === '' ? null : { message, rules } });
      return problem;
    };
    const labelOf = (id: string): string => rules.find((rule) => rule.id === id)?.label ?? id;
    return {
      rules,
      actions: {
        put: (rule) => (rules.some(({ id }) => id === rule.id) ? save(rules.map((other) => (other.id === rule.id ? rule : other)), `“${rule.label}” changed.`) : save([...rules, rule], `“${rule.label}” created.`)),
        remove: (id) =>
          isDefaultRule(id)
            ? save(effectiveRules(saved.filter((rule) => rule.id !== id)), `“${labelOf(id)}” reset to default.`)
            : save(rules.filter((rule) => rule.id !== id), `“${labelOf(id)}” deleted.`),
        restore: (before) => save(before, ''),
      },
    };
  }, [actions, alerts, saved]);
}
