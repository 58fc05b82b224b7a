import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app/app-context';
import { toEventsFilter } from '../../lib/timeline-filter';
import type { TimelineFilter } from '../../lib/timeline-filter';
import { createTimeline } from './timeline-store';
import type { Timeline, TimelineState } from './timeline-store';

/** What a filter's events are shown with: those of the filter before, until the first answer to this one. */
export interface ShownTimeline extends TimelineState {
  readonly loadOlder: () => void;
  readonly retry: () => void;
}

/** The events of a filter, kept up while mounted; null until the first answer of all. `filter` is compared by its text. */
export function useTimeline(filter: TimelineFilter, started: boolean): ShownTimeline | null {
  const app = useApp();
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  const asked = JSON.stringify(filter);
  useEffect(() => {
    if (!started) return undefined;
    const created = createTimeline(app.client, toEventsFilter(JSON.parse(asked) as TimelineFilter, app.live.getState().time));
    const stopBatches = app.follow({ onBatch: () => undefined, onGap: () => void created.load() });
    let gone = false;
    void created.load().then(() => {
      if (!gone) setTimeline(created);
    });
    return () => {
      gone = true;
      created.stop();
      stopBatches();
    };
  }, [app, asked, started]);
  return useShown(timeline);
}

const NEVER: TimelineState = { status: 'loading', message: '', events: [], total: 0, types: [], hasOlder: false, isLoadingOlder: false };
const EMPTY = { getState: () => NEVER, getInitialState: () => NEVER, subscribe: () => () => undefined };

function useShown(timeline: Timeline | null): ShownTimeline | null {
  const state = useStore(timeline?.store ?? EMPTY);
  if (timeline === null) return null;
  return { ...state, loadOlder: () => void timeline.loadOlder(), retry: () => void timeline.load() };
}
