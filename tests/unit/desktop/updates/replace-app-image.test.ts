import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkReplaceable, checkRoom, checkRoomForBoth, replaceAppImage } from '../../../../src/main/desktop/updates/replace-app-image';
import { UpdateError } from '../../../../src/main/updates/update-document';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-image-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** An old AppImage in a folder of its own, and a new one elsewhere. */
function images(place = path.join(folder, 'apps')) {
  fs.mkdirSync(place, { recursive: true });
  const [source, target] = [path.join(folder, 'new'), path.join(place, 'Traywatch-0.1.0.AppImage')];
  fs.writeFileSync(source, 'the new program'.repeat(10_000));
  fs.writeFileSync(target, 'the old program', { mode: 0o755 });
  return { source, target, place };
}

async function codeOf(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    return error.problem.code;
  }
}

describe('replacing an AppImage', () => {
  it('leaves the new one under the old name, executable, while the old one can still be read by who runs it', async () => {
    const { source, target, place } = images();
    const running = fs.openSync(target, 'r');
    await checkReplaceable(target);
    await replaceAppImage(source, target);
    expect(fs.readFileSync(target, 'utf8')).toMatch(/^the new program/);
    expect(fs.statSync(target).mode & 0o777).toBe(0o755);
    expect(fs.readFileSync(running, 'utf8')).toBe('the old program');
    fs.closeSync(running);
    expect(fs.readdirSync(place)).toEqual(['Traywatch-0.1.0.AppImage']);
    expect(fs.existsSync(source)).toBe(false);
  });

  it('follows no link that somebody laid beside it', async () => {
    const { source, target, place } = images();
    const other = path.join(folder, 'other');
    fs.writeFileSync(other, 'a file of the user', { mode: 0o600 });
    fs.symlinkSync(other, path.join(place, `.${path.basename(target)}.new`));
    await checkReplaceable(target);
    await replaceAppImage(source, target);
    expect(fs.readFileSync(other, 'utf8')).toBe('a file of the user');
    expect(fs.statSync(other).mode & 0o777).toBe(0o600);
  });

  it('leaves the old one where the download is gone, or its own folder is', async () => {
    const { source, target, place } = images();
    fs.rmSync(source);
    expect(await codeOf(() => replaceAppImage(source, target))).toBe('notReplaceable');
    expect(fs.readFileSync(target, 'utf8')).toBe('the old program');
    fs.rmSync(place, { recursive: true });
    expect(await codeOf(() => checkReplaceable(target))).toBe('notReplaceable');
  });

  it('leaves the old one on a full disk, and nothing else', async (context) => {
    const place = path.join(folder, 'small');
    fs.mkdirSync(place);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', place], { stdio: 'pipe' });
    } catch (error) {
      context.skip(`a small disk cannot be mounted here: ${String(error)}`);
    }
    try {
      const { source, target } = images(place);
      expect(await codeOf(() => checkRoom(place, fs.statSync(source).size))).toBe('diskFull');
      expect(await codeOf(() => checkRoom(place, 1000))).toBe('none');
      // Room for one of them is none for both on the same disk.
      expect([await codeOf(() => checkRoomForBoth(folder, target, 40_000)), await codeOf(() => checkRoomForBoth(place, target, 40_000))]).toEqual(['none', 'diskFull']);
      expect(await codeOf(() => replaceAppImage(source, target))).toBe('diskFull');
      expect(fs.readFileSync(target, 'utf8')).toBe('the old program');
      expect(fs.readdirSync(place)).toEqual(['Traywatch-0.1.0.AppImage']);
    } finally {
      execFileSync('umount', [place]);
    }
  });

  it('leaves the old one in a folder that may not be written', async (context) => {
    const { source, target, place } = images();
    try {
      execFileSync('mount', ['--bind', place, place], { stdio: 'pipe' });
      execFileSync('mount', ['-o', 'remount,bind,ro', place], { stdio: 'pipe' });
    } catch (error) {
      context.skip(`a folder cannot be made read-only for root here: ${String(error)}`);
    }
    try {
      expect(await codeOf(() => checkReplaceable(target))).toBe('notReplaceable');
      expect(await codeOf(() => replaceAppImage(source, target))).toBe('notReplaceable');
      expect(fs.readFileSync(target, 'utf8')).toBe('the old program');
    } finally {
      execFileSync('umount', [place]);
    }
  });
});
