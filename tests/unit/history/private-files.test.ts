/** Who may read the history's files: its owner alone. */
import Database from 'better-sqlite3';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { copyDatabase } from '../../../src/main/engine/store/jobs/copy';
import { openHistory } from '../../../src/main/history/open-history';
import { createNotices } from '../../../src/main/timeline/notices';
import { cpuBatch, NOON } from '../../support/store';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'traywatch-private-'));
  path = join(folder, 'history.sqlite');
  // As a folder that was made by hand, under an ordinary umask.
  chmodSync(folder, 0o755);
  const umask = process.umask(0o022);
  onTestFinished(() => {
    process.umask(umask);
    rmSync(folder, { recursive: true, force: true });
  });
});

function open() {
  const lines: string[] = [];
  const log = createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`));
  const { store } = openHistory({ path, clock: { now: () => NOON, mono: () => 0, boot: () => 0 }, log, notices: createNotices(() => NOON, () => undefined), limits: { keepDays: 730, maxBytes: null } });
  onTestFinished(() => store.close());
  store.append(cpuBatch(1, 1));
  store.commit();
  return { store, lines };
}

/** Modes of the files in the folder, as "name mode". */
const modes = (): string[] => readdirSync(folder).map((name) => `${name} ${(statSync(join(folder, name)).mode & 0o777).toString(8)}`).sort();

describe('files of the history', () => {
  it('are made readable by their owner alone', () => {
    const { store } = open();
    expect(modes()).toEqual(['history.sqlite 600', 'history.sqlite-shm 600', 'history.sqlite-wal 600']);
    store.close();
    expect(modes()).toEqual(['history.sqlite 600']);
  });

  it('that others could read so far are closed to them, and so are those beside it', () => {
    open().store.close();
    const beside = [
      'history.corrupt-20261121T034500Z.sqlite',
      'history.corrupt-20261121T034500Z.sqlite-wal',
      'history.before-restore-20261121T034500Z-2.sqlite',
      'history.replaced-20261121T034500Z.sqlite-journal',
      'history.sqlite.restore',
      'traywatch-backup-20261121-034500.sqlite',
      'traywatch-backup-20261121-034500.sqlite.part',
    ];
    for (const name of [...beside, 'settings.json', 'my-history.sqlite', 'history.txt']) writeFileSync(join(folder, name), '', { mode: 0o644 });
    chmodSync(path, 0o644);
    const reader = new Database(path);
    reader.pragma('journal_mode = WAL');
    reader.prepare('SELECT count(*) FROM head').get();
    expect(modes()).toContain('history.sqlite-wal 644');
    open();
    reader.close();
    const left = modes().filter((line) => !line.endsWith(' 600'));
    expect(left).toEqual(['history.txt 644', 'my-history.sqlite 644', 'settings.json 644']);
  });

  it('that were damaged are quarantined as private as the new ones', () => {
    writeFileSync(path, 'no database at all, and long enough to be read as a header '.repeat(4), { mode: 0o644 });
    open();
    expect(modes().every((line) => line.endsWith(' 600'))).toBe(true);
    expect(modes()).toHaveLength(4);
  });

  it('that were replaced in use are set aside privately, and so is what goes on', () => {
    const { store } = open();
    rmSync(path);
    writeFileSync(path, 'somebody else’s', { mode: 0o644 });
    store.append(cpuBatch(2, 1));
    store.commit();
    expect(modes().filter((line) => !line.endsWith(' 600'))).toEqual([]);
  });

  it('copied as a backup are private, under any umask', async () => {
    open();
    process.umask(0);
    await copyDatabase(path, join(folder, 'mine.sqlite'), () => undefined);
    expect(modes()).toContain('mine.sqlite 600');
  });

  it('of somebody else, folders and links are left as they are, without a word', () => {
    if (process.getuid?.() !== 0) {
      console.log('skipped: only root can give files away');
      return;
    }
    const name = 'history.corrupt-20261121T034500Z.sqlite';
    writeFileSync(join(folder, name), '', { mode: 0o644 });
    chownSync(join(folder, name), 65_534, 65_534);
    writeFileSync(join(folder, 'elsewhere'), '', { mode: 0o644 });
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'history.replaced-20261121T034500Z.sqlite'));
    mkdirSync(join(folder, 'history.replaced-20261121T034600Z.sqlite'), { mode: 0o755 });
    const { lines } = open();
    expect(modes().filter((line) => !line.endsWith(' 600'))).toEqual(['elsewhere 644', `${name} 644`, 'history.replaced-20261121T034500Z.sqlite 644', 'history.replaced-20261121T034600Z.sqlite 755']);
    expect(lines).toEqual([]);
  });
});
