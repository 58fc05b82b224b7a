/** What services are, with all that speaks against measuring them: no order of results puts the blame on a service for what is this machine's. */
import { array, assert, constant, constantFrom, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Board } from '../../../../src/main/engine/probes/board';
import { hostOf, isOfflineFault, isOverNetwork, obstacleOf } from '../../../../src/main/engine/probes/conditions';
import type { MachineState } from '../../../../src/main/engine/probes/conditions';
import { viewOf } from '../../../../src/main/engine/probes/network-guard';
import type { NetworkState } from '../../../../src/main/engine/probes/network-state';
import type { ProbeFault } from '../../../../src/main/engine/probes/prober';
import type { ServiceRaw } from '../../../../src/main/engine/probes/types';
import type { ProbeResult, Service } from '../../../../src/shared/services/service-schemas';
import { httpService, pingService, probeResult, tcpService } from '../../../support/probing';

const ONLINE: NetworkState = { routes: 'default', hasNameServer: true };
const AWAKE: MachineState = { power: 'awake', isPaused: false, network: ONLINE, now: Date.UTC(2026, 0, 5, 12) };

const good = probeResult({ latency: 5 });
const bad = (fault: ProbeFault = 'timeout'): ProbeResult => probeResult({ ok: false, fault, text: fault });

const remote = (id: string, host = `${id}.test`): Service => tcpService(host, 80, { id });
const local = (id: string): Service => tcpService('127.0.0.1', 80, { id });

/** A board with a clock that goes on by a second per result. */
function watched(services: readonly Service[]) {
  const board = new Board();
  board.setServices(services);
  let at = 0;
  return {
    board,
    take: (id: string, ok: boolean | ProbeResult, network = ONLINE) => board.take(id, typeof ok === 'boolean' ? (ok ? good : bad()) : ok, (at += 1000), network),
    row: (id: string, machine = AWAKE): ServiceRaw => board.rows(machine, () => null).services.find(({ device }) => device === id) as ServiceRaw,
    lost: (machine = AWAKE) => board.rows(machine, () => null).networkLost,
  };
}

describe('a service', () => {
  it('is pending, then up, then down with its third failure; a failure has no latency', () => {
    const { take, row } = watched([local('a')]);
    expect(row('a')).toMatchObject({ isUp: null, notMeasured: 'pending', result: null });
    take('a', true);
    expect(row('a')).toMatchObject({ isUp: true, notMeasured: null, result: { latency: 5 } });
    take('a', false);
    take('a', false);
    expect(row('a')).toMatchObject({ isUp: true, result: { ok: false, latency: null } });
    take('a', false);
    expect(row('a')).toMatchObject({ isUp: false, notMeasured: null });
    take('a', true);
    expect(row('a').isUp).toBe(false);
    take('a', true);
    expect(row('a').isUp).toBe(true);
  });

  it('is not down because something is missing here, and says what', () => {
    const { take, row } = watched([pingService('10.0.0.1', { id: 'a' }), httpService('http://b.test/', { id: 'b' })]);
    for (const fault of ['programMissing', 'notPermitted', 'programMissing'] as const) take('a', bad(fault));
    for (let times = 0; times < 3; times += 1) take('b', bad('secretMissing'));
    expect(row('a')).toMatchObject({ isUp: null, notMeasured: 'unable', result: { fault: 'programMissing' } });
    expect(row('b')).toMatchObject({ isUp: null, notMeasured: 'unable', result: { text: 'secretMissing' } });
    for (let times = 0; times < 3; times += 1) take('b', bad('notPermitted'));
    expect(row('b').isUp).toBe(false);
  });

  it('keeps what is known while what is probed stays the same, and no longer', () => {
    const { board, take, row } = watched([local('a')]);
    take('a', true);
    expect(board.setServices([{ ...local('a'), name: 'New name', intervalSeconds: 600 }])).toEqual([]);
    expect(row('a')).toMatchObject({ label: 'New name', isUp: true });
    expect(board.setServices([{ ...local('a'), timeoutSeconds: 3 }])).toEqual(['a']);
    expect(row('a')).toMatchObject({ isUp: null, notMeasured: 'pending' });
    board.setServices([]);
    expect(board.rows(AWAKE, () => null)).toEqual({ services: [], networkLost: null });
    expect(take('a', true)).toEqual([]);
  });

  it('that is a heartbeat is what its judge says', () => {
    const service: Service = { id: 'job', name: 'Job', kind: 'heartbeat', enabled: true, intervalSeconds: 60, timeoutSeconds: 10, maintenance: [], graceSeconds: 0 };
    const board = new Board();
    board.setServices([service]);
    const row = (judged: ProbeResult | null, machine = AWAKE) => board.rows(machine, () => judged).services[0];
    expect(row(null)).toMatchObject({ isUp: null, notMeasured: 'pending' });
    expect(row(good)).toMatchObject({ isUp: true });
    expect(row(bad('missed'))).toMatchObject({ isUp: false, result: { fault: 'missed' } });
    expect(row(bad('missed'), { ...AWAKE, power: 'woken' })).toMatchObject({ isUp: null, notMeasured: 'woken', result: null });
    // A call that came says that it came; one that did not may have had no way.
    const offline: MachineState = { ...AWAKE, network: { routes: 'none', hasNameServer: false } };
    expect(row(bad('missed'), offline)).toMatchObject({ isUp: null, notMeasured: 'offline', result: null });
    expect(row(good, offline)).toMatchObject({ isUp: true });
  });
});

describe('is not measured', () => {
  const monday = { days: ['mon' as const], from: '00:00', to: '00:00' };
  it.each<[string, Partial<MachineState>, Partial<Service>, string | null]>([
    ['while the machine sleeps', { power: 'asleep' }, {}, 'asleep'],
    ['just after it woke', { power: 'woken' }, {}, 'woken'],
    ['while monitoring is paused', { isPaused: true }, {}, 'paused'],
    ['while it is switched off', {}, { enabled: false }, 'disabled'],
    ['in its maintenance window', {}, { maintenance: [monday] }, 'maintenance'],
    ['without a network', { network: { routes: 'none', hasNameServer: false } }, {}, 'offline'],
    ['but with a network of its own it is', { network: { routes: 'some', hasNameServer: false } }, {}, null],
  ])('%s', (_when, machine, fields, expected) => {
    const service = { ...remote('a'), ...fields } as Service;
    expect(obstacleOf(service, { ...AWAKE, ...machine }, () => 0)).toBe(expected);
  });

  it('on this machine itself without a network it is', () => {
    expect(obstacleOf(local('a'), { ...AWAKE, network: { routes: 'none', hasNameServer: false } })).toBeNull();
    expect([httpService('http://[::1]:8/'), httpService('https://localhost/'), tcpService('LOCALHOST', 1)].map(isOverNetwork)).toEqual([false, false, false]);
    expect(hostOf(httpService('https://Shop.Test:8/x'))).toBe('shop.test');
  });

  it('a failure for want of a way, or of a name server, is not the service’s', () => {
    const some: NetworkState = { routes: 'some', hasNameServer: true };
    const blamed = (fault: ProbeFault, network: NetworkState): boolean => isOfflineFault({ fault }, network);
    expect([blamed('noRoute', ONLINE), blamed('nameNotFound', some), blamed('nameNotFound', { ...ONLINE, hasNameServer: false }), blamed('timeout', { ...some, routes: 'none' })]).toEqual([true, true, true, true]);
    expect([blamed('nameNotFound', ONLINE), blamed('timeout', some), blamed('refused', some), isOfflineFault({ fault: null }, some)]).toEqual([false, false, false, false]);
  });
});

describe('the network', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];

  it('counts as lost when more than half of the hosts fail; nothing of them is down', () => {
    const { take, row, lost } = watched(five.map((id) => remote(id)));
    for (const id of five) take(id, true);
    expect(lost()).toBe(false);
    for (const id of five) take(id, false);
    for (const id of five) take(id, false);
    expect(lost()).toBe(false);
    take('a', false);
    expect(lost()).toBe(true);
    for (const id of five) for (let times = 0; times < 5; times += 1) take(id, false);
    expect(five.map((id) => row(id).notMeasured)).toEqual(five.map(() => 'networkLost'));
  });

  it('is back when one of those answers; the others are asked at once', () => {
    const { take, row, lost } = watched(five.map((id) => remote(id)));
    for (const id of five) for (let times = 0; times < 3; times += 1) take(id, false);
    expect(lost()).toBe(true);
    expect(take('b', true).toSorted()).toEqual(['a', 'c', 'd', 'e']);
    expect(lost()).not.toBe(true);
    expect(row('b')).toMatchObject({ isUp: true, notMeasured: null });
    expect(row('c')).toMatchObject({ isUp: null, notMeasured: 'pending' });
  });

  it('that is lost and then gone is not lost for ever', () => {
    const { board, take, row, lost } = watched(five.map((id) => remote(id)));
    for (const id of five) for (let times = 0; times < 3; times += 1) take(id, false);
    expect(lost()).toBe(true);
    for (const id of ['a', 'b', 'c']) board.obstruct(id);
    for (const id of ['d', 'e']) take(id, bad('noRoute'));
    expect(lost()).not.toBe(true);
    for (let times = 0; times < 3; times += 1) for (const id of five) take(id, id !== 'a');
    expect(five.map((id) => row(id).isUp)).toEqual([false, true, true, true, true]);
  });

  it('is there while half of them answer, and then a service is down', () => {
    const { take, row, lost } = watched(['a', 'b', 'c', 'd'].map((id) => remote(id)));
    for (const id of ['a', 'b', 'c', 'd']) take(id, true);
    for (let times = 0; times < 3; times += 1) {
      take('a', false);
      take('b', true);
      take('c', false);
      take('d', true);
    }
    expect(lost()).toBe(false);
    expect(['a', 'b', 'c', 'd'].map((id) => row(id).isUp)).toEqual([false, true, false, true]);
  });

  it('is asked about before a service counts as down, where others were not probed since it failed', () => {
    const { take, row, lost } = watched(five.map((id) => remote(id)));
    for (const id of five) take(id, true);
    take('a', false);
    take('a', false);
    expect(take('a', false).toSorted()).toEqual(['b', 'c', 'd', 'e']);
    expect(row('a').isUp).toBe(true);
    take('b', true);
    take('c', true);
    expect(row('a').isUp).toBe(true);
    take('d', true);
    expect(row('a').isUp).toBe(false);
    expect(lost()).toBe(false);
  });

  it('is not waited for where the others may not be probed', () => {
    const { board, take, row } = watched(five.map((id) => remote(id)));
    for (const id of ['b', 'c', 'd', 'e']) board.obstruct(id);
    for (let times = 0; times < 3; times += 1) take('a', false);
    expect(row('a').isUp).toBe(false);
  });

  it('is asked about at the start as well, when nothing is known of others', () => {
    const { take, row } = watched(five.map((id) => remote(id)));
    take('a', false);
    take('a', false);
    expect(take('a', false).toSorted()).toEqual(['b', 'c', 'd', 'e']);
    for (const id of ['b', 'c']) take(id, false);
    expect(five.map((id) => row(id).notMeasured)).toEqual(['networkLost', 'networkLost', 'networkLost', 'pending', 'pending']);
  });

  it('is not lost where one host with many services is down', () => {
    const services = [...['w1', 'w2', 'w3', 'w4'].map((id) => remote(id, 'box.test')), remote('x'), remote('y')];
    const { take, row, lost } = watched(services);
    for (const { id } of services) take(id, true);
    for (let times = 0; times < 3; times += 1) for (const { id } of services) take(id, !id.startsWith('w'));
    expect(lost()).toBe(false);
    expect(row('w1').isUp).toBe(false);
    // Of another only one service fails: its host answers.
    const other = watched(services);
    for (let times = 0; times < 3; times += 1) other.take('w1', false);
    expect(other.take('w1', false).toSorted()).toEqual(['w4', 'x', 'y']);
    for (const id of ['w4', 'x']) other.take(id, true);
    expect(other.row('w1').isUp).toBe(false);
  });

  it('does not count services that were down before, nor this machine’s own', () => {
    const { take, row, lost } = watched([remote('a'), remote('b'), remote('c'), local('l'), local('m'), local('n')]);
    for (const id of ['a', 'b', 'c', 'l', 'm', 'n']) take(id, true);
    for (let times = 0; times < 3; times += 1) for (const id of ['l', 'm', 'n']) take(id, false);
    expect(['l', 'm', 'n'].map((id) => row(id).isUp)).toEqual([false, false, false]);
    expect(lost()).toBe(false);
  });

  it('with fewer than three hosts is not judged', () => {
    const { take, row, lost } = watched([remote('a'), remote('b'), { ...remote('c'), enabled: false }]);
    for (let times = 0; times < 3; times += 1) for (const id of ['a', 'b']) take(id, false);
    expect(['a', 'b'].map((id) => row(id).isUp)).toEqual([false, false]);
    expect(lost()).toBeNull();
  });

  it('of hundreds of hosts is judged by some', () => {
    const hosts = Array.from({ length: 200 }, (_, at) => ({ ask: `h${at}`, answeredAt: 0, isFailing: at === 0 }));
    const view = viewOf(hosts, 100);
    expect(typeof view === 'object' ? view.ask : view).toHaveLength(9);
    expect(viewOf(hosts.map((host, at) => (at < 10 ? { ...host, answeredAt: 200 } : host)), 100)).toBe('there');
    expect(viewOf(hosts.map((host, at) => (at < 10 ? { ...host, isFailing: true } : host)), 100)).toBe('lost');
  });
});

describe('on any history', () => {
  const SERVICES: readonly Service[] = [remote('a'), remote('b'), remote('c'), remote('d', 'c.test'), local('l')];
  const event = oneof(
    { weight: 12, arbitrary: record({ kind: constant('result' as const), id: constantFrom('a', 'b', 'c', 'd', 'l'), fault: constantFrom<ProbeFault | null>(null, null, 'timeout', 'refused', 'noRoute', 'nameNotFound', 'status') }) },
    { weight: 2, arbitrary: record({ kind: constant('network' as const), routes: constantFrom('default' as const, 'some' as const, 'none' as const) }) },
    { weight: 1, arbitrary: constant({ kind: 'interrupt' as const }) },
    { weight: 1, arbitrary: record({ kind: constant('obstruct' as const), id: constantFrom('a', 'b', 'c') }) },
  );

  it('a service falls by three failures of its own in a row alone, and never while the network is lost or gone', () => {
    assert(
      property(array(event, { maxLength: 120 }), (events) => {
        const { board, take, row, lost } = watched(SERVICES);
        let network = ONLINE;
        const streak = new Map<string, number>();
        for (const one of events) {
          const before = new Map(SERVICES.map(({ id }) => [id, row(id).isUp]));
          if (one.kind === 'network') network = { routes: one.routes, hasNameServer: one.routes === 'default' };
          else if (one.kind === 'interrupt') {
            board.interrupt();
            streak.clear();
          } else if (one.kind === 'obstruct') {
            board.obstruct(one.id);
            streak.delete(one.id);
          } else {
            const wasLost = lost() === true;
            take(one.id, one.fault === null ? good : bad(one.fault), network);
            const isOwn = one.id === 'l' || (!wasLost && !isOfflineFault(one, network));
            streak.set(one.id, one.fault !== null && isOwn ? (streak.get(one.id) ?? 0) + 1 : 0);
          }
          const machine = { ...AWAKE, network };
          for (const { id } of SERVICES) {
            const { isUp, notMeasured, result } = row(id, machine);
            expect(isUp === null).toBe(notMeasured !== null);
            if (isUp === false && before.get(id) !== false && one.kind === 'result' && one.id === id && one.fault !== null && before.get(id) === true) expect(streak.get(id)).toBeGreaterThanOrEqual(3);
            if (id !== 'l' && network.routes === 'none') expect(isUp).toBeNull();
            if (id !== 'l' && lost(machine) === true && result?.ok === false) expect(before.get(id)).toBe(false);
            if (result?.ok === false) expect(result.latency).toBeNull();
          }
          if (lost(AWAKE) === true) expect(SERVICES.map(({ id }) => row(id).notMeasured)).toContain('networkLost');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('whatever fails while nobody answers, nothing of three hosts or more is down', () => {
    assert(
      property(array(constantFrom('a', 'b', 'c', 'd'), { maxLength: 100 }), (order) => {
        const { take, row } = watched(SERVICES);
        for (const id of ['a', 'b', 'c', 'd']) take(id, true);
        for (const id of order) take(id, false);
        expect(['a', 'b', 'c', 'd'].filter((id) => row(id).isUp === false)).toEqual([]);
      }),
    );
  });
});
