/** Icons and labels of event severities. */
import { memo } from 'react';
import type { EventSeverity } from '../../shared/timeline/event-schemas';

/** Labels of event severities. */
export const EVENT_SEVERITY_LABELS: Readonly<Record<EventSeverity, string>> = { info: 'Info', warning: 'Warning', critical: 'Critical' };

const SHAPES: Readonly<Record<EventSeverity, string>> = {
  info: 'M6 2.75a3.25 3.25 0 1 1 0 6.5a3.25 3.25 0 1 1 0-6.5Z',
  warning: 'M6 1.2 11.3 10.6H.7Z',
  critical: 'M3.6.5h4.8l3.1 3.1v4.8l-3.1 3.1H3.6L.5 8.4V3.6Z',
};

/** Icon of an event severity: dot, triangle or octagon, distinguishable without color. */
export const EventIcon = memo(function EventIcon({ severity }: { readonly severity: EventSeverity }) {
  return (
    <svg className="severity-icon" data-severity={severity} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={SHAPES[severity]} fill="currentColor" />
    </svg>
  );
});
