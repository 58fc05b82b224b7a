/** The alert whose link led to a metric page. */
import { useEffect, useState } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import { firedAtOf, incidentWindow } from '../../../shared/alerts/incident-path';
import { isOfFamily } from '../../charts/annotation-groups';
import { useAlerts, useApp } from '../../app/app-context';
import { rangeAround } from '../../lib/event-text';
import { fixedRange } from '../../lib/range';
import type { MetricAddress } from './use-ranges';

/** Incidents that may have been open at the same time. */
const MAX_INCIDENTS = 1000;

/** A look-up that has ended; null where there is no such incident any more. */
interface Found {
  readonly id: string;
  readonly incident: Incident | null;
}

/** Looks an incident up that is not open. */
function useStoredIncident(id: string | null): Found | null {
  const { client } = useApp();
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (id === null) return undefined;
    const firedAt = firedAtOf(id);
    let stopped = false;
    const answer = (incident: Incident | null): void => {
      if (!stopped) setFound({ id, incident });
    };
    if (firedAt === null) answer(null);
    else void client.call('incidents', { from: firedAt, to: firedAt + 1, limit: MAX_INCIDENTS }).then((response) => answer(response.ok ? (response.value.find((one) => one.id === id) ?? null) : null));
    return () => {
      stopped = true;
    };
  }, [client, id]);
  return id !== null && found?.id === id ? found : null;
}

/** The incident of the address: null while it is looked up, and where it is none of this page. A link without its times becomes one with them. */
export function useLinkedIncident({ family, range, at, incident: id, device }: Omit<MetricAddress, 'compare'>): Incident | null {
  const { live, router } = useApp();
  const open = useAlerts(({ state }) => state?.incidents.find((one) => one.id === id) ?? null);
  const isKnown = useAlerts(({ state }) => state !== null);
  const stored = useStoredIncident(id !== undefined && isKnown && open === null ? id : null);
  const incident = open ?? stored?.incident ?? null;
  const isDone = open !== null || stored !== null;
  const isLive = range.kind === 'live';
  const { span } = range;
  useEffect(() => {
    if (id === undefined || !isLive || !isDone) return;
    const now = live.getState().time;
    const window = incident === null ? rangeAround(at ?? now, now) : incidentWindow(incident, now);
    router.replace({ page: 'family', family, range: fixedRange(window.from, window.to, span, now), ...(at === undefined ? {} : { at }), ...(incident === null ? {} : { incident: id }), ...(device === undefined ? {} : { device }) });
  }, [id, isLive, isDone, incident, at, family, device, span, live, router]);
  return incident !== null && isOfFamily(incident, family, device) ? incident : null;
}
