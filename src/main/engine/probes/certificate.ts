/** What a server's certificates say: how long they are valid, and why one is not believed. */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** A certificate as far as it is told. Times in epoch ms. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: number;
  readonly validTo: number;
  /** True for one that every machine knows by itself: that such a one ends, or its copy in a chain, troubles nobody. */
  isPublicRoot(): boolean;
}

const DAY = 86_400_000;
/** A chain that is longer is none. */
const MAX_CHAIN = 10;

/** "CN=example.org, O=Example" of the lines in which Node gives a name. */
const nameOf = (lines: string): string => lines.split('\n').join(', ');

/** By name and key: signed by another authority, too, it is the same root with another end. */
function isPublicRoot(certificate: X509Certificate): boolean {
  return rootCertificates.some((pem) => {
    const root = new X509Certificate(pem);
    return root.subject === certificate.subject && root.publicKey.equals(certificate.publicKey);
  });
}

function factsOf(raw: Buffer): CertificateFacts {
  const certificate = new X509Certificate(raw);
  return {
    subject: nameOf(certificate.subject ?? ''),
    issuer: nameOf(certificate.issuer ?? ''),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    isPublicRoot: () => isPublicRoot(certificate),
  };
}

/** The chain, the server's own certificate first. */
export function chainOf(socket: Pick<TLSSocket, 'getPeerCertificate'>): readonly CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // A server without a certificate has an empty object; the last one is its own issuer.
  while (next?.raw !== undefined && chain.length < MAX_CHAIN) {
    chain.push(factsOf(next.raw));
    const issuer: DetailedPeerCertificate | undefined = next.issuerCertificate;
    next = issuer === next || issuer?.fingerprint256 === next.fingerprint256 ? undefined : issuer;
  }
  return chain;
}

/** The one that ends first, of those that matter: the server's own, and any other but a public root. Null for an empty chain. Pure. */
export function firstToEnd(chain: readonly CertificateFacts[]): CertificateFacts | null {
  const [own, ...others] = chain;
  if (own === undefined) return null;
  // Whether one is a public root takes some ms to find out, and is asked only where it matters.
  const sooner = others.filter(({ validTo }) => validTo < own.validTo).toSorted((a, b) => a.validTo - b.validTo);
  return sooner.find((one) => !one.isPublicRoot()) ?? own;
}

/** Days until a time; negative after it. */
export const daysUntil = (time: number, now: number): number => (time - now) / DAY;

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** What is told of a chain, a line per certificate. */
export function chainLines(chain: readonly CertificateFacts[]): readonly string[] {
  return chain.map(({ subject, issuer, validTo }, at) => `${at === 0 ? 'Certificate' : 'Certificate above it'}: ${subject}; issued by ${issuer}; valid until ${day(validTo)}`);
}

const UNKNOWN_AUTHORITY = 'its authority is not known. If it is yours, give its certificate to this service';

/** Words for the reasons of OpenSSL, by the codes that Node passes on (verify(1)). */
const REASONS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed. If it is yours, give it to this service as its authority',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `${UNKNOWN_AUTHORITY}, or let the server send all certificates`,
  CERT_REVOKED: 'it was revoked',
  CERT_CHAIN_TOO_LONG: 'there are too many certificates above it',
  INVALID_PURPOSE: 'it is not meant for a server',
};

/** Why a chain is not believed: "it is not valid for example.org". `code` is what Node gives as the authorization error. Pure. */
export function distrustReason(code: string, chain: readonly CertificateFacts[], host: string, now: number): string {
  const ended = chain.find(({ validTo }) => validTo <= now);
  const early = chain.find(({ validFrom }) => validFrom > now);
  if (code === 'CERT_HAS_EXPIRED' && ended !== undefined) return `${ended === chain[0] ? 'it' : `${ended.subject} above it`} expired on ${day(ended.validTo)}`;
  if (code === 'CERT_NOT_YET_VALID' && early !== undefined) return `it is not valid before ${day(early.validFrom)}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `it is not valid for ${host}`;
  return REASONS[code] ?? code;
}
