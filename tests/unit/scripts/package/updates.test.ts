import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { updateSourceOf } from '../../../../scripts/lib/package/update-source.mjs';
import { describeFiles, describeName, makeKey, publicKeyOf, refuseRollback, signDocument } from '../../../../scripts/lib/update-document.mjs';
import { parseDocument } from '../../../../src/main/updates/update-document';
import { parseUpdateSource } from '../../../../src/main/updates/update-source';

const documentOf = (version: string, key = makeKey()): string => signDocument({ version, channel: 'stable', released: 1, page: 'https://example.test/', files: [] }, key);

describe('the update document of a release', () => {
  it.each([
    ['Traywatch-1.2.3.AppImage', 'AppImage', 'linux', 'x64'],
    ['Traywatch-1.2.3-arm64.AppImage', 'AppImage', 'linux', 'arm64'],
    ['traywatch_1.2.3_amd64.deb', 'deb', 'linux', 'x64'],
    ['traywatch_1.2.3_arm64.deb', 'deb', 'linux', 'arm64'],
    ['traywatch-1.2.3-1.x86_64.rpm', 'rpm', 'linux', 'x64'],
    ['traywatch-1.2.3-1.aarch64.rpm', 'rpm', 'linux', 'arm64'],
    ['traywatch-1.2.3-linux-x64.tar.gz', 'tar.gz', 'linux', 'x64'],
    ['Traywatch-1.2.3.dmg', 'dmg', 'darwin', 'x64'],
    ['Traywatch-1.2.3-arm64-mac.zip', 'zip', 'darwin', 'arm64'],
    ['Traywatch-1.2.3-win.zip', 'zip', 'win32', 'x64'],
    ['Traywatch-Setup-1.2.3-x64.exe', 'nsis', 'win32', 'x64'],
  ])('knows %s', (name, kind, platform, arch) => {
    expect(describeName(name)).toEqual({ name, kind, platform, arch });
  });

  it('lists what can update a copy, with hashes, and nothing else', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-release-'));
    onTestFinished(() => fs.rmSync(folder, { recursive: true }));
    for (const name of ['SHA256SUMS', 'traywatch.cdx.json', 'Traywatch-1.2.3.dmg.blockmap', 'traywatch_1.2.3_amd64.deb', 'Traywatch-1.2.3.AppImage']) fs.writeFileSync(path.join(folder, name), name);
    const files = await describeFiles(folder, 'https://example.test/v1.2.3/');
    expect(files.map(({ name, url, size }) => [name, url, size])).toEqual([
      ['Traywatch-1.2.3.AppImage', 'https://example.test/v1.2.3/Traywatch-1.2.3.AppImage', 24],
      ['traywatch_1.2.3_amd64.deb', 'https://example.test/v1.2.3/traywatch_1.2.3_amd64.deb', 25],
    ]);
    const key = makeKey();
    const source = parseUpdateSource({ url: 'https://example.test/stable.json', key: publicKeyOf(key), channel: 'stable' });
    if (source === null) throw new Error('no source');
    const text = signDocument({ version: '1.2.3', channel: 'stable', released: 5, page: 'https://example.test/v1.2.3', files }, key);
    expect(parseDocument(text, source).files).toEqual(files);
    fs.rmSync(path.join(folder, 'Traywatch-1.2.3.AppImage'));
    fs.rmSync(path.join(folder, 'traywatch_1.2.3_amd64.deb'));
    await expect(describeFiles(folder, 'https://example.test/')).rejects.toThrow('no file of a release');
  });

  it('takes back no version that is published', () => {
    for (const version of ['0.9.9', '1.1.9', '1.2.2']) expect(() => refuseRollback(version, documentOf('1.2.3'))).toThrow('is older than 1.2.3');
    for (const version of ['1.2.3', '1.2.10', '2.0.0']) expect(() => refuseRollback(version, documentOf('1.2.3'))).not.toThrow();
    expect(() => refuseRollback('0.0.1', null)).not.toThrow();
  });

  it('names a place for packages only where address and key are given, and right', () => {
    const key = publicKeyOf(makeKey());
    const url = 'https://example.test/stable.json';
    const of = (env: Record<string, string>, isTrial = false): unknown => updateSourceOf(env, { isTrial });
    expect(of({})).toBeNull();
    expect(of({ TRAYWATCH_UPDATES_URL: url, TRAYWATCH_UPDATES_KEY: key })).toEqual({ url, key, channel: 'stable', isSigned: false });
    expect(of({ TRAYWATCH_UPDATES_URL: url, TRAYWATCH_UPDATES_KEY: key, CSC_LINK: 'x' })).toMatchObject({ isSigned: true });
    expect(() => of({ TRAYWATCH_UPDATES_URL: url })).toThrow('go together');
    expect(() => of({ TRAYWATCH_UPDATES_KEY: key })).toThrow('go together');
    for (const wrong of ['http://example.test/a.json', 'http://127.0.0.1:1/a.json', `${url}?id=1`, ` ${url}`, 'stable.json']) expect(() => of({ TRAYWATCH_UPDATES_URL: wrong, TRAYWATCH_UPDATES_KEY: key })).toThrow('no plain https address');
    for (const wrong of [`${key} `, 'AAAA', '-----BEGIN PUBLIC KEY-----']) expect(() => of({ TRAYWATCH_UPDATES_URL: url, TRAYWATCH_UPDATES_KEY: wrong })).toThrow('32 bytes');
    const here = { TRAYWATCH_UPDATES_URL: 'http://127.0.0.1:18572/stable.json', TRAYWATCH_UPDATES_KEY: key };
    expect(of(here, true)).toMatchObject({ url: here.TRAYWATCH_UPDATES_URL });
    expect(parseUpdateSource(of(here, true))?.url.href).toBe(here.TRAYWATCH_UPDATES_URL);
  });
});
