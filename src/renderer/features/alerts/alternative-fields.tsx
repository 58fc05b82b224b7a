/** The form fields of a level's alternatives: groups of conditions, of which one must hold. */
import type { IncidentSeverity, Rule } from '../../../shared/alerts/rule';
import { SelectField, TextField } from '../../ui/form-fields';
import { conditionSubjects, subjectOf, takesAlternative, takesCondition, unitOfCondition, withAlternative, withAnother, withCondition, withSubject } from './alternatives-draft';
import type { AlternativesDraft, ConditionDraft } from './alternatives-draft';
import type { RuleProblems } from './rule-draft';
import './alternative-fields.css';

const OPERATORS = [
  ['below', 'is below'],
  ['above', 'is above'],
] as const;
/** Fewer days are worse. */
const BELOW = [['below', 'is below']] as const;

interface AlternativeProps {
  readonly severity: IncidentSeverity;
  /** Group, device and metric of the rule. */
  readonly target: Pick<Rule, 'family' | 'device' | 'metric'>;
  readonly problems: RuleProblems;
  readonly alternatives: AlternativesDraft;
  readonly onEdit: (alternatives: AlternativesDraft) => void;
}

interface ConditionProps {
  readonly target: AlternativeProps['target'];
  readonly condition: ConditionDraft;
  readonly problemOf: (field: Exclude<keyof ConditionDraft, 'id'>) => string | undefined;
  readonly onEdit: (condition: ConditionDraft | null) => void;
}

function ConditionFields({ target, condition, problemOf, onEdit }: ConditionProps) {
  const unit = unitOfCondition(target, condition).name;
  return (
    <div className="condition">
      <div className="condition-head">
        <SelectField label="Metric" value={subjectOf(condition)} choices={conditionSubjects(target)} problem={problemOf('metric')} onChoose={(subject) => onEdit(withSubject(condition, subject))} />
        <button type="button" onClick={() => onEdit(null)}>
          Remove
        </button>
      </div>
      <div className="condition-numbers">
        <SelectField
          label="Operator"
          value={condition.direction}
          choices={condition.source === 'timeToFull' ? BELOW : OPERATORS}
          problem={problemOf('direction')}
          onChoose={(direction) => onEdit({ ...condition, direction })}
        />
        <TextField label="Threshold" unit={unit} value={condition.threshold} problem={problemOf('threshold')} onEdit={(threshold) => onEdit({ ...condition, threshold })} />
        <TextField label="Recovers at" unit={unit} value={condition.recoverAt} placeholder="as threshold" problem={problemOf('recoverAt')} onEdit={(recoverAt) => onEdit({ ...condition, recoverAt })} />
      </div>
    </div>
  );
}

/** All alternatives of a level, and buttons that add conditions. Nothing for a level without any. */
export function AlternativeFields({ severity, target, problems, alternatives, onEdit }: AlternativeProps) {
  if (alternatives.length === 0) return null;
  return (
    <>
      {alternatives.map((conditions, i) => (
        <fieldset className="guard" key={conditions[0]?.id}>
          <legend>{i === 0 ? 'And only if' : 'Or if'}</legend>
          {conditions.map((condition, j) => (
            <ConditionFields
              key={condition.id}
              target={target}
              condition={condition}
              problemOf={(field) => problems[`${severity}.anyOf.${i}.${j}.${field}`]}
              onEdit={(edited) => onEdit(withCondition(alternatives, i, j, edited))}
            />
          ))}
          {takesCondition(conditions) && (
            <button type="button" className="plain" onClick={() => onEdit(withAnother(alternatives, i, target))}>
              And…
            </button>
          )}
        </fieldset>
      ))}
      {takesAlternative(alternatives) && (
        <button type="button" className="plain add-alternative" onClick={() => onEdit(withAlternative(alternatives, target))}>
          Or if…
        </button>
      )}
      <p className="field-help">One of these must hold as well. On a machine that has none of these values the threshold counts alone.</p>
    </>
  );
}
