/** Loads the server's certificate: the self-signed one, stored in the user-data folder, or files named in the settings. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../lib/atomic-file';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';
import { renameSync } from 'node:fs';
import { messageOf } from '../../shared/result';
import { ownNames } from '../access/addresses';
import type { LocalHost } from '../access/addresses';
import { CertificateError, checkKeyPair, describeCertificate, createCertificate, renewalReason } from './certificate';
import type { CertificateFacts, KeyPair, CertificateSubject } from './certificate';

/** A certificate with its key, ready to use. */
export interface LoadedCertificate extends KeyPair {
  readonly selfSigned: boolean;
  readonly facts: CertificateFacts;
}

/** What the self-signed certificate needs. */
export interface SelfSignedCertificateParts {
  /** Folder of the file; only this user may read it. */
  readonly folder: string;
  readonly now: () => number;
  readonly log: Log;
}

/** Names announced earlier that a new certificate keeps. */
const MAX_EARLIER_NAMES = 20;
/** Larger files are not read, bytes. */
const MAX_BYTES = 256 * 1024;

/** Names and addresses the self-signed certificate is issued for. */
export function subjectOf(localHost: LocalHost): CertificateSubject {
  const reachable = localHost.addresses.filter(({ loopback, linkLocal }) => !loopback && !linkLocal).map(({ address }) => address);
  return { names: ownNames(localHost), addresses: [...new Set(['127.0.0.1', '::1', ...reachable])] };
}

/** Whether multicast DNS may have given the name: that of the host, with a number. */
function isAnnouncedName(name: string, { hostname }: LocalHost): boolean {
  const first = hostname.split('.')[0] ?? '';
  return name.startsWith(`${first}-`) && /^\d+(\.local)?$/.test(name.slice(first.length + 1));
}

/** Splits the stored file. Certificate and key are in one file, written at once, so that they always belong together. */
function split(text: string): KeyPair {
  const key = /-----BEGIN PRIVATE KEY-----[^]+?-----END PRIVATE KEY-----\n?/.exec(text)?.[0] ?? '';
  return { key, cert: text.replace(key, '') };
}

/** The stored certificate; null where there is none. One that is damaged is moved aside with a timestamp. */
function readStored(file: string, { now, log }: SelfSignedCertificateParts): (KeyPair & { facts: CertificateFacts }) | null {
  if (!existsSync(file)) return null;
  try {
    const pair = split(readFileSync(file, 'utf8'));
    // The key of an expired certificate is used again.
    const facts = describeCertificate(pair.cert);
    checkKeyPair(pair, Math.min(now(), facts.validTo - 1));
    return { ...pair, facts };
  } catch (error) {
    const path = quarantinePath(file, now());
    renameSync(file, path);
    log.error('the certificate was not usable and has been moved', { path, reason: messageOf(error) });
    return null;
  }
}

/** The self-signed certificate: created on first use, and again with the same key when it expires soon or no longer fits. */
export async function loadSelfSignedCertificate(parts: SelfSignedCertificateParts, localHost: LocalHost): Promise<LoadedCertificate> {
  const file = join(parts.folder, 'lan-certificate.pem');
  const subject = subjectOf(localHost);
  const stored = readStored(file, parts);
  const reason = stored === null ? 'there was none' : renewalReason(stored.facts, subject, parts.now());
  if (stored !== null && reason === null) return { ...stored, selfSigned: true };
  // Earlier IPv4 addresses stay in: a laptop between two networks must not get a new certificate at each change.
  const addresses = [...new Set([...subject.addresses, ...(stored?.facts.addresses.filter((address) => !address.includes(':')) ?? [])])];
  // So do names announced earlier, where others have the machine's own.
  const names = [...new Set([...subject.names, ...(stored?.facts.names.filter((name) => isAnnouncedName(name, localHost)).slice(0, MAX_EARLIER_NAMES) ?? [])])];
  const created = await createCertificate({ names, addresses }, parts.now(), stored?.key ?? null);
  writeFileAtomically(file, `${created.key}${created.cert}`);
  const facts = describeCertificate(created.cert);
  parts.log.info('created a certificate', { reason, fingerprint: facts.fingerprint });
  return { ...created, selfSigned: true, facts };
}

function readFile(what: string, path: string | null): string {
  if (path === null) throw new CertificateError(`no ${what} file is set`);
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > MAX_BYTES) throw new CertificateError('not a file, or too large');
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CertificateError(`${what} file ${path}: ${messageOf(error)}`);
  }
}

/** A certificate from files; throws a CertificateError that says what is wrong with which file. */
export function loadCustomCertificate(certFile: string | null, keyFile: string | null, now: number): LoadedCertificate {
  const pair = { cert: readFile('certificate', certFile), key: readFile('key', keyFile) };
  return { ...pair, selfSigned: false, facts: checkKeyPair(pair, now) };
}
