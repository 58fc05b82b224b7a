/** Events that other programs report: what an answer promises. */
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createHandlers } from '../../../src/main/core/handlers';
import type { HandlerParts } from '../../../src/main/core/handlers';
import type { Store } from '../../../src/main/engine/store/store-types';
import { dispatch } from '../../../src/shared/api/dispatch';
import { messages } from '../../support/activity-log';
import { cpuBatch, createStoreFixture, NOON, openLimitedStore } from '../../support/store';
import type { StoreFixture } from '../../support/store';

/** Reports an event as a script does; resolves to the answer. */
function report(store: Store, message: string): Promise<unknown> {
  const handlers = createHandlers({ store, clock: { now: () => NOON } } as unknown as HandlerParts);
  return dispatch(handlers, 'addEvent', { type: 'note', message }, { id: 'script', role: 'admin' }, () => undefined);
}

/** What another program finds in the file: what is still there after kill -9. */
function onDisk({ path }: StoreFixture): { events: unknown[]; frames: unknown } {
  const db = new Database(path, { readonly: true });
  const found = { events: db.prepare('SELECT message FROM events ORDER BY id').pluck().all(), frames: db.prepare('SELECT count(*) FROM head').pluck().get() };
  db.close();
  return found;
}

describe('an event that was reported', () => {
  it('is in the file when it is answered, and the samples beside it wait for their commit', async () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let n = 0; n < 300; n += 1) {
      if (n % 50 === 0) store.append(cpuBatch(n / 50, 1));
      expect(await report(store, `#${n}`)).toMatchObject({ ok: true });
    }
    expect(onDisk(fixture).events).toEqual(Array.from({ length: 300 }, (_, n) => `#${n}`));
    expect(onDisk(fixture).frames).toBe(0);
    expect(messages(store)).toHaveLength(300);
    expect(store.commit()).toBe(true);
    expect(onDisk(fixture).frames).toBe(1);
    expect(messages(store)).toHaveLength(300);
  });

  it('takes along what waits, and is written with the next commit where the file cannot be written now', async () => {
    const fixture = createStoreFixture();
    const { store, setLimit } = openLimitedStore(fixture, 30);
    store.activity.addEvent({ type: 'own', severity: 'info', message: 'own', user: null, details: null }, NOON);
    expect(onDisk(fixture).events).toEqual([]);
    await report(store, 'first');
    expect(onDisk(fixture).events).toEqual(['own', 'first']);
    setLimit(1);
    for (let n = 0; n < 20; n += 1) expect(await report(store, 'x'.repeat(400))).toMatchObject({ ok: true });
    expect(store.health()).toMatchObject({ state: 'failing' });
    setLimit(1000);
    expect(store.commit()).toBe(true);
    expect(onDisk(fixture).events).toHaveLength(22);
    expect(store.health()).toEqual({ state: 'ok' });
  });

  it('waits while the file is compacted or a checkpoint waits for the disk', async () => {
    const fixture = createStoreFixture();
    let synced = (_error: Error | null): void => undefined;
    const { store } = fixture.open({ disk: { logBytes: 1, sync: (_fd, done) => void (synced = done), syncNow: () => undefined } });
    store.append(cpuBatch(1, 1));
    store.commit();
    expect(store.maintain(NOON)).toBe(true);
    await report(store, 'meanwhile');
    expect(onDisk(fixture).events).toEqual([]);
    synced(null);
    while (store.maintain(NOON)) synced(null);
    // Long before the ten seconds are over.
    store.append(cpuBatch(2, 1));
    expect(onDisk(fixture).events).toEqual(['meanwhile']);
  });
});
