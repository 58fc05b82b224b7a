/** Where certificates come from: the server's own, kept in the user-data folder, or files a person names. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../lib/atomic-file';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';
import { renameSync } from 'node:fs';
import { messageOf } from '../../shared/result';
import { ownNames } from '../access/addresses';
import type { LocalHost } from '../access/addresses';
import { CertificateError, checkKeyPair, describeCertificate, makeCertificate, renewalOf } from './certificate';
import type { CertificateFacts, KeyPair, CertificateSubject } from './certificate';

/** A certificate ready to serve with. */
export interface LoadedCertificate extends KeyPair {
  readonly own: boolean;
  readonly facts: CertificateFacts;
}

/** What the own certificate needs. */
export interface OwnCertificateParts {
  /** Folder that only this user may read. */
  readonly folder: string;
  readonly now: () => number;
  readonly log: Log;
}

/** Larger files are not certificates. */
const MAX_BYTES = 256 * 1024;

/** Whom the own certificate stands for. */
export function subjectOf(localHost: LocalHost): CertificateSubject {
  const outside = localHost.addresses.filter(({ loopback, linkLocal }) => !loopback && !linkLocal).map(({ address }) => address);
  return { names: ownNames(localHost), addresses: [...new Set(['127.0.0.1', '::1', ...outside])] };
}

/** Certificate and key stand in one file: one write, so that they always belong together. */
function split(text: string): KeyPair {
  const key = /-----BEGIN PRIVATE KEY-----[^]+?-----END PRIVATE KEY-----\n?/.exec(text)?.[0] ?? '';
  return { key, cert: text.replace(key, '') };
}

/** What is kept, or null where nothing usable is; what is broken is set aside. */
function readOwn(file: string, { now, log }: OwnCertificateParts): (KeyPair & { facts: CertificateFacts }) | null {
  if (!existsSync(file)) return null;
  try {
    const pair = split(readFileSync(file, 'utf8'));
    // An ended one still has a key to go on with.
    const facts = describeCertificate(pair.cert);
    checkKeyPair(pair, Math.min(now(), facts.validTo - 1));
    return { ...pair, facts };
  } catch (error) {
    const path = quarantinePath(file, now());
    renameSync(file, path);
    log.error('the certificate was not usable and has been set aside', { path, reason: messageOf(error) });
    return null;
  }
}

/** The server's own certificate: made on first use, made anew with the same key when it ends soon or no longer fits. */
export async function loadOwnCertificate(parts: OwnCertificateParts, localHost: LocalHost): Promise<LoadedCertificate> {
  const file = join(parts.folder, 'lan-certificate.pem');
  const subject = subjectOf(localHost);
  const kept = readOwn(file, parts);
  const reason = kept === null ? 'there was none' : renewalOf(kept.facts, subject, parts.now());
  if (kept !== null && reason === null) return { ...kept, own: true };
  // A laptop between two networks must not get a new certificate at each change.
  const addresses = [...new Set([...subject.addresses, ...(kept?.facts.addresses.filter((address) => !address.includes(':')) ?? [])])];
  const made = await makeCertificate({ ...subject, addresses }, parts.now(), kept?.key ?? null);
  writeFileAtomically(file, `${made.key}${made.cert}`);
  const facts = describeCertificate(made.cert);
  parts.log.info('made a certificate', { reason, fingerprint: facts.fingerprint });
  return { ...made, own: true, facts };
}

function readFile(what: string, path: string | null): string {
  if (path === null) throw new CertificateError(`no file is named for the ${what}`);
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > MAX_BYTES) throw new CertificateError('this is no file of a certificate’s size');
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CertificateError(`the ${what}, ${path}: ${messageOf(error)}`);
  }
}

/** A certificate of the user's own; throws a CertificateError that says what is wrong with which file. */
export function loadCustomCertificate(certFile: string | null, keyFile: string | null, now: number): LoadedCertificate {
  const pair = { cert: readFile('certificate', certFile), key: readFile('key', keyFile) };
  return { ...pair, own: false, facts: checkKeyPair(pair, now) };
}
