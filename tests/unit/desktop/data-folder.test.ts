/** The move of the user-data folder on Windows: it is whole in one place or the other, whatever fails, and what stays is told. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseDataFolder, userDataFor } from '../../../src/main/desktop/data-folder.win32';
import type { MoveSteps } from '../../../src/main/desktop/data-folder.win32';
import { lockFolder } from '../../../src/main/engine/store/folder-lock';

const FILES: Readonly<Record<string, string>> = { 'history.sqlite': 'samples', 'history.sqlite-wal': 'more samples', 'settings.json': '{}', 'Local State': 'the key of secrets.json', 'Network/Cookies': 'cookies', 'Größe ☃.txt': 'é' };

/** A profile with data in the roaming folder; both folders are on one drive unless `rename` says otherwise. */
function profile(files: Readonly<Record<string, string>> = FILES) {
  const root = mkdtempSync(join(tmpdir(), 'profile-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [roaming, local] = ['Roaming', 'Local'].map((name) => join(root, name)) as [string, string];
  const [former, wanted] = [join(roaming, 'Traywatch'), join(local, 'Traywatch')];
  for (const folder of [roaming, local]) mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(former, name, '..'), { recursive: true });
    writeFileSync(join(former, name), text);
  }
  return { former, wanted, local };
}

const steps = (change: Partial<MoveSteps> = {}): MoveSteps => ({
  lock: (folder) => lockFolder(folder, 0),
  rename: renameSync,
  copy: (from, to) => cpSync(from, to, { recursive: true }),
  remove: (folder) => rmSync(folder, { recursive: true, force: true }),
  ...change,
});

const failing = (code: string) => (): never => {
  throw Object.assign(new Error(`${code}: it does not work`), { code });
};

/** Two folders on two drives: a folder can be renamed on its own only. */
const acrossDrives: MoveSteps['rename'] = (from, to) => (from.includes('Roaming') ? failing('EXDEV')() : renameSync(from, to));

/** The files of a folder as they were made, without the file of the lock. */
const contentOf = (folder: string): Record<string, string> =>
  existsSync(folder) ? Object.fromEntries(Object.keys(FILES).flatMap((name) => (existsSync(join(folder, name)) ? [[name, readFileSync(join(folder, name), 'utf8')]] : []))) : {};

describe('the user-data folder on Windows', () => {
  it('is in the local part of the profile, where Windows says which that is', () => {
    expect(userDataFor({ LOCALAPPDATA: '/c/Users/Jörg/AppData/Local' })).toBe(join('/c/Users/Jörg/AppData/Local', 'Traywatch'));
    expect([userDataFor({}), userDataFor({ LOCALAPPDATA: '' })]).toEqual([null, null]);
  });

  it('is new where there was none, or none with data', () => {
    const { former, wanted } = profile({});
    expect(chooseDataFolder(former, wanted, steps({ rename: failing('x') }))).toEqual({ folder: wanted, problem: null });
    const cache = profile({ 'Cache/data_0': 'x' });
    expect(chooseDataFolder(cache.former, cache.wanted, steps())).toEqual({ folder: cache.wanted, problem: null });
    expect(existsSync(join(cache.former, 'Cache/data_0'))).toBe(true);
  });

  it('takes over all of an existing one, once, with the key that Chromium keeps beside it', () => {
    const { former, wanted } = profile();
    mkdirSync(wanted);
    expect(chooseDataFolder(former, wanted)).toEqual({ folder: wanted, problem: null });
    expect([contentOf(wanted), existsSync(former)]).toEqual([FILES, false]);
    expect(chooseDataFolder(former, wanted)).toEqual({ folder: wanted, problem: null });
    expect(contentOf(wanted)).toEqual(FILES);
  });

  it('takes it over from another drive: copied, compared, then removed', () => {
    const { former, wanted, local } = profile();
    expect(chooseDataFolder(former, wanted, steps({ rename: acrossDrives }))).toEqual({ folder: wanted, problem: null });
    expect([contentOf(wanted), existsSync(former), readdirSync(local)]).toEqual([FILES, false, ['Traywatch']]);
  });

  it('stays where another Traywatch has it, which is then found running', () => {
    const { former, wanted } = profile();
    const lock = lockFolder(former, 0);
    expect(lock.state).toBe('held');
    const other = steps({ lock: () => ({ state: 'taken', reason: 'another process has it' }) });
    expect(chooseDataFolder(former, wanted, other)).toEqual({ folder: former, problem: null });
    expect([contentOf(former), existsSync(wanted)]).toEqual([FILES, false]);
    if (lock.state === 'held') lock.release();
  });

  it('is that of the other one where two are started at a time', () => {
    const { former, wanted } = profile();
    const beaten: MoveSteps['rename'] = (from, to) => {
      renameSync(from, to);
      failing('ENOENT')();
    };
    expect(chooseDataFolder(former, wanted, steps({ rename: beaten }))).toEqual({ folder: wanted, problem: null });
  });

  it('leaves one alone that was used again by an older version, and says so', () => {
    const { former, wanted } = profile();
    mkdirSync(wanted);
    writeFileSync(join(wanted, 'settings.json'), '{"new":1}');
    const { folder, problem } = chooseDataFolder(former, wanted, steps());
    expect([folder, problem]).toEqual([wanted, expect.stringContaining(`still in ${former}`)]);
    expect([contentOf(former), readFileSync(join(wanted, 'settings.json'), 'utf8')]).toEqual([FILES, '{"new":1}']);
  });

  it('begins the copy anew that a crash cut short', () => {
    const { former, wanted, local } = profile();
    mkdirSync(join(local, 'Traywatch.moving'));
    writeFileSync(join(local, 'Traywatch.moving', 'history.sqlite'), 'half of the sam');
    expect(chooseDataFolder(former, wanted, steps({ rename: acrossDrives })).folder).toBe(wanted);
    expect([contentOf(wanted), readdirSync(local)]).toEqual([FILES, ['Traywatch']]);
  });

  it.each([
    ['a file in it is open', { rename: failing('EPERM') }],
    ['something else is in the way', { lock: () => ({ state: 'unavailable', reason: 'no locks here' }) as const, rename: failing('EBUSY') }],
    ['the other drive is full', { rename: acrossDrives, copy: failing('ENOSPC') }],
    ['the copy is not whole', { rename: acrossDrives, copy: (from: string, to: string) => (cpSync(from, to, { recursive: true }), writeFileSync(join(to, 'history.sqlite'), 'sampleX')) }],
    ['a file is missing in the copy', { rename: acrossDrives, copy: (from: string, to: string) => (cpSync(from, to, { recursive: true }), rmSync(join(to, 'Local State'))) }],
    ['the copy cannot be put in place', { rename: failing('EXDEV') }],
  ])('stays, whole, where %s, and says so', (_, change: Partial<MoveSteps>) => {
    const { former, wanted, local } = profile();
    const chosen = chooseDataFolder(former, wanted, steps(change));
    expect(chosen).toEqual({ folder: former, problem: expect.stringMatching(/could not be moved .* tries again at its next start/) });
    expect([contentOf(former), readdirSync(local)]).toEqual([FILES, []]);
    expect(chooseDataFolder(former, wanted, steps())).toEqual({ folder: wanted, problem: null });
    expect(contentOf(wanted)).toEqual(FILES);
  });

  it('says where the old one could not be removed', () => {
    const { former, wanted } = profile();
    const remove: MoveSteps['remove'] = (folder) => (folder === former ? failing('EPERM')() : rmSync(folder, { recursive: true, force: true }));
    const { folder, problem } = chooseDataFolder(former, wanted, steps({ rename: acrossDrives, remove }));
    expect([folder, contentOf(wanted), contentOf(former)]).toEqual([wanted, FILES, FILES]);
    expect(problem).toContain(former);
  });

  it('is whole in the folder that is used, whichever steps fail, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('rename', 'copy', 'remove'), fc.constantFrom('EXDEV', 'EPERM', 'ENOSPC'), fc.boolean()), { maxLength: 5 }), (faults) => {
        const { former, wanted } = profile();
        const left = [...faults];
        const real = steps();
        const maybe = (name: string, work: () => void): void => {
          const [step, code, afterwards] = left[0] ?? ['', '', false];
          if (step !== name) return work();
          left.shift();
          if (afterwards && name !== 'remove') work();
          failing(code)();
        };
        const odd = steps({
          rename: (from, to) => maybe('rename', () => real.rename(from, to)),
          copy: (from, to) => maybe('copy', () => real.copy(from, to)),
          remove: (folder) => maybe('remove', () => real.remove(folder)),
        });
        for (let start = 0; start < 4; start += 1) {
          const { folder } = chooseDataFolder(former, wanted, odd);
          expect(contentOf(folder)).toEqual(FILES);
        }
      }),
      { numRuns: 200 },
    );
  });
});
