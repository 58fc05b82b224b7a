import { describe, expect, it } from 'vitest';
import type { UpdatesParts } from '../../../src/main/updates/index';
import type { SelfUpdater } from '../../../src/main/updates/self-updater';
import { UpdateError } from '../../../src/main/updates/update-document';
import { documentOf, fileOf } from '../../support/update-server';
import { IMAGE, useUpdates } from '../../support/updates';

const { releaseOf, serve, open } = useUpdates();

describe('a download', () => {
  async function offered(updater: Partial<SelfUpdater>, change: Partial<UpdatesParts> = {}) {
    serve(documentOf(releaseOf('0.2.0')));
    const opened = open({ selfUpdater: () => Promise.resolve({ download: () => Promise.resolve(), install: () => undefined, ...updater }), ...change });
    await opened.updates.check();
    return opened;
  }

  it('is of the file for this copy, shows how far it is, and is installed when that is asked for', async () => {
    const seen: unknown[] = [];
    let installs = 0;
    const { updates, world } = await offered({
      download: ({ version, file, onProgress }) => {
        seen.push([version, file.name, file.sha512]);
        for (const percent of [0, 10.2, 10.9, 55.5, 100]) onProgress(percent);
        return Promise.resolve();
      },
      install: () => void (installs += 1),
    });
    expect(() => updates.install()).toThrow('no downloaded update');
    world.statuses.length = 0;
    updates.download();
    await expect.poll(() => updates.status().phase).toBe('ready');
    expect(seen).toEqual([['0.2.0', 'Traywatch-0.2.0.AppImage', fileOf(IMAGE, { name: '', url: '', kind: '' }).sha512]]);
    expect(world.statuses.map(({ phase, progress }) => [phase, progress])).toEqual([['downloading', 0], ['downloading', 10], ['downloading', 55], ['downloading', 100], ['ready', null]]);
    expect(() => updates.download()).toThrow('already');
    updates.install();
    expect(installs).toBe(1);
  });

  it('that fails says why, and can be tried again', async () => {
    let attempts = 0;
    const { updates } = await offered({
      download: () => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new UpdateError({ code: 'wrongContent', what: null })) : Promise.resolve();
      },
    });
    updates.download();
    await expect.poll(() => updates.status()).toMatchObject({ phase: 'idle', problem: { code: 'wrongContent' }, offer: { version: '0.2.0' } });
    updates.download();
    await expect.poll(() => updates.status()).toMatchObject({ phase: 'ready', problem: null });
  });

  it('can be cancelled, which is no failure', async () => {
    const { updates } = await offered({ download: ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled')))) });
    updates.download();
    await expect.poll(() => updates.status().phase).toBe('downloading');
    updates.cancel();
    await expect.poll(() => updates.status()).toMatchObject({ phase: 'idle', problem: null, progress: null });
  });

  it('is not begun where the release has no file for this machine, or the package manager installs it', async () => {
    serve(documentOf(releaseOf('0.2.0', { files: [] })));
    const alone = open();
    await alone.updates.check();
    alone.updates.download();
    expect(alone.updates.status()).toMatchObject({ phase: 'idle', problem: { code: 'noFile' }, offer: { file: null } });
    const deb = await offered({}, { copy: { method: 'deb', kind: 'deb', platform: 'linux', arch: process.arch, version: '0.1.0' } });
    expect(() => deb.updates.download()).toThrow('no update that this copy can install');
  });

  it('that cannot be installed leaves this copy as it is, and says why', async () => {
    const { updates } = await offered({
      install: () => {
        throw new UpdateError({ code: 'notReplaceable', what: '/opt/Traywatch.AppImage' });
      },
    });
    updates.download();
    await expect.poll(() => updates.status().phase).toBe('ready');
    updates.install();
    expect(updates.status()).toMatchObject({ phase: 'idle', problem: { code: 'notReplaceable', what: '/opt/Traywatch.AppImage' } });
  });

  it('that is ready is given up for a newer version, or where it was withdrawn', async () => {
    for (const [version, offer] of [['0.3.0', '0.3.0'], ['0.1.0', null]] as const) {
      const { updates } = await offered({});
      updates.download();
      await expect.poll(() => updates.status().phase).toBe('ready');
      await updates.check();
      expect(updates.status().phase).toBe('ready');
      serve(documentOf(releaseOf(version)));
      await updates.check();
      expect(updates.status().phase).toBe('idle');
      expect(updates.status().offer?.version ?? null).toBe(offer);
      updates.close();
    }
  });
});
