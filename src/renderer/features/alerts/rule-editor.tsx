import { useMemo, useState } from 'react';
import { isDefaultRule } from '../../../shared/alerts/default-rules';
import { metricOf, metricsOf } from '../../../shared/alerts/rule-validation';
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { Rule } from '../../../shared/alerts/rule';
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import { useApp, useReading } from '../../app/app-context';
import { checkDraft, deviceChoices, freshId, newRule, toDraft, withDevice, withTokenFamily, withMetric, withSource } from './rule-draft';
import type { RuleDraft, RuleProblems } from './rule-draft';
import { useRules } from './use-rules';
import { Check, ChoiceField, TextField } from '../../ui/form-fields';
import { LevelFields } from './rule-level-fields';
import { PageHead } from '../../ui/page-head';
import { RulePreview } from './rule-preview';

interface FormPartProps {
  readonly draft: RuleDraft;
  readonly problems: RuleProblems;
  readonly onEdit: (draft: RuleDraft) => void;
}

/** Stands for the machine as a whole in a list whose values are words. */
const WHOLE = '';

const SOURCES = [
  ['value', 'The value itself'],
  ['timeToFull', 'Time until it is full, at its present trend'],
] as const;

const DIRECTIONS = [
  ['above', 'High values are bad'],
  ['below', 'Low values are bad'],
] as const;

/** Which series the rule watches. */
function TargetFields({ draft, problems, onEdit }: FormPartProps) {
  const reading = useReading(draft.family);
  const known = Object.entries(reading?.devices ?? {}).map(([id, { label }]) => ({ id, label }));
  const isShare = metricOf(draft)?.unit === 'percent';
  return (
    <fieldset className="sheet form-sheet">
      <legend>What to watch</legend>
      <TextField label="Name" value={draft.label} problem={problems.label} onEdit={(label) => onEdit({ ...draft, label })} />
      <div className="form-row">
        <ChoiceField label="Family" value={draft.family} choices={FAMILY_IDS.map((id) => [id, familyOf(id).label])} problem={problems.family} onChoose={(family) => onEdit(withTokenFamily(draft, family))} />
        <ChoiceField
          label="Where"
          value={draft.device ?? WHOLE}
          choices={deviceChoices(draft.family, known, draft.device).map(([value, label]) => [value ?? WHOLE, label])}
          problem={problems.device}
          onChoose={(device) => onEdit(withDevice(draft, device === WHOLE ? null : device))}
        />
        <ChoiceField
          label="Metric"
          value={draft.metric}
          choices={Object.entries(metricsOf(draft)).map(([name, { label }]) => [name, label])}
          problem={problems.metric}
          onChoose={(metric) => onEdit(withMetric(draft, metric))}
        />
      </div>
      <div className="form-row">
        {isShare && <ChoiceField label="Look at" value={draft.source} choices={SOURCES} problem={problems.source} onChoose={(source) => onEdit(withSource(draft, source))} />}
        <ChoiceField label="Direction" value={draft.direction} choices={DIRECTIONS} problem={problems.direction} onChoose={(direction) => onEdit({ ...draft, direction })} />
      </div>
      {draft.device !== null && draft.source === 'value' && (
        <Check label="Use the device’s own marks where it has them" checked={draft.useDeviceLimits} onChange={(useDeviceLimits) => onEdit({ ...draft, useDeviceLimits })} />
      )}
      {problems.useDeviceLimits !== undefined && (
        <p className="field-error" role="alert">
          {problems.useDeviceLimits}
        </p>
      )}
      {draft.device === EVERY_DEVICE && <p className="field-help">Each {familyOf(draft.family).device.label.toLowerCase()} is judged by itself.</p>}
    </fieldset>
  );
}

/** How calm the rule is. */
function CalmFields({ draft, problems, onEdit }: FormPartProps) {
  return (
    <fieldset className="sheet form-sheet">
      <legend>How calm</legend>
      <div className="form-row">
        <TextField label="Over after" help="The value must be back for so long." value={draft.recoverText} problem={problems.recoverSeconds} onEdit={(recoverText) => onEdit({ ...draft, recoverText })} />
        <TextField
          label="Quiet after a recovery"
          help="The same again within this time is not announced."
          value={draft.cooldownText}
          problem={problems.cooldownSeconds}
          onEdit={(cooldownText) => onEdit({ ...draft, cooldownText })}
        />
        <TextField
          label="Remind every"
          help="Empty for no reminders."
          placeholder="never"
          value={draft.repeatText}
          problem={problems.repeatSeconds}
          onEdit={(repeatText) => onEdit({ ...draft, repeatText })}
        />
      </div>
    </fieldset>
  );
}

/** Saves or removes, says what was wrong, and leads back to the list. */
function useSaveFile(rule: Rule | null) {
  const { router } = useApp();
  const { rules, actions } = useRules();
  const [failure, setFailure] = useState<string | null>(null);
  const back = (): void => router.go({ page: 'alerts' });
  const finish = (problem: string | null): void => {
    setFailure(problem);
    if (problem === null) back();
  };
  const save = (checked: Rule): void => {
    const id = rule?.id ?? freshId(checked.label, new Set(rules.map((other) => other.id)));
    void actions.put({ ...checked, id }).then(finish);
  };
  const remove = (id: string): void => void actions.remove(id).then(finish);
  return { failure, save, remove, back };
}

/** Changes a rule, or makes one; beside the fields stands what it would have done. */
export function RuleEditor({ rule }: { readonly rule: Rule | null }) {
  const [start] = useState(() => (rule === null ? newRule() : toDraft(rule)));
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const { failure, save, remove, back } = useSaveFile(rule);
  const checked = useMemo(() => checkDraft(draft), [draft]);
  const changed = draft !== start;
  // A form that has not been touched is not scolded.
  const problems: RuleProblems = checked.problems === null || !(tried || changed) ? {} : checked.problems;
  const parts = { draft, problems, onEdit: setDraft };
  return (
    <form
      className="text-page rule-editor"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (checked.rule !== null) save(checked.rule);
      }}
    >
      <PageHead title={rule === null ? 'New rule' : rule.label}>
        <a href="#/alerts">All alerts</a>
      </PageHead>
      <TargetFields {...parts} />
      <div className="levels">
        <LevelFields severity="warning" {...parts} />
        <LevelFields severity="critical" {...parts} />
      </div>
      <CalmFields {...parts} />
      <RulePreview rule={checked.rule} />
      {failure !== null && (
        <p className="field-error" role="alert">
          {failure}
        </p>
      )}
      <div className="form-foot">
        {rule !== null && (
          <button type="button" onClick={() => remove(rule.id)}>
            {isDefaultRule(rule.id) ? 'Back to the default' : 'Delete this rule'}
          </button>
        )}
        <span className="form-end">
          {changed && (
            <button type="button" onClick={() => setDraft(start)}>
              Put back
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
