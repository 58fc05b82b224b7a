/** Which certificate a hub must show. */
import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import * as z from 'zod';

/** What is remembered of a hub's certificate. */
export const pinSchema = z.strictObject({
  /** SHA-256 of the certificate, as the hub shows it. */
  fingerprint: z.string(),
  /** SHA-256 of its public key (SPKI, DER), base64: a certificate that is issued again for other addresses has the same key. */
  key: z.string(),
});
/** What is remembered of a hub's certificate. */
export type Pin = z.infer<typeof pinSchema>;

/** The pin of a certificate. */
export function pinOf(certificate: X509Certificate): Pin {
  const der = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return { fingerprint: certificate.fingerprint256, key: createHash('sha256').update(der).digest('base64') };
}

/** True for the certificate that was pinned, and for one of the same key: who has that is the same server. */
export const matchesPin = (pin: Pin, shown: Pin): boolean => pin.fingerprint === shown.fingerprint || pin.key === shown.key;

/** A fingerprint as a person may write it (any case, with colons, spaces or nothing between), in the form of the certificate; null for none. */
export function toFingerprint(text: string): string | null {
  const digits = text.replace(/[^0-9a-z]/gi, '').toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : null;
}
