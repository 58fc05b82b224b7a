/** Makes the server's own certificate, and looks into any. Keys are ECDSA P-256; times are epoch milliseconds. */
import { createPrivateKey, createPublicKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { messageOf } from '../../shared/result';
import { plainAddress } from '../access/addresses';
import { provideReflectMetadata } from './reflect-metadata-polyfill';

/** A certificate with its key, as PEM. `cert` may hold a chain, the server's own first. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateFacts {
  /** SHA-256 over the certificate: upper-case pairs with colons. */
  readonly fingerprint: string;
  readonly validFrom: number;
  readonly validTo: number;
  /** Lower-case DNS names, wildcards included, and plain addresses it stands for. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** Something is wrong with a certificate or its key; the message is for a person. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** Whom a certificate is to stand for. */
export interface CertificateSubject {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

const DAY = 86_400_000;
/** Apple's systems take no server certificate that is valid for more than 825 days. */
const LIFE = 800 * DAY;
/** A certificate is renewed when it has this long to go. */
const RENEW_BEFORE = 30 * DAY;
/** Back-dated, for viewers whose clocks are behind. */
const BACKDATE = DAY;
/** More addresses are of no use to anybody, and a machine with many bridges has many. */
const MAX_ADDRESSES = 40;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The library asks for the metadata API the moment it is loaded. */
async function loadX509() {
  provideReflectMetadata();
  return import('@peculiar/x509');
}

/** The key of an earlier certificate, so that who pinned the key need not learn a new one; else a new key. */
async function keysOf(key: string | null): Promise<CryptoKeyPair> {
  if (key === null) return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const secret = createPrivateKey(key);
  const der = secret.export({ type: 'pkcs8', format: 'der' });
  const open = createPublicKey(secret).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', open, ALGORITHM, true, ['verify']),
  };
}

type CryptoKeyPair = Awaited<ReturnType<typeof webcrypto.subtle.generateKey>> & { privateKey: webcrypto.CryptoKey; publicKey: webcrypto.CryptoKey };

/** Makes a self-signed certificate for a subject; `key` is an earlier one's PEM to keep, or null. */
export async function makeCertificate({ names, addresses }: CertificateSubject, now: number, key: string | null = null): Promise<KeyPair> {
  const x509 = await loadX509();
  const keys = await keysOf(key);
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
    throw new CertificateError(`this is no PEM certificate: ${messageOf(error)}`);
  }
}

/** Reads what a certificate says; throws a CertificateError for text that is none. */
export function describeCertificate(cert: string): CertificateFacts {
  const found = parse(cert);
  const entries = (found.subjectAltName ?? '').split(', ').map((entry) => entry.split(/:(.*)/s) as [string, string?]);
  const of = (kind: string): string[] => entries.flatMap(([type, value]) => (type === kind && value !== undefined ? [value.toLowerCase()] : []));
  return {
    fingerprint: found.fingerprint256,
    validFrom: Date.parse(found.validFrom),
    validTo: Date.parse(found.validTo),
    names: of('DNS'),
    addresses: of('IP Address').filter((address) => isIP(address) !== 0).map(compress),
  };
}

/** OpenSSL spells IPv6 addresses out in full; a URL's host parser brings the short form. */
function compress(address: string): string {
  return address.includes(':') ? plainAddress(new URL(`http://[${address}]/`).hostname.slice(1, -1)) : address;
}

/** Throws a CertificateError unless certificate and key belong together and serve now. */
export function checkKeyPair({ cert, key }: KeyPair, now: number): CertificateFacts {
  const facts = describeCertificate(cert);
  const secret = readKey(key);
  if (!parse(cert).checkPrivateKey(secret)) throw new CertificateError('the key does not belong to the certificate');
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  if (facts.validTo <= now) throw new CertificateError(`the certificate ended on ${day(facts.validTo)}`);
  if (facts.validFrom > now + BACKDATE) throw new CertificateError(`the certificate begins on ${day(facts.validFrom)}`);
  return facts;
}

function readKey(key: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(key)) throw new CertificateError('the key has a passphrase: give one without');
  try {
    return createPrivateKey(key);
  } catch (error) {
    throw new CertificateError(`this is no PEM private key: ${messageOf(error)}`);
  }
}

/**
 * Why the server's own certificate must be made anew, or null. Viewers have to accept a new one by hand, so it is not
 * for an address that comes and goes: only IPv4 addresses count (privacy addresses of IPv6 change daily), and those of
 * earlier places stay in it.
 */
export function renewalOf(facts: CertificateFacts, subject: CertificateSubject, now: number): string | null {
  if (facts.validTo - now < RENEW_BEFORE) return 'it ends soon';
  const name = subject.names.find((name) => !facts.names.includes(name));
  if (name !== undefined) return `it does not stand for ${name}`;
  const address = subject.addresses.find((address) => isIP(address) === 4 && !facts.addresses.includes(address));
  return address === undefined ? null : `it does not stand for ${address}`;
}
