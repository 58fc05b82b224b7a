/** Fields of forms that are saved as a whole, such as the rule editor: label, control, help and validation error. */
import { useId } from 'react';
import type { ReactNode } from 'react';

interface FormFieldProps {
  readonly label: string;
  readonly help?: string;
  readonly problem: string | undefined;
  readonly children: (id: string, describedBy: string) => ReactNode;
}

/** A control below its label. */
function FormField({ label, help, problem, children }: FormFieldProps) {
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

interface ChoiceFieldProps<T extends string> {
  readonly label: string;
  readonly help?: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, label: string])[];
  readonly problem: string | undefined;
  readonly onChoose: (value: T) => void;
}

/** A choice of one of several values. */
export function ChoiceField<T extends string>({ label, help, value, choices, problem, onChoose }: ChoiceFieldProps<T>) {
  const choose = (selected: string): void => {
    const found = choices.find(([choice]) => choice === selected);
    if (found !== undefined) onChoose(found[0]);
  };
  return (
    <FormField label={label} problem={problem} {...(help === undefined ? {} : { help })}>
      {(id, describedBy) => (
        <select id={id} value={value} aria-describedby={describedBy} aria-invalid={problem !== undefined} onChange={({ target }) => choose(target.value)}>
          {choices.map(([choice, text]) => (
            <option key={choice} value={choice}>
              {text}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A checkbox with its label. */
export function Check({ label, checked, disabled = false, onChange }: CheckProps) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}
