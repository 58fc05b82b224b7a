/** Fields of a form: label, control, help and error below each other. */
import { useId } from 'react';
import type { ReactNode } from 'react';

interface FormFieldProps {
  readonly label: string;
  readonly help?: string;
  readonly problem: string | undefined;
  readonly children: (id: string, describedBy: string) => ReactNode;
}

/** A control below its label. */
export function FormField({ label, help, problem, children }: FormFieldProps) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {children(id, `${id}-help`)}
      <div id={`${id}-help`}>
        {help !== undefined && <p className="field-help">{help}</p>}
        {problem !== undefined && (
          <p className="field-error" role="alert">
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly help?: string;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onEdit: (text: string) => void;
}

/** A text input with its unit. */
export function TextField({ label, help, unit, placeholder, value, problem, onEdit }: TextFieldProps) {
  return (
    <FormField label={label} problem={problem} {...(help === undefined ? {} : { help })}>
      {(id, describedBy) => (
        <span className="with-unit">
          <input id={id} type="text" value={value} placeholder={placeholder} aria-describedby={describedBy} aria-invalid={problem !== undefined} onChange={({ target }) => onEdit(target.value)} />
          {unit !== undefined && unit !== '' && <span className="quiet">{unit}</span>}
        </span>
      )}
    </FormField>
  );
}

interface ChoiceProps<T extends string> {
  readonly value: T;
  readonly choices: readonly (readonly [value: T, label: string])[];
  readonly onChoose: (value: T) => void;
}

interface SelectProps<T extends string> extends ChoiceProps<T> {
  readonly id: string;
  /** Id of the element with the help. */
  readonly describedBy: string;
  readonly isInvalid: boolean;
}

/** A native select without a label. */
export function Select<T extends string>({ id, describedBy, value, choices, isInvalid, onChoose }: SelectProps<T>) {
  const choose = (chosen: string): void => {
    const found = choices.find(([choice]) => choice === chosen);
    if (found !== undefined) onChoose(found[0]);
  };
  return (
    <select id={id} value={value} aria-describedby={describedBy} aria-invalid={isInvalid} onChange={({ target }) => choose(target.value)}>
      {choices.map(([choice, label]) => (
        <option key={choice} value={choice}>
          {label}
        </option>
      ))}
    </select>
  );
}

interface SelectFieldProps<T extends string> extends ChoiceProps<T> {
  readonly label: string;
  readonly problem: string | undefined;
}

/** A labeled select. */
export function SelectField<T extends string>({ label, problem, ...choice }: SelectFieldProps<T>) {
  return (
    <FormField label={label} problem={problem}>
      {(id, describedBy) => <Select id={id} describedBy={describedBy} isInvalid={problem !== undefined} {...choice} />}
    </FormField>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A labeled checkbox. */
export function Check({ label, checked, disabled = false, onChange }: CheckProps) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}
