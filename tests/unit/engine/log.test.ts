import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFileLog, createTransitionLog } from '../../../src/main/engine/log';
import { createCallbackLog } from '../../support/log';
import type { FileLog, FileLogOptions } from '../../../src/main/engine/log';

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

  it.runIf(existsSync('/dev/full'))('counts lines lost to a full disk', () => {
    const log = createFileLog({ path: '/dev/full', clock: { now: () => 0 } });
    log.info('no room');
    expect(log.lost()).toBe(1);
    log.close();
  });

  it('counts a line lost when the old files cannot be moved', () => {
    const { path, log } = openLog({ maxBytes: 200, keep: 2 });
    log.info('first, long enough that two do not fit into one file of two hundred bytes');
    mkdirSync(join(`${path}.1`, 'in the way'), { recursive: true });
    log.info('second, long enough that two do not fit into one file of two hundred bytes');
    expect(log.lost()).toBe(1);
    expect(linesOf(path)).toHaveLength(1);
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
