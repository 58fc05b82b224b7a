import { useState } from 'react';
import type { QuietRange } from '../../../shared/alerts/quiet-hours';
import { WEEKDAYS } from '../../../shared/alerts/weekdays';
import { DAY_NAMES, DAY_LABELS, formatDays, formatRangeEnd, NEW_QUIET, toggleDay } from './quiet-hours-text';

interface RangeProps {
  readonly range: QuietRange;
  readonly onChange: (range: QuietRange) => void;
  readonly onRemove: () => void;
}

/** A time of day, saved when it is left: half a time is none. */
function ClockField({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== '' && draft !== value) onChange(draft);
    setDraft(null);
  };
  return <input type="time" aria-label={label} value={draft ?? value} onChange={({ target }) => setDraft(target.value)} onBlur={commit} onKeyDown={({ key }) => key === 'Enter' && commit()} />;
}

function QuietRow({ range, onChange, onRemove }: RangeProps) {
  const name = `${formatDays(range.days)} ${range.from} to ${range.to}`;
  return (
    <li className="quiet-range">
      <fieldset className="segments days">
        <legend className="sr">Days of {name}</legend>
        {WEEKDAYS.map((day) => (
          <button key={day} type="button" aria-label={DAY_LABELS[day]} aria-pressed={range.days.includes(day)} onClick={() => onChange(toggleDay(range, day))}>
            {DAY_NAMES[day]}
          </button>
        ))}
      </fieldset>
      <span className="quiet-clock">
        <ClockField label="From" value={range.from} onChange={(from) => onChange({ ...range, from })} />
        –
        <ClockField label="To" value={range.to} onChange={(to) => onChange({ ...range, to })} />
        <span className="quiet">{formatRangeEnd(range)}</span>
      </span>
      <button type="button" aria-label={`Remove ${name}`} onClick={onRemove}>
        Remove
      </button>
    </li>
  );
}

const keyOf = ({ days, from, to }: QuietRange): string => `${days.join()} ${from} ${to}`;

/** Two stretches that are the same are one. */
function unique(ranges: readonly QuietRange[]): readonly QuietRange[] {
  return [...new Map(ranges.map((range) => [keyOf(range), range])).values()];
}

interface QuietHoursSectionProps {
  readonly ranges: readonly QuietRange[];
  /** Resolves to null, or to why it could not be saved. */
  readonly onSave: (ranges: readonly QuietRange[]) => Promise<string | null>;
}

/** The hours in which nothing is shown; applied as they are changed, and a removed one can be brought back. */
export function QuietHoursSection({ ranges, onSave }: QuietHoursSectionProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const [removed, setRemoved] = useState<readonly QuietRange[] | null>(null);
  const save = (next: readonly QuietRange[], before: readonly QuietRange[] | null = null): void => {
    void onSave(unique(next)).then((problem) => {
      setFailure(problem);
      if (problem === null) setRemoved(before);
    });
  };
  return (
    <div className="field field-wide">
      <div>
        <span>Quiet hours</span>
        <p className="field-help">Alerts of these hours are not shown when they come. They are in the timeline all the same. Local time.</p>
        {failure !== null && (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
      </div>
      <ul>
        {ranges.map((range, at) => (
          <QuietRow
            key={keyOf(range)}
            range={range}
            onChange={(next) => save(ranges.with(at, next))}
            onRemove={() => save(ranges.toSpliced(at, 1), ranges)}
          />
        ))}
      </ul>
      <div className="field-buttons">
        <button type="button" disabled={ranges.some((range) => keyOf(range) === keyOf(NEW_QUIET))} onClick={() => save([...ranges, NEW_QUIET])}>
          Add quiet hours
        </button>
        {removed !== null && (
          <button type="button" onClick={() => save(removed)}>
            Undo the removal
          </button>
        )}
      </div>
    </div>
  );
}
