import Database from 'better-sqlite3';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoreHealth } from '../../../../src/main/engine/store/store-types';
import { batchOf, cpuBatch, createStoreFixture, NOON, openLimitedStore, pointsOf } from '../../../support/store';

const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };

describe('a store that cannot write', () => {
  it('waits while another process holds the lock, then writes everything', () => {
    const { clock, lines, path, open } = createStoreFixture();
    const states: StoreHealth[] = [];
    const { store } = open({ onHealth: (health) => states.push(health) });
    store.append(cpuBatch(0, 0));
    expect(store.commit()).toBe(true);
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    for (let s = 1; s < 30; s += 1) {
      clock.mono += 1000;
      store.append(cpuBatch(s, s));
    }
    expect(store.commit()).toBe(false);
    expect(store.health()).toMatchObject({ state: 'failing', pending: 29, dropped: 0, since: NOON });
    expect(store.stats(ALL)[0]?.count).toBe(30);
    other.exec('ROLLBACK');
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(store.stats(ALL)[0]?.count).toBe(30);
    expect(other.prepare('SELECT count(*) FROM head').pluck().get()).toBe(2);
    other.close();
    expect(states.map((health) => health.state)).toEqual(['failing', 'ok']);
    expect(lines).toEqual([expect.stringMatching(/^warn writing the database is failing: .*locked/), 'info writing the database works again']);
  });

  it('opens while the lock is held, and writes once it is free', () => {
    const { path, open } = createStoreFixture();
    open().store.close();
    const other = new Database(path);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE; CREATE TABLE x (y); COMMIT');
    const { store, quarantined } = open();
    expect(quarantined).toBeNull();
    expect(store.health().state).toBe('failing');
    store.append(cpuBatch(1, 5));
    expect(store.commit()).toBe(false);
    expect(store.query({ ...ALL, points: 5 }).series[0]?.avg).toEqual([5]);
    other.close();
    expect(store.commit()).toBe(true);
    expect(store.health().state).toBe('ok');
    expect(store.stats(ALL)[0]?.count).toBe(1);
  });

  it('keeps a limited number of batches while its folder cannot be created, counts the others, and recovers', () => {
    const { clock, path, open } = createStoreFixture();
    writeFileSync(dirname(path), 'a file where the folder should be');
    const { store } = open();
    for (let s = 0; s < 4000; s += 1) {
      clock.mono += 1000;
      store.append(cpuBatch(s, 1));
    }
    expect(store.health()).toMatchObject({ state: 'failing', pending: 3600, dropped: 400 });
    expect(store.size()).toBe(0);
    expect(store.maintain(NOON)).toBe(false);
    rmSync(dirname(path));
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(store.size()).toBeGreaterThan(0);
    expect(store.stats(ALL)[0]?.count).toBe(3600);
    expect(pointsOf(store, 'cpu.usage', 0, 401).count).toEqual([1]);
  });

  it('is failing while the disk is full, can still be queried, and loses nothing once there is space', () => {
    const { store, setLimit } = openLimitedStore(createStoreFixture(), 12);
    let failures = 0;
    for (let s = 0; s < 3000; s += 1) {
      store.append(batchOf(s, { cpu: { usage: (s * 7919) % 1000, user: (s * 104_729) % 1000, load1: (s * 1299) % 977 } }));
      if (s % 10 === 9 && !store.commit()) failures += 1;
    }
    expect(failures).toBeGreaterThan(1);
    expect(store.health()).toMatchObject({ state: 'failing', message: expect.stringContaining('full') as string });
    expect(store.stats(ALL)[0]?.count).toBe(3000);
    setLimit(10_000);
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(store.stats(ALL)[0]?.count).toBe(3000);
  });

  it('writes the file again, with what was in it, when it is removed while in use', () => {
    const { lines, path, open } = createStoreFixture();
    const { store } = open();
    store.append(batchOf(0, { memory: { usage: 9 }, cpu: { usage: 1 } }));
    store.commit();
    for (const name of readdirSync(dirname(path))) rmSync(`${dirname(path)}/${name}`);
    store.append(cpuBatch(1, 2));
    expect(store.commit()).toBe(true);
    expect(lines).toEqual([expect.stringContaining('removed while in use')]);
    expect(readdirSync(dirname(path))).toContain('history.sqlite');
    expect(store.stats(ALL)[0]).toMatchObject({ count: 2, last: 2 });
  });

  it('can be queried with a read-only file, and keeps new batches in memory', () => {
    const { open } = createStoreFixture();
    const first = open().store;
    for (let s = 0; s < 2000; s += 1) first.append(cpuBatch(s, s));
    first.close();
    const { store } = open({
      openFile: (file) => ({ db: new Database(file, { readonly: true }), quarantined: null }),
    });
    store.append(cpuBatch(2000, 1));
    expect(store.commit()).toBe(false);
    expect(store.maintain(NOON)).toBe(false);
    expect(store.health()).toMatchObject({ state: 'failing', message: expect.stringContaining('readonly') as string, pending: 1 });
    expect(store.stats(ALL)[0]?.count).toBe(2001);
  });

  it('logs that the last samples are lost on closing', () => {
    const { lines, path, open } = createStoreFixture();
    mkdirSync(path, { recursive: true });
    const { store } = open();
    store.append(cpuBatch(0, 1));
    store.close();
    expect(lines.at(-1)).toBe('error samples were lost: the last ones could not be written');
    store.append(cpuBatch(1, 1));
    expect(store.commit()).toBe(false);
  });
});
