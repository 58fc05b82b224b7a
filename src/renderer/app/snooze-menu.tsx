/** The menu that starts a snooze. */
import { SNOOZE_LENGTHS } from '../../shared/alerts/snooze';
import type { SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import { useApp, useCan } from './app-context';

interface SnoozeMenuProps {
  /** The visible and the accessible name: "Snooze", "Snooze all". */
  readonly label: string;
  readonly target: SnoozeTarget;
  /** Called after the snooze was started: null, or why it failed. */
  readonly onDone: (failure: string | null) => void;
}

function isSnoozeLength(value: string): value is SnoozeLength {
  return Object.hasOwn(SNOOZE_LENGTHS, value);
}

/** Snoozes a target for a chosen time. A native select: it takes no space, and works with every keyboard. */
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
        if (isSnoozeLength(value)) void alerts.snooze(target, value).then(onDone);
      }}
    >
      <option value="" hidden>
        {label}
      </option>
      {Object.entries(SNOOZE_LENGTHS).map(([length, text]) => (
        <option key={length} value={length}>
          {text}
        </option>
      ))}
    </select>
  );
}
