/** Probes put together: over simulated days with a prober that is told what to find, and once with a real server. */
import { describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../../../src/main/engine/clock';
import { createProbes, systemLookup } from '../../../../src/main/engine/probes/index';
import { serviceSchema } from '../../../../src/shared/services/service-schemas';
import type { ProbeResult, Service } from '../../../../src/shared/services/service-schemas';
import { GOOD, ONLINE, probedMachine, service, SILENT } from '../../../support/probed-machine';
import { createServers, httpService, probeResult, urlAt } from '../../../support/probing';
import { NO_PROGRAMS } from '../../../support/programs';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAILY = { intervalSeconds: 86_400 } as const;

describe('services', () => {
  it('are known soon after they are added, with the secrets asked for at each probe', async () => {
    let times = 0;
    const secrets: unknown[] = [];
    const { probes, advance, row } = probedMachine((_host, parts) => (secrets.push(parts.secrets), GOOD), { secretsOf: ({ id }) => Promise.resolve({ password: `${id} ${(times += 1)}` }) });
    probes.setServices([service('a')]);
    expect(row('a')).toMatchObject({ isUp: null, notMeasured: 'pending' });
    await advance(SECOND);
    expect(row('a')).toMatchObject({ isUp: true, notMeasured: null, result: { ok: true, latency: 3 } });
    await advance(2 * MINUTE);
    expect(secrets.slice(0, 2)).toEqual([{ password: 'a 1' }, { password: 'a 2' }]);
    expect(JSON.stringify(probes.read())).not.toContain('a 1');
  });

  it('probed once a day are down within a minute', async () => {
    const { probes, advance, row, state, asked } = probedMachine(() => GOOD);
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

  it('tell when they are probed next', async () => {
    const { probes, advance, clock } = probedMachine(() => GOOD);
    expect(probes.nextAt('a')).toBeNull();
    probes.setServices([service('a')]);
    await advance(10 * MINUTE);
    const next = probes.nextAt('a') ?? 0;
    expect(next).toBeGreaterThan(clock.now());
    expect(next).toBeLessThanOrEqual(clock.now() + MINUTE);
    probes.setPaused(true);
    expect(probes.nextAt('a')).toBeNull();
  });

  it('whose secrets cannot be read are not measured, and say why', async () => {
    const { probes, advance, row } = probedMachine(() => GOOD, { secretsOf: () => Promise.reject(new Error('the key store is locked')) });
    probes.setServices([service('a')]);
    await advance(5 * MINUTE);
    expect(row('a')).toMatchObject({ isUp: null, notMeasured: 'unable', result: { fault: 'secretMissing', text: 'its secrets cannot be read: the key store is locked' } });
  });

  it('whose secrets never come hold up no others', async () => {
    const { probes, advance, row } = probedMachine(() => GOOD, { secretsOf: ({ id }) => (id.startsWith('h') ? new Promise(() => undefined) : Promise.resolve({})) });
    probes.setServices(['h1', 'h2', 'h3', 'good'].map((id) => service(id)));
    await advance(MINUTE);
    expect(row('good').isUp).toBe(true);
    expect(row('h1')).toMatchObject({ notMeasured: 'unable', result: { text: 'its secrets cannot be read: the key store does not answer' } });
  });

  it('whose prober hangs or throws fail, and hold up no others', async () => {
    const { probes, advance, row } = probedMachine((host) => {
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
    const { probes, advance, row, state } = probedMachine(() => new Promise((resolve) => (answer = resolve)));
    probes.setServices([service('a', DAILY)]);
    await advance(SECOND);
    state.answers = (host) => (host === 'new.test' ? probeResult({ text: 'new' }) : SILENT);
    probes.setServices([service('a', { ...DAILY, host: 'new.test' })]);
    answer(probeResult({ text: 'old' }));
    await advance(SECOND);
    expect(row('a')).toMatchObject({ isUp: true, result: { text: 'new' } });
  });

  it('are asked at once where something changed, and it counts', async () => {
    const { probes, advance, row, state } = probedMachine(() => SILENT);
    probes.setServices([service('a', DAILY)]);
    await advance(5 * MINUTE);
    expect(row('a').isUp).toBe(false);
    state.answers = () => GOOD;
    probes.probeSoon('a');
    await advance(21 * SECOND);
    expect(row('a').isUp).toBe(true);
  });

  it('are tried once without that it counts', async () => {
    const { probes, row } = probedMachine((_host, { secrets }) => probeResult({ text: secrets['password'] ?? '' }));
    expect(await probes.test(service('a'), { password: 'x' })).toMatchObject({ ok: true, text: 'x' });
    expect(row('a')).toBeUndefined();
  });

  it('are not asked any more after the end, and what runs is ended', async () => {
    const signals: AbortSignal[] = [];
    const { probes, advance, asked } = probedMachine((_host, { signal }) => (signals.push(signal), new Promise(() => undefined)));
    probes.setServices([service('a')]);
    await advance(SECOND);
    probes.close();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await advance(60 * MINUTE);
    expect(asked).toEqual(['a']);
  });
});

describe('sleep of which no system tells', () => {
  it('is noticed by the clocks, and the one that is a file is read only where the others disagree', async () => {
    const { probes, advance, row, sleep, clock } = probedMachine(() => GOOD);
    const { boot } = clock;
    let reads = 0;
    clock.boot = () => ((reads += 1), boot());
    probes.setServices(Array.from({ length: 20 }, (_, at) => service(`s${at}`)));
    reads = 0;
    await advance(5 * MINUTE);
    expect(row('s0').isUp).toBe(true);
    expect(reads).toBe(0);
    sleep(60 * MINUTE);
    expect(row('s0')).toMatchObject({ isUp: null, notMeasured: 'woken' });
    expect(reads).toBeGreaterThan(0);
  });
});

describe('a heartbeat', () => {
  const job: Service = serviceSchema.parse({ id: 'job', name: 'Job', kind: 'heartbeat' });

  it('is up with a call, missed without, and not while this machine slept', async () => {
    const { probes, advance, row, sleep } = probedMachine(() => GOOD);
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

  it('that no call reached without a network is given its time anew', async () => {
    const { probes, advance, row, state } = probedMachine(() => GOOD);
    probes.setServices([job]);
    probes.beat('job');
    state.network = { routes: 'none', hasNameServer: false };
    await advance(10 * MINUTE);
    expect(row('job')).toMatchObject({ isUp: null, notMeasured: 'offline' });
    state.network = ONLINE;
    await advance(10 * SECOND);
    expect(row('job').isUp).toBe(true);
    await advance(2 * MINUTE);
    expect(row('job').isUp).toBe(false);
  });

  it('is missed after a clock that was ahead is set back', async () => {
    const { probes, advance, row, clock } = probedMachine(() => GOOD);
    probes.setServices([job]);
    probes.beat('job', clock.now() + 365 * 24 * 60 * MINUTE);
    expect(row('job').isUp).toBe(true);
    await advance(2 * MINUTE);
    expect(row('job')).toMatchObject({ isUp: false, result: { fault: 'missed' } });
  });

  it('is tried by what is known of it', async () => {
    const { probes } = probedMachine(() => GOOD);
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
