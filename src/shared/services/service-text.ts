/** Words about services: kinds, why one is not measured, what went wrong with a probe. */
import type { PROBE_FAULTS, Service, ServiceStatus } from './service-schemas';

type Fault = (typeof PROBE_FAULTS)[number];

/** Each kind: its name, and one sentence about what is asked. */
export const KIND_TEXTS: Readonly<Record<Service['kind'], { readonly label: string; readonly about: string }>> = {
  http: { label: 'Web address', about: 'Asks for a page or an API, and looks at the status code, the text and the certificate.' },
  tcp: { label: 'TCP port', about: 'Opens a connection to a port, with or without TLS: mail, SSH, any server.' },
  ping: { label: 'Ping', about: 'Asks whether a machine answers at all.' },
  postgresql: { label: 'PostgreSQL', about: 'Signs in to the database and counts its connections.' },
  heartbeat: { label: 'Heartbeat', about: 'Waits for a cron job or a backup to call in, and tells you when it did not.' },
};

/** Why a service is neither up nor down. */
export const NOT_MEASURED_TEXTS: Readonly<Record<NonNullable<ServiceStatus['notMeasured']>, string>> = {
  pending: 'not known yet',
  disabled: 'switched off',
  maintenance: 'in its maintenance window',
  asleep: 'this machine sleeps',
  woken: 'this machine has just woken',
  offline: 'this machine has no network',
  networkLost: 'this machine lost its network',
  paused: 'monitoring is paused',
  unable: 'it cannot be probed',
};

/** What went wrong, in a few words, without addresses. */
export const FAULT_TEXTS: Readonly<Record<Fault, string>> = {
  refused: 'connection refused',
  timeout: 'no answer in time',
  nameNotFound: 'name not found',
  unreachable: 'not reachable',
  noRoute: 'no way there from this machine',
  reset: 'connection closed by the other side',
  tls: 'no TLS connection',
  certificate: 'certificate not trusted',
  status: 'unexpected status code',
  keyword: 'text not as expected',
  tooManyRedirects: 'too many redirects',
  tooLarge: 'answer too large',
  badAnswer: 'answer not understood',
  notPermitted: 'not permitted',
  authentication: 'sign-in refused',
  tooManyConnections: 'no connection left',
  missed: 'did not call in',
  programMissing: 'a program is missing on this machine',
  addressRefused: 'address refused',
  secretMissing: 'a secret is missing',
  other: 'failed',
};
