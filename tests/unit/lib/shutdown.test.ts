import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { setupShutdown } from '../../../src/main/lib/shutdown';
import { createCallbackLog } from '../../support/log';
import type { LogEntry } from '../../support/log';
import { createManualTimers } from '../../support/timers';

/** An app whose windows close or do not, with calls in flight that end when the test says so. */
function quitting({ failing = [], windows = 'close' }: { failing?: readonly string[]; windows?: 'close' | 'hang' } = {}) {
  const events = new EventEmitter();
  const did: string[] = [];
  const timers = createManualTimers();
  const lines: LogEntry[] = [];
  let pending: readonly string[] = [];
  const app = {
    on: (name: string, listener: () => void) => events.on(name, listener),
    quit() {
      events.emit('before-quit');
      if (windows === 'hang') return;
      let isPrevented = false;
      events.emit('will-quit', { preventDefault: () => (isPrevented = true) });
      if (!isPrevented) did.push('ended by itself');
    },
  } as unknown as App;
  const step = (name: string) =>
    [
      name,
      () => {
        did.push(name);
        if (failing.includes(name)) throw new Error(`${name} does not close`);
      },
    ] as const;
  const endNow = setupShutdown({ app, steps: ['core', 'server', 'tray'].map(step), finish: () => did.push('finished'), pending: () => pending, end: () => did.push('ended at once'), timers, log: { ...createCallbackLog((entry) => lines.push(entry)), close: () => did.push('log closed') } });
  return { app, did, timers, lines, endNow, wait: (requests: readonly string[]) => (pending = requests) };
}

const WRITTEN = ['core', 'server', 'tray'];

test('with nothing in flight it closes everything, and the app ends by itself', () => {
  const { app, did } = quitting();
  app.quit();
  expect(did).toEqual([...WRITTEN, 'log closed', 'finished', 'ended by itself']);
});

test('calls that end soon are waited for', () => {
  const { app, did, timers, wait } = quitting();
  wait(['FSReqPromise']);
  app.quit();
  timers.advance(1000);
  expect(did).toEqual(WRITTEN);
  wait([]);
  timers.advance(100);
  expect(did).toEqual([...WRITTEN, 'log closed', 'finished', 'ended by itself']);
});

test('a call that never ends holds it up for two seconds, and the log names it', () => {
  const { app, did, timers, lines, wait } = quitting();
  wait(['FSReqPromise']);
  app.quit();
  app.quit();
  timers.advance(2100);
  expect(did).toEqual([...WRITTEN, 'log closed', 'finished', 'ended at once']);
  expect(JSON.stringify(lines)).toContain('FSReqPromise');
});

test('windows that do not close hold it up for five seconds', () => {
  const { app, did, timers } = quitting({ windows: 'hang' });
  app.quit();
  timers.advance(4900);
  expect(did).toEqual([]);
  timers.advance(200);
  expect(did).toEqual([...WRITTEN, 'log closed', 'finished', 'ended at once']);
});

test('where the system waits for nothing, everything is closed before that returns, once', () => {
  const { app, did, timers, endNow, wait } = quitting();
  wait(['FSReqPromise']);
  endNow();
  expect(did).toEqual([...WRITTEN, 'log closed', 'finished']);
  endNow();
  app.quit();
  timers.advance(10_000);
  expect(did).toEqual([...WRITTEN, 'log closed', 'finished', 'ended by itself']);
});

test('whatever fails and whatever hangs, each part is closed once, then the log, then the process ends once', () => {
  fc.assert(
    fc.property(fc.subarray(WRITTEN), fc.constantFrom('close' as const, 'hang' as const), fc.array(fc.tuple(fc.constantFrom('quit', 'stuck', 'free'), fc.nat(3000)), { maxLength: 8 }), (failing, windows, story) => {
      const { app, did, timers, wait } = quitting({ failing, windows });
      app.quit();
      for (const [what, ms] of story) {
        // An app that has ended asks for nothing more.
        if (did.some((name) => name.startsWith('ended'))) break;
        if (what === 'quit') app.quit();
        else wait(what === 'stuck' ? ['FSReqCallback'] : []);
        timers.advance(ms);
      }
      timers.advance(10_000);
      expect(did.slice(0, 5)).toEqual([...WRITTEN, 'log closed', 'finished']);
      expect(did.slice(5)).toHaveLength(1);
    }),
  );
});
