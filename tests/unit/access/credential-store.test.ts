/** The file access.json: what is stored, and what happens when it cannot be read or written. */
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAZY_SAVE_DELAY } from '../../../src/main/access/credential-store';
import { pairDevice, openAccess, identify, temporaryFolder } from '../../support/access';
import type { AccessHarness } from '../../support/access';
import { ODD_FILES, putLinked } from '../../support/odd-files';

const text = (harness: AccessHarness): string => readFileSync(harness.path, 'utf8');
const devicesIn = (harness: AccessHarness): { lastAddress: string }[] => (JSON.parse(text(harness)) as { devices: { lastAddress: string }[] }).devices;

/** Blocks writing in a way that root cannot get around. */
function block(harness: AccessHarness): () => void {
  mkdirSync(`${harness.path}.tmp/in-the-way`, { recursive: true });
  return () => rmSync(`${harness.path}.tmp`, { recursive: true });
}

describe('access.json', () => {
  it('is created with the first entry, readable by its owner only', () => {
    const harness = openAccess();
    expect(harness.access.summary()).toEqual({ pairingCode: null, requests: [], devices: [], accounts: [], tokens: [], problem: null });
    expect(existsSync(harness.path)).toBe(false);
    pairDevice(harness);
    expect(statSync(harness.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(harness.path))).toEqual(['access.json']);
  });

  it('contains no secret', async () => {
    const harness = openAccess();
    const { tokens, request } = pairDevice(harness);
    const { token } = harness.access.tokens.create('prometheus', ['metrics:read'], 30);
    await harness.access.accounts.set('anna', 'admin', 'correct horse battery');
    for (const secret of [tokens.access, ...tokens.refresh.split('.').slice(1), request.ticket, token.split('.')[2] ?? '', 'correct horse']) {
      expect(secret.length).toBeGreaterThan(10);
      expect(text(harness)).not.toContain(secret);
    }
  });

  it('is read again after a restart', async () => {
    const harness = openAccess();
    pairDevice(harness, { name: 'Phone', role: 'admin' });
    await harness.access.accounts.set('anna', 'viewer', 'correct horse battery');
    harness.access.tokens.create('prometheus', ['metrics:read'], 30);
    expect(harness.restart().access.summary()).toEqual({ ...harness.access.summary(), problem: null });
  });

  it.each([
    ['not JSON', '{'],
    ['a list', '[]'],
    ['nothing', ''],
    ['a device without a name', JSON.stringify({ version: 1, devices: [{ id: 'd1' }], accounts: [], tokens: [] })],
    ['a role there is not', JSON.stringify({ version: 1, devices: [], accounts: [{ name: 'x', role: 'root', createdAt: 0, password: {} }], tokens: [] })],
    ['a cheap hash', JSON.stringify({ version: 1, devices: [], accounts: [{ name: 'x', role: 'admin', createdAt: 0, password: { n: 1, r: 8, p: 1, salt: '', hash: '' } }], tokens: [] })],
    ['an unknown key', JSON.stringify({ version: 1, devices: [], accounts: [], tokens: [], god: true })],
  ])('with %s is moved aside, and grants no access', async (_what, broken) => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    writeFileSync(harness.path, broken);
    const after = harness.restart();
    expect(after.access.refresh(tokens.refresh, '10.0.0.1')).toEqual({ kind: 'wrong' });
    expect(await identify(after, tokens.access)).toBeNull();
    const { devices, accounts, problem } = after.access.summary();
    expect([devices, accounts]).toEqual([[], []]);
    expect(problem).toMatch(/was invalid .* was moved to .*corrupt/);
    expect(readdirSync(dirname(harness.path)).filter((name) => name.includes('corrupt'))).toHaveLength(1);
    pairDevice(after);
    expect(after.restart().access.summary().devices).toHaveLength(1);
  });

  it('of a newer version is left unchanged, grants no access, and pairing fails', () => {
    const harness = openAccess();
    pairDevice(harness);
    const newer = JSON.stringify({ version: 99, devices: [] });
    writeFileSync(harness.path, newer);
    const after = harness.restart();
    expect(after.access.summary()).toMatchObject({ devices: [], problem: expect.stringContaining('newer version') });
    expect(() => pairDevice(after)).toThrow(/newer version/);
    after.access.close();
    expect(text(harness)).toBe(newer);
  });

  it('that is a folder or cannot be read grants no access', () => {
    const harness = openAccess();
    mkdirSync(harness.path);
    expect(harness.access.summary().problem).toMatch(/cannot be read/);
    expect(() => pairDevice(harness)).toThrow(/cannot be read/);
  });

  it.each(ODD_FILES)('that is $name grants no access, and stays unchanged', async ({ put, named }) => {
    const harness = openAccess();
    await put(harness.path);
    const { ino } = lstatSync(harness.path);
    expect(harness.access.summary()).toMatchObject({ devices: [], problem: expect.stringMatching(named) as string });
    expect(() => pairDevice(harness)).toThrow(/^the access list cannot be read \(.+\)$/);
    harness.access.close();
    expect(lstatSync(harness.path).ino).toBe(ino);
  });

  it('with a byte order mark, or behind a link, is read and written all the same', async () => {
    const harness = openAccess();
    const { tokens, identity } = pairDevice(harness);
    const saved = text(harness);
    rmSync(harness.path);
    const target = putLinked(harness.path, `\uFEFF${saved}`);
    const after = harness.restart();
    expect(after.access.refresh(tokens.refresh, '10.0.0.1').kind).toBe('ok');
    after.access.revoke(({ id }) => id === identity.id, 'lost');
    expect([lstatSync(harness.path).isSymbolicLink(), (JSON.parse(readFileSync(target, 'utf8')) as { devices: unknown[] }).devices]).toEqual([true, []]);
  });

  it('that is invalid behind a link is left there, grants no access, and pairing fails', () => {
    const harness = openAccess();
    const target = putLinked(harness.path, '{');
    expect(harness.access.summary().problem).toMatch(/is a link/);
    expect(() => pairDevice(harness)).toThrow(/^the access list is invalid and could not be moved \(not a usable file\)$/);
    expect([lstatSync(harness.path).isSymbolicLink(), readFileSync(target, 'utf8')]).toEqual([true, '{']);
  });

  it('that another program replaces while in use grants no access, undoes no revocation, and is kept', async () => {
    const harness = openAccess();
    const { tokens, identity } = pairDevice(harness, { name: 'Phone' });
    const before = text(harness);
    harness.access.revoke(({ id }) => id === identity.id, 'lost');
    // A backup from before the revocation.
    writeFileSync(`${harness.path}.restored`, before);
    renameSync(`${harness.path}.restored`, harness.path);
    expect(harness.access.refresh(tokens.refresh, '10.0.0.1')).toEqual({ kind: 'wrong' });
    pairDevice(harness, { name: 'Tablet' });
    expect(harness.access.summary().problem).toMatch(/was changed by another program\. That version is kept as .*access\.replaced-/);
    const kept = readdirSync(dirname(harness.path)).filter((name) => name.includes('replaced'));
    expect(kept.map((name) => readFileSync(join(dirname(harness.path), name), 'utf8'))).toEqual([before]);
    expect(harness.restart().access.summary().devices.map(({ name }) => name)).toEqual(['Tablet']);
  });

  it('that could not be read for a while is read again, is not replaced meanwhile, and its path is in no error', async () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    harness.access.close();
    const stored = text(harness);
    renameSync(harness.path, `${harness.path}.away`);
    mkdirSync(harness.path);
    const after = harness.restart();
    let changes = 0;
    after.access.onChange(() => (changes += 1));
    expect(after.access.refresh(tokens.refresh, '10.0.0.1')).toEqual({ kind: 'wrong' });
    expect(() => pairDevice(after)).toThrow(/^the access list cannot be read \(not a usable file\)$/);
    for (let n = 0; n < 5; n += 1) {
      await after.time.pass(1000);
      after.access.summary();
    }
    expect(after.lines.filter((line) => line.includes('cannot be read'))).toHaveLength(1);
    rmdirSync(harness.path);
    renameSync(`${harness.path}.away`, harness.path);
    await after.time.pass(1000);
    const before = changes;
    expect(after.access.summary()).toMatchObject({ problem: null, devices: [{ name: 'Phone' }] });
    expect(changes).toBe(before + 1);
    expect(after.access.refresh(tokens.refresh, '10.0.0.1').kind).toBe('ok');
    expect(stored).toContain('Phone');
  });

  it('whose folder is a file grants no access, and pairing fails without the path', () => {
    const folder = join(temporaryFolder(), 'file');
    writeFileSync(folder, '');
    const harness = openAccess({ path: join(folder, 'access.json') });
    expect(harness.access.summary().devices).toEqual([]);
    expect(() => pairDevice(harness)).toThrow(/^the access list could not be saved \((EEXIST|ENOTDIR)\)$/);
    expect(readFileSync(folder, 'utf8')).toBe('');
  });

  it('a revocation takes effect at once even if it cannot be saved, and saving is retried', async () => {
    const harness = openAccess();
    const { tokens, identity } = pairDevice(harness);
    const unblock = block(harness);
    expect(harness.access.revoke(({ id }) => id === identity.id, 'lost')).toBe(true);
    expect(await identify(harness, tokens.access)).toBeNull();
    expect(harness.access.summary()).toMatchObject({ devices: [], problem: expect.stringContaining('could not be saved') });
    await harness.time.pass(LAZY_SAVE_DELAY);
    expect(devicesIn(harness)).toHaveLength(1);
    unblock();
    await harness.time.pass(LAZY_SAVE_DELAY);
    expect(devicesIn(harness)).toEqual([]);
    expect(harness.access.summary().problem).toBeNull();
    expect(harness.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  it('that cannot be written grants no new access, and a refresh can be retried', () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    const unblock = block(harness);
    expect(() => pairDevice(harness, { name: 'Second' })).toThrow(/could not be saved/);
    expect(() => harness.access.refresh(tokens.refresh, '10.0.0.1')).toThrow(/could not be saved/);
    expect(harness.access.summary().devices).toHaveLength(1);
    unblock();
    expect(harness.access.refresh(tokens.refresh, '10.0.0.1').kind).toBe('ok');
  });

  it('is not written for every request: lastSeen is saved within a minute', async () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    await identify(harness, tokens.access);
    const before = text(harness);
    for (let second = 0; second < 59; second += 1) {
      await identify(harness, tokens.access, '192.168.1.20');
      await harness.time.pass(1000);
    }
    expect(text(harness)).toBe(before);
    await harness.time.pass(1000);
    await identify(harness, tokens.access, '192.168.1.21');
    expect(harness.access.summary().devices[0]).toMatchObject({ lastAddress: '192.168.1.21', lastSeen: harness.time.wall });
    expect(text(harness)).toBe(before);
    await harness.time.pass(LAZY_SAVE_DELAY);
    expect(devicesIn(harness)[0]?.lastAddress).toBe('192.168.1.21');
    await identify(harness, tokens.access, '192.168.1.22');
    harness.access.close();
    expect(devicesIn(harness)[0]?.lastAddress).toBe('192.168.1.22');
  });

  it('has a maximum number of devices', () => {
    const harness = openAccess();
    for (let n = 0; n < 200; n += 1) harness.access.devices.add({ name: `device ${n}`, role: 'viewer', address: '10.0.0.1', account: null });
    expect(() => pairDevice(harness)).toThrow(/no more devices can be added/);
    expect(harness.restart().access.summary().devices).toHaveLength(200);
  });

  it('is written with narrow file permissions even if they were widened', () => {
    const harness = openAccess();
    pairDevice(harness);
    chmodSync(harness.path, 0o666);
    pairDevice(harness, { name: 'Second' });
    expect(statSync(harness.path).mode & 0o777).toBe(0o600);
  });
});
