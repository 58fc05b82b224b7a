/** Services of a machine that sleeps, is paused, has no network or loses it: over simulated time. */
import { describe, expect, it } from 'vitest';
import type { ProbeResult, Service } from '../../../../src/shared/services/service-schemas';
import { GOOD, ONLINE, probedMachine, service, SILENT } from '../../../support/probed-machine';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAILY = { intervalSeconds: 86_400 } as const;
const five = ['a', 'b', 'c', 'd', 'e'];
describe('this machine', () => {
  it('asleep asks nobody; after waking nothing is judged for half a minute, and nothing is made up for', async () => {
    const { probes, advance, row, state, asked, sleep } = probedMachine(() => GOOD);
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
    const { probes, advance, row, sleep } = probedMachine(() => GOOD);
    probes.setServices([service('a')]);
    await advance(MINUTE);
    sleep(60 * MINUTE);
    expect(row('a').notMeasured).toBe('woken');
    await advance(31 * SECOND);
    expect(row('a').isUp).toBe(true);
  });

  it('that falls asleep while a probe runs does not count its failure', async () => {
    let fail = (_result: ProbeResult): void => undefined;
    const { probes, advance, row, state } = probedMachine(() => GOOD);
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
    const { probes, advance, row, asked } = probedMachine(() => GOOD);
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
    const { probes, advance, row, state, asked } = probedMachine(() => GOOD);
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
      const { probes, advance, state, reasons } = probedMachine(() => GOOD);
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
      const { probes, advance, state } = probedMachine(() => GOOD);
      probes.setServices(five.map((id) => service(id, { intervalSeconds: interval })));
      await advance(MINUTE);
      state.answers = (host) => (host === 'c.test' ? SILENT : GOOD);
      await advance((interval * 1.5 + 60) * SECOND);
      expect(probes.read()).toMatchObject({ networkLost: false });
      expect(probes.read().services.map(({ isUp }) => isUp)).toEqual([true, true, false, true, true]);
    }
  });

  it('in a maintenance window of a service does not ask it, and does soon after', async () => {
    const { probes, advance, row, asked, state, clock } = probedMachine(() => GOOD);
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
