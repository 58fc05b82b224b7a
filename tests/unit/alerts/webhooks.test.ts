import { array, assert, asyncProperty, boolean, constantFrom, tuple } from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toMessage } from '../../../src/main/alerts/webhook-payload';
import { MAX_WAITING, openWebhookQueue } from '../../../src/main/alerts/webhook-queue';
import { parseRetryAfter, retryDelay } from '../../../src/main/alerts/webhook-retry';
import type { IncidentEvent } from '../../../src/shared/alerts/incident-event';
import { resolved, eventOf, incidentOf, NOON } from '../../support/alert-samples';
import { createCallbackLog } from '../../support/log';
import { createWebhookRig, SECRET } from '../../support/webhook-server';
import type { ServerBehavior } from '../../support/webhook-server';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');
const nth = (index: number): IncidentEvent => eventOf('fired', incidentOf({ series: `disk.usage@/m${index}`, deviceLabel: `/m${index}` }));
const titleOf = (index: number): string => `Disk space /m${index} 97 %`;
type Rig = Awaited<ReturnType<typeof createWebhookRig>>;
const allSent = async (rig: Rig): Promise<void> => {
  await expect.poll(() => rig.waiting(), { interval: 2, timeout: 10_000 }).toBe(0);
};

describe('webhooks', () => {
  it('get each event once, in order, as JSON with the incident', async () => {
    const rig = await createWebhookRig();
    const incident = incidentOf();
    for (const event of [eventOf('fired', incident), eventOf('escalated', incident), eventOf('resolved', resolved(incident, NOON + 60_000))]) rig.webhooks().send(event);
    // Routed again, as after a restart.
    rig.webhooks().send(eventOf('fired', incident));
    await allSent(rig);
    rig.webhooks().send(eventOf('fired', incident));
    expect(rig.server.seen.map(({ path, body }) => [path, body.event])).toEqual(['fired', 'escalated', 'resolved'].map((event) => [SECRET, event]));
    expect(rig.server.seen[0]?.body).toMatchObject({ app: 'traywatch', version: 1, at: '2026-06-10T12:00:00.000Z', host: 'box', severity: 'critical', incident: { id: incident.id, peak: 99 } });
    expect(new Set(rig.server.seen.map(({ key }) => key)).size).toBe(3);
    expect([rig.waiting(), rig.webhooks().states()[0]?.error]).toEqual([0, null]);
  });

  it('are retried after every kind of failure, with the same key, until the server works again', async () => {
    const rig = await createWebhookRig();
    rig.world.timeout = 100;
    const date = new Date(NOON + 90_000).toUTCString();
    rig.server.behaviors.push({ status: 500 }, 'reset', 'hang', { status: 429, headers: { 'retry-after': '77' } }, { status: 503, headers: { 'retry-after': date } }, { status: 408 });
    rig.webhooks().send(nth(0));
    rig.webhooks().send(nth(1));
    await allSent(rig);
    expect(rig.accepted().map(plain)).toEqual([titleOf(0), titleOf(1)]);
    expect(new Set(rig.server.seen.slice(0, 7).map(({ key }) => key)).size).toBe(1);
    expect(rig.server.seen).toHaveLength(8);
    // 77 s and 90 s are what the server asked for.
    expect(rig.world.waits).toEqual([5000, 10_000, 20_000, 77_000, 90_000, 160_000]);
    expect(rig.world.log).toHaveLength(2);
    expect(rig.world.events).toEqual([]);
  });

  it.each([
    [{ status: 404, body: 'no_service' }, /^HTTP 404 Not Found: no_service$/],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } }, /^HTTP 302 Found \(redirects are not followed\)$/],
    [{ status: 400, body: `cannot POST ${SECRET}` }, /^HTTP 400 Bad Request: cannot POST \(webhook URL\)$/],
  ])('give up a message that is rejected, and go on: %j', async (behavior, error) => {
    const rig = await createWebhookRig();
    rig.server.behaviors.push(behavior);
    rig.webhooks().send(nth(0));
    rig.webhooks().send(nth(1));
    await allSent(rig);
    expect(rig.accepted().map(plain)).toEqual([titleOf(1)]);
    expect(rig.world.events.map(({ type, details }) => [type, details?.['error']])).toEqual([['webhook_failed', expect.stringMatching(error)]]);
  });

  it('give up a message that was tried for a day, and go on', async () => {
    const rig = await createWebhookRig();
    // Each attempt is an hour after the one before.
    rig.server.behaviors.push(...Array.from({ length: 26 }, () => ({ status: 503, headers: { 'retry-after': '7200' } })));
    rig.webhooks().send(nth(0));
    rig.webhooks().send(nth(1));
    await allSent(rig);
    expect(rig.world.events).toHaveLength(1);
    expect(rig.accepted().map(plain)).toEqual([titleOf(1)]);
  });

  it('count the time they are tried over restarts, and only while the app runs', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'traywatch-queue-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const world = { now: NOON, mono: 0 };
    const open = () => openWebhookQueue({ path: path.join(folder, 'queue.json'), clock: { now: () => world.now, mono: () => world.mono }, timers: { after: () => () => undefined }, log: createCallbackLog(() => undefined) });
    let queue = open();
    queue.add('team', toMessage(nth(0), 'team'));
    const attempt = (): number => queue.failed(queue.next('team', null));
    expect(attempt()).toBe(0);
    world.mono = 5000;
    expect(attempt()).toBe(5000);
    world.now += 1e12;
    queue = open();
    world.mono = 100_000;
    expect(attempt()).toBe(5000);
    world.mono += 7000;
    expect(attempt()).toBe(12_000);
    queue.delivered(queue.next('team', null));
    queue.add('team', toMessage(nth(1), 'team'));
    expect(attempt()).toBe(0);
  });

  it.each([
    ['1970, as on a board without a clock chip', 60_000, NOON],
    ['ten years ahead', NOON + 10 * 365 * 86_400_000, NOON],
    ['right, and is then set ten years ahead', NOON, NOON + 10 * 365 * 86_400_000],
  ])('deliver a message although the clock was %s while it was queued', async (_clock, queuedAt, later) => {
    const rig = await createWebhookRig();
    rig.server.behaviors.push({ status: 500 }, 'hang');
    rig.world.now = queuedAt;
    rig.webhooks().send({ ...nth(0), at: queuedAt });
    await expect.poll(() => rig.server.seen.length, { interval: 2 }).toBe(2);
    rig.world.now = later;
    rig.server.behaviors.push({ status: 500 });
    rig.restart();
    await allSent(rig);
    expect(rig.accepted().map(plain)).toEqual([titleOf(0)]);
    expect(rig.world.events).toEqual([]);
  });

  it('continue after a restart during an attempt', async () => {
    const rig = await createWebhookRig();
    rig.server.behaviors.push('ok', 'hang');
    for (let index = 0; index < 5; index += 1) rig.webhooks().send(nth(index));
    await expect.poll(() => rig.server.seen.length, { interval: 2 }).toBe(2);
    expect(rig.waiting()).toBe(4);
    rig.restart();
    await allSent(rig);
    expect(rig.accepted().map(plain)).toEqual([0, 1, 2, 3, 4].map(titleOf));
    expect(rig.server.seen[2]?.key).toBe(rig.server.seen[1]?.key);
  });

  it('neither lose nor repeat a message, whatever the server does and whenever the app ends', { timeout: 60_000 }, async () => {
    const behavior = constantFrom<ServerBehavior>('ok', 'ok', 'reset', { status: 500 }, { status: 429, headers: { 'retry-after': '0' } });
    const steps = array(tuple(behavior, boolean()), { minLength: 1, maxLength: 12 });
    await assert(
      asyncProperty(steps, async (plan) => {
        const rig = await createWebhookRig();
        rig.server.behaviors.push(...plan.map(([each]) => each));
        for (const [index, [, restarts]] of plan.entries()) {
          rig.webhooks().send(nth(index));
          // A request that is cut off after the server accepted it may be repeated, with the same key: HTTP allows no more.
          if (restarts && rig.waiting() === index + 1) rig.restart();
        }
        await allSent(rig);
        const keys = rig.server.seen.filter(({ accepted }) => accepted).map(({ key }) => key);
        expect(new Set(keys).size).toBe(plan.length);
        expect([...new Set(rig.accepted().map(plain))]).toEqual(plan.map((_, index) => titleOf(index)));
        if (!plan.some(([, restarts]) => restarts)) expect(keys).toHaveLength(plan.length);
        rig.webhooks().close();
      }),
      { numRuns: 15 },
    );
  });

  it('for Slack get many alerts as one message, and a few one by one', async () => {
    const rig = await createWebhookRig({ kind: 'slack' });
    for (let index = 0; index < 40; index += 1) rig.webhooks().send(nth(index));
    await allSent(rig);
    expect(rig.server.seen).toHaveLength(1);
    expect(rig.server.seen[0]?.body).toMatchObject({ text: '40 new alerts, all critical · box', attachments: [{ color: 'danger' }] });
    for (let index = 40; index < 43; index += 1) rig.webhooks().send(nth(index));
    await allSent(rig);
    expect(rig.accepted().slice(1).map(plain)).toEqual([40, 41, 42].map((index) => `${titleOf(index)} · box`));
  });

  it('repeat a grouped message unchanged, although more was queued meanwhile', async () => {
    const rig = await createWebhookRig({ kind: 'slack' });
    rig.server.behaviors.push({ status: 500 });
    for (let index = 0; index < 5; index += 1) rig.webhooks().send(nth(index));
    await expect.poll(() => rig.server.seen.length, { interval: 1 }).toBe(1);
    rig.webhooks().send(nth(5));
    await allSent(rig);
    expect(rig.server.seen.map(({ body }) => plain(body.text ?? ''))).toEqual(['5 new alerts, all critical · box', '5 new alerts, all critical · box', `${titleOf(5)} · box`]);
    expect(rig.server.seen[0]?.key).toBe(rig.server.seen[1]?.key);
  });

  it('for Slack escape mentions and links', async () => {
    const rig = await createWebhookRig({ kind: 'slack' });
    rig.webhooks().send(eventOf('fired', incidentOf({ culprits: [{ name: '<!channel> & co', pid: 1, value: 50, unit: 'percent' }] })));
    await allSent(rig);
    expect(rig.server.seen[0]?.body.attachments?.[0]?.text).toContain('&lt;!channel&gt; &amp; co');
  });

  it('accept the severities they are set to, while they are enabled', async () => {
    const rig = await createWebhookRig({ severities: ['critical'] });
    rig.webhooks().send(eventOf('fired', incidentOf({ severity: 'warning', worst: 'warning' })));
    expect(rig.waiting()).toBe(0);
    rig.webhooks().send(eventOf('resolved', resolved(incidentOf({ severity: 'warning', worst: 'critical' }), NOON)));
    expect(rig.waiting()).toBe(1);
    rig.world.hooks = rig.world.hooks.map((hook) => ({ ...hook, enabled: false }));
    rig.webhooks().refresh();
    rig.webhooks().send(nth(0));
    expect(rig.waiting()).toBe(0);
  });

  it('limit the queued messages, and record which were dropped', async () => {
    const rig = await createWebhookRig();
    rig.server.behaviors.push('hang');
    for (let index = 0; index < MAX_WAITING + 2; index += 1) rig.webhooks().send(nth(index));
    expect(rig.waiting()).toBe(MAX_WAITING);
    expect(rig.world.events.map(({ message }) => plain(message))).toEqual([0, 1].map((index) => `Not delivered to Team: ${titleOf(index)} (too many messages queued)`));
  });

  it('without a URL fail with an event', async () => {
    const rig = await createWebhookRig();
    rig.secrets.remove('team');
    rig.webhooks().send(nth(0));
    await allSent(rig);
    expect(rig.world.events[0]?.message).toMatch(/enter it again/);
    await expect(rig.webhooks().test('team')).rejects.toThrow('enter it again');
  });
});

describe('a test message', () => {
  it('reports the real response, while messages are queued', async () => {
    const rig = await createWebhookRig();
    rig.server.behaviors.push('hang', 'ok', { status: 403, body: 'invalid_token' }, 'reset', 'hang');
    rig.webhooks().send(nth(0));
    await expect.poll(() => rig.server.seen.length, { interval: 1 }).toBe(1);
    rig.world.timeout = 50;
    expect(await rig.webhooks().test('team')).toMatchObject({ ok: true, status: 200, error: '' });
    expect(await rig.webhooks().test('team')).toMatchObject({ ok: false, status: 403, error: 'HTTP 403 Forbidden: invalid_token' });
    expect(await rig.webhooks().test('team')).toMatchObject({ ok: false, status: null, error: 'connection reset' });
    expect(await rig.webhooks().test('team')).toMatchObject({ ok: false, status: null, error: 'no response within 11 s' });
    expect(rig.server.seen[1]?.body).toMatchObject({ event: 'test', incident: null });
    await expect(rig.webhooks().test('another')).rejects.toThrow('no such webhook');
  });

  it('reports that no server is listening', async () => {
    const rig = await createWebhookRig();
    await rig.secrets.set('team', 'http://127.0.0.1:1/x');
    expect(await rig.webhooks().test('team')).toMatchObject({ ok: false, error: expect.stringMatching(/refused|bad port/) as string });
  });
});

it('no URL is revealed: not in the log, the timeline, the state or a response', async () => {
  const rig = await createWebhookRig();
  rig.world.timeout = 50;
  rig.server.behaviors.push({ status: 500, body: `at ${rig.server.url}${SECRET}` }, 'reset', 'hang', { status: 404, body: `no ${SECRET} here` });
  rig.webhooks().send(nth(0));
  await allSent(rig);
  const revealed = JSON.stringify([rig.world.log, rig.world.events, rig.webhooks().states(), await rig.webhooks().test('team')]);
  expect(revealed).toContain('webhook');
  expect(revealed).not.toContain('averysecretpart');
  expect(rig.webhooks().states()[0]?.address).toEqual({ host: expect.stringMatching(/^127\.0\.0\.1:/) as string, tail: 'ress', kept: 'plain' });
});

describe('delays', () => {
  it.each([
    ['120', 120_000], [' 3 ', 3000], ['999999', 3_600_000], ['Wed, 10 Jun 2026 12:00:30 GMT', 30_000], ['Wed, 10 Jun 2020 12:00:30 GMT', 0],
    ['-5', null], ['1.5', null], ['soon', null], ['', null], [null, null], ['2026', 2_026_000],
  ])('reads Retry-After: %j', (header, ms) => expect(parseRetryAfter(header, NOON)).toBe(ms));

  it('grow to a limit, have jitter, and are never shorter than Retry-After', () => {
    expect([1, 2, 3, 8, 50].map((failures) => retryDelay(failures, null, 0))).toEqual([5000, 10_000, 20_000, 600_000, 600_000]);
    expect([retryDelay(1, null, 1), retryDelay(1, 7000, 1), retryDelay(3, 7000, 0)]).toEqual([3750, 7000, 20_000]);
  });
});
