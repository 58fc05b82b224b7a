/** Loads the server's certificate: the self-signed one, stored in the user-data folder, or files named in the settings. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { removeStaleTemporary, writeFileAtomically } from '../lib/atomic-file';
import { readRegularFile } from '../lib/regular-file';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';
import { renameFile } from '../engine/rename-file';
import { messageOf } from '../../shared/result';
import { ownNames } from '../access/addresses';
import type { LocalHost } from '../access/addresses';
import { CertificateError, checkKeyPair, describeCertificate, createCertificate } from './certificate';
import type { CertificateFacts, KeyPair, CertificateSubject } from './certificate';
import { planCertificate } from './certificate-plan';
import type { StoredCertificate } from './certificate-plan';

/** A certificate with its key, ready to use. */
export interface LoadedCertificate extends KeyPair {
  readonly selfSigned: boolean;
  readonly facts: CertificateFacts;
  /** A problem with its file, as text for the user; it is in use all the same. Null when there is none. */
  readonly problem: string | null;
}

/** What the self-signed certificate needs. */
export interface SelfSignedCertificateParts {
  /** Folder of the file; only this user may read it. */
  readonly folder: string;
  readonly now: () => number;
  readonly log: Log;
}

/** Names of earlier networks, and announced earlier, that a new certificate keeps. */
const MAX_EARLIER_NAMES = 20;
/** Larger files are not read, bytes. */
const MAX_BYTES = 256 * 1024;

/** Names and addresses the self-signed certificate is issued for. */
export function subjectOf(localHost: LocalHost): CertificateSubject {
  const reachable = localHost.addresses.filter(({ loopback, linkLocal }) => !loopback && !linkLocal).map(({ address }) => address);
  return { names: ownNames(localHost), addresses: [...new Set(['127.0.0.1', '::1', ...reachable])] };
}

/** The text of a PEM file: its comments may be in any encoding; a byte order mark is left out. */
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
/** Splits the stored file. Certificate and key are in one file, written at once, so that they always belong together. */
function split(text: string): KeyPair {
  const key = /-----BEGIN PRIVATE KEY-----[^]+?-----END PRIVATE KEY-----\n?/.exec(text)?.[0] ?? '';
  return { key, cert: text.replace(key, '') };
}

/** Reads the stored certificate; never throws. */
function readStored(file: string): StoredCertificate {
  let bytes: Buffer | null;
  try {
    bytes = readRegularFile(file, MAX_BYTES);
  } catch (error) {
    return { kind: 'unreadable', reason: `${file} cannot be read: ${messageOf(error)}` };
  }
  if (bytes === null) return { kind: 'absent' };
  try {
    const pair = split(textOf(bytes));
    const facts = describeCertificate(pair.cert);
    // Checked on a day it is valid: the key of one that has expired is used again, and so is that of one that is not valid yet.
    checkKeyPair(pair, facts.validTo - 1);
    return { kind: 'whole', pair: { ...pair, facts } };
  } catch (error) {
    return { kind: 'damaged', reason: `${file} is damaged: ${messageOf(error)}` };
  }
}

/** Quarantines a damaged file. Throws a CertificateError where it cannot be moved; a link never is, since its target belongs to another program. */
function quarantine(file: string, reason: string, { now, log }: SelfSignedCertificateParts): void {
  const path = quarantinePath(file, now());
  try {
    if (lstatSync(file).isSymbolicLink()) throw new Error('it is a link');
    renameFile(file, path);
  } catch (error) {
    throw new CertificateError(`${reason}. It could not be moved: ${messageOf(error)}`);
  }
  log.error('the certificate was not usable and has been moved', { path, reason });
}

/** Saves the pair; returns an error message, null when it was saved. */
function save(file: string, { key, cert }: KeyPair): string | null {
  try {
    writeFileAtomically(file, `${key}${cert}`);
    return null;
  } catch (error) {
    return `The certificate cannot be saved: ${messageOf(error)}. It is in use until Traywatch quits, and saving is tried again every minute; if it cannot be saved before, clients have to accept another one then`;
  }
}

/**
 * The self-signed certificate: created on first use, and again with the same key when it expires soon or no longer fits. One
 * that cannot be saved is served from memory. `active` is the certificate in use, null before there is one. Throws a
 * CertificateError where there is a file and its key cannot be read.
 */
export async function loadSelfSignedCertificate(parts: SelfSignedCertificateParts, localHost: LocalHost, active: LoadedCertificate | null = null): Promise<LoadedCertificate> {
  const file = join(parts.folder, 'lan-certificate.pem');
  if (active === null) removeStaleTemporary(file);
  const subject = subjectOf(localHost);
  let plan = planCertificate(readStored(file), active, subject, parts.now());
  if (plan.action === 'replace') {
    quarantine(file, plan.reason, parts);
    plan = planCertificate({ kind: 'absent' }, null, subject, parts.now());
  }
  if (plan.action === 'use') return { ...plan.pair, selfSigned: true, problem: (plan.save ? save(file, plan.pair) : null) ?? plan.problem };
  if (plan.action !== 'create') throw new CertificateError(plan.reason);
  // A Mac's host name follows the network, to and fro, and multicast DNS adds a number where the name is taken.
  const earlier = plan.earlierNames.filter((name) => !subject.names.includes(name)).slice(0, MAX_EARLIER_NAMES);
  const all = { names: [...subject.names, ...earlier], addresses: [...new Set([...subject.addresses, ...plan.also])] };
  const created = await createCertificate(all, parts.now(), plan.key);
  const facts = describeCertificate(created.cert);
  parts.log.info('created a certificate', { reason: plan.reason, fingerprint: facts.fingerprint });
  return { ...created, selfSigned: true, facts, problem: (plan.save ? save(file, created) : null) ?? plan.problem };
}

function readFile(what: string, path: string | null): string {
  if (path === null) throw new CertificateError(`no ${what} file is set`);
  let bytes: Buffer | null;
  try {
    bytes = readRegularFile(path, MAX_BYTES);
  } catch (error) {
    throw new CertificateError(`${what} file ${path}: ${messageOf(error)}`);
  }
  if (bytes === null) throw new CertificateError(`${what} file ${path}: ENOENT: no such file`);
  return textOf(bytes);
}

/** A certificate from files; throws a CertificateError that says what is wrong with which file. */
export function loadCustomCertificate(certFile: string | null, keyFile: string | null, now: number): LoadedCertificate {
  const pair = { cert: readFile('certificate', certFile), key: readFile('key', keyFile) };
  return { ...pair, selfSigned: false, facts: checkKeyPair(pair, now), problem: null };
}
