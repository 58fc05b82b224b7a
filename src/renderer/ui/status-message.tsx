import type { Told } from '../app/use-save-file';

interface ToldLineProps {
  readonly told: Told;
  readonly className: string;
}

/** What came of something a person did, where they did it; nothing while there is nothing to tell. */
export function ToldLine({ told, className }: ToldLineProps) {
  if (told.text === '') return null;
  return (
    <p className={`${className} ${told.failed ? 'field-error' : 'quiet'}`} role={told.failed ? 'alert' : 'status'}>
      {told.text}
    </p>
  );
}
