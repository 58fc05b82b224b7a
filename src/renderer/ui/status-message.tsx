/** Result of an action, such as saving a file, shown where the user started it. */

/** Text of the result; empty while there is none. */
export interface ActionStatus {
  readonly text: string;
  readonly failed: boolean;
}

interface StatusMessageProps {
  readonly status: ActionStatus;
  readonly className: string;
}

/** Shows the result of an action; renders nothing without a text. */
export function StatusMessage({ status, className }: StatusMessageProps) {
  if (status.text === '') return null;
  return (
    <p className={`${className} ${status.failed ? 'field-error' : 'quiet'}`} role={status.failed ? 'alert' : 'status'}>
      {status.text}
    </p>
  );
}
