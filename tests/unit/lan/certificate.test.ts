/** Self-signed and custom certificates. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { PRIVATE_MODE } from '../../support/odd-files';
import type { LocalHost } from '../../../src/main/access/addresses';
import { checkKeyPair, describeCertificate, createCertificate, renewalReason } from '../../../src/main/lan/certificate';
import { loadCustomCertificate, loadSelfSignedCertificate, subjectOf } from '../../../src/main/lan/certificate-file';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 4, 1);
const machineAt = (...addresses: string[]): LocalHost => ({
  hostname: 'box',
  addresses: addresses.map((address) => ({ address, interface: 'eth0', family: address.includes(':') ? 6 : 4, loopback: false, linkLocal: false })),
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'traywatch-cert-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const selfSigned = (localHost: LocalHost, now = NOW): ReturnType<typeof loadSelfSignedCertificate> => loadSelfSignedCertificate({ folder, now: () => now, log: createCallbackLog(() => undefined) }, localHost);
const keyOf = (pem: string): string => /-----BEGIN PRIVATE KEY-----[^]+?-----END PRIVATE KEY-----/.exec(pem)?.[0] ?? '';

describe('the self-signed certificate', () => {
  it('is issued for the machine’s names and addresses, no longer than Apple’s systems accept', async () => {
    const { cert, key, facts } = await selfSigned(machineAt('192.168.1.5', 'fd00::5'));
    expect(facts.names).toEqual(['localhost', 'box', 'box.local']);
    expect(facts.addresses).toEqual(['127.0.0.1', '::1', '192.168.1.5', 'fd00::5']);
    expect(facts.validTo - facts.validFrom).toBeLessThanOrEqual(825 * DAY);
    expect(facts.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(checkKeyPair({ cert, key }, NOW)).toEqual(facts);
  });

  it('is readable by its owner only, and is the same after a restart', async () => {
    const first = await selfSigned(machineAt('192.168.1.5'));
    expect(statSync(join(folder, 'lan-certificate.pem')).mode & 0o777).toBe(PRIVATE_MODE);
    expect((await selfSigned(machineAt('192.168.1.5'), NOW + 300 * DAY)).facts).toEqual(first.facts);
  });

  it('is renewed before it expires, and also afterwards, with the same key', async () => {
    const first = await selfSigned(machineAt('192.168.1.5'));
    for (const later of [NOW + 775 * DAY, NOW + 3000 * DAY]) {
      const next = await selfSigned(machineAt('192.168.1.5'), later);
      expect(next.facts.fingerprint).not.toBe(first.facts.fingerprint);
      expect(next.facts.validTo).toBeGreaterThan(later + 700 * DAY);
      expect(next.key).toBe(first.key);
    }
  });

  it('is renewed for a new IPv4 address, keeps the earlier ones, and ignores changing IPv6 addresses', async () => {
    const home = await selfSigned(machineAt('192.168.1.5'));
    expect((await selfSigned(machineAt('192.168.1.5', '2001:db8::77'))).facts).toEqual(home.facts);
    const office = await selfSigned(machineAt('10.0.0.9'));
    expect(office.facts.addresses).toEqual(['127.0.0.1', '::1', '10.0.0.9', '192.168.1.5']);
    expect((await selfSigned(machineAt('192.168.1.5'))).facts).toEqual(office.facts);
    expect((await selfSigned(machineAt())).facts).toEqual(office.facts);
  });

  it('is moved aside and replaced when damaged', async () => {
    await selfSigned(machineAt('192.168.1.5'));
    const file = join(folder, 'lan-certificate.pem');
    writeFileSync(file, `${keyOf(readFileSync(file, 'utf8'))}\nnonsense`);
    const next = await selfSigned(machineAt('192.168.1.5'));
    expect(checkKeyPair(next, NOW)).toEqual(next.facts);
    expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).toHaveLength(1);
  });

  it('is renewed with a reason', async () => {
    const subject = subjectOf(machineAt('192.168.1.5'));
    const facts = describeCertificate((await createCertificate(subject, NOW)).cert);
    expect(renewalReason(facts, subject, NOW)).toBeNull();
    expect(renewalReason(facts, { ...subject, names: ['other'] }, NOW)).toContain('other');
    expect(renewalReason(facts, { ...subject, addresses: ['10.1.1.1'] }, NOW)).toContain('10.1.1.1');
    expect(renewalReason(facts, subject, facts.validTo - DAY)).toContain('expires');
  });
});

describe('a custom certificate', () => {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('is loaded when certificate and key match', async () => {
    const { cert, key } = await createCertificate({ names: ['nas.home.example'], addresses: [] }, NOW);
    const loaded = loadCustomCertificate(write('c.pem', cert), write('k.pem', key), NOW);
    expect(loaded).toMatchObject({ selfSigned: false, facts: { names: ['nas.home.example'] } });
  });

  it('is refused with the file and the problem', async () => {
    const { cert, key } = await createCertificate({ names: ['x'], addresses: [] }, NOW);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const locked = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const [certFile, keyFile] = [write('c.pem', `\uFEFF${cert}`), write('k.pem', key)];
    const attempt = (c: string | null, k: string | null, now = NOW): (() => unknown) => () => loadCustomCertificate(c, k, now);
    expect(attempt(null, keyFile)).toThrow('no certificate file is set');
    expect(attempt(certFile, null)).toThrow('no key file is set');
    expect(attempt(join(folder, 'nothing.pem'), keyFile)).toThrow(/certificate file .*nothing\.pem: ENOENT/);
    expect(attempt(folder, keyFile)).toThrow('is a folder, not a file');
    expect(attempt(write('x.pem', 'hello'), keyFile)).toThrow('not a PEM certificate');
    expect(attempt(certFile, write('y.pem', 'hello'))).toThrow('not a PEM private key');
    expect(attempt(certFile, write('z.pem', other.privateKey))).toThrow('does not match');
    expect(attempt(certFile, write('l.pem', locked.privateKey))).toThrow('encrypted keys');
    expect(attempt(certFile, keyFile, NOW + 900 * DAY)).toThrow('expired on 2028-07-09');
    expect(attempt(certFile, keyFile, NOW - 9 * DAY)).toThrow('not valid before 2026-04-30');
  });
});
