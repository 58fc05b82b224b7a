/** A hub and a machine that reports to it: two whole programs in one process, over a real socket, with real histories. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Core } from '../../../src/main/core/core';
import { createLanController } from '../../../src/main/core/lan-controller';
import { systemClock, systemTimers } from '../../../src/main/engine/clock';
import type { LanState } from '../../../src/shared/sharing/lan-state';
import type { Caller } from '../../../src/shared/api/dispatch';
import { batchOf, makePages } from '../../support/lan-server';
import { openCore } from '../../support/core';
import { createCallbackLog } from '../../support/log';
import { joinMachine } from '../../support/machines';
import { ABOUT, incidentOf, ReportingMachine } from '../../support/reports';
import { temporaryFolder } from '../../support/access';

const LOCAL: Caller = { id: 'window:1', role: 'local' };
const WAIT = { timeout: 15_000, interval: 20 };

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Opens a core in a folder; it closes with the test. */
function open(folder = temporaryFolder()): Core {
  const core = openCore(folder);
  onTestFinished(() => core.close());
  return core;
}

/** A hub that listens on loopback, and the way to it. */
async function openHub(): Promise<{ core: Core; origin: string; pushed: string[] }> {
  const folder = temporaryFolder();
  const core = open(folder);
  const saved = core.settings.update({ lan: { enabled: true, tls: 'off', port: await freePort(), addresses: ['127.0.0.1'], mdns: false } });
  if (!saved.ok) throw new Error(saved.message);
  const lan = createLanController();
  const listening = new Promise<Extract<LanState, { state: 'listening' }>>((resolve, reject) => {
    lan.onState((state) => (state.state === 'listening' ? resolve(state) : state.state === 'failed' ? reject(new Error(state.message)) : undefined));
  });
  lan.connect({ core, folder, pages: makePages(), version: '0.0.0', platform: process.platform, clock: systemClock, timers: systemTimers, log: createCallbackLog(() => undefined) });
  onTestFinished(() => lan.close());
  const pushed: string[] = [];
  core.machines.machines.onPush((name) => pushed.push(name));
  const { urls } = await listening;
  return { core, origin: new URL(urls[0] ?? '').origin, pushed };
}

/** A machine joins by the code of the hub, is approved, and reports. */
async function join(hub: { core: Core; origin: string }, agent: Core): Promise<void> {
  const { access } = hub.core.remoteAccess;
  const { code } = access.pairing.createCode();
  await agent.handlers.joinHub({ url: hub.origin, code, fingerprint: 'not encrypted' }, LOCAL);
  await expect.poll(() => access.summary().requests.length, WAIT).toBe(1);
  const [request] = access.summary().requests;
  await hub.core.handlers.lanApprove({ id: request?.id ?? '', role: null }, LOCAL);
  await expect.poll(async () => (await hub.core.handlers.machines({}, LOCAL)).length, WAIT).toBe(2);
}

describe('a hub', () => {
  it('takes what a machine reports after it joined, and answers for it as for itself', async () => {
    const hub = await openHub();
    const agent = open();
    const start = Date.now() - 60_000;
    for (let n = 1; n <= 30; n += 1) agent.hub.publish(batchOf(n, start + n * 1000));
    await join(hub, agent);
    const machine = (await hub.core.handlers.machines({}, LOCAL))[1];
    const about: Caller = { ...LOCAL, machine: machine?.id ?? '' };
    const query = { series: ['memory.usage'], from: start, to: start + 60_000, points: 60 };
    await expect.poll(async () => (await hub.core.handlers.series(query, about)).series, WAIT).toEqual((await agent.handlers.series(query, LOCAL)).series);
    expect(await hub.core.handlers.snapshot({}, about)).toMatchObject({ readings: { memory: { values: { usage: 30 } } } });
    expect((await hub.core.handlers.host({}, about)).databasePath).toBeNull();
    expect((await hub.core.handlers.appState({}, about)).rules).toEqual(agent.appState().rules);
    await expect(hub.core.handlers.setPaused({ paused: true }, about)).rejects.toMatchObject({ code: 'BadInput' });
    await expect(hub.core.handlers.snapshot({}, { ...LOCAL, machine: 'ff'.repeat(16) })).rejects.toMatchObject({ code: 'NotFound' });
    await expect.poll(() => hub.pushed.includes('machines'), WAIT).toBe(true);
    const { token } = await hub.core.handlers.lanCreateToken({ label: 'prometheus', scopes: ['metrics:read'], days: 1 }, LOCAL);
    agent.hub.publish(batchOf(31, Date.now()));
    const scrape = async (): Promise<string> => (await fetch(`${hub.origin}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
    await expect.poll(scrape, WAIT).toContain(`traywatch_memory_usage_ratio{machine="${machine?.name}"} 0.31`);
    expect(await scrape()).toContain(`traywatch_machine_up{machine="${machine?.name}"} 1`);
    // Removed, its token is worth nothing, and the machine says so.
    expect(await hub.core.handlers.removeMachine({ id: machine?.id ?? '' }, LOCAL)).toHaveLength(1);
    await expect.poll(async () => (await agent.handlers.reporting({}, LOCAL)).state, { timeout: 25_000, interval: 50 }).toBe('refused');
  }, 40_000);

  it('shows one notification of a live incident, with the machine and the culprit; the series and the rule are its own', async () => {
    const shown: string[] = [];
    const core = openCore(temporaryFolder(), {
      services: {
        notifier: { show: ({ title, body }) => Promise.resolve(void shown.push(`${title}\n${body}`)).then(() => 'shown' as const), close: () => undefined },
        encryption: { isAvailable: () => Promise.resolve(false), encrypt: () => Promise.reject(new Error('no key')), decrypt: () => Promise.reject(new Error('no key')) },
        doNotDisturb: () => Promise.resolve(false),
      },
    });
    onTestFinished(() => core.close());
    const nas = new ReportingMachine((report) => core.machines.machines.take(report.machine, report, '127.0.0.1'), Date.now);
    await expect(nas.report({ about: ABOUT })).rejects.toMatchObject({ code: 'Forbidden' });
    joinMachine(core.remoteAccess, nas.id);
    await nas.report({ about: ABOUT });
    const [rule] = ABOUT.rules;
    const live = incidentOf(Date.now() - 1000, { ruleId: rule?.id ?? '' });
    await nas.report({ incidents: [live, incidentOf(Date.now() - 7_200_000)] });
    await nas.report({ incidents: [live] });
    await expect.poll(() => shown, WAIT).toHaveLength(1);
    expect(shown[0]).toMatch(/^nas: /);
    expect(shown[0]).toContain('stress-ng');
    const about = { ...LOCAL, machine: nas.id };
    expect((await core.handlers.openAlerts({}, about)).incidents).toHaveLength(2);
    expect((await core.handlers.openAlerts({}, LOCAL)).incidents).toEqual([]);
    await nas.report({ incidents: [{ ...live, clearedAt: Date.now(), endedBy: 'recovered' }] });
    await expect.poll(() => shown, WAIT).toHaveLength(2);
  }, 40_000);

  it('refuses what is no report of that machine, and stays well', async () => {
    const hub = await openHub();
    const { access } = hub.core.remoteAccess;
    const machine = new ReportingMachine(() => Promise.reject(new Error('not used')), Date.now);
    const { code } = access.pairing.createCode();
    const redeemed = access.pairing.redeemFor({ id: machine.id, version: '0.0.0' }, code, 'nas', '127.0.0.1');
    if (redeemed.kind !== 'pending') throw new Error(redeemed.kind);
    access.pairing.decideMachine(redeemed.ticket.id, 'report');
    const token = access.machines.claim(redeemed.ticket.id, redeemed.ticket.ticket)?.token ?? '';
    const post = async (body: Uint8Array | string, bearer = token): Promise<number> => {
      const response = await fetch(`${hub.origin}/api/report`, { method: 'POST', headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: typeof body === 'string' ? gzipSync(body) : new Uint8Array(body) });
      await response.arrayBuffer();
      return response.status;
    };
    const send = (change: Parameters<ReportingMachine['compose']>[0] = {}, bearer = token): Promise<number> => post(JSON.stringify(machine.compose(change)), bearer);
    expect(await send({ about: ABOUT })).toBe(200);
    expect(await send({}, `${token.slice(0, -4)}AAAA`)).toBe(401);
    expect(await send({ machine: 'cd'.repeat(16) })).toBe(403);
    expect(await post(Buffer.alloc(2_000_000))).toBe(413);
    // A megabyte of nothing decompresses to a gigabyte.
    expect(await post(gzipSync(Buffer.alloc(200_000_000)))).toBeGreaterThanOrEqual(400);
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(await post(`{"v":1,"live":${deep}}`)).toBe(400);
    const report = JSON.stringify(machine.compose({}));
    expect(await post(report.replace('"live":null', `"live":${deep}`))).toBeLessThan(500);
    expect(await post(report.replace('"events":[]', `"events":[{"id":1,"time":1,"type":"x","severity":"info","message":"m","user":null,"details":{"a":${deep}}}]`))).toBeLessThan(500);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`disk.usage@/${n}`, [1]]));
    expect(await send({ rows: { times: [Date.now()], gaps: {}, series: many } })).toBe(400);
    expect(await send()).toBe(200);
    expect((await hub.core.handlers.machines({}, LOCAL))[1]).toMatchObject({ name: 'nas', state: 'live' });
  }, 40_000);
});
