/** To whom a service's secrets may go. Pure. */
import type { Service } from './service-schemas';

/** Scheme, host and port of a URL that the schema lets pass; without a port that is the scheme's own. Written otherwise, it counts as another. */
function originOf(url: string): string {
  const origin = /^https?:\/\/[^/?#]+/i.exec(url)?.[0].toLowerCase() ?? url;
  return origin.replace(/^(http:.*):80$|^(https:.*):443$/, '$1$2');
}

/**
 * Whom a service asks, and how it is made sure that it is the right one. Path, query, text and times may change without it being
 * somebody else.
 */
export function placeOf(service: Service): string {
  if (service.kind === 'heartbeat' || service.kind === 'ping') return service.kind;
  const { kind, certificate, ca } = service;
  if (kind === 'http') {
    const origin = originOf(service.url);
    return JSON.stringify([kind, origin, ...(origin.startsWith('https:') ? [certificate, ca] : [])]);
  }
  return JSON.stringify([kind, service.host, service.port, service.tls, ...(kind === 'postgresql' ? [service.database] : []), certificate, ca]);
}

/** True where the secrets of one would go to somebody else with the other. */
export const isElsewhere = (before: Service, after: Service): boolean => placeOf(before) !== placeOf(after);
