/** Which machine a request is about, over a real server: the caller names it, for calls and resources alike. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Caller } from '../../../src/shared/api/dispatch';
import { EMPTY_SNAPSHOT } from '../../../src/shared/metrics/merge';
import type { Snapshot } from '../../../src/shared/metrics/reading';
import { openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';

const MACHINE = 'c'.repeat(32);
const THEIRS: Snapshot = { ...EMPTY_SNAPSHOT, seq: 9, time: Date.now(), readings: { memory: { values: { usage: 77 }, devices: {} } }, readAt: { memory: Date.now() } };

let lan: OpenLan;
let callers: Caller[] = [];

beforeAll(async () => {
  lan = await openLan({
    wrap: (handlers) => ({
      ...handlers,
      snapshot: (_input, caller) => {
        callers.push(caller);
        return caller.machine === MACHINE ? THEIRS : EMPTY_SNAPSHOT;
      },
      openAlerts: () => ({ incidents: [], snoozes: [] }),
    }),
  });
});
beforeEach(() => {
  callers = [];
});
afterAll(() => lan.close());

const get = (path: string): Promise<Response> => fetch(`${lan.origin}${path}`, { headers: { authorization: 'Bearer viewer' } });

it.each([
  ['', undefined],
  [`?machine=${MACHINE}`, MACHINE],
  ['?machine=x&machine=y', ''],
])('a call%s is about the machine that it names', async (query, machine) => {
  const response = await fetch(`${lan.origin}/api/call/snapshot${query}`, { method: 'POST', body: '{}', headers: { authorization: 'Bearer viewer', 'content-type': 'application/json' } });
  expect(response.status).toBe(200);
  expect(callers.map((caller) => caller.machine)).toEqual([machine]);
});

it('a resource is made of the snapshot of the machine that it is about', async () => {
  const usages = await Promise.all(['', `?machine=${MACHINE}`].map(async (query) => JSON.stringify(await (await get(`/api/metrics/memory${query}`)).json())));
  expect([usages[0]?.includes('77'), usages[1]?.includes('77')]).toEqual([false, true]);
});

it('is documented where it can be named, and nowhere else', async () => {
  const document = (await (await get('/api/openapi.json')).json()) as { paths: Record<string, Record<string, { parameters?: { name: string }[] }>> };
  const named = Object.entries(document.paths).filter(([, methods]) => Object.values(methods).some(({ parameters = [] }) => parameters.some(({ name }) => name === 'machine')));
  expect(named.length).toBeGreaterThan(3);
  expect(named.map(([path]) => path)).not.toContain('/api/processes');
});
