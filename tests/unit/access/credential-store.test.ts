import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAZY } from '../../../src/main/access/credential-store';
import { admitDevice, openRig, whoIs } from '../../support/access';
import type { Rig } from '../../support/access';
import { ODD_FILES, putLinked } from '../../support/odd-files';

const text = (rig: Rig): string => readFileSync(rig.path, 'utf8');
const devicesIn = (rig: Rig): { lastAddress: string }[] => (JSON.parse(text(rig)) as { devices: { lastAddress: string }[] }).devices;

/** Puts something in the way of writing that root cannot write through either. */
function block(rig: Rig): () => void {
  mkdirSync(`${rig.path}.tmp/in-the-way`, { recursive: true });
  return () => rmSync(`${rig.path}.tmp`, { recursive: true });
}

describe('the file of rights', () => {
  it('is not there before there is anything to keep, and is its owner’s alone', () => {
    const rig = openRig();
    expect(rig.access.view()).toEqual({ offer: null, requests: [], devices: [], accounts: [], tokens: [], problem: null });
    expect(existsSync(rig.path)).toBe(false);
    admitDevice(rig);
    expect(statSync(rig.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(rig.path))).toEqual(['access.json']);
  });

  it('holds no secret', async () => {
    const rig = openRig();
    const { tokens, request } = admitDevice(rig);
    const { token } = rig.access.tokens.create('prometheus', ['metrics:read'], 30);
    await rig.access.accounts.set('anna', 'admin', 'correct horse battery');
    for (const secret of [tokens.access, ...tokens.refresh.split('.').slice(1), request.ticket, token.split('.')[2] ?? '', 'correct horse']) {
      expect(secret.length).toBeGreaterThan(10);
      expect(text(rig)).not.toContain(secret);
    }
  });

  it('is read again after a restart', async () => {
    const rig = openRig();
    admitDevice(rig, { name: 'Phone', role: 'admin' });
    await rig.access.accounts.set('anna', 'viewer', 'correct horse battery');
    rig.access.tokens.create('prometheus', ['metrics:read'], 30);
    expect(rig.again().access.view()).toEqual({ ...rig.access.view(), problem: null });
  });

  it.each([
    ['not JSON', '{'],
    ['a list', '[]'],
    ['nothing', ''],
    ['a device without a name', JSON.stringify({ version: 1, devices: [{ id: 'd1' }], accounts: [], tokens: [] })],
    ['a role there is not', JSON.stringify({ version: 1, devices: [], accounts: [{ name: 'x', role: 'root', createdAt: 0, password: {} }], tokens: [] })],
    ['a cheap hash', JSON.stringify({ version: 1, devices: [], accounts: [{ name: 'x', role: 'admin', createdAt: 0, password: { n: 1, r: 8, p: 1, salt: '', hash: '' } }], tokens: [] })],
    ['an unknown key', JSON.stringify({ version: 1, devices: [], accounts: [], tokens: [], god: true })],
  ])('with %s it is set aside, and nobody is in', async (_what, broken) => {
    const rig = openRig();
    const { tokens } = admitDevice(rig);
    writeFileSync(rig.path, broken);
    const after = rig.again();
    expect(after.access.refresh(tokens.refresh, '10.0.0.1')).toEqual({ kind: 'wrong' });
    expect(await whoIs(after, tokens.access)).toBeNull();
    const { devices, accounts, problem } = after.access.view();
    expect([devices, accounts]).toEqual([[], []]);
    expect(problem).toMatch(/was not valid .* is kept as .*corrupt/);
    expect(readdirSync(dirname(rig.path)).filter((name) => name.includes('corrupt'))).toHaveLength(1);
    admitDevice(after);
    expect(after.again().access.view().devices).toHaveLength(1);
  });

  it('of a newer version it is left alone, and nobody is in or can be let in', () => {
    const rig = openRig();
    admitDevice(rig);
    const newer = JSON.stringify({ version: 99, devices: [] });
    writeFileSync(rig.path, newer);
    const after = rig.again();
    expect(after.access.view()).toMatchObject({ devices: [], problem: expect.stringContaining('newer version') });
    expect(() => admitDevice(after)).toThrow(/newer version/);
    after.access.close();
    expect(text(rig)).toBe(newer);
  });

  it('that is a folder, or cannot be read, lets nobody in', () => {
    const rig = openRig();
    mkdirSync(rig.path);
    expect(rig.access.view().problem).toMatch(/cannot be read/);
    expect(() => admitDevice(rig)).toThrow(/cannot be read/);
  });

  it.each(ODD_FILES)('that is $name lets nobody in, and stays', async ({ put, named }) => {
    const rig = openRig();
    await put(rig.path);
    const { ino } = lstatSync(rig.path);
    expect(rig.access.view()).toMatchObject({ devices: [], problem: expect.stringMatching(named) as string });
    expect(() => admitDevice(rig)).toThrow(named);
    rig.access.close();
    expect(lstatSync(rig.path).ino).toBe(ino);
  });

  it('with a byte order mark, or behind a link, is the same file', async () => {
    const rig = openRig();
    const { tokens, identity } = admitDevice(rig);
    const saved = text(rig);
    rmSync(rig.path);
    const target = putLinked(rig.path, `\uFEFF${saved}`);
    const after = rig.again();
    expect(after.access.refresh(tokens.refresh, '10.0.0.1').kind).toBe('ok');
    after.access.revoke(({ id }) => id === identity.id, 'lost');
    expect([lstatSync(rig.path).isSymbolicLink(), (JSON.parse(readFileSync(target, 'utf8')) as { devices: unknown[] }).devices]).toEqual([true, []]);
  });

  it('that is damaged behind a link is left there, and nobody is in or can be let in', () => {
    const rig = openRig();
    const target = putLinked(rig.path, '{');
    expect(rig.access.view().problem).toMatch(/is a link/);
    expect(() => admitDevice(rig)).toThrow(/is a link/);
    expect([lstatSync(rig.path).isSymbolicLink(), readFileSync(target, 'utf8')]).toEqual([true, '{']);
  });

  it('that another program replaces while in use gives no right, brings none back, and is kept', async () => {
    const rig = openRig();
    const { tokens, identity } = admitDevice(rig, { name: 'Phone' });
    const before = text(rig);
    rig.access.revoke(({ id }) => id === identity.id, 'lost');
    // A backup from before the revocation.
    writeFileSync(`${rig.path}.restored`, before);
    renameSync(`${rig.path}.restored`, rig.path);
    expect(rig.access.refresh(tokens.refresh, '10.0.0.1')).toEqual({ kind: 'wrong' });
    admitDevice(rig, { name: 'Tablet' });
    expect(rig.access.view().problem).toMatch(/was changed by another program\. That version is kept as .*access\.replaced-/);
    const kept = readdirSync(dirname(rig.path)).filter((name) => name.includes('replaced'));
    expect(kept.map((name) => readFileSync(join(dirname(rig.path), name), 'utf8'))).toEqual([before]);
    expect(rig.again().access.view().devices.map(({ name }) => name)).toEqual(['Tablet']);
  });

  it('written or not, a right that was taken away is gone at once, and the saving is tried again', async () => {
    const rig = openRig();
    const { tokens, identity } = admitDevice(rig);
    const unblock = block(rig);
    expect(rig.access.revoke(({ id }) => id === identity.id, 'lost')).toBe(true);
    expect(await whoIs(rig, tokens.access)).toBeNull();
    expect(rig.access.view()).toMatchObject({ devices: [], problem: expect.stringContaining('could not be saved') });
    await rig.time.pass(LAZY);
    expect(devicesIn(rig)).toHaveLength(1);
    unblock();
    await rig.time.pass(LAZY);
    expect(devicesIn(rig)).toEqual([]);
    expect(rig.access.view().problem).toBeNull();
    expect(rig.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  it('that cannot be written gives no new right, and a refresh can be tried again', () => {
    const rig = openRig();
    const { tokens } = admitDevice(rig);
    const unblock = block(rig);
    expect(() => admitDevice(rig, { name: 'Second' })).toThrow(/could not be saved/);
    expect(() => rig.access.refresh(tokens.refresh, '10.0.0.1')).toThrow(/could not be saved/);
    expect(rig.access.view().devices).toHaveLength(1);
    unblock();
    expect(rig.access.refresh(tokens.refresh, '10.0.0.1').kind).toBe('ok');
  });

  it('is not written for every request: who was seen when is saved within a minute', async () => {
    const rig = openRig();
    const { tokens } = admitDevice(rig);
    await whoIs(rig, tokens.access);
    const before = text(rig);
    for (let second = 0; second < 59; second += 1) {
      await whoIs(rig, tokens.access, '192.168.1.20');
      await rig.time.pass(1000);
    }
    expect(text(rig)).toBe(before);
    await rig.time.pass(1000);
    await whoIs(rig, tokens.access, '192.168.1.21');
    expect(rig.access.view().devices[0]).toMatchObject({ lastAddress: '192.168.1.21', lastSeen: rig.time.wall });
    expect(text(rig)).toBe(before);
    await rig.time.pass(LAZY);
    expect(devicesIn(rig)[0]?.lastAddress).toBe('192.168.1.21');
    await whoIs(rig, tokens.access, '192.168.1.22');
    rig.access.close();
    expect(devicesIn(rig)[0]?.lastAddress).toBe('192.168.1.22');
  });

  it('takes no more devices than it has room for', () => {
    const rig = openRig();
    for (let n = 0; n < 200; n += 1) rig.access.devices.add({ name: `device ${n}`, role: 'viewer', address: '10.0.0.1', account: null });
    expect(() => admitDevice(rig)).toThrow(/no more room for devices/);
    expect(rig.again().access.view().devices).toHaveLength(200);
  });

  it('keeps its rights narrow when the folder’s are wide', () => {
    const rig = openRig();
    admitDevice(rig);
    chmodSync(rig.path, 0o666);
    admitDevice(rig, { name: 'Second' });
    expect(statSync(rig.path).mode & 0o777).toBe(0o600);
  });
});
