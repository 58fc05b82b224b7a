/** Deletes history, in the settings: what to delete, what that removes, and a typed confirmation. */
import { useEffect, useId, useState } from 'react';
import type { Deletion, DeletionPreview, GoneDevice } from '../../../shared/api/deletion-schemas';
import { useApp } from '../../app/app-context';
import { Field } from '../../app/settings-fields';
import { toFieldTime } from '../../lib/range';
import { autofocus } from '../../ui/autofocus';
import { FailureText } from '../../ui/failure-text';
import { SelectField, TextField } from '../../ui/form-fields';
import { CONFIRMATION, consequenceText, deviceText, deviceValue, isEmpty, remainderText, toDeletion } from './deletion-text';
import type { DeletionForm } from './deletion-text';
import './deletion.css';

const KINDS: readonly (readonly [Deletion['kind'], string])[] = [
  ['before', 'Everything before a date'],
  ['device', 'A device that is gone'],
  ['all', 'Everything'],
];

const NO_DEVICES: readonly GoneDevice[] = [];

/** What a deletion would remove: null while it is measured, or a message why it cannot be. */
function usePreview(deletion: Deletion | null): DeletionPreview | string | null {
  const { client } = useApp();
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly result: DeletionPreview | string } | null>(null);
  const key = JSON.stringify(deletion);
  useEffect(() => {
    const wanted = JSON.parse(key) as Deletion | null;
    if (wanted === null) return undefined;
    let stopped = false;
    void client.call('previewDeletion', wanted).then((response) => {
      if (!stopped) setLoaded({ key, result: response.ok ? response.value : response.message });
    });
    return () => {
      stopped = true;
    };
  }, [client, key]);
  return loaded?.key === key ? loaded.result : null;
}

/** The devices that are gone; null while they are read. Everything is asked for, as the devices do not depend on it. */
function useGoneDevices(): readonly GoneDevice[] | null {
  const preview = usePreview({ kind: 'all' });
  if (preview === null) return null;
  return typeof preview === 'string' ? NO_DEVICES : preview.devices;
}

/** Calls back when Escape is pressed. */
function useEscape(onEscape: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onEscape();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onEscape]);
}

interface ChoiceProps {
  readonly form: DeletionForm;
  readonly devices: readonly GoneDevice[] | null;
  readonly now: number;
  readonly onEdit: (form: DeletionForm) => void;
}

function DeletionFields({ form, devices, now, onEdit }: ChoiceProps) {
  const name = useId();
  const date = useId();
  return (
    <>
      <fieldset className="deletion-kinds">
        <legend>What to delete</legend>
        {KINDS.map(([kind, label], at) => (
          <label className="check" key={kind}>
            <input ref={at === 0 ? autofocus : undefined} type="radio" name={name} checked={form.kind === kind} onChange={() => onEdit({ ...form, kind })} />
            {label}
          </label>
        ))}
      </fieldset>
      {form.kind === 'before' && (
        <div className="form-field">
          <label htmlFor={date}>Delete everything before</label>
          <input id={date} type="date" max={toFieldTime(now).slice(0, 10)} value={form.date} onChange={({ target }) => onEdit({ ...form, date: target.value })} />
        </div>
      )}
      {form.kind === 'device' && devices !== null && devices.length > 0 && (
        <SelectField
          label="Device"
          value={form.device}
          choices={[['', 'Choose a device'], ...devices.map((one) => [deviceValue(one), deviceText(one)] as const)]}
          problem={undefined}
          onChoose={(device) => onEdit({ ...form, device })}
        />
      )}
    </>
  );
}

/** The consequence, in words. */
function Consequence({ preview, kind }: { readonly preview: DeletionPreview | string | null; readonly kind: Deletion['kind'] }) {
  if (preview === null) return <p className="quiet">Measuring…</p>;
  if (typeof preview === 'string') return <FailureText text={preview} />;
  if (isEmpty(preview)) return <p>There is nothing to delete.</p>;
  return (
    <>
      <p>{consequenceText(preview, kind)}</p>
      <p>{remainderText(preview, kind)}</p>
    </>
  );
}

function DeletionPanel({ onClose }: { readonly onClose: () => void }) {
  const { tasks, live } = useApp();
  const [form, setForm] = useState<DeletionForm>({ kind: 'before', date: '', device: '' });
  const [typed, setTyped] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const devices = useGoneDevices();
  const [now] = useState(() => live.getState().time || Date.now());
  const choice = toDeletion(form, devices ?? NO_DEVICES, now);
  const preview = usePreview(choice.deletion);
  const isReady = preview !== null && typeof preview !== 'string' && !isEmpty(preview);
  const confirmed = isReady && typed.trim().toLowerCase() === CONFIRMATION;
  const submit = async (): Promise<void> => {
    if (!confirmed || choice.deletion === null) return;
    const problem = await tasks.deleteHistory(choice.deletion);
    setFailure(problem);
    if (problem === null) onClose();
  };
  useEscape(onClose);
  const edit = (next: DeletionForm): void => {
    setForm(next);
    // What was typed confirms what was chosen then.
    setTyped('');
  };
  const hasNoDevices = form.kind === 'device' && devices?.length === 0;
  return (
    <form
      className="deletion-panel"
      aria-label="Delete history"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <DeletionFields {...{ form, devices, now }} onEdit={edit} />
      <div className="deletion-consequence" aria-live="polite">
        {hasNoDevices && <p>Every device with history was there within the last half hour.</p>}
        {!hasNoDevices && (choice.deletion === null ? <p className="quiet">{choice.problem}</p> : <Consequence preview={preview} kind={form.kind} />)}
      </div>
      {isReady && <TextField label={`Type “${CONFIRMATION}” to confirm`} value={typed} problem={undefined} onEdit={setTyped} />}
      <FailureText text={failure} />
      <div className="field-buttons">
        <button type="button" onClick={() => void tasks.backup().then(setFailure)}>
          Back up first…
        </button>
        <span className="deletion-end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="danger" disabled={!confirmed}>
            Delete history
          </button>
        </span>
      </div>
    </form>
  );
}

/** The setting "Delete history", which opens the form below it. */
export function DeleteHistory() {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <Field id={id} selfNamed label="Delete history" help="All of it, before a date, or of a device that is gone." failure={null}>
        <button type="button" aria-describedby={`${id}-help`} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Delete…
        </button>
      </Field>
      {isOpen && <DeletionPanel onClose={() => setOpen(false)} />}
    </>
  );
}
