/** The database file replaced, removed or moved while it is in use: nothing that is still readable is lost. */
import Database from 'better-sqlite3';
import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compactDatabase } from '../../../../src/main/engine/store/jobs/copy';
import type { LostFile, StoreOptions } from '../../../../src/main/engine/store/open-store';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { DEEDS, withSuffixes } from '../../../support/lost-file';
import { cpuBatch, createStoreFixture, NOON, pointsOf, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };
const countOf = (store: Store): number => store.stats(ALL)[0]?.count ?? 0;

/** Appends samples of the seconds [from, to) after noon, with commits and maintenance as in a running app. */
function live({ clock }: StoreFixture, store: Store, from: number, to: number): void {
  for (let s = from; s < to; s += 1) {
    clock.wall = NOON + s * 1000;
    clock.mono = s * 1000;
    store.append(cpuBatch(s, s % 89));
    if (s % 60 === 59) runMaintenance(store, clock.wall);
  }
}

/** A store that has lived for ten minutes, and what it told. */
function running(options: Partial<StoreOptions> = {}) {
  const fixture = createStoreFixture();
  const told: LostFile[] = [];
  const { store } = fixture.open({ onFileLost: (lost) => told.push(lost), ...options });
  live(fixture, store, 0, 605);
  return { fixture, store, told, folder: dirname(fixture.path), path: fixture.path };
}

describe('a database that is, while in use,', () => {
  it.each(Object.keys(DEEDS))('%s: is saved, with what is in memory, and told once', (deed) => {
    const { fixture, store, told, folder, path } = running();
    DEEDS[deed]?.(path);
    live(fixture, store, 605, 605 + 3 * 3600);
    expect(countOf(store)).toBe(605 + 3 * 3600);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(told).toHaveLength(1);
    expect(fixture.lines.filter((line) => line.includes('while in use'))).toEqual([expect.stringMatching(/^warn/)]);
    expect(statSync(path).isFile()).toBe(true);
    store.close();
    const again = fixture.open().store;
    expect(again.health()).toEqual({ state: 'ok' });
    expect(countOf(again)).toBe(605 + 3 * 3600);
    expect(pointsOf(again, 'cpu.usage', 300, 700).count.every((n) => n === 1)).toBe(true);
    again.close();
    const check = new Database(path, { readonly: true });
    expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
    check.close();
    expect(readdirSync(folder).filter((name) => name.includes('.saved'))).toEqual([]);
  });

  it.each<[string, (log: string) => void]>([
    ['empty', (log) => truncateSync(log)],
    ['cut in half', (log) => truncateSync(log, Math.floor(statSync(log).size / 2))],
    ['cut by a byte', (log) => truncateSync(log, statSync(log).size - 1)],
    ['written over with zeros', (log) => writeFileSync(log, Buffer.alloc(statSync(log).size))],
    ['written over with a text', (log) => writeFileSync(log, 'mine'.repeat(statSync(log).size))],
  ])('left with a log that is %s: what comes is kept, the database stays whole, and it is told once', (_what, harm) => {
    const { fixture, store, told, path } = running();
    const before = countOf(store);
    harm(`${path}-wal`);
    live(fixture, store, 605, 605 + 3 * 3600);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(told.map(({ what }) => what)).toEqual(['log']);
    const kept = countOf(store);
    expect(kept).toBeGreaterThanOrEqual(3 * 3600);
    expect(kept).toBeLessThanOrEqual(before + 3 * 3600);
    store.close();
    const again = fixture.open();
    expect(countOf(again.store)).toBe(kept);
    again.store.close();
    const check = new Database(path, { readonly: true });
    expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
    check.close();
    expect(fixture.lines.filter((line) => /damaged|quarantined/.test(line))).toEqual([]);
  });

  it.each(['an older copy', 'noise', 'nothing', 'another database'])('written over with %s: what comes is kept, what was written is set aside, and it is told once', (what) => {
    const { fixture, store, told, path } = running();
    copyFileSync(path, `${path}.old`);
    live(fixture, store, 605, 4 * 3600);
    if (what === 'noise') writeFileSync(`${path}.old`, Buffer.alloc(50_000, 7));
    if (what === 'nothing') writeFileSync(`${path}.old`, '');
    if (what === 'another database') {
      rmSync(`${path}.old`);
      const other = new Database(`${path}.old`);
      other.exec('CREATE TABLE a (b)');
      other.close();
    }
    const bytes = readFileSync(`${path}.old`);
    writeFileSync(path, bytes);
    live(fixture, store, 4 * 3600, 7 * 3600);
    expect(told.map(({ what: loss, isSaved }) => [loss, isSaved])).toEqual([['overwritten', true]]);
    expect(readFileSync(told[0]?.aside ?? '')).toEqual(bytes);
    expect(store.health()).toEqual({ state: 'ok' });
    const after = (one: Store): number => pointsOf(one, 'cpu.usage', 4 * 3600, 7 * 3600, 11_000).count.reduce((sum, n) => sum + n, 0);
    expect(after(store)).toBe(3 * 3600);
    store.close();
    const again = fixture.open();
    expect([after(again.store), again.quarantined]).toEqual([3 * 3600, null]);
  });

  it('compacted by another connection: is left alone', () => {
    const { fixture, store, told, path } = running();
    live(fixture, store, 605, 3600);
    compactDatabase(path);
    live(fixture, store, 3600, 3700);
    compactDatabase(path);
    live(fixture, store, 3700, 5000);
    expect(told).toEqual([]);
    expect(countOf(store)).toBe(5000);
  });

  it('written by SQLite alone: is left alone, whoever moves the log into it', () => {
    const { fixture, store, told, path } = running();
    live(fixture, store, 605, 3600);
    const other = new Database(path);
    other.pragma('wal_checkpoint(PASSIVE)');
    live(fixture, store, 3600, 3700);
    other.close();
    live(fixture, store, 3700, 2 * 3600);
    expect(told).toEqual([]);
    expect(countOf(store)).toBe(2 * 3600);
  });

  it('replaced: what took its place is kept beside it, with what was in it', () => {
    const { fixture, store, told, path } = running();
    DEEDS['replaced by another database']?.(path);
    live(fixture, store, 605, 620);
    const [lost] = told;
    expect(lost).toMatchObject({ path, what: 'replaced', isSaved: true });
    expect(basename(lost?.aside ?? '')).toMatch(/^history\.replaced-\d{8}T\d{6}Z\.sqlite$/);
    const other = new Database(lost?.aside ?? '', { readonly: true });
    expect(other.prepare('SELECT b FROM a').pluck().all()).toEqual([1]);
    other.close();
  });

  it('replaced by a folder, a log or a database that is open: all of it is kept', () => {
    const folder = running();
    DEEDS['replaced by a folder']?.(folder.path);
    live(folder.fixture, folder.store, 605, 620);
    expect(readFileSync(join(folder.told[0]?.aside ?? '', 'note'), 'utf8')).toBe('mine');
    const log = running();
    DEEDS['given another log']?.(log.path);
    live(log.fixture, log.store, 605, 620);
    const kept = readdirSync(log.folder).find((name) => name.includes('replaced') && name.endsWith('-wal'));
    expect(readFileSync(join(log.folder, kept ?? ''), 'utf8')).toBe('mine');
    const open = running();
    withSuffixes(open.path).forEach((name) => renameSync(name, name.replace('history', 'moved')));
    const other = new Database(open.path);
    other.pragma('journal_mode = WAL');
    other.exec('CREATE TABLE a (b); INSERT INTO a VALUES (7)');
    live(open.fixture, open.store, 605, 620);
    other.close();
    const found = new Database(open.told[0]?.aside ?? '');
    expect(found.prepare('SELECT b FROM a').pluck().all()).toEqual([7]);
    found.close();
    expect(countOf(open.store)).toBe(620);
  });

  it('removed: nothing was put aside, and it is there again with the same samples', () => {
    const { fixture, store, told, folder, path } = running();
    withSuffixes(path).forEach((name) => rmSync(name));
    store.append(cpuBatch(605, 1));
    expect(store.commit()).toBe(true);
    expect(told).toEqual([{ path, what: 'removed', aside: null, isSaved: true }]);
    expect(readdirSync(folder).filter((name) => name.includes('replaced'))).toEqual([]);
    expect(countOf(store)).toBe(606);
    expect(fixture.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  it('a link to a file elsewhere: that file replaced, and the link turned to another', () => {
    const fixture = createStoreFixture();
    const elsewhere = join(fixture.folder, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(dirname(fixture.path));
    const target = join(elsewhere, 'real.sqlite');
    writeFileSync(target, '');
    symlinkSync(target, fixture.path);
    const told: LostFile[] = [];
    const { store } = fixture.open({ onFileLost: (lost) => told.push(lost) });
    live(fixture, store, 0, 605);
    expect(lstatSync(fixture.path).isSymbolicLink()).toBe(true);
    DEEDS['replaced by a copy']?.(target);
    live(fixture, store, 605, 700);
    expect(told).toHaveLength(1);
    expect(countOf(store)).toBe(700);
    rmSync(fixture.path);
    writeFileSync(join(elsewhere, 'other.sqlite'), 'mine');
    symlinkSync(join(elsewhere, 'other.sqlite'), fixture.path);
    live(fixture, store, 700, 800);
    expect(told).toHaveLength(2);
    expect(readFileSync(told[1]?.aside ?? '', 'utf8')).toBe('mine');
    expect(lstatSync(fixture.path).isSymbolicLink()).toBe(true);
    store.close();
    expect(countOf(fixture.open().store)).toBe(800);
  });

  it('replaced just before the end: close saves it', () => {
    const { fixture, store, path } = running();
    DEEDS['replaced by a copy']?.(path);
    store.close();
    expect(countOf(fixture.open().store)).toBe(605);
  });

  it('replaced where there is no room to save it: it fails, is still read, and is saved once there is room', () => {
    const { fixture, store, told, folder, path } = running();
    DEEDS['replaced by a copy']?.(path);
    // A folder where the copy would be written stands for a full disk.
    mkdirSync(join(folder, 'history.sqlite.saved.part', 'x'), { recursive: true });
    live(fixture, store, 605, 640);
    expect(store.health()).toMatchObject({ state: 'failing', message: expect.stringContaining('replaced') as string });
    expect(told).toEqual([]);
    expect(countOf(store)).toBe(640);
    rmSync(join(folder, 'history.sqlite.saved.part'), { recursive: true });
    live(fixture, store, 640, 660);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(told).toHaveLength(1);
    expect(countOf(store)).toBe(660);
  });

  it('replaced again and again by a program that does not stop: it is not fought without end', () => {
    const { fixture, store, told, folder, path } = running();
    for (let at = 605; at < 605 + 600; at += 20) {
      DEEDS['replaced by a copy']?.(path);
      live(fixture, store, at, at + 20);
    }
    expect(told.length).toBeLessThanOrEqual(3);
    expect(readdirSync(folder).filter((name) => name.includes('replaced')).length).toBeLessThanOrEqual(3);
    expect(store.health()).toMatchObject({ state: 'failing', message: expect.stringContaining('again and again') as string });
    live(fixture, store, 1205, 1205 + 3600);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(countOf(store)).toBe(1205 + 3600);
  });

  it('replaced again and again until the end: the last copy is made all the same', () => {
    const { fixture, store, path } = running();
    for (let at = 605; at < 700; at += 20) {
      DEEDS['replaced by a copy']?.(path);
      live(fixture, store, at, at + 20);
    }
    expect(store.health().state).toBe('failing');
    store.close();
    expect(countOf(fixture.open().store)).toBe(705);
  });

  it('saved, but not in its place yet when the power went: the next start puts it there', () => {
    const { fixture, store, path } = running();
    store.close();
    renameSync(path, `${path}.saved`);
    writeFileSync(`${path}.saved.part`, 'half of another copy');
    writeFileSync(path, 'what took its place');
    const told: LostFile[] = [];
    const again = fixture.open({ onFileLost: (lost) => told.push(lost) }).store;
    expect(countOf(again)).toBe(605);
    expect(told).toHaveLength(1);
    expect(readFileSync(told[0]?.aside ?? '', 'utf8')).toBe('what took its place');
    expect([`${path}.saved`, `${path}.saved.part`].filter(existsSync)).toEqual([]);
  });

  it('touched, copied or given other rights: is left alone', () => {
    const { fixture, store, told, path } = running();
    utimesSync(path, 0, 0);
    chmodSync(path, 0o640);
    copyFileSync(path, `${path}.backup`);
    live(fixture, store, 605, 700);
    expect(told).toEqual([]);
    expect(countOf(store)).toBe(700);
  });
});

describe('a history in memory only', () => {
  it('is not taken for a file that was removed', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open({ path: ':memory:' });
    live(fixture, store, 0, 605);
    expect(countOf(store)).toBe(605);
    expect(fixture.lines).toEqual([]);
  });
});
