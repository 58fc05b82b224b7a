/** Services as everyone may see them: what is probed, how it is, and since when. */
import type { Service, ServiceStatus } from '../../shared/services/service-schemas';
import type { ServiceRaw } from '../engine/probes/types';

const withPort = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** What is probed, in one line; null for what is waited for. Pure. */
function targetOf(service: Service): string | null {
  if (service.kind === 'heartbeat') return null;
  if (service.kind === 'http') return service.url;
  if (service.kind === 'ping') return service.host;
  const place = withPort(service.host, service.port);
  return service.kind === 'tcp' ? place : `${place}/${service.database}`;
}

/** What can be said of a service, beside how it was set up. */
export interface StatusFacts {
  readonly raw: ServiceRaw | undefined;
  /** Epoch ms. */
  readonly since: number | null;
  readonly nextAt: number | null;
}

/** A service as everyone may see it, without what came back in detail. Pure. */
export function toStatus(service: Service, { raw, since, nextAt }: StatusFacts): ServiceStatus {
  const { id, name, kind, intervalSeconds } = service;
  const result = raw?.result ?? null;
  return {
    id, name, kind, intervalSeconds, since, nextAt,
    target: targetOf(service),
    isUp: raw?.isUp ?? null,
    notMeasured: raw === undefined ? 'pending' : raw.notMeasured,
    result: result === null ? null : { ...result, details: [] },
  };
}

/** Notes since when each service is what it is. */
export class Since {
  readonly #known = new Map<string, { readonly state: string; readonly since: number }>();

  /** Takes what all are now; `now` in epoch ms. */
  take(services: readonly ServiceRaw[], now: number): void {
    const ids = new Set(services.map(({ device }) => device));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    for (const { device, isUp, notMeasured } of services) {
      const state = `${String(isUp)} ${notMeasured ?? ''}`;
      if (this.#known.get(device)?.state !== state) this.#known.set(device, { state, since: now });
    }
  }

  /** Epoch ms; null for one that is not known. */
  of(id: string): number | null {
    return this.#known.get(id)?.since ?? null;
  }
}
