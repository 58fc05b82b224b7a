/** The list of events, in one section for each day. */
import { memo, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import { useLink } from '../../app/app-context';
import { formatAgo, formatDayHeading, eventLink, groupByDay, formatEventType } from '../../lib/event-text';
import { formatClock, formatDateTime } from '../../lib/range';
import type { ShownTimeline } from './use-timeline';
import { EVENT_SEVERITY_LABELS, EventIcon } from '../../ui/event-icon';
import { Scroller } from '../../ui/scroller';

/** The details of an event below its row: exact time, type, user and data. */
function EventDetails({ id, event }: { readonly id: string; readonly event: ActivityEvent }) {
  return (
    <div className="event-details" id={id}>
      <dl>
        <div>
          <dt>Time</dt>
          <dd>{new Date(event.time).toISOString()}</dd>
        </div>
        <div>
          <dt>Type</dt>
          <dd>{event.type}</dd>
        </div>
        {event.user !== null && (
          <div>
            <dt>User</dt>
            <dd>{event.user}</dd>
          </div>
        )}
      </dl>
      {event.details !== null && (
        <Scroller className="event-raw" label="Details as data">
          <pre>{JSON.stringify(event.details, null, 2)}</pre>
        </Scroller>
      )}
    </div>
  );
}

/** One event with a button for its details. The message of an event about a series links to its chart. */
const EventRow = memo(function EventRow({ event, ago, link }: { readonly event: ActivityEvent; readonly ago: string; readonly link: string | null }) {
  const [open, setOpen] = useState(false);
  const toLink = useLink();
  const id = useId();
  return (
    <li className="event" data-severity={event.severity} data-id={event.id}>
      <EventIcon severity={event.severity} />
      <span className="sr">{EVENT_SEVERITY_LABELS[event.severity]}</span>
      <time className="event-time" dateTime={new Date(event.time).toISOString()} title={formatDateTime(event.time)}>
        {formatClock(event.time)}
      </time>
      <span className="event-message">
        {link === null ? event.message : <a href={toLink(link)}>{event.message}</a>}
        {event.user !== null && (
          <>
            {' '}
            <span className="event-user">{event.user}</span>
          </>
        )}
      </span>
      <span className="event-type">{formatEventType(event.type)}</span>
      <span className="event-ago">{ago}</span>
      <button type="button" className="event-more" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <span className="sr">Details of {event.message}</span>
      </button>
      {open && <EventDetails id={id} event={event} />}
    </li>
  );
});

/** The button that loads older events; it is activated by scrolling to it, too. */
function LoadOlder({ timeline }: { readonly timeline: ShownTimeline }) {
  const box = useRef<HTMLDivElement>(null);
  const { loadOlder, isLoadingOlder, message } = timeline;
  const load = useRef(loadOlder);
  useEffect(() => {
    load.current = loadOlder;
  });
  // After an error only a click tries again: a loop of failing requests would not end.
  const isAutomatic = message === '' && !isLoadingOlder;
  useEffect(() => {
    const element = box.current;
    if (element === null || !isAutomatic) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.at(-1)?.isIntersecting === true) load.current();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isAutomatic]);
  return (
    <div className="timeline-older" ref={box}>
      {message !== '' && (
        <p className="field-error" role="alert">
          Couldn’t load older events: {message}
        </p>
      )}
      <button type="button" disabled={isLoadingOlder} onClick={loadOlder}>
        {isLoadingOlder ? 'Loading…' : 'Load older'}
      </button>
    </div>
  );
}

/** Events grouped by local day, newest first. */
export function TimelineList({ timeline, now }: { readonly timeline: ShownTimeline; readonly now: number }) {
  const days = useMemo(() => groupByDay(timeline.events), [timeline.events]);
  return (
    <>
      {days.map((day) => (
        <section className="timeline-day" key={day.key} aria-label={formatDayHeading(day.time, now)}>
          <h2>{formatDayHeading(day.time, now)}</h2>
          <ol>
            {day.events.map((event) => (
              <EventRow key={event.id} event={event} ago={formatAgo(event.time, now)} link={eventLink(event, now)} />
            ))}
          </ol>
        </section>
      ))}
      {timeline.hasOlder && <LoadOlder timeline={timeline} />}
    </>
  );
}
