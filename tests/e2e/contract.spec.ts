import fs from 'node:fs';
import path from 'node:path';
import { CALLS, EVENTS } from '../../src/shared/api/contract';
import type { CallInput, CallName } from '../../src/shared/api/contract';
import { expect, test } from '../support/e2e';
import { ACCESS_REFUSALS, VALID_INPUTS } from '../support/call-inputs';
import { answerDialogs } from '../support/e2e/dialogs';
import { ask, callBridge, collectBatches } from '../support/e2e/bridge';
import type { PageWorld } from '../support/e2e/bridge';

/** A valid input for every call, for a desktop on which only some of them find something to act on. */
const INPUTS: { readonly [N in CallName]: CallInput<N> } = {
  ...VALID_INPUTS,
  series: { series: ['memory.usage', 'cpu.usage@cpu0', 'no.such@series'], from: 0, to: 1e13, points: 100 },
  stats: { series: ['memory.usage', 'no.such@series'], from: 0, to: 1e13 },
  backtestRule: { rule: { id: 'mine', label: 'Memory', family: 'memory', metric: 'usage', warning: { threshold: 0, forSeconds: 0 } }, from: 1e12, to: 1e12 + 86_400_000 },
  events: { types: ['monitoring_started'], text: 'started', limit: 10 },
  incidents: { from: 0, to: 1e13 },
  addEvent: { type: 'stream_started', message: 'Stream 7 started', details: { stream: 7 } },
  processes: { search: '', sort: 'cpu', limit: 5 },
  updateSettings: { theme: 'dark', environment: 'test bench' },
  dismissNotice: { id: 'settings-quarantined' },
  saveFile: { name: 'points.csv', encoding: 'utf8', data: 'time,series\r\n' },
  exportHistory: { format: 'csv' },
  cancelTask: { id: 4711 },
  acknowledge: { incident: 'no such incident' },
  snooze: { target: { kind: 'all' }, length: 'tomorrow' },
  setWebhook: { label: 'Team', kind: 'slack', severities: ['critical'], enabled: true, url: 'https://hooks.example.org/services/T0/B0/secret' },
  testWebhook: { id: 'no-such-webhook' },
  removeWebhook: { id: 'no-such-webhook' },
  lanRemoveAccount: { name: 'anna' },
};

/** Calls that have nothing to do here: the refusal they give. Whether a folder can be shown is up to the desktop. */
const MAY_REFUSE: Partial<Record<CallName, string>> = { showDataFolder: 'Unavailable', checkForUpdates: 'Unavailable', downloadUpdate: 'Unavailable', cancelUpdate: 'Unavailable', installUpdate: 'Unavailable', openUpdatePage: 'Unavailable', backupHistory: 'Unavailable', cancelTask: 'NotFound', acknowledge: 'NotFound', testWebhook: 'NotFound', removeWebhook: 'NotFound', containerDetails: 'NotFound', containerAction: 'Forbidden', measureContainerDisk: 'NotFound', removeService: 'NotFound', newHeartbeat: 'NotFound', saveMachine: 'NotFound', removeMachine: 'NotFound', joinHub: 'Unavailable', ...ACCESS_REFUSALS };

/** Inputs that must be refused, and the field the refusal must name. */
const BAD: readonly [CallName, unknown, string][] = [
  ['snapshot', { extra: 1 }, 'extra'],
  ['series', { series: [], from: 0, to: 1, points: 5 }, 'series'],
  ['series', { series: ['cpu.usage'], from: 5, to: 5, points: 5 }, 'to'],
  ['series', { series: ['cpu.usage'], from: -1, to: 5, points: 5 }, 'from'],
  ['series', { series: ['cpu.usage'], from: Number.NaN, to: 5, points: 5 }, 'from'],
  ['series', { series: ['cpu.usage'], from: 0, to: Infinity, points: 5 }, 'to'],
  ['series', { series: ['cpu.usage'], from: 0, to: 9, points: 1e9 }, 'points'],
  ['series', { series: ['cpu.usage'], from: 0, to: 9, points: 1.5 }, 'points'],
  ['series', { series: ['x'.repeat(401)], from: 0, to: 9, points: 5 }, 'series.0'],
  ['series', { series: Array.from({ length: 301 }, () => 'cpu.usage'), from: 0, to: 9, points: 5 }, 'series'],
  ['stats', { series: [7], from: 0, to: 1 }, 'series.0'],
  ['stats', 'SELECT 1', 'input'],
  ['setViewedFamilies', { families: ['nonsense'] }, 'families.0'],
  ['updateSettings', { theme: 'pink' }, 'theme'],
  ['updateSettings', { keepDays: 0 }, 'keepDays'],
  ['updateSettings', { environment: ' ' }, 'environment'],
  ['updateSettings', { version: 2 }, 'version'],
  ['setPaused', { paused: 1 }, 'paused'],
  ['dismissNotice', {}, 'id'],
  ['backtestRule', { rule: { id: 'mine', label: 'No', family: 'memory', metric: 'colour', warning: { threshold: 1, forSeconds: 0 } }, from: 0, to: 9 }, 'rule.metric'],
  ['events', { limit: 501 }, 'limit'],
  ['events', { before: 'x' }, 'before'],
  ['incidents', { from: 5, to: 5 }, 'to'],
  ['processSnapshots', { from: 6, to: 5 }, 'to'],
  ['addEvent', { type: 'monitoring_started', message: 'x' }, 'type'],
  ['addEvent', { type: 'x', message: 'x'.repeat(501) }, 'message'],
  ['addEvent', { type: 'x', message: 'x', details: 'text' }, 'details'],
  ['snooze', { target: { kind: 'all' }, length: 'forever' }, 'length'],
  ['setWebhook', { label: 'Team', kind: 'slack', severities: ['critical'], enabled: true, url: 'file:///etc/passwd' }, 'url'],
  ['updateSettings', { alerts: { pruneEventsAt: 500 } }, 'alerts.pruneEventsAt'],
];

test('every call answers as its schema says, over the real bridge', async ({ data, start }) => {
  // A settings file that is wrong gives a notice to dismiss.
  fs.mkdirSync(data, { recursive: true });
  fs.writeFileSync(path.join(data, 'settings.json'), '{"version":1,"theme":"pink"}');
  const app = await start();
  const page = await app.page();
  await answerDialogs(app, path.join(data, 'saved'));
  for (const name of Object.keys(CALLS) as CallName[]) {
    const result = await callBridge(page, name, INPUTS[name]);
    if (!result.ok && MAY_REFUSE[name] !== undefined) expect(result.code).toBe(MAY_REFUSE[name]);
    else {
      expect(result, name).toMatchObject({ ok: true });
      if (result.ok) expect(CALLS[name].output.safeParse(result.value).error, name).toBeUndefined();
    }
  }
  const state = await ask(page, 'appState', {});
  expect(state.settings).toMatchObject({ theme: 'dark', environment: 'test bench' });
  // This desktop has no key store, which is said when there is something to keep.
  expect(state.notices.map(({ id }) => id)).toEqual(['webhook-address-plain', 'service-secrets-plain']);
  expect(JSON.stringify([state, await ask(page, 'webhooks', {}), await ask(page, 'serviceConfigs', {})])).not.toMatch(/B0\/secret|Bearer secret/);
  expect((await ask(page, 'host', {})).environment).toBe('test bench');
  // A desktop that thinks about how to show a folder holds up nothing.
  const { seq } = await ask(page, 'snapshot', {});
  await expect.poll(async () => (await ask(page, 'snapshot', {})).seq).toBeGreaterThan(seq + 1);
  expect(await callBridge(page, 'dismissNotice', { id: 'no such' })).toMatchObject({ ok: false, code: 'NotFound' });
  const unknown = (await ask(page, 'stats', { series: ['no.such'], from: 0, to: 1e13 }))[0];
  expect(unknown).toMatchObject({ series: 'no.such', count: 0, min: null, avg: null, p95: null, last: null });
});

test('bad inputs are refused with the field named, and change nothing', async ({ start }) => {
  const page = await (await start()).page();
  const before = await ask(page, 'appState', {});
  for (const [name, input, field] of BAD) {
    const result = await callBridge(page, name, input);
    expect(result, `${name} ${JSON.stringify(input)?.slice(0, 80)}`).toMatchObject({ ok: false, code: 'BadInput' });
    if (!result.ok) expect(result.message).toContain(field);
  }
  expect(await ask(page, 'appState', {})).toEqual(before);
});

test('batches come one a second, each the next, as their schema says', async ({ start }) => {
  const page = await (await start()).page();
  const batches = await collectBatches(page);
  await expect.poll(async () => (await batches()).length).toBeGreaterThanOrEqual(5);
  const seen = await batches();
  for (const batch of seen) expect(EVENTS.batch.payload.safeParse(batch).error).toBeUndefined();
  const [first] = seen;
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => (first?.seq ?? 0) + index));
  const steps = seen.slice(1).map(({ time }, index) => time - (seen[index]?.time ?? 0));
  expect(steps.reduce((sum, step) => sum + step, 0) / steps.length).toBeGreaterThan(900);
  expect(steps.reduce((sum, step) => sum + step, 0) / steps.length).toBeLessThan(1100);
  const snapshot = await ask(page, 'snapshot', {});
  expect(snapshot.seq).toBeGreaterThanOrEqual(seen.at(-1)?.seq ?? 0);
});

test('a change made by one caller is told to every listener', async ({ start }) => {
  const page = await (await start()).page();
  await page.evaluate(() => {
    const world = globalThis as unknown as PageWorld & { told: unknown[] };
    world.told = [];
    world.traywatch.subscribe((name, payload) => {
      if (name === 'appState') world.told.push(payload);
    });
  });
  const told = () => page.evaluate(() => (globalThis as unknown as { told: unknown[] }).told);
  await ask(page, 'setPaused', { paused: true });
  await expect.poll(told).toMatchObject([{ paused: true }]);
  await ask(page, 'setPaused', { paused: true });
  await ask(page, 'setPaused', { paused: false });
  await expect.poll(told).toMatchObject([{ paused: true }, { paused: false }]);
  for (const state of await told()) expect(EVENTS.appState.payload.safeParse(state).error).toBeUndefined();
});
