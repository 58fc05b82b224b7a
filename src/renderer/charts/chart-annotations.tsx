/** Markers of events over a plot. */
import { Fragment, memo, useMemo, useState } from 'react';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import { formatEventType } from '../lib/event-text';
import { groupAnnotations } from './annotation-groups';
import type { AnnotationGroup } from './annotation-groups';
import { leftAt } from './plot-geometry';
import { formatClock, formatDateTime } from '../lib/range';
import type { TimeWindow } from '../lib/range';
import { EventIcon } from '../ui/event-icon';

/** Events listed in one tooltip; the others are counted. */
const MAX_TIP_EVENTS = 4;
/** Windows longer than this show times with their date, ms. */
const DAY = 86_400_000;

interface ChartAnnotationsProps {
  readonly events: readonly ActivityEvent[];
  readonly window: TimeWindow;
  /** Called with the time of a marker that was clicked. */
  readonly onPick: (time: number) => void;
}

function Tip({ group, window }: { readonly group: AnnotationGroup; readonly window: TimeWindow }) {
  const formatTime = window.to - window.from > DAY ? formatDateTime : formatClock;
  const more = group.events.length - MAX_TIP_EVENTS;
  return (
    <div className="marker-tip" style={group.share < 0.5 ? { left: leftAt(group.share) } : { right: `calc(100% - ${leftAt(group.share)})` }}>
      {group.events.slice(-MAX_TIP_EVENTS).map((event) => (
        <p key={event.id}>
          <EventIcon severity={event.severity} />
          <span className="quiet">
            {formatTime(event.time)} {formatEventType(event.type)}
          </span>
          <span>{event.message}</span>
        </p>
      ))}
      {more > 0 && <p className="quiet">and {more} more</p>}
    </div>
  );
}

/**
 * Markers over a plot at the times of events. They are for the pointer only: the keyboard and assistive technology use the
 * list below the charts, which has the same events.
 */
export const ChartAnnotations = memo(function ChartAnnotations({ events, window, onPick }: ChartAnnotationsProps) {
  const groups = useMemo(() => groupAnnotations(events, window), [events, window]);
  const [hovered, setHovered] = useState<number | null>(null);
  const shown = groups.find(({ time }) => time === hovered);
  return (
    <div className="markers" aria-hidden="true">
      {groups.map((group) => (
        <Fragment key={group.time}>
          <button
            type="button"
            tabIndex={-1}
            className="marker"
            data-severity={group.severity}
            style={{ left: leftAt(group.share) }}
            onPointerDown={(event) => event.stopPropagation()}
            onPointerUp={(event) => event.stopPropagation()}
            onPointerEnter={() => setHovered(group.time)}
            onPointerLeave={() => setHovered(null)}
            onClick={() => onPick(group.time)}
          >
            <EventIcon severity={group.severity} />
          </button>
          <span className="marker-line" data-severity={group.severity} style={{ left: leftAt(group.share) }} />
        </Fragment>
      ))}
      {shown !== undefined && <Tip group={shown} window={window} />}
    </div>
  );
});
