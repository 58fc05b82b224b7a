/** Controls of the settings: text, switch and choice, and a button that asks for confirmation. */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { CallInput } from '../../shared/api/contract';
import { useApp } from './app-context';
import { autofocus } from '../ui/autofocus';
import { Select } from '../ui/form-fields';
import { Field } from './settings-fields';

/** Input of updateSettings: the settings to change. */
export type Patch = CallInput<'updateSettings'>;

/** Saves changes of settings; `failure` is why the last one could not be saved. */
export function useSettingsUpdate(): { readonly failure: string | null; readonly save: (patch: Patch, onSaved?: () => void) => void } {
  const { actions } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const save = async (patch: Patch, onSaved?: () => void): Promise<void> => {
    const problem = await actions.updateSettings(patch);
    setFailure(problem);
    if (problem === null) onSaved?.();
  };
  return { failure, save: (patch, onSaved) => void save(patch, onSaved) };
}

interface TextSettingProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly type?: 'text' | 'number';
  readonly placeholder?: string;
  readonly toPatch: (text: string) => Patch;
}

/** A setting that is typed: saved on Enter or when the field loses the focus, reset by Escape. */
export function TextSetting({ label, help, value, type = 'text', placeholder, toPatch }: TextSettingProps) {
  const { failure, save } = useSettingsUpdate();
  const [draft, setDraft] = useState<string | null>(null);
  const id = useId();
  const commit = (): void => {
    if (draft !== null) save(toPatch(draft), () => setDraft(null));
  };
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <input
        id={id}
        type={type}
        placeholder={placeholder}
        value={draft ?? value}
        aria-describedby={`${id}-help`}
        aria-invalid={failure !== null}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </Field>
  );
}

interface SwitchFieldProps {
  readonly label: string;
  readonly help: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly failure: string | null;
  readonly onChange: (checked: boolean) => void;
}

/** A labeled switch. */
export function SwitchField({ label, help, checked, disabled = false, failure, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <input id={id} className="switch" type="checkbox" role="switch" checked={checked} disabled={disabled} aria-checked={checked} aria-describedby={`${id}-help`} onChange={(event) => onChange(event.target.checked)} />
    </Field>
  );
}

interface SwitchSettingProps extends Omit<SwitchFieldProps, 'failure' | 'onChange'> {
  readonly toPatch: (checked: boolean) => Patch;
}

/** A switch that saves its setting at once. */
export function SwitchSetting({ toPatch, ...field }: SwitchSettingProps) {
  const { failure, save } = useSettingsUpdate();
  return <SwitchField {...field} failure={failure} onChange={(checked) => save(toPatch(checked))} />;
}

interface ChoiceFieldProps<T extends string> {
  readonly label: string;
  readonly help: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly failure: string | null;
  readonly onChange: (value: T) => void;
}

/** A labeled select, laid out as a row of the settings. */
export function ChoiceField<T extends string>({ label, help, value, choices, failure, onChange }: ChoiceFieldProps<T>) {
  const id = useId();
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <Select id={id} describedBy={`${id}-help`} value={value} choices={choices} isInvalid={failure !== null} onChoose={onChange} />
    </Field>
  );
}

interface ConfirmProps {
  readonly label: string;
  /** Text of the confirmation, and the label of the button that confirms. */
  readonly question: string;
  readonly yes: string;
  readonly describedBy?: string;
  readonly run: () => Promise<string | null>;
  readonly onFailure?: (problem: string | null) => void;
}

/** A button for a command that cannot be undone: it asks for confirmation in its place. */
export function ConfirmButton({ label, question, yes, describedBy, run, onFailure }: ConfirmProps): ReactNode {
  const [state, setState] = useState<'idle' | 'asking' | 'kept'>('idle');
  if (state !== 'asking') {
    return (
      <button type="button" aria-describedby={describedBy} ref={state === 'kept' ? autofocus : undefined} onClick={() => setState('asking')}>
        {label}
      </button>
    );
  }
  const go = async (): Promise<void> => {
    const problem = await run();
    setState('kept');
    onFailure?.(problem);
  };
  return (
    <span className="confirm" role="alertdialog" aria-label={question}>
      <span>{question}</span>
      <button type="button" className="danger" onClick={() => void go()}>
        {yes}
      </button>
      <button type="button" ref={autofocus} onClick={() => setState('kept')}>
        Cancel
      </button>
    </span>
  );
}
