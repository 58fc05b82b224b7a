/** Probes put together: over simulated days with a prober that is told what to find, and once with a real server. */
import { describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../../../src/main/engine/clock';
import { createProbes, systemLookup } from '../../../../src/main/engine/probes/index';
import type { HeartbeatJudge, ProbesParts } from '../../../../src/main/engine/probes/index';
import type { NetworkState } from '../../../../src/main/engine/probes/network-state';
import type { ProbeParts } from '../../../../src/main/engine/probes/prober';
import type { ServiceRaw } from '../../../../src/main/engine/probes/types';
import { serviceSchema } from '../../../../src/shared/services/service-schemas';
import type { ProbeResult, Service, ServiceInput } from '../../../../src/shared/services/service-schemas';
import { NO_PROGRAMS } from '../../../support/programs';
import { createServers, httpService, namesOnly, probeResult, urlAt } from '../../../support/probing';
import { createSimulatedTime } from '../../../support/timers';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ONLINE: NetworkState = { routes: 'default', hasNameServer: true };
const GOOD = probeResult({ latency: 3 });
const SILENT = probeResult({ ok: false, fault: 'timeout', text: 'no answer' });

type Answer = (host: string, parts: ProbeParts) => ProbeResult | Promise<ProbeResult>;

/** A service that the told prober is asked for. */
const service = (id: string, fields: Partial<ServiceInput> = {}): Service => serviceSchema.parse({ id, name: id, kind: 'postgresql', host: `${id}.test`, user: 'me', ...fields });

/** Late by more than a minute is missed. */
const judge: HeartbeatJudge = (_service, { lastBeat, since, now }) => {
  if (now - Math.max(lastBeat ?? 0, since) > MINUTE) return probeResult({ ok: false, fault: 'missed', text: 'missed' });
  return lastBeat === null ? null : GOOD;
};

/** A machine with a prober that finds what `answers` says. */
function machine(answers: Answer, parts: Partial<ProbesParts> = {}) {
  const time = createSimulatedTime();
  const asked: string[] = [];
  const state = { answers, network: ONLINE };
  const probes = createProbes({
    clock: time.clock, timers: time.timers, lookup: namesOnly({}), programs: NO_PROGRAMS, platform: 'linux',
    network: () => state.network,
    secretsOf: () => Promise.resolve({}),
    probers: {
      postgresql: () =>
        Promise.resolve((one, given) => {
          asked.push(one.id);
          return Promise.resolve(state.answers(one.host, given));
        }),
    },
    heartbeat: judge,
    ...parts,
  });
  const row = (id: string): ServiceRaw => probes.read().services.find(({ device }) => device === id) as ServiceRaw;
  return { ...time, probes, asked, state, row, reasons: () => probes.read().services.map(({ notMeasured }) => notMeasured) };
}

const five = ['a', 'b', 'c', 'd', 'e'];
const DAILY = { intervalSeconds: 86_400 } as const;

describe('services', () => {
  it('are known soon after they are added, with the secrets asked for at each probe', async () => {
    let times = 0;
    const secrets: unknown[] = [];
    const { probes, advance, row } = machine((_host, parts) => (secrets.push(parts.secrets), GOOD), { secretsOf: (id) => Promise.resolve({ password: `${id} ${(times += 1)}` }) });
    probes.setServices([service('a')]);
    expect(row('a')).toMatchObject({ isUp: null, notMeasured: 'pending' });
    await advance(SECOND);
    expect(row('a')).toMatchObject({ isUp: true, notMeasured: null, result: { ok: true, latency: 3 } });
    await advance(2 * MINUTE);
    expect(secrets.slice(0, 2)).toEqual([{ password: 'a 1' }, { password: 'a 2' }]);
    expect(JSON.stringify(probes.read())).not.toContain('a 1');
  });

  it('probed once a day are down within a minute', async () => {
    const { probes, advance, row, state, asked } = machine(() => GOOD);
    probes.setServices([service('a', DAILY)]);
    await advance(SECOND);
    state.answers = () => SILENT;
    await advance(2 * 24 * 60 * MINUTE);
    expect(row('a')).toMatchObject({ isUp: false, result: { latency: null } });
    expect(asked.length).toBeLessThanOrEqual(6);
    state.answers = () => GOOD;
    await advance(24 * 60 * MINUTE + MINUTE);
    expect(row('a').isUp).toBe(true);
  });

  it('whose secrets cannot be read are not measured, and say why', async () => {
    const { probes, advance, row } = machine(() => GOOD, { secretsOf: () => Promise.reject(new Error('the key store is locked')) });
    probes.setServices([service('a')]);
    await advance(5 * MINUTE);
    expect(row('a')).toMatchObject({ isUp: null, notMeasured: 'unable', result: { fault: 'secretMissing', text: 'its secrets cannot be read: the key store is locked' } });
  });

  it('whose prober hangs or throws fail, and hold up no others', async () => {
    const { probes, advance, row } = machine((host) => {
      if (host.startsWith('throws')) throw new TypeError('broken');
      return host.startsWith('good') ? GOOD : new Promise(() => undefined);
    });
    probes.setServices(['h1', 'h2', 'h3', 'throws', 'good'].map((id) => service(id, { timeoutSeconds: 5, host: `${id}.localhost` })));
    await advance(30 * SECOND);
    expect(row('good').isUp).toBe(true);
    expect(row('throws').result).toMatchObject({ fault: 'other', text: 'broken' });
    expect(row('h1').result).toMatchObject({ fault: 'timeout', text: 'no answer within 5 s' });
  });

  it('that were edited are asked anew, and a result of before does not count', async () => {
    let answer = (_result: ProbeResult): void => undefined;
    const { probes, advance, row, state } = machine(() => new Promise((resolve) => (answer = resolve)));
    probes.setServices([service('a', DAILY)]);
    await advance(SECOND);
    state.answers = (host) => (host === 'new.test' ? probeResult({ text: 'new' }) : SILENT);
    probes.setServices([service('a', { ...DAILY, host: 'new.test' })]);
    answer(probeResult({ text: 'old' }));
    await advance(SECOND);
    expect(row('a')).toMatchObject({ isUp: true, result: { text: 'new' } });
  });

  it('are tried once without that it counts', async () => {
    const { probes, row } = machine((_host, { secrets }) => probeResult({ text: secrets['password'] ?? '' }));
    expect(await probes.test(service('a'), { password: 'x' })).toMatchObject({ ok: true, text: 'x' });
    expect(row('a')).toBeUndefined();
  });

  it('are not asked any more after the end, and what runs is ended', async () => {
    const signals: AbortSignal[] = [];
    const { probes, advance, asked } = machine((_host, { signal }) => (signals.push(signal), new Promise(() => undefined)));
    probes.setServices([service('a')]);
    await advance(SECOND);
    probes.close();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await advance(60 * MINUTE);
    expect(asked).toEqual(['a']);
  });
});

describe('this machine', () => {
  it('asleep asks nobody; after waking nothing is judged for half a minute, and nothing is made up for', async () => {
    const { probes, advance, row, state, asked, sleep } = machine(() => GOOD);
    probes.setServices([service('a'), service('b')]);
    await advance(5 * MINUTE);
    state.answers = () => SILENT;
    probes.suspend();
    expect(row('a')).toMatchObject({ isUp: null, notMeasured: 'asleep', result: null });
    sleep(8 * 60 * MINUTE);
    const before = asked.length;
    probes.resume();
    await advance(29 * SECOND);
    expect([row('a').notMeasured, asked.length]).toEqual(['woken', before]);
    state.answers = () => GOOD;
    await advance(2 * SECOND);
    expect(row('a')).toMatchObject({ isUp: true, notMeasured: null });
    expect(asked.length).toBe(before + 2);
  });

  it('that slept without a word is noticed by its clocks', async () => {
    const { probes, advance, row, sleep } = machine(() => GOOD);
    probes.setServices([service('a')]);
    await advance(MINUTE);
    sleep(60 * MINUTE);
    expect(row('a').notMeasured).toBe('woken');
    await advance(31 * SECOND);
    expect(row('a').isUp).toBe(true);
  });

  it('that falls asleep while a probe runs does not count its failure', async () => {
    let fail = (_result: ProbeResult): void => undefined;
    const { probes, advance, row, state } = machine(() => GOOD);
    probes.setServices([service('a', { intervalSeconds: 10 })]);
    await advance(MINUTE);
    state.answers = () => new Promise((resolve) => (fail = resolve));
    await advance(11 * SECOND);
    probes.suspend();
    fail(SILENT);
    await advance(0);
    state.answers = () => GOOD;
    probes.resume();
    await advance(31 * SECOND);
    expect(row('a')).toMatchObject({ isUp: true, result: { ok: true } });
  });

  it('whose monitoring is paused asks nobody', async () => {
    const { probes, advance, row, asked } = machine(() => GOOD);
    probes.setServices([service('a')]);
    await advance(MINUTE);
    probes.setPaused(true);
    const before = asked.length;
    await advance(10 * MINUTE);
    expect([row('a').notMeasured, asked.length]).toEqual(['paused', before]);
    probes.setPaused(false);
    await advance(SECOND);
    expect(row('a').isUp).toBe(true);
  });

  it('without a network asks nobody but itself, and all soon when it is back', async () => {
    const { probes, advance, row, state, asked } = machine(() => GOOD);
    probes.setServices([service('a', DAILY), service('l', { ...DAILY, host: 'localhost' })]);
    await advance(MINUTE);
    state.network = { routes: 'none', hasNameServer: false };
    await advance(10 * SECOND);
    expect([row('a').notMeasured, row('l').isUp]).toEqual(['offline', true]);
    const before = asked.length;
    state.network = ONLINE;
    await advance(10 * SECOND);
    expect(row('a').notMeasured).toBeNull();
    await advance(SECOND);
    expect(asked.length).toBe(before + 2);
  });

  it('that loses its network says so once, and no service is down', async () => {
    for (const interval of [10, 60, 300, 86_400]) {
      const { probes, advance, state, reasons } = machine(() => GOOD);
      probes.setServices(five.map((id) => service(id, { intervalSeconds: interval })));
      await advance(MINUTE);
      state.answers = () => SILENT;
      for (let minutes = 0; minutes < 2 * 24 * 60; minutes += 1) {
        await advance(MINUTE);
        expect(probes.read().services.filter(({ isUp }) => isUp === false)).toEqual([]);
        if (probes.read().networkLost === true && reasons().every((reason) => reason === 'networkLost')) break;
      }
      expect(probes.read().networkLost).toBe(true);
      state.answers = () => GOOD;
      await advance(2 * MINUTE);
      expect(probes.read().networkLost).toBe(false);
      expect(probes.read().services.map(({ isUp }) => isUp)).toEqual(five.map(() => true));
    }
  });

  it('whose service is down says that of this one alone', async () => {
    for (const interval of [10, 60, 300, 86_400]) {
      const { probes, advance, state } = machine(() => GOOD);
      probes.setServices(five.map((id) => service(id, { intervalSeconds: interval })));
      await advance(MINUTE);
      state.answers = (host) => (host === 'c.test' ? SILENT : GOOD);
      await advance((interval * 1.5 + 60) * SECOND);
      expect(probes.read()).toMatchObject({ networkLost: false });
      expect(probes.read().services.map(({ isUp }) => isUp)).toEqual([true, true, false, true, true]);
    }
  });

  it('in a maintenance window of a service does not ask it, and does soon after', async () => {
    const { probes, advance, row, asked, state, clock } = machine(() => GOOD);
    const at = (minutes: number): string => new Date(clock.now() + minutes * MINUTE).toTimeString().slice(0, 5);
    // It is a Monday; in other time zones than that of the test, a day beside it.
    const window: Service['maintenance'][number] = { days: ['sun', 'mon', 'tue'], from: at(2), to: at(30) };
    probes.setServices([service('a', { maintenance: [window] })]);
    await advance(MINUTE);
    expect(row('a').isUp).toBe(true);
    await advance(2 * MINUTE);
    state.answers = () => SILENT;
    const before = asked.length;
    await advance(20 * MINUTE);
    expect([row('a').notMeasured, asked.length]).toEqual(['maintenance', before]);
    state.answers = () => GOOD;
    await advance(10 * MINUTE);
    expect(row('a').isUp).toBe(true);
  });
});

describe('a heartbeat', () => {
  const job: Service = serviceSchema.parse({ id: 'job', name: 'Job', kind: 'heartbeat' });

  it('is up with a call, missed without, and not while this machine slept', async () => {
    const { probes, advance, row, sleep } = machine(() => GOOD);
    probes.setServices([job, service('a')]);
    expect([probes.beat('job'), probes.beat('a'), probes.beat('none')]).toEqual([true, false, false]);
    expect(row('job').isUp).toBe(true);
    await advance(2 * MINUTE);
    expect(row('job')).toMatchObject({ isUp: false, result: { fault: 'missed' } });
    probes.beat('job');
    probes.suspend();
    sleep(60 * MINUTE);
    probes.resume();
    await advance(31 * SECOND);
    expect(row('job').isUp).toBe(true);
    await advance(2 * MINUTE);
    expect(row('job').isUp).toBe(false);
  });

  it('is tried by what is known of it', async () => {
    const { probes } = machine(() => GOOD);
    await expect(probes.test(job, {})).resolves.toMatchObject({ fault: 'missed' });
    probes.setServices([job]);
    probes.beat('job');
    await expect(probes.test(job, {})).resolves.toMatchObject({ ok: true });
  });
});

describe('with a real server', () => {
  it('a service is up after its first probe, and its values are those of the answer', async () => {
    const servers = createServers();
    const server = await servers.http((_request, response) => response.end('fine'));
    const probes = createProbes({ clock: systemClock, timers: systemTimers, lookup: systemLookup(), programs: NO_PROGRAMS, platform: 'linux', network: () => ONLINE, secretsOf: () => Promise.resolve({}), probers: { postgresql: () => Promise.reject(new Error('not asked for')) }, heartbeat: () => null });
    try {
      probes.setServices([httpService(urlAt(server), { id: 'web' })]);
      await expect.poll(() => probes.read().services[0]?.isUp, { timeout: 5000 }).toBe(true);
      expect(probes.read().services[0]).toMatchObject({ device: 'web', notMeasured: null, result: { text: 'HTTP 200' } });
    } finally {
      probes.close();
      await servers.closeAll();
    }
  });
});
