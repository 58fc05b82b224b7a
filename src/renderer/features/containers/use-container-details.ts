/** What an engine tells of one container, and what the timeline says of it. */
import { useEffect, useState } from 'react';
import type { ContainerDetails, ContainerInfo } from '../../../shared/containers/container-schemas';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import { useApp } from '../../app/app-context';
import { seriesOf } from '../../lib/event-text';

/** Events asked for, of which those about the container are kept, and those listed. */
const EVENTS = { asked: 200, listed: 20 } as const;

/** The answer of the engine; null while it is asked. */
export type DetailsResult = { readonly details: ContainerDetails } | { readonly failure: string } | null;

/** The details of a container, asked for again when it changes its state. */
export function useDetails({ id, state, health, startedAt }: ContainerInfo): DetailsResult {
  const { client } = useApp();
  const [result, setResult] = useState<DetailsResult>(null);
  const queryKey = JSON.stringify({ id, state, health, startedAt });
  useEffect(() => {
    let stopped = false;
    const { id: asked } = JSON.parse(queryKey) as Pick<ContainerInfo, 'id'>;
    void client.call('containerDetails', { id: asked }).then((response) => {
      if (!stopped) setResult(response.ok ? { details: response.value } : { failure: response.message });
    });
    return () => {
      stopped = true;
    };
  }, [client, queryKey]);
  return result;
}

/** Whether an event is about a series of the container. */
function isAbout(event: ActivityEvent, device: string): boolean {
  const series = seriesOf(event);
  return series?.family === 'container' && series.device === device;
}

/** The last events about a container, newest first; null while they are asked for. They name it, so that only those are asked for. */
export function useContainerEvents(device: string, name: string): readonly ActivityEvent[] | null {
  const { client } = useApp();
  const [events, setEvents] = useState<readonly ActivityEvent[] | null>(null);
  useEffect(() => {
    let stopped = false;
    const add = (more: readonly ActivityEvent[]): void => setEvents((before) => [...new Map([...more, ...(before ?? [])].map((event) => [event.id, event])).values()].toSorted((a, b) => b.id - a.id).slice(0, EVENTS.listed));
    const unsubscribe = client.subscribe((event) => {
      if (event.name === 'event' && isAbout(event.payload, device)) add([event.payload]);
    });
    void client.call('events', { text: name.slice(0, 200), limit: EVENTS.asked }).then((response) => {
      if (!stopped) add(response.ok ? response.value.events.filter((event) => isAbout(event, device)) : []);
    });
    return () => {
      stopped = true;
      unsubscribe();
    };
  }, [client, device, name]);
  return events;
}
