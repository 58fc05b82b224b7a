/** The end of a session on Windows, with a real history: when the event has been handled, nothing is missing on the disk. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { watchSessionEnd } from '../../../src/main/desktop/session-end.win32';
import type { SessionEndParts } from '../../../src/main/desktop/session-end.win32';
import { setupShutdown } from '../../../src/main/lib/shutdown';
import type { ShutdownParts } from '../../../src/main/lib/shutdown';
import { openStore } from '../../../src/main/engine/store/open-store';
import { pathsIn } from '../../../src/main/lib/paths';
import { openCore } from '../../support/core';
import { createCallbackLog } from '../../support/log';
import { batchOf } from '../../support/store';
import { createManualTimers } from '../../support/timers';

it('writes the last sample and the end of monitoring before it returns, once, and a later quit does nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-end-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const core = openCore(folder);
  const app = new EventEmitter();
  const session = new EventEmitter();
  const done: string[] = [];
  const close = (): void => {
    done.push('core');
    core.close();
  };
  const log = { ...createCallbackLog(() => undefined), close: () => done.push('log') } as unknown as ShutdownParts['log'];
  const endNow = setupShutdown({ app: Object.assign(app, { quit: () => undefined }), steps: [['core', close]], finish: () => done.push('lock'), pending: () => ['FSReqCallback'], end: () => done.push('killed'), timers: createManualTimers(), log });
  class Hidden {
    on = (name: string, listener: () => void): unknown => session.on(name, listener);
  }
  watchSessionEnd({ app, BaseWindow: Hidden, open: [] } as unknown as SessionEndParts, { onAsked: () => core.store.commit(), onEnd: endNow });
  for (const at of [0, 1, 2]) core.hub.publish(batchOf(at, { cpu: { usage: 50 + at } }, at === 0 ? 'start' : undefined));
  const { database } = pathsIn(folder);
  const written = (): unknown => {
    const db = new Database(database, { readonly: true });
    const count = db.prepare('SELECT count(*) FROM events').pluck().get();
    db.close();
    return count;
  };
  expect(written()).toBe(0);
  session.emit('query-session-end');
  expect(written()).not.toBe(0);
  core.hub.publish(batchOf(3, { cpu: { usage: 53 } }));
  session.emit('session-end');
  expect(done).toEqual(['core', 'log', 'lock']);
  session.emit('session-end');
  app.emit('before-quit');
  app.emit('will-quit', { preventDefault: () => done.push('prevented') });
  expect(done).toEqual(['core', 'log', 'lock']);
  const { store } = openStore({ path: database, clock: { now: () => 0, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 });
  const stored = store.since(0, 10).rows.map(({ values }) => values['cpu.usage']);
  expect(store.activity.events({ limit: 1 }).events.map(({ type }) => type)).toEqual(['monitoring_stopped']);
  store.close();
  expect(stored).toEqual([50, 51, 52, 53]);
});
