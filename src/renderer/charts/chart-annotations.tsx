import { Fragment, memo, useMemo, useState } from 'react';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import { formatEventType } from '../lib/event-text';
import { groupAnnotations } from './annotation-groups';
import type { AnnotationGroup } from './annotation-groups';
import { leftAt } from './plot-geometry';
import { formatClock, formatMoment } from '../lib/range';
import type { TimeWindow } from '../lib/range';
import { EventIcon } from '../ui/event-icon';

/** Events told in one tip; the rest are counted. */
const MAX_TOLD = 4;
/** In longer windows a time needs its day. */
const DAY = 86_400_000;

interface ChartAnnotationsProps {
  readonly events: readonly ActivityEvent[];
  readonly window: TimeWindow;
  /** A mark was clicked. */
  readonly onPick: (time: number) => void;
}

function Tip({ mark, window }: { readonly mark: AnnotationGroup; readonly window: TimeWindow }) {
  const word = window.to - window.from > DAY ? formatMoment : formatClock;
  const more = mark.events.length - MAX_TOLD;
  return (
    <div className="marker-tip" style={mark.share < 0.5 ? { left: leftAt(mark.share) } : { right: `calc(100% - ${leftAt(mark.share)})` }}>
      {mark.events.slice(-MAX_TOLD).map((event) => (
        <p key={event.id}>
          <EventIcon severity={event.severity} />
          <span className="quiet">
            {word(event.time)} {formatEventType(event.type)}
          </span>
          <span>{event.message}</span>
        </p>
      ))}
      {more > 0 && <p className="quiet">and {more} more</p>}
    </div>
  );
}

/**
 * Marks over a plot where something happened. They are there for the pointer; the keyboard and assistive technology
 * find the same events in the list below the charts.
 */
export const ChartAnnotations = memo(function ChartAnnotations({ events, window, onPick }: ChartAnnotationsProps) {
  const marks = useMemo(() => groupAnnotations(events, window), [events, window]);
  const [pointed, setPointed] = useState<number | null>(null);
  const shown = marks.find(({ time }) => time === pointed);
  return (
    <div className="markers" aria-hidden="true">
      {marks.map((mark) => (
        <Fragment key={mark.time}>
          <button
            type="button"
            tabIndex={-1}
            className="marker"
            data-severity={mark.severity}
            style={{ left: leftAt(mark.share) }}
            onPointerDown={(event) => event.stopPropagation()}
            onPointerUp={(event) => event.stopPropagation()}
            onPointerEnter={() => setPointed(mark.time)}
            onPointerLeave={() => setPointed(null)}
            onClick={() => onPick(mark.time)}
          >
            <EventIcon severity={mark.severity} />
          </button>
          <span className="marker-line" data-severity={mark.severity} style={{ left: leftAt(mark.share) }} />
        </Fragment>
      ))}
      {shown !== undefined && <Tip mark={shown} window={window} />}
    </div>
  );
});
