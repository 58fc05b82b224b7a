/** The list of quiet hours in the settings. */
import { useState } from 'react';
import type { QuietRange } from '../../../shared/alerts/quiet-hours';
import { WEEKDAYS } from '../../../shared/alerts/weekdays';
import { DAY_ABBREVIATIONS, DAY_LABELS, formatDays, formatRangeEnd, NEW_RANGE, toggleDay } from './quiet-hours-text';
import { FailureText } from '../../ui/failure-text';

interface QuietRangeProps {
  readonly range: QuietRange;
  readonly onChange: (range: QuietRange) => void;
  readonly onRemove: () => void;
}

/** A time of day, saved when the field is left: a half-typed time is not valid. */
function ClockField({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== '' && draft !== value) onChange(draft);
    setDraft(null);
  };
  return <input type="time" aria-label={label} value={draft ?? value} onChange={({ target }) => setDraft(target.value)} onBlur={commit} onKeyDown={({ key }) => key === 'Enter' && commit()} />;
}

function QuietRangeRow({ range, onChange, onRemove }: QuietRangeProps) {
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
function unique(ranges: readonly QuietRange[]): readonly QuietRange[] {
  return [...new Map(ranges.map((range) => [keyOf(range), range])).values()];
}

interface QuietHoursSectionProps {
  readonly ranges: readonly QuietRange[];
  /** Resolves to null, or to why saving failed. */
  readonly onSave: (ranges: readonly QuietRange[]) => Promise<string | null>;
}

/** Hours without notifications. Changes apply at once, and a removal can be undone. */
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
        <p className="field-help">No notifications during these hours (local time). The timeline still shows them.</p>
        <FailureText text={failure} />
      </div>
      <ul>
        {ranges.map((range, at) => (
          <QuietRangeRow
            key={keyOf(range)}
            range={range}
            onChange={(next) => save(ranges.with(at, next))}
            onRemove={() => save(ranges.toSpliced(at, 1), ranges)}
          />
        ))}
      </ul>
      <div className="field-buttons">
        <button type="button" disabled={ranges.some((range) => keyOf(range) === keyOf(NEW_RANGE))} onClick={() => save([...ranges, NEW_RANGE])}>
          Add quiet hours
        </button>
        {removed !== null && (
          <button type="button" onClick={() => save(removed)}>
            Undo
          </button>
        )}
      </div>
    </div>
  );
}
