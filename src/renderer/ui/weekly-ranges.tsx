/** A list of times of the week: quiet hours, maintenance windows. */
import { useState } from 'react';
import type { QuietRange } from '../../shared/alerts/quiet-hours';
import { WEEKDAYS } from '../../shared/alerts/weekdays';
import { DAY_ABBREVIATIONS, DAY_LABELS, formatDays, formatRangeEnd, NEW_RANGE, toggleDay } from '../lib/weekly-range-text';

/** A time of day, saved when the field is left: a half-typed time is not valid. */
function ClockField({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== '' && draft !== value) onChange(draft);
    setDraft(null);
  };
  // Enter in a form would send it as well, before the time is in it.
  const onKeyDown = (event: { readonly key: string; preventDefault(): void }): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    commit();
  };
  return <input type="time" aria-label={label} value={draft ?? value} onChange={({ target }) => setDraft(target.value)} onBlur={commit} onKeyDown={onKeyDown} />;
}

interface WeeklyRangeProps {
  readonly range: QuietRange;
  readonly onChange: (range: QuietRange) => void;
  readonly onRemove: () => void;
}

function WeeklyRangeRow({ range, onChange, onRemove }: WeeklyRangeProps) {
  const name = `${formatDays(range.days)} ${range.from} to ${range.to}`;
  return (
    <li className="quiet-range">
      <fieldset className="segments days">
        <legend className="sr">Days of {name}</legend>
        {WEEKDAYS.map((day) => (
          <button key={day} type="button" aria-label={DAY_LABELS[day]} aria-pressed={range.days.includes(day)} onClick={() => onChange(toggleDay(range, day))}>
            {DAY_ABBREVIATIONS[day]}
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

/** Removes ranges that occur twice. */
export function uniqueRanges(ranges: readonly QuietRange[]): readonly QuietRange[] {
  return [...new Map(ranges.map((range) => [keyOf(range), range])).values()];
}

/** Whether the list has the range that a new row begins with. */
export function hasNewRange(ranges: readonly QuietRange[]): boolean {
  return ranges.some((range) => keyOf(range) === keyOf(NEW_RANGE));
}

interface WeeklyRangesProps {
  readonly ranges: readonly QuietRange[];
  /** `isRemoval`: a row was taken out. */
  readonly onChange: (ranges: readonly QuietRange[], isRemoval: boolean) => void;
}

/** The rows: days, from, to. */
export function WeeklyRanges({ ranges, onChange }: WeeklyRangesProps) {
  return (
    <ul>
      {ranges.map((range, at) => (
        <WeeklyRangeRow key={keyOf(range)} range={range} onChange={(next) => onChange(ranges.with(at, next), false)} onRemove={() => onChange(ranges.toSpliced(at, 1), true)} />
      ))}
    </ul>
  );
}
