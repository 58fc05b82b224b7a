import * as fc from 'fast-check';
import { existsSync, ftruncateSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFileLog, createTransitionLog } from '../../../src/main/engine/log';
import { createCallbackLog } from '../../support/log';
import type { FileLog, FileLogOptions } from '../../../src/main/engine/log';
import type { LineOutput } from '../../../src/main/engine/rotating-file';
import { showLogProblem } from '../../../src/main/core/log-notice';
import { createNotices } from '../../../src/main/timeline/notices';
import { createFolder, ODD_FILES } from '../../support/odd-files';

function openLog(extra: Partial<FileLogOptions> = {}): { path: string; log: FileLog } {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-log-'));
  const path = join(folder, 'logs', 'traywatch.log');
  const log = createFileLog({ path, clock: { now: () => Date.UTC(2026, 10, 21) }, ...extra });
  onTestFinished(() => {
    log.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { path, log };
}

/** A disk with so much room: it writes what fits, at most so many bytes at once, and then fails. */
class SmallDisk implements LineOutput {
  room = Infinity;
  most = Infinity;
  canTruncate = true;
  /** How many renames fail, as while another program holds a file on Windows. */
  held = 0;

  write(fd: number, bytes: Uint8Array, offset: number): number {
    if (this.room <= 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const written = writeSync(fd, bytes, offset, Math.min(bytes.length - offset, this.room, this.most));
    this.room -= written;
    return written;
  }

  rename(from: string, to: string): void {
    if (this.held > 0) {
      this.held -= 1;
      throw Object.assign(new Error('EPERM: operation not permitted, rename'), { code: 'EPERM' });
    }
    renameSync(from, to);
  }

  truncate(fd: number, length: number): void {
    if (!this.canTruncate) throw new Error('EIO: i/o error, ftruncate');
    ftruncateSync(fd, length);
  }
}

function linesOf(path: string): unknown[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
}

describe('log', () => {
  it('writes JSON lines with time, level, scope, message and fields', () => {
    const { path, log } = openLog();
    expect(existsSync(dirname(path))).toBe(false);
    log.info('started', { version: '1' });
    log.scoped('store').warn('slow');
    expect(linesOf(path)).toEqual([
      { time: '2026-11-21T00:00:00.000Z', level: 'info', scope: 'app', message: 'started', fields: { version: '1' } },
      { time: '2026-11-21T00:00:00.000Z', level: 'warn', scope: 'store', message: 'slow' },
    ]);
  });

  it('is readable by its owner only', () => {
    const { path, log } = openLog();
    log.info('started');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves out lines below its level and echoes the others', () => {
    const echoed: string[] = [];
    const { path, log } = openLog({ level: 'warn', echo: (line) => echoed.push(line) });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
    expect(linesOf(path)).toMatchObject([{ message: 'warn' }, { message: 'error' }]);
    expect(echoed.join('')).toBe(readFileSync(path, 'utf8'));
  });

  it('rotates by size, keeps the configured number of files, and appends to the file of an earlier run', () => {
    const { path, log } = openLog({ maxBytes: 1000, keep: 3 });
    for (let n = 0; n < 100; n += 1) log.info(`line ${n}`);
    log.close();
    log.info('line 100');
    expect(readdirSync(dirname(path)).sort()).toEqual(['traywatch.log', 'traywatch.log.1', 'traywatch.log.2']);
    const kept = ['.2', '.1', ''].flatMap((suffix) => {
      expect(statSync(path + suffix).size).toBeLessThanOrEqual(1000);
      return linesOf(path + suffix) as { message: string }[];
    });
    expect(kept.map((line) => line.message)).toEqual(Array.from({ length: kept.length }, (_, n) => `line ${101 - kept.length + n}`));
  });

  it('writes a line although its fields cannot be JSON', () => {
    const { path, log } = openLog();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.error('circle', circle);
    log.error('mixed', { error: new TypeError('no'), big: 12n });
    expect(linesOf(path)).toMatchObject([
      { message: 'circle', fields: { unprintable: expect.stringContaining('circular') as string } },
      { message: 'mixed', fields: { error: { name: 'TypeError', message: 'no' }, big: '12' } },
    ]);
    expect(log.lost()).toBe(0);
  });

  it('never throws: it counts lines it cannot write, and writes again when it can', () => {
    const { path, log } = openLog();
    writeFileSync(dirname(path), 'a file where the folder should be');
    log.info('one');
    log.info('two');
    expect(log.lost()).toBe(2);
    rmSync(dirname(path));
    log.info('three');
    expect(linesOf(path)).toMatchObject([{ message: 'three' }]);
    expect(log.lost()).toBe(2);
  });

  it('drops a line that a full disk cuts short, and goes on with whole ones when there is room', () => {
    const disk = new SmallDisk();
    const { path, log } = openLog({ output: disk });
    log.info('one');
    disk.room = 30;
    log.info('two');
    log.info('three');
    disk.room = Infinity;
    log.info('four');
    expect(linesOf(path)).toMatchObject([{ message: 'one' }, { message: 'four' }]);
    expect(log.lost()).toBe(2);
  });

  it('begins a new line after a part that cannot be taken back, or that an earlier run left', () => {
    const disk = new SmallDisk();
    const { path, log } = openLog({ output: disk });
    disk.canTruncate = false;
    disk.room = 30;
    log.info('torn');
    disk.room = Infinity;
    log.info('whole');
    log.close();
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"time":"cut by a power`);
    log.info('after the restart');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect([lines[1], lines[3]].map((line) => (JSON.parse(line ?? '') as { message: string }).message)).toEqual(['whole', 'after the restart']);
  });

  it('keeps what is there where the user empties the file on a full disk', () => {
    const disk = new SmallDisk();
    const { path, log } = openLog({ output: disk });
    log.info('long before');
    truncateSync(path);
    disk.room = 30;
    log.info('does not fit');
    expect(statSync(path).size).toBe(0);
    disk.room = Infinity;
    log.info('fits');
    expect(linesOf(path)).toMatchObject([{ message: 'fits' }]);
  });

  it('never leaves a torn line, however short the system writes and whenever it fails', () => {
    const attempt = fc.record({ room: fc.nat(400), most: fc.integer({ min: 1, max: 200 }), text: fc.string({ maxLength: 120 }) });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 20 }), (attempts) => {
        const folder = mkdtempSync(join(tmpdir(), 'traywatch-log-'));
        const disk = new SmallDisk();
        const log = createFileLog({ path: join(folder, 'log'), clock: { now: () => 0 }, maxBytes: 2000, output: disk });
        try {
          for (const { room, most, text } of attempts) {
            Object.assign(disk, { room, most });
            log.info(text);
          }
          Object.assign(disk, { room: Infinity });
          log.info('last');
          const messages = readdirSync(folder).flatMap((name) => linesOf(join(folder, name)) as { message: string }[]);
          expect(messages).toHaveLength(attempts.length + 1 - log.lost());
          expect(linesOf(join(folder, 'log')).at(-1)).toMatchObject({ message: 'last' });
        } finally {
          log.close();
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 100 },
    );
  });

  it.each(ODD_FILES.filter(({ name }) => name !== 'a link to nothing'))('is not written to $name, and says why', async ({ put }) => {
    const path = join(createFolder(), 'traywatch.log');
    await put(path);
    const { ino } = lstatSync(path);
    const log = createFileLog({ path, clock: { now: () => 0 } });
    log.info('one');
    expect(log.lost()).toBe(1);
    expect(log.problem()).toMatch(/is not a file|ELOOP/);
    expect(log.problem()).toContain(path);
    expect(lstatSync(path).ino).toBe(ino);
    const notices = createNotices(() => 0, () => undefined);
    showLogProblem(log, notices);
    expect(notices.list()).toMatchObject([{ id: 'log-failing', body: expect.stringContaining(path) as string }]);
  });

  it('behind a link rotates behind it', () => {
    const folder = createFolder();
    mkdirSync(join(folder, 'disk'));
    const path = join(folder, 'traywatch.log');
    symlinkSync(join('disk', 'app.log'), path);
    const log = createFileLog({ path, clock: { now: () => 0 }, maxBytes: 200 });
    for (let n = 0; n < 4; n += 1) log.info(`a line that is long enough to fill most of a file ${n}`);
    expect([lstatSync(path).isSymbolicLink(), readdirSync(folder), readdirSync(join(folder, 'disk')).sort(), log.lost()]).toEqual([true, ['disk', 'traywatch.log'], ['app.log', 'app.log.1', 'app.log.2'], 0]);
    expect(log.problem()).toBeNull();
    log.close();
  });

  it('is created again where it was removed', () => {
    const { path, log } = openLog();
    log.info('one');
    rmSync(path);
    log.info('two');
    expect(linesOf(path)).toMatchObject([{ message: 'two' }]);
  });

  it('loses no line when the old files cannot be moved: it appends, and tries again after as much as fills a file', () => {
    const disk = new SmallDisk();
    const { path, log } = openLog({ maxBytes: 1000, output: disk });
    disk.held = 2;
    for (let n = 0; n < 40; n += 1) log.info(`line ${n}`);
    expect([disk.held, log.lost(), log.problem()]).toEqual([0, 0, null]);
    const messages = ['.1', ''].flatMap((suffix) => linesOf(path + suffix) as { message: string }[]).map(({ message }) => message);
    expect(messages).toEqual(Array.from({ length: 40 }, (_, n) => `line ${n}`));
    // Twice as much as fills a file was added to the full one before the third try worked.
    expect(statSync(`${path}.1`).size).toBeGreaterThan(2500);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(3000);
  });

  it('removes one old file at most, however often the newest cannot be moved', () => {
    const disk = new SmallDisk();
    const { path, log } = openLog({ maxBytes: 300, output: disk });
    for (let n = 0; n < 20; n += 1) log.info(`line ${n}`);
    const before = readFileSync(`${path}.1`, 'utf8');
    const isCurrent = (from: string): boolean => from === path;
    const rename = disk.rename.bind(disk);
    disk.rename = (from, to) => {
      if (isCurrent(from)) throw new Error('EBUSY: resource busy or locked, rename');
      rename(from, to);
    };
    for (let n = 20; n < 60; n += 1) log.info(`line ${n}`);
    expect([existsSync(`${path}.1`), readFileSync(`${path}.2`, 'utf8'), log.lost()]).toEqual([false, before, 0]);
  });

  it('appends while something that is no file is in the way of the old ones', () => {
    const { path, log } = openLog({ maxBytes: 200, keep: 2 });
    log.info('first, long enough that two do not fit into one file of two hundred bytes');
    mkdirSync(join(`${path}.1`, 'in the way'), { recursive: true });
    log.info('second, long enough that two do not fit into one file of two hundred bytes');
    expect(log.lost()).toBe(0);
    expect(linesOf(path)).toHaveLength(2);
  });
});

describe('transition log', () => {
  it('logs the first failure and the recovery, not each failure', () => {
    const entries: string[] = [];
    const log = createTransitionLog(createCallbackLog(({ level, message, fields }) => entries.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`)));
    log.report('disk', null);
    for (let n = 0; n < 5; n += 1) log.report('disk', `timeout ${n}`);
    log.report('cpu', 'gone');
    log.report('disk', null);
    log.report('disk', null);
    log.report('disk', 'again');
    expect(entries).toEqual([
      'warn disk is failing: timeout 0 {}',
      'warn cpu is failing: gone {}',
      'info disk works again {"failures":5}',
      'warn disk is failing: again {}',
    ]);
  });
});
