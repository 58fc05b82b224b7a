/** The form that creates or changes one alert rule. */
import { useMemo, useState } from 'react';
import { isDefaultRule } from '../../../shared/alerts/default-rules';
import { mayBeMedia, metricOf, metricsOf } from '../../../shared/alerts/rule-validation';
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { Rule } from '../../../shared/alerts/rule';
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import { useApp, useReading } from '../../app/app-context';
import { checkDraft, deviceChoices, newRule, toDraft, uniqueRuleId, withDevice, withDraftDirection, withFamily, withMetric, withSource } from './rule-draft';
import type { RuleDraft, RuleProblems } from './rule-draft';
import { ruleName } from './rule-name';
import { useRules } from './use-rules';
import { FailureText } from '../../ui/failure-text';
import { Check, SelectField, TextField } from '../../ui/form-fields';
import { LevelFields } from './rule-level-fields';
import { PageHead } from '../../ui/page-head';
import { RulePreview } from './rule-preview';

interface FormPartProps {
  readonly draft: RuleDraft;
  readonly problems: RuleProblems;
  readonly onEdit: (draft: RuleDraft) => void;
}

/** The value of the whole machine (device null) in a select, whose values are strings. */
const WHOLE_MACHINE = '';

const SOURCES = [
  ['value', 'Current value'],
  ['timeToFull', 'Predicted time until full'],
] as const;

const DIRECTIONS = [
  ['above', 'Value is high'],
  ['below', 'Value is low'],
] as const;

/** Name, target and direction of the rule. */
function TargetFields({ draft, problems, onEdit, name }: FormPartProps & { readonly name: string }) {
  const reading = useReading(draft.family);
  const connected = Object.entries(reading?.devices ?? {}).map(([id, { label }]) => ({ id, label }));
  const isShare = metricOf(draft)?.unit === 'percent';
  return (
    <fieldset className="section form-section">
      <legend>Condition</legend>
      <TextField label="Name" value={draft.label} placeholder={name} problem={problems.label} onEdit={(label) => onEdit({ ...draft, label })} />
      <div className="form-row">
        <SelectField label="Metric group" value={draft.family} choices={FAMILY_IDS.map((id) => [id, familyOf(id).label])} problem={problems.family} onChoose={(family) => onEdit(withFamily(draft, family))} />
        <SelectField
          label="Scope"
          value={draft.device ?? WHOLE_MACHINE}
          choices={deviceChoices(draft.family, connected, draft.device).map(([value, label]) => [value ?? WHOLE_MACHINE, label])}
          problem={problems.device}
          onChoose={(device) => onEdit(withDevice(draft, device === WHOLE_MACHINE ? null : device))}
        />
        <SelectField
          label="Metric"
          value={draft.metric}
          choices={Object.entries(metricsOf(draft)).map(([name, { label }]) => [name, label])}
          problem={problems.metric}
          onChoose={(metric) => onEdit(withMetric(draft, metric))}
        />
      </div>
      <div className="form-row">
        {isShare && <SelectField label="Evaluate" value={draft.source} choices={SOURCES} problem={problems.source} onChoose={(source) => onEdit(withSource(draft, source))} />}
        <SelectField label="Alert when" value={draft.direction} choices={DIRECTIONS} problem={problems.direction} onChoose={(direction) => onEdit(withDraftDirection(draft, direction))} />
      </div>
      {draft.device !== null && draft.source === 'value' && (
        <Check label="Use limits reported by the device" checked={draft.useDeviceLimits} onChange={(useDeviceLimits) => onEdit({ ...draft, useDeviceLimits })} />
      )}
      {mayBeMedia(draft) && (draft.device === EVERY_DEVICE || draft.exceptMedia) && (
        <div className="checks">
          <Check label="Leave out removable and read-only media" checked={draft.exceptMedia} onChange={(exceptMedia) => onEdit({ ...draft, exceptMedia })} />
        </div>
      )}
      {problems.useDeviceLimits !== undefined && (
        <p className="field-error" role="alert">
          {problems.useDeviceLimits}
        </p>
      )}
      {draft.device === EVERY_DEVICE && <p className="field-help">Every {familyOf(draft.family).device.label.toLowerCase()} is evaluated separately.</p>}
    </fieldset>
  );
}

/** When an alert resolves, and how often it may notify. */
function TimingFields({ draft, problems, onEdit }: FormPartProps) {
  return (
    <fieldset className="section form-section">
      <legend>Timing</legend>
      <div className="form-row">
        <TextField label="Resolve after" help="Time the value must stay normal." value={draft.recoverText} problem={problems.recoverSeconds} onEdit={(recoverText) => onEdit({ ...draft, recoverText })} />
        <TextField
          label="Cooldown"
          help="No new notification if it fires again within this time."
          value={draft.cooldownText}
          problem={problems.cooldownSeconds}
          onEdit={(cooldownText) => onEdit({ ...draft, cooldownText })}
        />
        <TextField
          label="Repeat notification every"
          help="Empty = no repeats."
          placeholder="never"
          value={draft.repeatText}
          problem={problems.repeatSeconds}
          onEdit={(repeatText) => onEdit({ ...draft, repeatText })}
        />
      </div>
    </fieldset>
  );
}

/** The label of the device of a rule: null for the whole machine and for every device. */
function useDeviceLabel({ family, device }: Pick<RuleDraft, 'family' | 'device'>): string | null {
  const reading = useReading(family);
  return device === null || device === EVERY_DEVICE ? null : (reading?.devices[device]?.label ?? device);
}

/** Saves or deletes the rule and returns to the list; `failure` is why the last attempt failed. */
function useRuleSave(rule: Rule | null) {
  const { router } = useApp();
  const { rules, actions } = useRules();
  const [failure, setFailure] = useState<string | null>(null);
  const back = (): void => router.go({ page: 'alerts' });
  const finish = (problem: string | null): void => {
    setFailure(problem);
    if (problem === null) back();
  };
  const save = (checked: Rule): void => {
    const id = rule?.id ?? uniqueRuleId(checked.label, new Set(rules.map((other) => other.id)));
    void actions.put({ ...checked, id }).then(finish);
  };
  const remove = (id: string): void => void actions.remove(id).then(finish);
  return { failure, save, remove, back };
}

/** Changes a rule, or creates one (`rule` null), with a preview on past data. */
export function RuleEditor({ rule }: { readonly rule: Rule | null }) {
  const [start] = useState(() => (rule === null ? newRule() : toDraft(rule)));
  const [draft, setDraft] = useState(start);
  const [submitted, setSubmitted] = useState(false);
  const { failure, save, remove, back } = useRuleSave(rule);
  const deviceLabel = useDeviceLabel(draft);
  const name = ruleName(draft, deviceLabel);
  const checked = useMemo(() => checkDraft(draft, { name, stored: rule }), [draft, name, rule]);
  const changed = draft !== start;
  // A form that was not touched yet shows no errors.
  const problems: RuleProblems = checked.problems === null || !(submitted || changed) ? {} : checked.problems;
  const parts = { draft, problems, onEdit: setDraft };
  return (
    <form
      className="text-page rule-editor"
      onSubmit={(event) => {
        event.preventDefault();
        setSubmitted(true);
        if (checked.rule !== null) save(checked.rule);
      }}
    >
      <PageHead title={rule === null ? 'New rule' : rule.label}>
        <a href="#/alerts">Back to alerts</a>
      </PageHead>
      <TargetFields {...parts} name={name} />
      <div className="levels">
        <LevelFields severity="warning" {...parts} />
        <LevelFields severity="critical" {...parts} />
      </div>
      <TimingFields {...parts} />
      <RulePreview rule={checked.rule} />
      <FailureText text={failure} />
      <div className="form-foot">
        {rule !== null && (
          <button type="button" onClick={() => remove(rule.id)}>
            {isDefaultRule(rule.id) ? 'Reset to default' : 'Delete this rule'}
          </button>
        )}
        <span className="form-end">
          {changed && (
            <button type="button" onClick={() => setDraft(start)}>
              Discard changes
            </button>
          )}
          <button type="button" onClick={back}>
            Cancel
          </button>
          <button type="submit" className="strong">
            Save
          </button>
        </span>
      </div>
    </form>
  );
}
