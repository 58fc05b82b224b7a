/** Joining a hub over real TLS on this machine, what is sent to whom, and what is kept of it. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHub } from '../../../src/main/engine/hub';
import { systemClock, systemTimers } from '../../../src/main/engine/clock';
import { HubReporting } from '../../../src/main/report/index';
import type { HostInfo } from '../../../src/shared/host-info';
import type { EventInput } from '../../../src/shared/timeline/event-schemas';
import { issue } from '../../support/certificates';
import { serveHub } from '../../support/fake-hub';
import { createCallbackLog } from '../../support/log';
import { cpuBatch, createStoreFixture, NOON } from '../../support/store';

const HOST: HostInfo = { hostname: 'shed', os: 'Linux', kernel: '6', arch: 'x64', model: null, cpuModel: null, cores: 2, memoryTotal: null, bootTime: null, appVersion: '1.0.0', startTime: NOON, environment: 'home', runtime: 'node', databasePath: '/home/somebody/history.sqlite' };
const CODE = '123456';

/** A machine in a folder of its own that may join hubs. */
async function openMachine(fixture = createStoreFixture()) {
  const { store } = fixture.open();
  const hub = createHub(() => undefined);
  hub.subscribe((batch) => store.append(batch));
  const events: EventInput[] = [];
  const path = join(fixture.folder, 'report.json');
  const reporting = await HubReporting.open({
    path,
    clock: systemClock,
    timers: systemTimers,
    log: createCallbackLog(() => undefined),
    hub,
    store,
    system: { platform: 'linux', root: '/' },
    host: () => Promise.resolve(HOST),
    rules: () => [],
    record: (event) => void events.push(event),
    onChange: () => undefined,
  });
  onTestFinished(() => reporting.close());
  return { fixture, reporting, hub, events, kept: () => JSON.parse(readFileSync(path, 'utf8')) as { machine: string; hub: { token: string; pin: { fingerprint: string } } | null }, path };
}

async function until(what: () => boolean): Promise<void> {
  await expect.poll(what, { interval: 5, timeout: 15_000 }).toBe(true);
}

async function joined(served: Awaited<ReturnType<typeof serveHub>>, machine: Awaited<ReturnType<typeof openMachine>>): Promise<void> {
  const found = await machine.reporting.join({ url: served.url, code: CODE, fingerprint: null });
  if (found.state !== 'confirm') throw new Error(found.state);
  await machine.reporting.join({ url: served.url, code: CODE, fingerprint: found.fingerprint });
  await until(() => machine.reporting.state().state === 'reporting');
}

describe('joining a hub', () => {
  it('tells its certificate before anything is sent, then asks, waits and reports', async () => {
    const served = await serveHub();
    served.hub.join = { state: 'pending', token: null };
    const machine = await openMachine();
    const found = await machine.reporting.join({ url: served.url, code: CODE, fingerprint: null });
    expect(found).toMatchObject({ state: 'confirm', url: `${served.url}/`, fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/) });
    expect(served.requests).toEqual([]);
    const fingerprint = found.state === 'confirm' ? found.fingerprint : '';
    // As a person types it.
    expect(await machine.reporting.join({ url: served.url, code: CODE, fingerprint: fingerprint.toLowerCase().replaceAll(':', ' ') })).toMatchObject({ state: 'joining', hub: 'nas' });
    expect(served.hub.joins).toEqual([{ code: CODE, machine: machine.kept().machine, name: 'shed', version: '1.0.0' }]);
    served.hub.join = { state: 'approved', token: 'secret' };
    machine.hub.publish(cpuBatch(0, 5));
    await until(() => machine.reporting.state().state === 'reporting');
    expect(new Set(served.hub.tokens)).toEqual(new Set(['Bearer secret']));
    expect(served.hub.reports[0]?.about?.host.databasePath).toBeNull();
    expect(machine.events.map(({ type }) => type)).toEqual(['hub_joined']);
    expect(machine.kept().hub).toMatchObject({ token: 'secret', name: 'nas', pin: { fingerprint } });
    expect(statSync(machine.path).mode & 0o777).toBe(0o600);
  });

  it('goes on with the same hub after a restart, and keeps its id when it leaves', async () => {
    const served = await serveHub();
    const machine = await openMachine();
    await joined(served, machine);
    const { machine: id } = machine.kept();
    machine.reporting.close();
    const again = await openMachine(machine.fixture);
    await until(() => again.reporting.state().state === 'reporting');
    expect(new Set(served.hub.reports.map((report) => report.machine))).toEqual(new Set([id]));
    expect(new Set(served.hub.reports.map(({ run }) => run)).size).toBe(2);
    expect(again.reporting.leave()).toEqual({ state: 'off' });
    expect(again.kept()).toEqual({ machine: id, hub: null });
  });

  it('says what to do where it comes to nothing', async () => {
    const served = await serveHub();
    const { reporting } = await openMachine();
    const ask = (url: string, fingerprint: string | null = null): Promise<unknown> => reporting.join({ url, code: CODE, fingerprint });
    await expect(ask('http://nas:8543')).rejects.toThrow(/not encrypted/);
    await expect(ask('ftp://nas')).rejects.toThrow(/begins with https/);
    await expect(ask('https://')).rejects.toThrow(/is not an address/);
    await expect(ask('https://u:p@127.0.0.1:1')).rejects.toThrow(/user name/);
    await expect(ask('https://127.0.0.1:1')).rejects.toThrow(/There is no hub at 127\.0\.0\.1:1/);
    await expect(ask(served.url, 'AB'.repeat(32))).rejects.toThrow(/shows another certificate .* Nothing was sent/);
    expect(served.requests).toEqual([]);
    const found = await reporting.join({ url: served.url, code: CODE, fingerprint: null });
    const fingerprint = found.state === 'confirm' ? found.fingerprint : '';
    for (const [status, words] of [[403, /does not accept this code/], [404, /no hub at this address/], [409, /data folder was copied/], [429, /Too many codes/], [503, /cannot let machines in now/]] as const) {
      served.hub.trouble = status;
      await expect(ask(served.url, fingerprint)).rejects.toThrow(words);
    }
    served.hub.trouble = 'none';
    served.hub.join = { state: 'denied', token: null };
    await ask(served.url, fingerprint);
    await until(() => reporting.state().state === 'off');
    expect(reporting.state()).toEqual({ state: 'off', reason: 'nas denied it.' });
  });
});

describe('a hub with another certificate', () => {
  it('is sent nothing, not even the head of a request, and the reason says what to do', async () => {
    const served = await serveHub();
    const machine = await openMachine();
    await joined(served, machine);
    machine.reporting.close();
    await served.stop();
    const other = await issue({ name: 'Traywatch on nas', hosts: ['127.0.0.1'] });
    let bytes = 0;
    let connections = 0;
    const thief = createServer({ cert: other.cert, key: other.key }, (socket) => {
      socket.on('data', (data: Buffer) => (bytes += data.length)).on('error', () => undefined);
    });
    thief.on('tlsClientError', () => undefined).on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => void thief.listen(Number(new URL(served.url).port), '127.0.0.1', resolve));
    onTestFinished(() => void thief.close());
    expect((thief.address() as AddressInfo).port).toBe(Number(new URL(served.url).port));
    const again = await openMachine(machine.fixture);
    await until(() => again.reporting.state().state === 'refused');
    again.reporting.resume();
    await until(() => connections >= 2);
    again.reporting.close();
    await new Promise((resolve) => void setTimeout(resolve, 50));
    expect(bytes).toBe(0);
    const state = again.reporting.state();
    expect('reason' in state ? state.reason : null).toMatch(/shows another certificate .*nothing is sent.* join it again/);
    expect(again.events.map(({ type }) => type)).toEqual(['hub_refused']);
  });

  it('of the same key is the same hub, and its new fingerprint is kept', async () => {
    const served = await serveHub();
    const machine = await openMachine();
    await joined(served, machine);
    const before = machine.kept().hub?.pin.fingerprint;
    await served.stop();
    await served.restart(await issue({ name: 'Traywatch on nas', hosts: ['127.0.0.1', '10.0.0.7'], keys: served.certificate.keys }));
    const count = served.hub.reports.length;
    machine.reporting.resume();
    await until(() => served.hub.reports.length > count);
    await expect.poll(() => machine.kept().hub?.pin.fingerprint).not.toBe(before);
  });
});

it('a token that takes the place of another is used from then on, also after a restart', async () => {
  const served = await serveHub();
  const machine = await openMachine();
  await joined(served, machine);
  served.hub.newToken = 'next';
  machine.reporting.resume();
  await until(() => machine.kept().hub?.token === 'next');
  machine.reporting.resume();
  await expect.poll(() => served.hub.tokens.at(-1)).toBe('Bearer next');
});

it('a copy of another machine’s folder becomes a machine of its own when it leaves and joins again', async () => {
  const served = await serveHub();
  const machine = await openMachine();
  await joined(served, machine);
  const { machine: id } = machine.kept();
  served.hub.trouble = 409;
  machine.reporting.resume();
  await until(() => machine.reporting.state().state === 'refused');
  machine.reporting.leave();
  served.hub.trouble = 'none';
  await joined(served, machine);
  expect(machine.kept().machine).toMatch(/^[0-9a-f]{32}$/);
  expect(machine.kept().machine).not.toBe(id);
});

it('a file that is damaged is kept aside, and nothing is reported', async () => {
  const fixture = createStoreFixture();
  writeFileSync(join(fixture.folder, 'report.json'), '{"machine":1}');
  const { reporting } = await openMachine(fixture);
  expect(reporting.state()).toEqual({ state: 'off' });
});
