import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessFault } from '../../../../src/main/engine/collectors/faults';
import { HeldFile, isAbsent, WHOLE } from '../../../../src/main/engine/collectors/files';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { failureOf } from '../../../support/recorded-machine';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'held-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('HeldFile', () => {
  it('reads a file that grows past the buffer and shrinks again', async () => {
    const path = join(folder, 'f');
    const file = new HeldFile(path, 4);
    for (const text of ['abc', 'abcd', 'x'.repeat(1000), '', 'short']) {
      writeFileSync(path, text);
      expect(file.text()).toBe(text);
    }
    expect(await file.readTextAsync()).toBe('short');
    file.close();
    expect(file.text()).toBe('short');
    file.close();
  });

  it.each(['record', 'lines'] as const)('reads all of a file of whole %ss, also where that fills the buffer or is longer', (kind) => {
    const path = join(folder, 'f');
    const file = new HeldFile(path, 4, WHOLE[kind]);
    for (const text of ['', 'abc', 'abcd', 'abcde', 'x'.repeat(5000), 'y'.repeat(3000), 'z']) {
      writeFileSync(path, text);
      expect(file.text()).toBe(text);
    }
    file.close();
  });

  it.runIf(process.platform === 'linux')('reads as much of files of the kernel with one read as until an empty one', () => {
    const words = (file: HeldFile): readonly number[] => file.text().split('\n').map((line) => line.trim().split(/\s+/).length);
    const files = [['/proc/stat', 'record'], ['/proc/meminfo', 'record'], ['/proc/loadavg', 'record'], ['/proc/net/snmp', 'record'], ['/proc/diskstats', 'lines'], ['/proc/net/dev', 'lines']] as const;
    for (const [path, kind] of files) {
      const [once, usual] = [new HeldFile(path, 16_384, WHOLE[kind]), new HeldFile(path, 16_384)];
      expect([path, ...words(once)]).toEqual([path, ...words(usual)]);
      for (const file of [once, usual]) file.close();
    }
  });

  it('gives null for an absent or unreadable optional file', () => {
    const path = join(folder, 'f');
    const file = new HeldFile(path);
    expect(file.optionalText()).toBeNull();
    writeFileSync(path, 'x');
    expect(file.optionalText()).toBe('x');
    file.close();
    expect(new HeldFile(folder).optionalText()).toBeNull();
    expect(new HeldFile(`${folder}/${'x'.repeat(300)}`).optionalText()).toBeNull();
    expect(() => new HeldFile(`${folder}/\0`).optionalText()).toThrow('ERR_INVALID_ARG_VALUE');
  });

  it('fails with a fault kind, and recovers when the file is back', async () => {
    const path = join(folder, 'f');
    const file = new HeldFile(path);
    expect(await failureOf(() => file.bytes())).toMatchObject({ kind: 'SystemUnavailable', message: expect.stringContaining('ENOENT') as string });
    expect(await failureOf(() => file.readTextAsync())).toMatchObject({ code: 'ENOENT' });
    writeFileSync(path, 'x');
    expect(file.text()).toBe('x');
    file.close();
  });
});

describe('isAbsent', () => {
  const failed = (code: string): Error => Object.assign(new Error('x'), { code });

  it('is true for every error of the system, but not where it has run out of something', () => {
    const lasting = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EBADF', 'EFAULT']);
    for (const code of Object.keys(constants.errno)) expect([code, isAbsent(failed(code))]).toEqual([code, !lasting.has(code)]);
  });

  it('is false for mistakes of the program', () => {
    for (const error of [failed('ERR_INVALID_ARG_TYPE'), new TypeError('x'), 'ENOENT', null]) expect(isAbsent(error)).toBe(false);
  });
});

describe('accessFault', () => {
  it('distinguishes a denied access from a missing file', () => {
    const kind = (code: string) => accessFault(Object.assign(new Error('x'), { code }), 'f').kind;
    expect(['EACCES', 'EPERM', 'ENOENT', 'ENODEV', 'EIO'].map(kind)).toEqual(['PermissionDenied', 'PermissionDenied', 'SystemUnavailable', 'SystemUnavailable', 'SystemUnavailable']);
    const known = new CollectorError('ParseError', 'x');
    expect(accessFault(known, 'f')).toBe(known);
  });
});
