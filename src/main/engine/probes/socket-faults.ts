/** Errors of sockets, TLS and HTTP as faults, in words. Pure. */
import { codeOf, messageOf } from '../../../shared/result';
import { ProbeError } from './prober';
import type { ProbeFault } from './prober';

/** Fault and words by the error's code; the words go on with where it happened. */
const BY_CODE: Readonly<Record<string, readonly [fault: ProbeFault, words: (where: string) => string]>> = {
  ECONNREFUSED: ['refused', (where) => `connection refused by ${where}`],
  ECONNRESET: ['reset', (where) => `${where} closed the connection without an answer`],
  EPIPE: ['reset', (where) => `${where} closed the connection without an answer`],
  ETIMEDOUT: ['timeout', (where) => `${where} does not answer`],
  EHOSTUNREACH: ['unreachable', (where) => `${where} cannot be reached`],
  EHOSTDOWN: ['unreachable', (where) => `${where} cannot be reached`],
  ENETUNREACH: ['noRoute', (where) => `this machine has no route to ${where}`],
  ENETDOWN: ['noRoute', (where) => `this machine has no route to ${where}`],
  EADDRNOTAVAIL: ['noRoute', (where) => `this machine has no address from which ${where} can be reached`],
  EACCES: ['notPermitted', (where) => `this machine does not permit a connection to ${where}; look at its firewall`],
  EPERM: ['notPermitted', (where) => `this machine does not permit a connection to ${where}; look at its firewall`],
  HPE_HEADER_OVERFLOW: ['tooLarge', (where) => `the headers that ${where} sends are too large`],
};

/** Several addresses were tried: what another machine said counts more than that there is no way to one of them. */
function firstCause(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  const causes: readonly unknown[] = error.errors;
  return causes.find((cause) => BY_CODE[codeOf(cause) ?? '']?.[0] !== 'noRoute') ?? causes[0] ?? error;
}

/** Where an error of the system happened: it names the address that was tried. */
function placeOf(error: unknown, where: string): string {
  if (!(error instanceof Error) || !('address' in error) || !('port' in error)) return where;
  const address = String(error.address);
  return `${address.includes(':') ? `[${address}]` : address}:${String(error.port)}`;
}

/** Words of OpenSSL and BoringSSL for a server that answers in another protocol. */
const NO_TLS = /wrong version number|http request|packet length too long|record overflow/;

/** The library's own words, without where in its sources they were written. */
function tlsReason(error: unknown): string {
  const reason = error instanceof Error && 'reason' in error && typeof error.reason === 'string' ? error.reason : messageOf(error);
  const words = (reason.split(':').at(-1) ?? reason).trim().replaceAll('_', ' ').toLowerCase();
  return NO_TLS.test(words) ? 'it answers in another protocol' : words;
}

/** The fault of an error of a socket, TLS or HTTP. `where` is "example.org:443". */
export function faultOf(error: unknown, where: string): ProbeError {
  if (error instanceof ProbeError) return error;
  const cause = firstCause(error);
  const code = codeOf(cause) ?? '';
  const known = BY_CODE[code];
  if (known !== undefined) return new ProbeError(known[0], known[1](placeOf(cause, where)));
  if (code.startsWith('HPE_')) return new ProbeError('badAnswer', `${where} does not answer in HTTP`);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return new ProbeError('tls', `no TLS with ${where}: ${tlsReason(cause)}`);
  return new ProbeError('other', `${messageOf(cause)} (${where})`);
}
