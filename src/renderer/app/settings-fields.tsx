/** Layout of one setting: label and help, error message, control. */
import type { ReactNode } from 'react';

/** Parts of a setting. */
export interface FieldProps {
  readonly id: string;
  /** True where the controls are buttons with names of their own: the label is a heading then. */
  readonly selfNamed?: boolean;
  readonly label: string;
  readonly help: string;
  readonly failure: string | null;
  readonly children: ReactNode;
}

/** One setting as a row: label and help on the left, control on the right, the error below the help. */
export function Field({ id, selfNamed = false, label, help, failure, children }: FieldProps) {
  return (
    <div className="field">
      <div>
        {selfNamed ? <span>{label}</span> : <label htmlFor={id}>{label}</label>}
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
        {failure !== null && (
          <p className="field-error" role="alert" id={`${id}-error`}>
            {failure}
          </p>
        )}
      </div>
      <div className="field-control">{children}</div>
    </div>
  );
}
