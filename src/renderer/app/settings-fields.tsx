import type { ReactNode } from 'react';

/** What a setting shows beside its control. */
export interface FieldProps {
  readonly id: string;
  /** A button names itself; its label here is only a heading. */
  readonly selfNamed?: boolean;
  readonly label: string;
  readonly help: string;
  readonly failure: string | null;
  readonly children: ReactNode;
}

/** A setting with its name, its consequence, and what is wrong with it. */
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
