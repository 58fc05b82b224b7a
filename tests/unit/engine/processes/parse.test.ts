import { describe, expect, it } from 'vitest';
import { sanitizeCommand, sanitizeName, nameOf, wantsCommand } from '../../../../src/main/engine/processes/sanitize';
import { parseActivity, parseCommand, parseIo, parsePasswd, parseStat, parseUid, parseUnits } from '../../../../src/main/engine/processes/parse.linux';
import { statOf } from '../../../support/proc-tree';
import type { FakeProcess } from '../../../support/proc-tree';

const textOf = (process: FakeProcess): string => statOf(process).toString('utf8');

describe('parseStat', () => {
  it.each(['worker', 'tmux: server', 'a) S 1 2 3', ')', '((', 'two\nlines', '', 'Web Content', 'héllo', ') R 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9'])('reads around the name %j', (name) => {
    const stat = parseStat(textOf({ pid: 7, name, utime: 30, stime: 12, born: 777, pages: 5 }));
    expect(stat).toEqual({ name, isKernel: false, ticks: 42, born: 777, pages: 5 });
  });

  it('reads a name that is not valid UTF-8', () => {
    expect(parseStat(textOf({ pid: 7, name: Buffer.from([0xff, 0x29, 0xc3]), born: 5 }))).toMatchObject({ name: '\uFFFD)\uFFFD', born: 5 });
  });

  it('recognizes kernel threads, also next to flags of the highest bit', () => {
    expect(parseStat(textOf({ pid: 2, name: 'kthreadd', flags: 0x208040 }))?.isKernel).toBe(true);
    expect(parseStat(textOf({ pid: 2, flags: 0x80208040 }))?.isKernel).toBe(true);
    expect(parseStat(textOf({ pid: 2, flags: 0x400100 }))?.isKernel).toBe(false);
  });

  it('tells apart what waits, what has ended, and what was forked, whatever the name', () => {
    const of = (own: Partial<FakeProcess>): unknown => parseActivity(textOf({ pid: 7, name: ') D 1 2', ...own }));
    const plain = { isWaiting: false, isForked: false, hasEnded: false };
    for (const state of ['R', 'S', 'T', 't', 'I', 'P']) expect(of({ state })).toEqual(plain);
    expect(of({ state: 'D', flags: 0x40_0140 })).toEqual({ isWaiting: true, isForked: true, hasEnded: false });
    for (const state of ['Z', 'X', 'x']) expect(of({ state })).toEqual({ ...plain, hasEnded: true });
  });

  it('reads counters beyond 32 bits', () => {
    expect(parseStat(textOf({ pid: 1, utime: 2 ** 40, born: 2 ** 41, pages: 2 ** 33 }))).toMatchObject({ ticks: 2 ** 40, born: 2 ** 41, pages: 2 ** 33 });
  });

  it.each(['', '7', '7 (', '7 (a', '7 (a)', '7 (a) S 1 2', ')(', '7 (a) S 1 2 3 0 -1 x 1 1 1 1 1 1 1 1 20 0 1 0'])('gives null for the truncated %j', (text) => {
    expect(parseStat(text)).toBeNull();
  });

  it('gives null for a line truncated anywhere before the memory', () => {
    const whole = textOf({ pid: 7, name: 'w', born: 123_456, pages: 1234 });
    const enough = whole.indexOf(' 1234 ') + 1;
    for (let length = 0; length < enough; length += 1) expect(parseStat(whole.slice(0, length)), `cut at ${length}`).toBeNull();
  });
});

describe('other files of a process', () => {
  it('read the effective user', () => {
    expect(parseUid('Name:\tUid:\t5\t5\nUid:\t1000\t0\t1000\t1000\n')).toBe(0);
    expect(parseUid('')).toBeNull();
  });

  it('read the bytes transferred to and from storage, not those requested by programs', () => {
    expect(parseIo('rchar: 5\nwchar: 6\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 1\n')).toEqual({ readBytes: 4096, writtenBytes: 8192 });
    expect(parseIo('rchar: 5\n')).toBeNull();
  });

  it('join arguments, and give null for a process without', () => {
    expect(parseCommand('/usr/bin/env\0-i\0bash\0')).toEqual({ command: '/usr/bin/env -i bash', first: '/usr/bin/env' });
    expect(parseCommand('sshd: ada@pts/0\0\0\0\0\0')).toEqual({ command: 'sshd: ada@pts/0', first: 'sshd: ada@pts/0' });
    expect(parseCommand('')).toEqual({ command: null, first: '' });
  });

  it('read the valid lines of passwd, the first of an id counting', () => {
    const names = parsePasswd('root:x:0:0::/:/bin/sh\n# comment\n+::::::\ntoor:x:0:0::/:/bin/sh\nada:x:1000:1000\nbad:x:ten:1\n::7:\n');
    expect([...names]).toEqual([[0, 'root'], [1000, 'ada']]);
  });

  it('read the units from the auxiliary vector, with defaults without it', () => {
    const pairs = [[6n, 16_384n], [17n, 250n], [0n, 0n]] as const;
    const auxv = Buffer.alloc(16 * pairs.length + 5);
    pairs.forEach(([type, value], at) => auxv.writeBigUInt64LE(value, auxv.writeBigUInt64LE(type, at * 16)));
    expect(parseUnits(auxv)).toEqual({ pageBytes: 16_384, ticksPerSecond: 250 });
    expect(parseUnits(Buffer.alloc(3))).toEqual({ pageBytes: 4096, ticksPerSecond: 100 });
  });

  it('read the units in either byte order, and with words of 32 bits', () => {
    const [big, small] = [Buffer.alloc(48), Buffer.alloc(24)];
    ([[33n, 0x7ffdn], [6n, 65_536n], [17n, 100n]] as const).forEach(([type, value], at) => {
      big.writeBigUInt64BE(value, big.writeBigUInt64BE(type, at * 16));
      small.writeUInt32LE(Number(value), small.writeUInt32LE(Number(type), at * 8));
    });
    expect(parseUnits(big)).toEqual({ pageBytes: 65_536, ticksPerSecond: 100 });
    expect(parseUnits(small)).toEqual({ pageBytes: 65_536, ticksPerSecond: 100 });
  });
});

describe('sanitized text', () => {
  it('has no control or direction characters', () => {
    expect(sanitizeName('a\nb\tc')).toBe('a b c');
    expect(sanitizeName('\u001B[31mred\u0007')).toBe('\uFFFD[31mred\uFFFD');
    // With the direction reversed, this would look like another name.
    expect(sanitizeName('safe\u202Etxt.exe')).toBe('safe\uFFFDtxt.exe');
    expect(sanitizeName('  ')).toBe('?');
    expect(sanitizeName('naïve ✓ 日本')).toBe('naïve ✓ 日本');
  });

  it('cuts long command lines, but no surrogate pair', () => {
    const command = sanitizeCommand('x'.repeat(4096)) ?? '';
    expect(command).toBe(`${'x'.repeat(999)}…`);
    const pairs = sanitizeCommand('😀'.repeat(600)) ?? '';
    expect(pairs.length).toBeLessThanOrEqual(1000);
    expect(pairs.isWellFormed()).toBe(true);
    expect(sanitizeCommand('short')).toBe('short');
    expect(sanitizeCommand(' \n ')).toBeNull();
  });

  it('completes a name that the kernel cut, and replaces generic thread names by the program', () => {
    expect(nameOf('gnome-terminal-', '/usr/libexec/gnome-terminal-server')).toBe('gnome-terminal-server');
    expect(nameOf('stress-ng-matri', 'stress-ng-matrix [run]')).toBe('stress-ng-matrix');
    expect(nameOf('Isolated Web Co', '/usr/lib/firefox/firefox')).toBe('Isolated Web Co');
    expect(nameOf('MainThread', '/usr/bin/node')).toBe('node');
    expect(nameOf('MainThread', '')).toBe('MainThread');
    expect(['bash', 'abcdefghijklmn', 'gnome-terminal-', 'ééééééé', 'éééééééx', 'MainThread'].map(wantsCommand)).toEqual([false, false, true, false, true, true]);
  });
});
