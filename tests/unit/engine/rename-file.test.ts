import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HeldFileError, renameFile, renameFileLater, renameTogether } from '../../../src/main/engine/rename-file';
import { writeFileAtomically } from '../../../src/main/lib/atomic-file';
import { fileErrorText } from '../../../src/main/lib/file-error-text';

/** Renames that fail with the codes in turn, and then work; the pauses between them, ms. */
class Renames {
  readonly pauses: number[] = [];
  tries = 0;
  readonly platform: NodeJS.Platform;
  readonly #codes: readonly string[];
  constructor(platform: NodeJS.Platform, codes: readonly string[]) {
    this.platform = platform;
    this.#codes = codes;
  }

  #try(): void {
    const code = this.#codes[this.tries];
    this.tries += 1;
    if (code !== undefined) throw Object.assign(new Error(`${code}: rename`), { code });
  }

  get now() {
    return { platform: this.platform, rename: () => this.#try(), pause: (ms: number) => void this.pauses.push(ms) };
  }

  get later() {
    return { platform: this.platform, rename: async () => this.#try(), pause: async (ms: number) => void this.pauses.push(ms) };
  }
}

const ALWAYS = (code: string): string[] => Array.from({ length: 20 }, () => code);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('a rename on Windows', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is tried again after %s, at once and later', async (code) => {
    const now = new Renames('win32', [code, code]);
    renameFile('a', 'b', now.now);
    expect([now.tries, now.pauses]).toEqual([3, [10, 20]]);
    const later = new Renames('win32', [code, code]);
    await renameFileLater('a', 'b', later.later);
    expect([later.tries, later.pauses]).toEqual([3, [10, 20]]);
  });

  it('is given up within half a second where the program stands still meanwhile, and within two seconds elsewhere', async () => {
    const now = new Renames('win32', ALWAYS('EPERM'));
    expect(() => renameFile('a', 'b', now.now)).toThrow(HeldFileError);
    expect([now.tries, now.pauses]).toEqual([6, [10, 20, 50, 100, 200]]);
    const later = new Renames('win32', ALWAYS('EBUSY'));
    await expect(renameFileLater('a', 'b', later.later)).rejects.toMatchObject({ name: 'HeldFileError', code: 'EBUSY', message: 'b is held by another program (EBUSY)' });
    expect(sum(later.pauses)).toBeLessThanOrEqual(2000);
    expect(sum(later.pauses)).toBeGreaterThan(1500);
  });

  it.each(['ENOENT', 'ENOSPC', 'EXDEV'])('is not tried again after %s', async (code) => {
    const renames = new Renames('win32', ALWAYS(code));
    expect(() => renameFile('a', 'b', renames.now)).toThrow(`${code}: rename`);
    await expect(renameFileLater('a', 'b', renames.later)).rejects.toThrow(`${code}: rename`);
    expect([renames.tries, renames.pauses]).toEqual([2, []]);
  });

  it('ends with the latest reason where that is another one', () => {
    const renames = new Renames('win32', ['EPERM', 'ENOENT']);
    expect(() => renameFile('a', 'b', renames.now)).toThrow('ENOENT: rename');
    expect(renames.tries).toBe(2);
  });
});

describe.each(['linux', 'darwin'] as const)('a rename on %s', (platform) => {
  it('is tried once', async () => {
    const renames = new Renames(platform, ALWAYS('EPERM'));
    expect(() => renameFile('a', 'b', renames.now)).toThrow('EPERM: rename');
    await expect(renameFileLater('a', 'b', renames.later)).rejects.toThrow('EPERM: rename');
    expect([renames.tries, renames.pauses]).toEqual([2, []]);
  });
});

describe('files that belong together', () => {
  const PAIRS = [['a', 'x'], ['b', 'y'], ['c', 'z']] as const;

  it('are renamed in order', () => {
    const renamed: string[] = [];
    renameTogether(PAIRS, (from, to) => void renamed.push(`${from} ${to}`));
    expect(renamed).toEqual(['a x', 'b y', 'c z']);
  });

  it('get their names back where one of them is held', () => {
    const renamed: string[] = [];
    const rename = (from: string, to: string): void => {
      if (from === 'c') throw new HeldFileError(to, 'EBUSY', null);
      renamed.push(`${from} ${to}`);
    };
    expect(() => renameTogether(PAIRS, rename)).toThrow('z is held by another program');
    expect(renamed).toEqual(['a x', 'b y', 'y b', 'x a']);
  });
});

describe('a file that is replaced', () => {
  const createPath = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-rename-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return join(folder, 'settings.json');
  };

  it('stays whole while another program holds it, and its draft is removed', () => {
    const path = createPath();
    writeFileSync(path, 'old');
    const renames = new Renames('win32', ALWAYS('EPERM'));
    const write = (fd: number, content: string | Uint8Array): void => writeFileSync(fd, content);
    expect(() => writeFileAtomically(path, 'new', { write, sync: () => undefined, rename: (from, to) => renameFile(from, to, renames.now) })).toThrow(HeldFileError);
    expect([readFileSync(path, 'utf8'), existsSync(`${path}.tmp`), renames.tries]).toEqual(['old', false, 6]);
  });

  it('is told to be open elsewhere, in words that say what to do', () => {
    expect(fileErrorText(new HeldFileError('history.csv', 'EBUSY', null))).toBe('Another program has this file open. Close it there and try again, or choose another name.');
    expect(fileErrorText(Object.assign(new Error('EPERM'), { code: 'EPERM' }))).toBe('This location is not writable.');
  });
});
