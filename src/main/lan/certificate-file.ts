/** Where certificates come from: the server's own, kept in the user-data folder, or files a person names. */
import { lstatSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { removeStaleTemporary, writeFileAtomically } from '../lib/atomic-file';
import { readRegularFile } from '../lib/regular-file';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';
import { messageOf } from '../../shared/result';
import { ownNames } from '../access/addresses';
import type { LocalHost } from '../access/addresses';
import { CertificateError, checkKeyPair, describeCertificate, makeCertificate } from './certificate';
import { planCertificate } from './certificate-plan';
import type { StoredCertificate } from './certificate-plan';
import type { CertificateFacts, KeyPair, Subject } from './certificate';

/** A certificate ready to serve with. */
export interface LoadedCertificate extends KeyPair {
  readonly own: boolean;
  readonly facts: CertificateFacts;
  /** What is wrong with its file, as text for the user: it is in use all the same. Null when nothing is. */
  readonly problem: string | null;
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
export function subjectOf(localHost: LocalHost): Subject {
  const outside = localHost.addresses.filter(({ loopback, linkLocal }) => !loopback && !linkLocal).map(({ address }) => address);
  return { names: ownNames(localHost), addresses: [...new Set(['127.0.0.1', '::1', ...outside])] };
}

/** Comments in a PEM file may be in any encoding; a byte order mark is left out. */
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Certificate and key stand in one file: one write, so that they always belong together. */
function split(text: string): KeyPair {
  const key = /-----BEGIN PRIVATE KEY-----[^]+?-----END PRIVATE KEY-----\n?/.exec(text)?.[0] ?? '';
  return { key, cert: text.replace(key, '') };
}

function readOwn(file: string): StoredCertificate {
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
    // Checked on a day it is valid: one that has ended still has a key to go on with, and so has one that begins later.
    checkKeyPair(pair, facts.validTo - 1);
    return { kind: 'whole', pair: { ...pair, facts } };
  } catch (error) {
    return { kind: 'damaged', reason: `${file} is damaged: ${messageOf(error)}` };
  }
}

/** Moves a damaged file away. A link is not Traywatch's to move. */
function quarantine(file: string, reason: string, { now, log }: OwnCertificateParts): void {
  const path = quarantinePath(file, now());
  try {
    if (lstatSync(file).isSymbolicLink()) throw new Error('it is a link');
    renameSync(file, path);
  } catch (error) {
    throw new CertificateError(`${reason}. It could not be moved away: ${messageOf(error)}`);
  }
  log.error('the certificate was not usable and has been set aside', { path, reason });
}

/** Saves the pair; returns why it could not be. */
function save(file: string, { key, cert }: KeyPair): string | null {
  try {
    writeFileAtomically(file, `${key}${cert}`);
    return null;
  } catch (error) {
    return `The certificate cannot be saved: ${messageOf(error)}. It is in use until Traywatch quits, and saving is tried again every minute; if it cannot be saved before, clients have to accept another one then`;
  }
}

/**
 * The server's own certificate: made on first use, made anew with the same key when it ends soon or no longer fits. Where it
 * cannot be saved it is served from memory. `inForce` is the one that is served now. Throws a CertificateError where there
 * is a file and its key cannot be had.
 */
export async function loadOwnCertificate(parts: OwnCertificateParts, localHost: LocalHost, inForce: LoadedCertificate | null = null): Promise<LoadedCertificate> {
  const file = join(parts.folder, 'lan-certificate.pem');
  if (inForce === null) removeStaleTemporary(file);
  const subject = subjectOf(localHost);
  let plan = planCertificate(readOwn(file), inForce, subject, parts.now());
  if (plan.action === 'replace') {
    quarantine(file, plan.reason, parts);
    plan = planCertificate({ kind: 'absent' }, null, subject, parts.now());
  }
  if (plan.action === 'use') return { ...plan.pair, own: true, problem: (plan.save ? save(file, plan.pair) : null) ?? plan.problem };
  if (plan.action !== 'create') throw new CertificateError(plan.reason);
  const made = await makeCertificate({ ...subject, addresses: [...new Set([...subject.addresses, ...plan.also])] }, parts.now(), plan.key);
  const facts = describeCertificate(made.cert);
  parts.log.info('made a certificate', { reason: plan.reason, fingerprint: facts.fingerprint });
  return { ...made, own: true, facts, problem: (plan.save ? save(file, made) : null) ?? plan.problem };
}

function readFile(what: string, path: string | null): string {
  if (path === null) throw new CertificateError(`no file is named for the ${what}`);
  let bytes: Buffer | null;
  try {
    bytes = readRegularFile(path, MAX_BYTES);
  } catch (error) {
    throw new CertificateError(`the ${what}, ${path}: ${messageOf(error)}`);
  }
  if (bytes === null) throw new CertificateError(`the ${what}, ${path}: ENOENT: there is no such file`);
  return textOf(bytes);
}

/** A certificate of the user's own; throws a CertificateError that says what is wrong with which file. */
export function loadCustomCertificate(certFile: string | null, keyFile: string | null, now: number): LoadedCertificate {
  const pair = { cert: readFile('certificate', certFile), key: readFile('key', keyFile) };
  return { ...pair, own: false, facts: checkKeyPair(pair, now), problem: null };
}
