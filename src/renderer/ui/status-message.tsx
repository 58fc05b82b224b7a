
/** What came of saving, in words; empty while there is nothing to tell. */
export interface SaveStatus {
  readonly text: string;
  readonly failed: boolean;
}

interface StatusMessageProps {
  readonly status: SaveStatus;
  readonly className: string;
}

/** What came of something a person did, where they did it; nothing while there is nothing to tell. */
export function StatusMessage({ status, className }: StatusMessageProps) {
  if (status.text === '') return null;
  return (
    <p className={`${className} ${status.failed ? 'field-error' : 'quiet'}`} role={status.failed ? 'alert' : 'status'}>
      {status.text}
    </p>
  );
}
