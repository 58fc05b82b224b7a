/** Creates self-signed certificates and reads any certificate. Keys are ECDSA P-256; times are epoch milliseconds. */
import { createPrivateKey, createPublicKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { messageOf } from '../../shared/result';
import { shortAddress } from '../access/addresses';
import { provideReflectMetadata } from './reflect-metadata-polyfill';

/** A certificate and its key, as PEM. `cert` may hold a chain, the server's certificate first. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What is read from a certificate. */
export interface CertificateFacts {
  /** SHA-256 of the certificate: upper-case pairs with colons. */
  readonly fingerprint: string;
  readonly validFrom: number;
  readonly validTo: number;
  /** Lower-case DNS names, wildcards included, and addresses in canonical form. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** A problem with a certificate or its key; the message is displayed. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** Names and addresses to issue a certificate for. */
export interface CertificateSubject {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

const DAY = 86_400_000;
/** Validity; Apple's systems refuse server certificates valid for more than 825 days. */
const LIFE = 800 * DAY;
/** Renewed when it is valid for less than this. */
const RENEW_BEFORE = 30 * DAY;
/** Back-dated by this, for clients whose clocks are slow. */
const BACKDATE = DAY;
/** More addresses are of no use, and a machine with many bridges has many. */
const MAX_ADDRESSES = 40;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The library needs the metadata API as soon as it is loaded. */
async function loadX509() {
  provideReflectMetadata();
  return import('@peculiar/x509');
}

/** The key pair of an earlier certificate's key (PEM), so that clients that pinned the key accept the new one; a new pair for null. */
async function keyPairOf(key: string | null): Promise<CryptoKeyPair> {
  if (key === null) return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const secret = createPrivateKey(key);
  const der = secret.export({ type: 'pkcs8', format: 'der' });
  const publicDer = createPublicKey(secret).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', publicDer, ALGORITHM, true, ['verify']),
  };
}

type CryptoKeyPair = Awaited<ReturnType<typeof webcrypto.subtle.generateKey>> & { privateKey: webcrypto.CryptoKey; publicKey: webcrypto.CryptoKey };

/** Creates a self-signed certificate; `key` is the PEM of an earlier key to use again, or null. */
export async function createCertificate({ names, addresses }: CertificateSubject, now: number, key: string | null = null): Promise<KeyPair> {
  const x509 = await loadX509();
  const keys = await keyPairOf(key);
  const cert = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: `01${randomBytes(15).toString('hex')}`,
      name: [{ CN: [`Traywatch on ${names.at(0) ?? 'this machine'}`.slice(0, 64)] }],
      notBefore: new Date(now - BACKDATE),
      notAfter: new Date(now + LIFE),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        new x509.SubjectAlternativeNameExtension([
          ...names.map((value) => ({ type: 'dns' as const, value })),
          ...addresses.slice(0, MAX_ADDRESSES).map((value) => ({ type: 'ip' as const, value })),
        ]),
      ],
    },
    webcrypto,
  );
  const secret = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { cert: `${cert.toString('pem')}\n`, key: secret.toString() };
}

function parse(cert: string): X509Certificate {
  try {
    return new X509Certificate(cert);
  } catch (error) {
    throw new CertificateError(`not a PEM certificate: ${messageOf(error)}`);
  }
}

/** Reads a certificate; throws a CertificateError for text that is none. */
export function describeCertificate(cert: string): CertificateFacts {
  const found = parse(cert);
  const entries = (found.subjectAltName ?? '').split(', ').map((entry) => entry.split(/:(.*)/s) as [string, string?]);
  const of = (kind: string): string[] => entries.flatMap(([type, value]) => (type === kind && value !== undefined ? [value.toLowerCase()] : []));
  return {
    fingerprint: found.fingerprint256,
    validFrom: Date.parse(found.validFrom),
    validTo: Date.parse(found.validTo),
    names: of('DNS'),
    addresses: of('IP Address').filter((address) => isIP(address) !== 0).map(shortAddress),
  };
}

/** Reads a certificate; throws a CertificateError unless key and certificate belong together and are valid now. */
export function checkKeyPair({ cert, key }: KeyPair, now: number): CertificateFacts {
  const facts = describeCertificate(cert);
  const secret = readKey(key);
  if (!parse(cert).checkPrivateKey(secret)) throw new CertificateError('key does not match the certificate');
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  if (facts.validTo <= now) throw new CertificateError(`certificate expired on ${day(facts.validTo)}`);
  if (facts.validFrom > now + BACKDATE) throw new CertificateError(`certificate not valid before ${day(facts.validFrom)}`);
  return facts;
}

function readKey(key: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(key)) throw new CertificateError('encrypted keys are not supported');
  try {
    return createPrivateKey(key);
  } catch (error) {
    throw new CertificateError(`not a PEM private key: ${messageOf(error)}`);
  }
}

/**
 * Why the self-signed certificate must be issued again, or null. Clients have to accept a new one by hand, so an address
 * that comes and goes is no reason: only IPv4 addresses count (IPv6 privacy addresses change daily), and those of earlier
 * networks stay in it.
 */
export function renewalReason(facts: CertificateFacts, subject: CertificateSubject, now: number): string | null {
  if (facts.validTo - now < RENEW_BEFORE) return 'it expires soon';
  const name = subject.names.find((name) => !facts.names.includes(name));
  if (name !== undefined) return `it is not valid for ${name}`;
  const address = subject.addresses.find((address) => isIP(address) === 4 && !facts.addresses.includes(address));
  return address === undefined ? null : `it is not valid for ${address}`;
}
