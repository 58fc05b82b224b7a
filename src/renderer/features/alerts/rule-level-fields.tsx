/** The form fields of the warning and the critical level of a rule. */
import { metricsOf } from '../../../shared/alerts/rule-validation';
import type { IncidentSeverity } from '../../../shared/alerts/rule';
import { thresholdUnit } from './threshold-units';
import { AlternativeFields } from './alternative-fields';
import { NO_VALUES, thresholdUnitOf, withGuardAsAlternative } from './rule-draft';
import type { GuardDraft, LevelDraft, RuleDraft, RuleProblems } from './rule-draft';
import { followingRecovery, withDirection, withRecoverAt, withThreshold } from './rule-recovery';
import type { RecoveryFields } from './rule-recovery';
import type { ThresholdUnit } from './threshold-units';
import { SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';
import { Check, SelectField, TextField } from '../../ui/form-fields';

interface LevelProps {
  readonly severity: IncidentSeverity;
  readonly draft: RuleDraft;
  readonly problems: RuleProblems;
  readonly onEdit: (draft: RuleDraft) => void;
}

const OPERATORS = [
  ['below', 'is below'],
  ['above', 'is above'],
] as const;

/** What an empty recovery value stands for. */
function placeholderOf({ threshold, recovery }: RecoveryFields, direction: RuleDraft['direction'], unit: ThresholdUnit): string {
  return (recovery.kind === 'follows' ? followingRecovery(threshold, recovery.distance, direction, unit) : '') || 'as threshold';
}

/** The guard of a level: it applies only while another metric of the same device is past a threshold, too. */
function GuardFields({ severity, draft, problems, guard, onGuard }: Omit<LevelProps, 'onEdit'> & { readonly guard: GuardDraft; readonly onGuard: (guard: GuardDraft | null) => void }) {
  const metrics = Object.entries(metricsOf(draft));
  const unit = thresholdUnit(metricsOf(draft)[guard.metric]?.unit ?? 'count', 'value');
  const path = `${severity}.guard` as const;
  return (
    <fieldset className="guard">
      <legend>And only if</legend>
      <SelectField
        label="Metric"
        value={guard.metric}
        choices={metrics.map(([name, { label }]) => [name, label])}
        problem={problems[`${path}.metric`]}
        onChoose={(metric) => onGuard({ ...guard, metric, ...NO_VALUES })}
      />
      <SelectField label="Operator" value={guard.direction} choices={OPERATORS} problem={undefined} onChoose={(direction) => onGuard(withDirection({ ...guard, direction }, direction, unit))} />
      <TextField label="Threshold" unit={unit.name} value={guard.threshold} problem={problems[`${path}.threshold`]} onEdit={(threshold) => onGuard(withThreshold(guard, threshold, guard.direction, unit))} />
      <TextField label="Recovers at" unit={unit.name} value={guard.recoverAt} placeholder={placeholderOf(guard, guard.direction, unit)} problem={problems[`${path}.recoverAt`]} onEdit={(recoverAt) => onGuard(withRecoverAt(guard, recoverAt))} />
      <button type="button" onClick={() => onGuard(null)}>
        Remove
      </button>
    </fieldset>
  );
}

function Channels({ severity, draft, onEdit }: Omit<LevelProps, 'problems'>) {
  const channels = draft.channels[severity];
  const set = (change: Partial<typeof channels>): void => onEdit({ ...draft, channels: { ...draft.channels, [severity]: { ...channels, ...change } } });
  return (
    <div className="checks">
      <Check label="Desktop notification" checked={channels.notify} onChange={(notify) => set({ notify })} />
      <Check label="Send to webhooks" checked={channels.webhook} onChange={(webhook) => set({ webhook })} />
    </div>
  );
}

/** The fields of one level. A level that is turned off is not part of the rule. */
export function LevelFields({ severity, draft, problems, onEdit }: LevelProps) {
  const level = draft[severity];
  const unit = thresholdUnitOf(draft);
  const set = (change: Partial<LevelDraft>): void => onEdit({ ...draft, [severity]: { ...level, ...change } });
  const firstMetric = Object.keys(metricsOf(draft)).find((name) => name !== draft.metric);
  return (
    <fieldset className="level">
      <legend>
        <SeverityIcon severity={severity} /> <Check label={SEVERITY_LABELS[severity]} checked={level.on} onChange={(on) => set({ on })} />
      </legend>
      {problems[severity] !== undefined && (
        <p className="field-error" role="alert">
          {problems[severity]}
        </p>
      )}
      {level.on && (
        <>
          <div className="form-row">
            <TextField
              label={draft.direction === 'above' ? 'Threshold (≥)' : 'Threshold (≤)'}
              unit={unit.name}
              placeholder={draft.useDeviceLimits ? 'device limit' : ''}
              value={level.threshold}
              problem={problems[`${severity}.threshold`]}
              onEdit={(threshold) => set(withThreshold(level, threshold, draft.direction, unit))}
            />
            <TextField label="For at least" value={level.forText} problem={problems[`${severity}.forSeconds`]} onEdit={(forText) => set({ forText })} />
            <TextField label="Recovers at" unit={unit.name} placeholder={placeholderOf(level, draft.direction, unit)} value={level.recoverAt} problem={problems[`${severity}.recoverAt`]} onEdit={(recoverAt) => set(withRecoverAt(level, recoverAt))} />
          </div>
          {level.guard !== null && <GuardFields {...{ severity, draft, problems }} guard={level.guard} onGuard={(guard) => set({ guard })} />}
          {level.guard !== null && level.anyOf.length === 0 && (
            <button type="button" className="plain add-alternative" onClick={() => set(withGuardAsAlternative(level, draft))}>
              Or if…
            </button>
          )}
          <AlternativeFields {...{ severity, problems }} target={draft} alternatives={level.anyOf} onEdit={(anyOf) => set({ anyOf })} />
          <div className="level-foot">
            <Channels {...{ severity, draft, onEdit }} />
            {level.guard === null && level.anyOf.length === 0 && firstMetric !== undefined && (
              <button type="button" className="plain" onClick={() => set({ guard: { metric: firstMetric, direction: 'below', ...NO_VALUES } })}>
                Add condition
              </button>
            )}
          </div>
        </>
      )}
    </fieldset>
  );
}
