/** The list of all rules. */
import { useState } from 'react';
import { isDefaultRule } from '../../../shared/alerts/default-rules';
import type { IncidentSeverity, Rule } from '../../../shared/alerts/rule';
import { useAlerts, useCan } from '../../app/app-context';
import { formatRoute, NEW_RULE } from '../../lib/route';
import { snoozeFor, formatUntil } from './snooze-text';
import { formatChannels, formatRuleLevel, formatTarget } from './rule-text';
import { useRules } from './use-rules';
import type { RuleActions } from './use-rules';
import { SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';
import { SnoozeMenu } from '../../app/snooze-menu';

function LevelLine({ rule, severity }: { readonly rule: Rule; readonly severity: IncidentSeverity }) {
  const level = rule[severity];
  if (level === null) return null;
  return (
    <p className="rule-level">
      <SeverityIcon severity={severity} />
      <span className="sr">{SEVERITY_LABELS[severity]}: </span>
      {formatRuleLevel(rule, level)} <span className="quiet">→ {formatChannels(rule.channels[severity])}</span>
    </p>
  );
}

interface RuleRowProps {
  readonly rule: Rule;
  readonly actions: RuleActions;
  /** Called after each change: null, or why it failed. */
  readonly onDone: (failure: string | null) => void;
}

function RuleRow({ rule, actions, onDone }: RuleRowProps) {
  const state = useAlerts((slice) => slice.state);
  const open = state?.incidents.filter(({ ruleId }) => ruleId === rule.id).length ?? 0;
  const snooze = snoozeFor(state, { kind: 'rule', ruleId: rule.id });
  const can = useCan('updateSettings');
  return (
    <li className="rule" data-off={!rule.enabled}>
      <input
        className="switch"
        type="checkbox"
        role="switch"
        aria-label={`${rule.label}: active`}
        checked={rule.enabled}
        aria-checked={rule.enabled}
        disabled={!can}
        onChange={({ target }) => void actions.put({ ...rule, enabled: target.checked }).then(onDone)}
      />
      <div className="rule-text">
        <p className="rule-label">
          {rule.label} {open > 0 && <span className="quiet">{open} open</span>}
          {snooze !== undefined && <span className="quiet">snoozed {formatUntil(snooze)}</span>}
          {!isDefaultRule(rule.id) && <span className="quiet">custom</span>}
        </p>
        <p className="quiet">{formatTarget(rule)}</p>
      </div>
      <div className="rule-levels">
        <LevelLine rule={rule} severity="warning" />
        <LevelLine rule={rule} severity="critical" />
      </div>
      <div className="rule-actions">
        {can && (
          <a className="button" href={formatRoute({ page: 'alerts', rule: rule.id })} aria-label={`Edit ${rule.label}`}>
            Edit
          </a>
        )}
        {snooze === undefined && rule.enabled && <SnoozeMenu label="Snooze" target={{ kind: 'rule', ruleId: rule.id }} onDone={onDone} />}
      </div>
    </li>
  );
}

/** Every rule with its condition and a switch to turn it on or off. */
export function RuleTable() {
  const { rules, actions } = useRules();
  const [failure, setFailure] = useState<string | null>(null);
  const can = useCan('updateSettings');
  const undo = useAlerts((slice) => slice.undo);
  return (
    <section className="section" aria-label="Rules">
      <h2 className="section-head">
        Rules
        {can && (
          <a className="button" href={formatRoute({ page: 'alerts', rule: NEW_RULE })}>
            New rule
          </a>
        )}
      </h2>
      {failure !== null && (
        <p className="section-empty field-error" role="alert">
          {failure}
        </p>
      )}
      {undo !== null && (
        <p className="section-empty rule-undo">
          <output>{undo.message}</output>{' '}
          <button type="button" onClick={() => void actions.restore(undo.rules).then(setFailure)}>
            Undo
          </button>
        </p>
      )}
      <ul className="rules">
        {rules.map((rule) => (
          <RuleRow key={rule.id} rule={rule} actions={actions} onDone={setFailure} />
        ))}
      </ul>
    </section>
  );
}
