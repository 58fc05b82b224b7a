import { useEffect, useId, useState } from 'react';
import type { Settings } from '../../../shared/settings/settings-schema';
import { useApp } from '../../app/app-context';
import { estimateText, MEGABYTE } from './estimate-text';
import type { Estimate } from './estimate-text';
import { parseLimits } from './retention-form';
import type { Limits } from './retention-form';
import { Field } from '../../app/settings-fields';

/** What limits would cost; null while they are wrong or it is not known yet. */
function useEstimate(limits: Limits | null): Estimate | null {
  const { client } = useApp();
  const [known, setKnown] = useState<{ readonly asked: string; readonly estimate: Estimate } | null>(null);
  const asked = JSON.stringify(limits);
  useEffect(() => {
    const wanted = JSON.parse(asked) as Limits | null;
    if (wanted === null) return undefined;
    let stopped = false;
    void client.call('estimateHistory', { keepDays: wanted.keepDays, maxBytes: wanted.maxHistoryMb === null ? null : wanted.maxHistoryMb * MEGABYTE }).then((answer) => {
      if (!stopped && answer.ok && answer.value !== null) setKnown({ asked, estimate: answer.value });
    });
    return () => {
      stopped = true;
    };
  }, [client, asked]);
  return known?.asked === asked ? known.estimate : null;
}

interface LimitFieldProps {
  readonly label: string;
  readonly help: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly failure: string | null;
  readonly onEdit: (text: string) => void;
}

function LimitField({ label, help, placeholder, value, failure, onEdit }: LimitFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <input id={id} type="number" placeholder={placeholder} value={value} aria-describedby={`${id}-help`} aria-invalid={failure !== null} onChange={({ target }) => onEdit(target.value)} />
    </Field>
  );
}

/** How long and how large the history may become; what that costs stands there before it is saved. */
function LimitsForm({ settings }: { readonly settings: Settings }) {
  const { actions } = useApp();
  const [draft, setDraft] = useState<{ keepDays: string; maxHistoryMb: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const shown = draft ?? { keepDays: String(settings.keepDays), maxHistoryMb: String(settings.maxHistoryMb ?? '') };
  const { limits, keepDays, maxHistoryMb } = parseLimits(shown.keepDays, shown.maxHistoryMb);
  const estimate = useEstimate(limits);
  const changed = limits !== null && (limits.keepDays !== settings.keepDays || limits.maxHistoryMb !== settings.maxHistoryMb);
  const save = async (): Promise<void> => {
    if (!changed) return;
    const problem = await actions.updateSettings(limits);
    setFailure(problem);
    if (problem === null) setDraft(null);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <LimitField label="Days kept" help="Older history is deleted. 1 to 3650 days." value={shown.keepDays} failure={keepDays} onEdit={(text) => setDraft({ ...shown, keepDays: text })} />
      <LimitField
        label="Largest size, MB"
        help="The oldest goes first when it is reached. Empty for no limit."
        placeholder="No limit"
        value={shown.maxHistoryMb}
        failure={maxHistoryMb}
        onEdit={(text) => setDraft({ ...shown, maxHistoryMb: text })}
      />
      <div className="field field-estimate">
        <div>
          <output>{estimate !== null && limits !== null && estimateText(estimate, limits)}</output>
          {failure !== null && (
            <p className="field-error" role="alert">
              {failure}
            </p>
          )}
        </div>
        <div className="field-control">
          {draft !== null && (
            <button type="button" onClick={() => setDraft(null)}>
              Put back
            </button>
          )}
          <button type="submit" className={changed ? 'strong' : ''} disabled={!changed}>
            Save
          </button>
        </div>
      </div>
    </form>
  );
}

interface ToolProps {
  readonly label: string;
  readonly help: string;
  readonly buttons: readonly { readonly label: string; readonly run: () => Promise<string | null> }[];
}

/** Something that can be done with the history as a whole. */
function Tool({ label, help, buttons }: ToolProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const id = useId();
  return (
    <Field id={id} selfNamed label={label} help={help} failure={failure}>
      <span className="field-buttons">
        {buttons.map((button) => (
          <button key={button.label} type="button" aria-describedby={`${id}-help`} onClick={() => void button.run().then(setFailure)}>
            {button.label}
          </button>
        ))}
      </span>
    </Field>
  );
}

/** Limits of the history, and what can be done with it. */
export function HistorySection({ settings }: { readonly settings: Settings }) {
  const { can } = useApp();
  return (
    <section className="sheet">
      <h2>History</h2>
      <LimitsForm settings={settings} />
      {can('exportHistory') && <HistoryCommands />}
    </section>
  );
}

/** What is done with files on this machine, by whoever sits at it. */
function HistoryCommands() {
  const { actions, tasks } = useApp();
  return (
    <>
      <Tool
        label="Export everything"
        help="A row for each point of each series, as fine as it is kept. Monitoring goes on meanwhile."
        buttons={[
          { label: 'CSV…', run: () => tasks.exportAll({ format: 'csv' }) },
          { label: 'JSON…', run: () => tasks.exportAll({ format: 'json' }) },
        ]}
      />
      <Tool label="Backup" help="A copy of the whole history in one file, checked before it is called done." buttons={[{ label: 'Back up now…', run: tasks.backup }]} />
      <Tool label="Restore" help="Puts a backup in the place of the history. The present history is set aside beside it, never deleted." buttons={[{ label: 'Restore…', run: tasks.restore }]} />
      <Tool label="Data folder" help="Where the history and these settings are kept." buttons={[{ label: 'Show data folder', run: actions.showDataFolder }]} />
    </>
  );
}
