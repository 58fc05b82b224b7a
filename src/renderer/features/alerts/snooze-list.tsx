/** The list of active snoozes. */
import { useState } from 'react';
import { targetKey } from '../../../shared/alerts/snooze';
import type { Snooze } from '../../../shared/alerts/snooze';
import { useAlerts, useApp, useCan } from '../../app/app-context';
import { formatUntil } from './snooze-text';

const NONE: readonly Snooze[] = [];

/** Every active snooze; renders nothing while there is none. */
export function SnoozeList() {
  const { alerts } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const snoozes = useAlerts(({ state }) => state?.snoozes ?? NONE);
  const can = useCan('unsnooze');
  if (snoozes.length === 0) return null;
  return (
    <section className="section" aria-label="Snoozed">
      <h2>Snoozed</h2>
      <ul className="snoozes">
        {snoozes.map((snooze) => (
          <li key={targetKey(snooze.target)}>
            <span className="snooze-label">{snooze.label}</span>
            <span className="quiet">{formatUntil(snooze)}</span>
            {can && (
              <button type="button" onClick={() => void alerts.unsnooze(snooze.target).then(setFailure)} aria-label={`End snooze of ${snooze.label}`}>
                End snooze
              </button>
            )}
          </li>
        ))}
      </ul>
      {failure !== null && (
        <p className="section-empty field-error" role="alert">
          {failure}
        </p>
      )}
    </section>
  );
}
