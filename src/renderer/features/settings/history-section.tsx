/** The history in the settings: limits with an estimate of their cost, export, backup, restore, deletion and the data folder. */
import { useEffect, useId, useState } from 'react';
import type { Settings } from '../../../shared/settings/settings-schema';
import { useApp } from '../../app/app-context';
import { DeleteHistory } from './delete-history';
import { estimateText, MEGABYTE } from './estimate-text';
import type { HistoryEstimate } from './estimate-text';
import { parseLimits } from './retention-form';
import type { RetentionLimits } from './retention-form';
import { Field } from '../../app/settings-fields';
import { FailureText } from '../../ui/failure-text';

/** Size and reach of a history with these limits; null while a limit is invalid or the estimate is not there yet. */
function useEstimate(limits: RetentionLimits | null): HistoryEstimate | null {
  const { client } = useApp();
  const [loaded, setLoaded] = useState<{ readonly request: string; readonly estimate: HistoryEstimate } | null>(null);
  const request = JSON.stringify(limits);
  useEffect(() => {
    const wanted = JSON.parse(request) as RetentionLimits | null;
    if (wanted === null) return undefined;
    let stopped = false;
    void client.call('estimateHistory', { keepDays: wanted.keepDays, maxBytes: wanted.maxHistoryMb === null ? null : wanted.maxHistoryMb * MEGABYTE }).then((response) => {
      if (!stopped && response.ok && response.value !== null) setLoaded({ request, estimate: response.value });
    });
    return () => {
      stopped = true;
    };
  }, [client, request]);
  return loaded?.request === request ? loaded.estimate : null;
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

/** Age and size limits of the history, with an estimate that is shown before they are saved. */
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
      <LimitField label="Keep for (days)" help="Older history is deleted. 1 to 3650 days." value={shown.keepDays} failure={keepDays} onEdit={(text) => setDraft({ ...shown, keepDays: text })} />
      <LimitField
        label="Maximum size (MB)"
        help="Oldest data is deleted first. Empty = no limit."
        placeholder="No limit"
        value={shown.maxHistoryMb}
        failure={maxHistoryMb}
        onEdit={(text) => setDraft({ ...shown, maxHistoryMb: text })}
      />
      <div className="field field-estimate">
        <div>
          <output>{estimate !== null && limits !== null && estimateText(estimate, limits)}</output>
          <FailureText text={failure} />
        </div>
        <div className="field-control">
          {draft !== null && (
            <button type="button" onClick={() => setDraft(null)}>
              Discard changes
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

interface CommandFieldProps {
  readonly label: string;
  readonly help: string;
  readonly buttons: readonly { readonly label: string; readonly run: () => Promise<string | null> }[];
}

/** A command on the whole history, with one button for each variant. */
function CommandField({ label, help, buttons }: CommandFieldProps) {
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

/** The section "History". */
export function HistorySection({ settings }: { readonly settings: Settings }) {
  const { can } = useApp();
  return (
    <section className="section">
      <h2>History</h2>
      <LimitsForm settings={settings} />
      {can('exportHistory') && <HistoryCommands />}
    </section>
  );
}

/** Commands that read or write files of the machine; only Traywatch on the machine has them. */
function HistoryCommands() {
  const { actions, tasks } = useApp();
  return (
    <>
      <CommandField
        label="Export full history"
        help="All series at full resolution."
        buttons={[
          { label: 'CSV…', run: () => tasks.exportAll({ format: 'csv' }) },
          { label: 'JSON…', run: () => tasks.exportAll({ format: 'json' }) },
        ]}
      />
      <CommandField label="Backup" help="Copies the history to one verified file." buttons={[{ label: 'Back up now…', run: tasks.backup }]} />
      <CommandField label="Restore" help="Replaces the history. The current one is kept as a separate file." buttons={[{ label: 'Restore…', run: tasks.restore }]} />
      <DeleteHistory />
      <CommandField label="Data folder" help="Where Traywatch stores the history and the settings." buttons={[{ label: 'Show data folder', run: actions.showDataFolder }]} />
    </>
  );
}
