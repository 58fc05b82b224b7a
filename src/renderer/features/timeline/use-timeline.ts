/** The timeline's store for the filter of the page. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app/app-context';
import { toEventsFilter } from '../../lib/timeline-filter';
import type { TimelineFilter } from '../../lib/timeline-filter';
import { createTimeline } from './timeline-store';
import type { Timeline, TimelineState } from './timeline-store';

/** The state and the commands of the timeline that is shown. */
export interface ShownTimeline extends TimelineState {
  readonly loadOlder: () => void;
  readonly retry: () => void;
}

/**
 * The events of a filter, updated while mounted; null until the first response. After a change of the filter the events of
 * the previous one stay until the response. `filter` is compared as JSON; nothing is loaded before `started`.
 */
export function useTimeline(filter: TimelineFilter, started: boolean): ShownTimeline | null {
  const app = useApp();
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  const filterJson = JSON.stringify(filter);
  useEffect(() => {
    if (!started) return undefined;
    const created = createTimeline(app.client, toEventsFilter(JSON.parse(filterJson) as TimelineFilter, app.live.getState().time));
    const stopBatches = app.follow({ onBatch: () => undefined, onGap: () => void created.load() });
    let stopped = false;
    void created.load().then(() => {
      if (!stopped) setTimeline(created);
    });
    return () => {
      stopped = true;
      created.stop();
      stopBatches();
    };
  }, [app, filterJson, started]);
  return useShownTimeline(timeline);
}

const NOT_LOADED: TimelineState = { status: 'loading', message: '', events: [], total: 0, types: [], hasOlder: false, isLoadingOlder: false };
/** Stands in for the store until the first response. */
const NO_TIMELINE = { getState: () => NOT_LOADED, getInitialState: () => NOT_LOADED, subscribe: () => () => undefined };

function useShownTimeline(timeline: Timeline | null): ShownTimeline | null {
  const state = useStore(timeline?.store ?? NO_TIMELINE);
  if (timeline === null) return null;
  return { ...state, loadOlder: () => void timeline.loadOlder(), retry: () => void timeline.load() };
}
