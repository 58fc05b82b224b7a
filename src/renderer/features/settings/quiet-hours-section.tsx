/** The list of quiet hours in the settings. */
import { useState } from 'react';
import type { QuietRange } from '../../../shared/alerts/quiet-hours';
import { NEW_RANGE } from '../../lib/weekly-range-text';
import { FailureText } from '../../ui/failure-text';
import { hasNewRange, uniqueRanges, WeeklyRanges } from '../../ui/weekly-ranges';

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
    void onSave(uniqueRanges(next)).then((problem) => {
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
      <WeeklyRanges ranges={ranges} onChange={(next, isRemoval) => save(next, isRemoval ? ranges : null)} />
      <div className="field-buttons">
        <button type="button" disabled={hasNewRange(ranges)} onClick={() => save([...ranges, NEW_RANGE])}>
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
