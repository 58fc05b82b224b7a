/** The state of a server that listens, and the error of one that cannot. Pure. */
import type { LanErrorReason, LanState, MissingAddress } from '../../shared/sharing/lan-state';
import { urlsOf } from '../access/addresses';
import type { LocalHost } from '../access/addresses';
import type { LoadedCertificate } from './certificate-file';

/** Where and how a server listens. */
interface Listening {
  readonly port: number;
  /** Addresses of its sockets. */
  readonly bound: readonly string[];
  readonly certificate: LoadedCertificate | null;
  readonly publicUrls: readonly string[];
}

/** URLs, those of the machine first, and the certificate. */
export function listeningState({ port, bound, certificate, publicUrls }: Listening, localHost: LocalHost): Pick<Extract<LanState, { state: 'listening' }>, 'state' | 'urls' | 'certificate'> {
  const urls = [...urlsOf(certificate === null ? 'http' : 'https', port, bound, localHost), ...publicUrls];
  if (certificate === null) return { state: 'listening', urls, certificate };
  const { selfSigned, facts, problem } = certificate;
  return { state: 'listening', urls, certificate: { selfSigned, fingerprint: facts.fingerprint, validFrom: facts.validFrom, validTo: facts.validTo, problem } };
}

/** Thrown while starting; `reason` becomes part of the state. */
export class StartError extends Error {
  constructor(
    readonly reason: LanErrorReason,
    message: string,
  ) {
    super(message);
  }
}

/** The error for a server of which no address can be bound. */
export function noListenerError(missing: readonly MissingAddress[]): StartError {
  return new StartError(missing[0]?.reason ?? 'other', missing.map(({ message }) => message).join('; '));
}
