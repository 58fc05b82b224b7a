/** Words about services: what went wrong with a probe. */
import type { PROBE_FAULTS } from './service-schemas';

type Fault = (typeof PROBE_FAULTS)[number];

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
