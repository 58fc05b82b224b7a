import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../../src/main/engine/log';
import type { LocalHost } from '../../../src/main/access/addresses';
import { checkKeyPair, describeCertificate, makeCertificate, renewalOf } from '../../../src/main/lan/certificate';
import { loadCustomCertificate, loadOwnCertificate, subjectOf } from '../../../src/main/lan/certificate-file';

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

const own = (localHost: LocalHost, now = NOW): ReturnType<typeof loadOwnCertificate> => loadOwnCertificate({ folder, now: () => now, log: createCallbackLog(() => undefined) }, localHost);
const keyOf = (pem: string): string => /-----BEGIN PRIVATE KEY-----[^]+?-----END PRIVATE KEY-----/.exec(pem)?.[0] ?? '';

describe('the own certificate', () => {
  it('stands for the machine’s names and addresses, for as long as Apple takes it', async () => {
    const { cert, key, facts } = await own(machineAt('192.168.1.5', 'fd00::5'));
    expect(facts.names).toEqual(['localhost', 'box', 'box.local']);
    expect(facts.addresses).toEqual(['127.0.0.1', '::1', '192.168.1.5', 'fd00::5']);
    expect(facts.validTo - facts.validFrom).toBeLessThanOrEqual(825 * DAY);
    expect(facts.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(checkKeyPair({ cert, key }, NOW)).toEqual(facts);
  });

  it('is kept for its owner alone, and is the same at the next start', async () => {
    const first = await own(machineAt('192.168.1.5'));
    expect(statSync(join(folder, 'lan-certificate.pem')).mode & 0o777).toBe(0o600);
    expect((await own(machineAt('192.168.1.5'), NOW + 300 * DAY)).facts).toEqual(first.facts);
  });

  it('is made anew before it ends, and even after that, with the same key', async () => {
    const first = await own(machineAt('192.168.1.5'));
    for (const later of [NOW + 775 * DAY, NOW + 3000 * DAY]) {
      const next = await own(machineAt('192.168.1.5'), later);
      expect(next.facts.fingerprint).not.toBe(first.facts.fingerprint);
      expect(next.facts.validTo).toBeGreaterThan(later + 700 * DAY);
      expect(next.key).toBe(first.key);
    }
  });

  it('is made anew for another IPv4 address, keeps the earlier one, and does not care for IPv6 addresses that change daily', async () => {
    const home = await own(machineAt('192.168.1.5'));
    expect((await own(machineAt('192.168.1.5', '2001:db8::77'))).facts).toEqual(home.facts);
    const office = await own(machineAt('10.0.0.9'));
    expect(office.facts.addresses).toEqual(['127.0.0.1', '::1', '10.0.0.9', '192.168.1.5']);
    expect((await own(machineAt('192.168.1.5'))).facts).toEqual(office.facts);
    expect((await own(machineAt())).facts).toEqual(office.facts);
  });

  it('that is damaged is set aside and replaced', async () => {
    await own(machineAt('192.168.1.5'));
    const file = join(folder, 'lan-certificate.pem');
    writeFileSync(file, `${keyOf(readFileSync(file, 'utf8'))}\nnonsense`);
    const next = await own(machineAt('192.168.1.5'));
    expect(checkKeyPair(next, NOW)).toEqual(next.facts);
    expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).toHaveLength(1);
  });

  it('is renewed for a reason that is told', async () => {
    const subject = subjectOf(machineAt('192.168.1.5'));
    const facts = describeCertificate((await makeCertificate(subject, NOW)).cert);
    expect(renewalOf(facts, subject, NOW)).toBeNull();
    expect(renewalOf(facts, { ...subject, names: ['other'] }, NOW)).toContain('other');
    expect(renewalOf(facts, { ...subject, addresses: ['10.1.1.1'] }, NOW)).toContain('10.1.1.1');
    expect(renewalOf(facts, subject, facts.validTo - DAY)).toContain('ends');
  });
});

describe('a certificate of the user’s own', () => {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('serves when it is whole', async () => {
    const { cert, key } = await makeCertificate({ names: ['nas.home.example'], addresses: [] }, NOW);
    const loaded = loadCustomCertificate(write('c.pem', cert), write('k.pem', key), NOW);
    expect(loaded).toMatchObject({ own: false, facts: { names: ['nas.home.example'] } });
  });

  it('is refused with what is wrong with which file', async () => {
    const { cert, key } = await makeCertificate({ names: ['x'], addresses: [] }, NOW);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const locked = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const [certFile, keyFile] = [write('c.pem', `\uFEFF${cert}`), write('k.pem', key)];
    const attempt = (c: string | null, k: string | null, now = NOW): (() => unknown) => () => loadCustomCertificate(c, k, now);
    expect(attempt(null, keyFile)).toThrow('no file is named for the certificate');
    expect(attempt(certFile, null)).toThrow('no file is named for the key');
    expect(attempt(join(folder, 'nothing.pem'), keyFile)).toThrow(/the certificate, .*nothing\.pem: ENOENT/);
    expect(attempt(folder, keyFile)).toThrow('is a folder, not a file');
    expect(attempt(write('x.pem', 'hello'), keyFile)).toThrow('no PEM certificate');
    expect(attempt(certFile, write('y.pem', 'hello'))).toThrow('no PEM private key');
    expect(attempt(certFile, write('z.pem', other.privateKey))).toThrow('does not belong');
    expect(attempt(certFile, write('l.pem', locked.privateKey))).toThrow('passphrase');
    expect(attempt(certFile, keyFile, NOW + 900 * DAY)).toThrow('ended on 2028-07-09');
    expect(attempt(certFile, keyFile, NOW - 9 * DAY)).toThrow('begins on 2026-04-30');
  });
});
