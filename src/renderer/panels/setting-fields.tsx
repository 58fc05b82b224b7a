/** Settings that are applied as they are changed. */
import { useId, useState } from 'react';
import { useSave } from '../stores/use-save';
import type { Patch } from '../stores/use-save';
import { Field } from './settings-fields';

interface TextSettingProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly type?: 'text' | 'number';
  readonly toPatch: (text: string) => Patch;
}

/** A setting that is typed: applied on Enter or when left, and put back by Escape. */
export function TextSetting({ label, help, value, type = 'text', toPatch }: TextSettingProps) {
  const { failure, save } = useSave();
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
  readonly failure: string | null;
  readonly onChange: (checked: boolean) => void;
}

/** A switch with its name and consequence. */
export function SwitchField({ label, help, checked, failure, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <input id={id} className="switch" type="checkbox" role="switch" checked={checked} aria-checked={checked} aria-describedby={`${id}-help`} onChange={(event) => onChange(event.target.checked)} />
    </Field>
  );
}

interface SwitchSettingProps {
  readonly label: string;
  readonly help: string;
  readonly checked: boolean;
  readonly toPatch: (checked: boolean) => Patch;
}

/** A setting that is on or off. */
export function SwitchSetting({ toPatch, ...field }: SwitchSettingProps) {
  const { failure, save } = useSave();
  return <SwitchField {...field} failure={failure} onChange={(checked) => save(toPatch(checked))} />;
}
