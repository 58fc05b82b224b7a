/** Store of the timeline: loads events in pages, and adds new ones as they arrive. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { matchesEvent } from '../../../shared/timeline/event-filter';
import type { Client } from '../../../shared/api/client';
import type { ActivityEvent, EventsFilter } from '../../../shared/timeline/event-schemas';

/** Events in one page. */
const PAGE_SIZE = 100;

/** The loaded events of one filter. */
export interface TimelineState {
  readonly status: 'loading' | 'ready' | 'failed';
  /** Why the last page could not be loaded; empty after success. */
  readonly message: string;
  /** Newest first. */
  readonly events: readonly ActivityEvent[];
  /** Number of events that match the filter. */
  readonly total: number;
  /** Every event type in the history, whatever the filter. */
  readonly types: readonly string[];
  /** True while older events match. */
  readonly hasOlder: boolean;
  /** True while older events are loaded. */
  readonly isLoadingOlder: boolean;
}

/** Loads the events of one filter. */
export interface Timeline {
  readonly store: StoreApi<TimelineState>;
  /** Loads the newest page. Loaded events stay if the page reaches them, so that no event is missing between. */
  load(): Promise<void>;
  loadOlder(): Promise<void>;
  /** Ends the subscription; later responses and events are ignored. */
  stop(): void;
}

/** Merges a new first page with the loaded events, each event once. `isComplete`: the page has every event. Without an overlap only the page is kept. */
function mergePage(page: readonly ActivityEvent[], loaded: readonly ActivityEvent[], isComplete: boolean): readonly ActivityEvent[] {
  const oldest = page.at(-1)?.id ?? 0;
  const newest = loaded[0]?.id ?? 0;
  if (isComplete || oldest > newest) return page;
  return [...page, ...loaded.filter(({ id }) => id < oldest)];
}

/** Creates the store. It subscribes to new events at once, so that none is missed between the first request and its response. */
export function createTimeline(client: Client, filter: EventsFilter): Timeline {
  const store = createStore<TimelineState>(() => ({ status: 'loading', message: '', events: [], total: 0, types: [], hasOlder: false, isLoadingOlder: false }));
  /** Events that arrived during a request; null while none is running. */
  let arrived: readonly ActivityEvent[] | null = null;
  let stopped = false;

  const add = (event: ActivityEvent): void =>
    store.setState((state) => {
      const types = state.types.includes(event.type) ? state.types : [...state.types, event.type].sort();
      const isNew = event.id > (state.events[0]?.id ?? 0) && matchesEvent(event, filter);
      return isNew ? { types, events: [event, ...state.events], total: state.total + 1 } : { types };
    });
  const unsubscribe = client.subscribe((event) => {
    if (event.name !== 'event') return;
    if (arrived === null) add(event.payload);
    else arrived = [...arrived, event.payload];
  });
  const load = async (): Promise<void> => {
    if (arrived !== null) return;
    arrived = [];
    const response = await client.call('events', { ...filter, limit: PAGE_SIZE });
    const arrivedMeanwhile = arrived;
    arrived = null;
    if (stopped) return;
    if (!response.ok) {
      store.setState({ status: 'failed', message: response.message });
      return;
    }
    const { events, total, types } = response.value;
    const all = mergePage(events, store.getState().events, events.length < PAGE_SIZE);
    store.setState({ status: 'ready', message: '', events: all, total, types, hasOlder: all.length < total });
    arrivedMeanwhile.forEach(add);
  };
  const loadOlder = async (): Promise<void> => {
    const { events, hasOlder, isLoadingOlder } = store.getState();
    const before = events.at(-1)?.id;
    if (!hasOlder || isLoadingOlder || before === undefined) return;
    store.setState({ isLoadingOlder: true, message: '' });
    const response = await client.call('events', { ...filter, before, limit: PAGE_SIZE });
    if (stopped) return;
    if (!response.ok) {
      store.setState({ isLoadingOlder: false, message: response.message });
      return;
    }
    const older = response.value.events;
    // Older events may have been deleted meanwhile: a short page is the last one, whatever the total is.
    store.setState((state) => ({ isLoadingOlder: false, total: response.value.total, events: [...state.events, ...older], hasOlder: older.length === PAGE_SIZE }));
  };
  return {
    store,
    load,
    loadOlder,
    stop() {
      stopped = true;
      unsubscribe();
    },
  };
}
