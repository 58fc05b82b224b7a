/** Events as the timeline shows them: pages of older ones, and new ones as they come. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { matchesEvent } from '../../../shared/timeline/event-filter';
import type { Client } from '../../../shared/api/client';
import type { ActivityEvent, EventsFilter } from '../../../shared/timeline/event-schemas';

/** Events asked for at once. */
const PAGE = 100;

/** What is there. */
export interface TimelineState {
  readonly status: 'loading' | 'ready' | 'failed';
  /** Why the newest, or the older ones, could not be had; empty otherwise. */
  readonly message: string;
  /** Newest first. */
  readonly events: readonly ActivityEvent[];
  /** How many match in all. */
  readonly total: number;
  /** Every type there is, whatever the filter. */
  readonly types: readonly string[];
  /** There are older ones that match. */
  readonly hasOlder: boolean;
  /** They are on their way. */
  readonly isLoadingOlder: boolean;
}

/** Keeps the events of one filter. */
export interface Timeline {
  readonly store: StoreApi<TimelineState>;
  /** Asks for the newest; what is there already stays where it joins them. */
  load(): Promise<void>;
  loadOlder(): Promise<void>;
  /** Answers and events that come later are dropped. */
  stop(): void;
}

/** The newest of both, each once: `fresh` in the place of what is known, or before it where they join without a hole. */
function joined(fresh: readonly ActivityEvent[], known: readonly ActivityEvent[], isWhole: boolean): readonly ActivityEvent[] {
  const oldest = fresh.at(-1)?.id ?? 0;
  const newest = known[0]?.id ?? 0;
  if (isWhole || oldest > newest) return fresh;
  return [...fresh, ...known.filter(({ id }) => id < oldest)];
}

/** Makes a keeper, and listens for new events at once, so that none falls between the question and its answer. */
export function createTimeline(client: Client, filter: EventsFilter): Timeline {
  const store = createStore<TimelineState>(() => ({ status: 'loading', message: '', events: [], total: 0, types: [], hasOlder: false, isLoadingOlder: false }));
  let waiting: readonly ActivityEvent[] | null = null;
  let stopped = false;

  const add = (event: ActivityEvent): void =>
    store.setState((state) => {
      const types = state.types.includes(event.type) ? state.types : [...state.types, event.type].sort();
      const isNew = event.id > (state.events[0]?.id ?? 0) && matchesEvent(event, filter);
      return isNew ? { types, events: [event, ...state.events], total: state.total + 1 } : { types };
    });
  const unsubscribe = client.subscribe((event) => {
    if (event.name !== 'event') return;
    if (waiting === null) add(event.payload);
    else waiting = [...waiting, event.payload];
  });
  const load = async (): Promise<void> => {
    if (waiting !== null) return;
    waiting = [];
    const answer = await client.call('events', { ...filter, limit: PAGE });
    const came = waiting;
    waiting = null;
    if (stopped) return;
    if (!answer.ok) {
      store.setState({ status: 'failed', message: answer.message });
      return;
    }
    const { events, total, types } = answer.value;
    const all = joined(events, store.getState().events, events.length < PAGE);
    store.setState({ status: 'ready', message: '', events: all, total, types, hasOlder: all.length < total });
    came.forEach(add);
  };
  const loadOlder = async (): Promise<void> => {
    const { events, hasOlder, isLoadingOlder } = store.getState();
    const before = events.at(-1)?.id;
    if (!hasOlder || isLoadingOlder || before === undefined) return;
    store.setState({ isLoadingOlder: true, message: '' });
    const answer = await client.call('events', { ...filter, before, limit: PAGE });
    if (stopped) return;
    if (!answer.ok) {
      store.setState({ isLoadingOlder: false, message: answer.message });
      return;
    }
    const older = answer.value.events;
    // Those that were asked for may be gone by now: then the end is reached, whatever the total says.
    store.setState((state) => ({ isLoadingOlder: false, total: answer.value.total, events: [...state.events, ...older], hasOlder: older.length === PAGE }));
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
