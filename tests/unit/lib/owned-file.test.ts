/** Reading and writing small files at paths where anything may be found. */
import * as fc from 'fast-check';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeStaleTemporary, writeFileAtomically } from '../../../src/main/lib/atomic-file';
import type { WriteSteps } from '../../../src/main/lib/atomic-file';
import { ForeignChangeError, ownFile } from '../../../src/main/lib/owned-file';
import { readRegularFile } from '../../../src/main/lib/regular-file';
import { createFolder, ODD_FILES, PRIVATE_MODE, putLinked } from '../../support/odd-files';

const place = (): string => join(createFolder(), 'state.json');

describe('a file that is read', () => {
  it.each(ODD_FILES)('is refused by name where it is $name, and never replaced', async ({ put, named }) => {
    const path = place();
    await put(path);
    const before = lstatSync(path);
    const file = ownFile(path);
    const content = file.read();
    expect(content.kind).toBe('unreadable');
    expect(content.kind === 'unreadable' && content.reason).toMatch(named);
    expect(content.kind === 'unreadable' && content.reason).toContain(path);
    expect(() => file.write('{}')).toThrow(named);
    expect(() => writeFileAtomically(path, '{}')).toThrow(named);
    expect([lstatSync(path).ino, lstatSync(path).mode]).toEqual([before.ino, before.mode]);
    expect(readdirSync(join(path, '..')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is text without a byte order mark', () => {
    const path = place();
    writeFileSync(path, '\uFEFF{"a":"ü"}');
    expect(ownFile(path).read()).toEqual({ kind: 'text', text: '{"a":"ü"}' });
  });

  it.each([
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le')],
    ['Latin-1', Buffer.from('{"a":"ü"}', 'latin1')],
  ])('is invalid, not guessed at, where it is %s', (_, bytes) => {
    const path = place();
    writeFileSync(path, bytes);
    expect(ownFile(path).read()).toEqual({ kind: 'invalid', reason: 'not UTF-8 text' });
  });

  it('is bounded in size, whatever size the system reports', () => {
    const path = place();
    writeFileSync(path, 'x'.repeat(200_000));
    expect(readRegularFile(path, 200_000)?.length).toBe(200_000);
    expect(() => readRegularFile(path, 199_999)).toThrow(`${path} is too large: more than 199999 bytes`);
    // The kernel reports no size for these.
    if (existsSync('/proc/self/status')) expect(readRegularFile('/proc/self/status', 100_000)?.length).toBeGreaterThan(100);
  });

  it('is absent where there is none, nor a folder for it', () => {
    const path = place();
    expect(ownFile(path).read()).toEqual({ kind: 'absent' });
    expect(ownFile(join(path, 'no', 'folder')).read()).toEqual({ kind: 'absent' });
    writeFileSync(path, '');
    expect(ownFile(join(path, 'below a file')).read()).toEqual({ kind: 'absent' });
  });

  it('that may not be read is not written over either', () => {
    const path = place();
    writeFileSync(path, 'secret');
    const file = ownFile(path, () => {
      throw Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' });
    });
    expect(file.read()).toEqual({ kind: 'unreadable', cause: 'EACCES', reason: `${path} cannot be read: EACCES: permission denied, open` });
    expect(() => file.write('{}')).toThrow('EACCES');
    expect(readFileSync(path, 'utf8')).toBe('secret');
  });
});

describe('a file that is written', () => {
  it('through a link changes what the link leads to, and the link stays', () => {
    const path = place();
    const target = putLinked(path, 'old');
    const file = ownFile(path);
    file.read();
    file.write('new');
    expect([lstatSync(path).isSymbolicLink(), readFileSync(target, 'utf8'), statSync(path).mode & 0o777]).toEqual([true, 'new', 0o600]);
    expect(readdirSync(`${path}.d`)).toEqual(['kept-elsewhere', 'second']);
  });

  it.each<[string, Partial<WriteSteps>]>([
    ['write', { write: (fd) => (writeSync(fd, 'half'), fail()) }],
    ['sync', { sync: () => fail() }],
    ['rename', { rename: () => fail() }],
  ])('leaves the old file and no temporary file where the disk fails at %s', (_, broken) => {
    const path = place();
    const target = putLinked(path, 'old');
    const steps: WriteSteps = { write: writeFileSync, sync: () => undefined, rename: renameSync, ...broken };
    expect(() => writeFileAtomically(path, 'new', steps)).toThrow('ENOSPC');
    expect([readFileSync(target, 'utf8'), readdirSync(`${path}.d`)]).toEqual(['old', ['kept-elsewhere', 'second']]);
    writeFileAtomically(path, 'new');
    expect(readFileSync(target, 'utf8')).toBe('new');
  });

  it('is cleaned up after a crash when it is next read, beside the file behind a link as well', () => {
    const path = place();
    const target = putLinked(path, 'old');
    writeFileSync(`${target}.tmp`, 'half a fi');
    ownFile(path).read();
    expect(readdirSync(`${path}.d`)).toEqual(['kept-elsewhere', 'second']);
    const other = place();
    mkdirSync(`${other}.tmp`);
    removeStaleTemporary(other);
    expect(existsSync(`${other}.tmp`)).toBe(true);
  });

  it('is noticed when another program has changed it, and kept on request', () => {
    const path = place();
    const file = ownFile(path);
    file.read();
    file.write('mine');
    writeFileSync(path, 'theirs');
    expect(() => file.write('mine again')).toThrow(ForeignChangeError);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    const kept = file.keepForeign(Date.UTC(2026, 10, 21));
    expect(kept).toBe(path.replace('.json', '.replaced-20261121T000000Z.json'));
    file.write('mine again');
    expect([readFileSync(kept, 'utf8'), readFileSync(path, 'utf8'), statSync(kept).mode & 0o777]).toEqual(['theirs', 'mine again', PRIVATE_MODE]);
  });

  it('may be replaced by a copy of itself, or removed: nothing would be lost', () => {
    const path = place();
    const file = ownFile(path);
    file.read();
    file.write('mine');
    writeFileSync(`${path}.copy`, 'mine');
    renameSync(`${path}.copy`, path);
    file.write('second');
    rmSync(path);
    file.write('third');
    expect(readFileSync(path, 'utf8')).toBe('third');
  });

  it('is never the first to reach a file that was not read', () => {
    const path = place();
    writeFileSync(path, 'theirs');
    expect(() => ownFile(path).write('mine')).toThrow(ForeignChangeError);
  });

  it('that is invalid is moved away, except behind a link, where it is not written over', () => {
    const path = place();
    const target = putLinked(path, '{');
    const file = ownFile(path);
    file.read();
    expect(() => file.quarantine(0)).toThrow(`${path} is a link`);
    expect(() => file.write('{}')).toThrow(ForeignChangeError);
    expect([lstatSync(path).isSymbolicLink(), readFileSync(target, 'utf8')]).toEqual([true, '{']);
  });
});

function fail(): never {
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}

/** Windows lets ordinary users make no links. */
const LINKS: readonly Step['kind'][] = process.platform === 'win32' ? [] : ['link'];

/** What happens to a file, in any order. */
type Step = { readonly kind: 'write' | 'full-disk' | 'foreign' | 'foreign-rename' | 'remove' | 'restart' | 'crash' | 'link'; readonly text: string };

const step = fc.record({ kind: fc.constantFrom<Step['kind'][]>('write', 'write', 'full-disk', 'foreign', 'foreign-rename', 'remove', 'restart', 'crash', ...LINKS), text: fc.string({ maxLength: 8 }) });

/** A file, the program that owns it, and everything else that touches it. */
class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'traywatch-steps-'));
  readonly path = join(this.folder, 'state.json');
  readonly file = ownFile(this.path);
  now = 0;

  isLink = (): boolean => lstatSync(this.path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  target = (): string => (this.isLink() ? `${this.path}.elsewhere` : this.path);
  content = (): string | null => (existsSync(this.path) ? readFileSync(this.path, 'utf8') : null);

  /** What others do, and what happens to the program. */
  take({ kind, text }: Step): void {
    const target = this.target();
    if (kind === 'foreign') writeFileSync(target, text);
    else if (kind === 'remove') rmSync(this.path, { force: true });
    else if (kind === 'restart') this.file.read();
    else if (kind === 'crash') writeFileSync(`${target}.tmp`, text);
    else if (kind === 'foreign-rename') {
      writeFileSync(`${this.path}.new`, text);
      renameSync(`${this.path}.new`, target);
    } else if (kind === 'link' && !this.isLink() && existsSync(this.path)) {
      renameSync(this.path, `${this.path}.elsewhere`);
      symlinkSync(`${this.path}.elsewhere`, this.path);
    }
  }
}

/** The program writes; what was there must be in the file or in a copy afterwards. */
function expectWrite(place: Place, text: string, isDiskFull: boolean): void {
  const before = place.content();
  const wasLink = place.isLink();
  const blocked = `${place.target()}.tmp`;
  if (isDiskFull) {
    rmSync(blocked, { force: true });
    mkdirSync(blocked);
  }
  try {
    place.file.write(text);
    expect([isDiskFull, place.content(), statSync(place.path).mode & 0o777]).toEqual([false, text, PRIVATE_MODE]);
  } catch (error) {
    expect(place.content()).toBe(before);
    if (error instanceof ForeignChangeError) expect(readFileSync(place.file.keepForeign((place.now += 1000)), 'utf8')).toBe(before);
    else expect(isDiskFull).toBe(true);
  }
  if (isDiskFull) rmSync(blocked, { recursive: true });
  expect(place.isLink()).toBe(wasLink);
}

describe('whatever happens to a file', () => {
  it('nothing another program wrote is lost by a write, a link stays a link, and no temporary file outlives a restart', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const here = new Place();
        here.file.read();
        try {
          for (const one of steps) {
            if (one.kind === 'write' || one.kind === 'full-disk') expectWrite(here, one.text, one.kind === 'full-disk');
            else here.take(one);
          }
          here.file.read();
          expect(existsSync(`${here.target()}.tmp`)).toBe(false);
        } finally {
          rmSync(here.folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 150 },
    );
  });
});
