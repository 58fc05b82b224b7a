/** Annotations of a metric page's charts: events and incidents of the range on its families, loaded once and updated as they occur. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Incident } from '../../../shared/alerts/incident';
import type { Client } from '../../../shared/api/client';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import type { FamilyId } from '../../../shared/metrics/index';
import { isAnnotated, isOfFamily } from '../../charts/annotation-groups';
import { windowOf } from '../../lib/range';
import type { RangeChoice } from '../../lib/range';

/** Events per query; more markers could not be distinguished. */
const MAX_EVENTS = 500;
/** Incidents per query, and kept. */
const MAX_INCIDENTS = 200;
/** Events kept while a live range receives new ones. */
const MAX_KEPT = 2 * MAX_EVENTS;

/** Both latest first. */
export interface AnnotationsState {
  readonly events: readonly ActivityEvent[];
  readonly incidents: readonly Incident[];
}

/** The annotations of one range. */
export interface Annotations {
  readonly store: StoreApi<AnnotationsState>;
  load(): Promise<void>;
  stop(): void;
}

/** No annotations. */
export const NO_ANNOTATIONS: AnnotationsState = { events: [], incidents: [] };

/** Creates them, empty, and subscribes to new ones; with a `device` only those about it; `now` returns the time of the latest batch. What a failed query would have returned stays as it was. */
export function createAnnotations(client: Client, families: readonly FamilyId[], choice: RangeChoice, now: () => number, device?: string): Annotations {
  const store = createStore<AnnotationsState>(() => NO_ANNOTATIONS);
  let stopped = false;
  const isIn = (time: number): boolean => choice.kind === 'live' || (time >= choice.from && time <= choice.to);
  const isShown = (event: ActivityEvent): boolean => families.some((family) => isAnnotated(event, family, device));
  const isOwn = (incident: Incident): boolean => families.some((family) => isOfFamily(incident, family, device));
  const unsubscribe = client.subscribe((event) => {
    if (event.name === 'event' && isShown(event.payload) && isIn(event.payload.time)) {
      const { payload } = event;
      store.setState(({ events }) => ({ events: [payload, ...events.filter(({ id }) => id !== payload.id)].slice(0, MAX_KEPT) }));
    } else if (event.name === 'incident' && isOwn(event.payload) && isIn(event.payload.firedAt)) {
      const { payload } = event;
      store.setState(({ incidents }) => ({ incidents: [payload, ...incidents.filter(({ id }) => id !== payload.id)].toSorted((a, b) => b.firedAt - a.firedAt).slice(0, MAX_INCIDENTS) }));
    }
  });
  const load = async (): Promise<void> => {
    const { from, to } = windowOf(choice, now());
    const range = { from: Math.max(0, from), to: to + 1 };
    const [events, incidents] = await Promise.all([client.call('events', { ...range, limit: MAX_EVENTS }), client.call('incidents', { ...range, limit: MAX_INCIDENTS })]);
    if (stopped) return;
    store.setState((state) => {
      const newest = events.ok ? (events.value.events[0]?.id ?? 0) : 0;
      return {
        // Events that arrived during the query are kept.
        events: events.ok ? [...state.events.filter(({ id }) => id > newest), ...events.value.events.filter(isShown)] : state.events,
        incidents: incidents.ok ? incidents.value.filter(isOwn) : state.incidents,
      };
    });
  };
  return {
    store,
    load,
    stop() {
      stopped = true;
      unsubscribe();
    },
  };
}
