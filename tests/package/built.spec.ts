/** What was built, as it lies in the packages: fuses, contents, permissions. Nothing is installed. */
import fs from 'node:fs';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import { packages, runToEnd } from './installed';

/** The fuses and how they have to be; a fuse that a newer Electron adds is missing here. */
const FUSES: readonly (readonly [FuseV1Options, boolean])[] = [
  [FuseV1Options.RunAsNode, false],
  [FuseV1Options.EnableCookieEncryption, true],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
  [FuseV1Options.EnableNodeCliInspectArguments, false],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
  [FuseV1Options.OnlyLoadAppFromAsar, true],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, false],
];

test('the fuses of the program are set', async () => {
  const wire = await getCurrentFuseWire(path.join(packages.unpacked, 'traywatch'));
  const states = FUSES.map(([fuse]) => [FuseV1Options[fuse], wire[fuse]]);
  expect(states).toEqual(FUSES.map(([fuse, isOn]) => [FuseV1Options[fuse], isOn ? FuseState.ENABLE : FuseState.DISABLE]));
});

/** Bytes of the archive with its native parts, in decimal megabytes: of the official runtime the native module is 0.2 MB larger than of the fallback. */
const LARGEST = 12_000_000;

test('the archive holds what the program reads, and with its native parts is as small as it should be', () => {
  const resources = path.join(packages.unpacked, 'resources');
  const files = listPackage(path.join(resources, 'app.asar'), { isPack: false });
  expect(files).toContain('/out/main/index.cjs');
  expect(new Set(files.map((file) => file.split('/')[1]))).toEqual(new Set(['node_modules', 'out', 'package.json', 'resources']));
  expect(files.filter((file) => /\.(map|md|ts|mts|cts)$/.test(file) && !/licen[cs]e|notice/i.test(file))).toEqual([]);
  expect(files.filter((file) => /^\/node_modules\/(electron-updater|glob|koffi|lru-cache|systeminformation|uqr|zod|typescript|electron)(\/|$)/.test(file))).toEqual([]);
  const sizes = fs.readdirSync(resources, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => fs.statSync(path.join(one.parentPath, one.name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LARGEST);
  expect(fs.readdirSync(path.join(packages.unpacked, 'locales'))).toEqual(['en-US.pak']);
});

test('the rpm has the same files, as they were: nothing is stripped, chrome-sandbox belongs to root without special rights', async () => {
  const listed = await runToEnd('rpm', ['-qp', '--qf', '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILESIZES} %{FILENAMES}\n]', packages.rpm]);
  expect(listed.code, listed.stderr).toBe(0);
  const rows = listed.stdout.trim().split('\n').map((line) => line.split(' '));
  expect(new Set(rows.map(([, user]) => user))).toEqual(new Set(['root']));
  for (const name of ['traywatch', 'chrome-sandbox', 'libffmpeg.so']) {
    const [mode, , size] = rows.find(([, , , file]) => file === `/usr/lib/traywatch/${name}`) ?? [];
    expect(Number(size), name).toBe(fs.statSync(path.join(packages.unpacked, name)).size);
    expect(mode, name).toBe(name.endsWith('.so') ? '-rw-r--r--' : '-rwxr-xr-x');
  }
  const inDeb = (await runToEnd('dpkg-deb', ['-c', packages.first])).stdout.trim().split('\n').map((line) => line.split(/\s+/)[5]?.replace(/^\./, '') ?? '').filter((file) => !file.endsWith('/'));
  const ofDebian = /^\/usr\/share\/(lintian\/|doc\/traywatch\/changelog\.Debian\.gz$)/;
  const inRpm = rows.filter(([mode = '']) => !mode.startsWith('d')).map(([, , , file = '']) => file);
  expect(inRpm.toSorted()).toEqual(inDeb.filter((file) => !ofDebian.test(file)).toSorted());
});
