import { SNOOZE_LENGTHS } from '../../../shared/alerts/snooze';
import type { SnoozeLength, SnoozeTarget } from '../../../shared/alerts/snooze';
import { useApp, useCan } from '../../app/app-context';

interface SnoozeMenuProps {
  /** What the first line says, and what a screen reader hears: "Snooze", "Snooze everything". */
  readonly label: string;
  readonly target: SnoozeTarget;
  /** Told why it did not work; null when it did. */
  readonly onDone: (failure: string | null) => void;
}

function isLength(word: string): word is SnoozeLength {
  return Object.hasOwn(SNOOZE_LENGTHS, word);
}

/** Silences a target for a chosen time. A list of the system's own: it needs no room, and every keyboard knows it. */
export function SnoozeMenu({ label, target, onDone }: SnoozeMenuProps) {
  const { alerts } = useApp();
  const can = useCan('snooze');
  if (!can) return null;
  return (
    <select
      className="snooze-menu"
      aria-label={label}
      value=""
      onChange={({ target: { value } }) => {
        if (isLength(value)) void alerts.snooze(target, value).then(onDone);
      }}
    >
      <option value="" hidden>
        {label}
      </option>
      {Object.entries(SNOOZE_LENGTHS).map(([length, words]) => (
        <option key={length} value={length}>
          {words}
        </option>
      ))}
    </select>
  );
}
