/**
 * The Timeline page: every event of the machine and of Traywatch, newest first, with filters that are part of the address.
 *
 * May import app/, charts/, ui/, data/, lib/ and theme/ of the renderer and src/shared. Imports no other feature; only the
 * frame imports this file, and loads it when the page is first shown.
 */
import { useCallback } from 'react';
import { formatCount } from '../../../shared/units';
import { useApp, useLive } from '../../app/app-context';
import { PageAsOf } from '../../app/staleness';
import { ALL_EVENTS, isEmptyFilter } from '../../lib/timeline-filter';
import type { TimelineFilter } from '../../lib/timeline-filter';
import { PageHead } from '../../ui/page-head';
import { TimelineFilters } from './timeline-filters';
import { TimelineList } from './timeline-list';
import { useMachineTime } from '../../app/use-machine-time';
import { useTimeline } from './use-timeline';
import type { ShownTimeline } from './use-timeline';
import '../../charts/charts.css';
import '../../ui/tables.css';
import './timeline.css';

/** "3 events", "251 events match, the newest 100 shown". */
function formatTotal({ total, events }: ShownTimeline, isFiltered: boolean): string {
  const noun = `${total === 1 ? 'event' : 'events'}${isFiltered ? (total === 1 ? ' matches' : ' match') : ''}`;
  return `${formatCount(total)} ${noun}${events.length < total ? `, the newest ${formatCount(events.length)} shown` : ''}`;
}

function LoadError({ timeline }: { readonly timeline: ShownTimeline }) {
  return (
    <div className="page-empty" role="alert">
      <p>Couldn’t load the timeline: {timeline.message}</p>
      <button type="button" onClick={timeline.retry}>
        Try again
      </button>
    </div>
  );
}

function NoEvents({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  if (!isFiltered) return <p className="page-empty">No events yet. Starts, sleep, alerts and events from other programs appear here.</p>;
  return (
    <div className="page-empty">
      <p>No event matches these filters.</p>
      <button type="button" onClick={onClear}>
        Clear filters
      </button>
    </div>
  );
}

/** The Timeline page. */
export function TimelinePage({ filter }: { readonly filter: TimelineFilter }) {
  const { router, live } = useApp();
  const known = useLive((state) => state.known);
  const timeline = useTimeline(filter, known);
  const now = useMachineTime();
  const clock = useCallback(() => live.getState().time || Date.now(), [live]);
  const onFilter = useCallback((next: TimelineFilter) => router.go({ page: 'timeline', filter: next }), [router]);
  const onTyping = useCallback((next: TimelineFilter) => router.replace({ page: 'timeline', filter: next }), [router]);
  const isFiltered = !isEmptyFilter(filter);
  return (
    <>
      <PageHead title="Timeline">
        <output className="summary">{timeline !== null && timeline.status === 'ready' && formatTotal(timeline, isFiltered)}</output>
        <PageAsOf />
      </PageHead>
      <TimelineFilters filter={filter} types={timeline?.types ?? []} now={clock} onFilter={onFilter} onTyping={onTyping} />
      {timeline === null && <p className="page-empty">Loading…</p>}
      {timeline?.status === 'failed' && <LoadError timeline={timeline} />}
      {timeline?.status === 'ready' && timeline.events.length === 0 && <NoEvents isFiltered={isFiltered} onClear={() => onFilter(ALL_EVENTS)} />}
      {timeline !== null && timeline.events.length > 0 && <TimelineList timeline={timeline} now={now} />}
    </>
  );
}
