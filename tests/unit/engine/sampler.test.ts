import { describe, expect, it } from 'vitest';
import type { FamilyId } from '../../../src/shared/metrics/index';
import type { Fault, SampleBatch } from '../../../src/shared/metrics/reading';
import { createSampler } from '../../../src/main/engine/sampler/sampler';
import { CollectorError } from '../../../src/main/engine/collectors/collector';
import { FakeTime, fakeCollectors, settle } from '../../support/collectors';

function setUp() {
  const time = new FakeTime();
  const collectors = fakeCollectors();
  const batches: SampleBatch[] = [];
  const health: [FamilyId, Fault['kind'] | null][] = [];
  const sampler = createSampler({
    collectors: collectors.set,
    clock: time,
    timers: time,
    onBatch: (batch) => batches.push(batch),
    onHealth: (family, fault) => health.push([family, fault?.kind ?? null]),
  });
  const last = (): SampleBatch => {
    const batch = batches.at(-1);
    if (batch === undefined) throw new Error('no batch yet');
    return batch;
  };
  return { time, collectors, batches, health, sampler, last };
}

describe('sampler', () => {
  it('emits one immutable batch a second, numbered from 1, the first with the gap reason start', async () => {
    const { time, batches, sampler } = setUp();
    sampler.start();
    await time.pass(5000);
    expect(batches.map((batch) => batch.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(batches.map((batch) => batch.gap)).toEqual(['start', undefined, undefined, undefined, undefined, undefined]);
    expect(Object.isFrozen(batches[0])).toBe(true);
  });

  it('does not drift when ticks come late', async () => {
    const { time, batches, sampler } = setUp();
    sampler.start();
    const start = time.wall;
    for (let i = 0; i < 60; i += 1) {
      await time.pass(700);
      time.stall(300);
    }
    await time.pass(0);
    const offsets = batches.map((batch) => (batch.time - start) % 1000);
    expect(batches).toHaveLength(61);
    expect(Math.max(...offsets)).toBeLessThanOrEqual(300);
  });

  it('samples each family at its own interval, and faster while it is viewed', async () => {
    const { time, collectors, sampler } = setUp();
    sampler.start();
    await time.pass(60_000);
    expect(collectors.of('cpu').reads).toBe(61);
    expect(collectors.of('disk').reads).toBe(3);
    expect(collectors.of('connections').reads).toBe(13);
    sampler.setViewed(new Set<FamilyId>(['connections']));
    await time.pass(10_000);
    expect(collectors.of('connections').reads).toBe(18);
    sampler.setViewed(new Set());
    await time.pass(60_000);
    expect(collectors.of('connections').reads).toBeLessThanOrEqual(31);
  });

  it('reads a family at the next tick where something else is to be shown of it, and others when they are due', async () => {
    const { time, collectors, sampler } = setUp();
    sampler.start();
    await time.pass(12_500);
    const [disk, connections] = [collectors.of('disk').reads, collectors.of('connections').reads];
    sampler.readSoon(['disk']);
    await time.pass(1000);
    expect([collectors.of('disk').reads, collectors.of('connections').reads]).toEqual([disk + 1, connections]);
  });

  it('reads a collector no more often than it says its platform allows, viewed or not', async () => {
    const { time, collectors, sampler } = setUp();
    collectors.of('network').leastInterval = 2000;
    collectors.of('disk').leastInterval = 2000;
    sampler.start();
    await time.pass(60_000);
    expect(collectors.of('network').reads).toBe(31);
    expect(collectors.of('disk').reads).toBe(3);
    sampler.setViewed(new Set<FamilyId>(['network']));
    await time.pass(60_000);
    expect(collectors.of('network').reads).toBeLessThanOrEqual(62);
  });

  it('computes rates from the second read on, by the monotonic clock', async () => {
    const { time, sampler, batches } = setUp();
    sampler.start();
    time.wall += 500;
    await time.pass(1000);
    expect(batches[0]?.readings.cpu?.values['usage']).toBeNull();
    expect(batches[1]?.readings.cpu?.values['usage']).toBe(100);
  });

  it.each([
    ['sleep', (time: FakeTime) => time.sleep(3_600_000)],
    ['clock', (time: FakeTime) => (time.wall += 3_600_000)],
    ['clock', (time: FakeTime) => (time.wall -= 7_200_000)],
    ['stall', (time: FakeTime) => time.stall(20_000)],
  ] as const)('reports %s as a gap and discards rates across it', async (reason, disturb) => {
    const { time, sampler, batches } = setUp();
    sampler.start();
    await time.pass(3000);
    disturb(time);
    const before = batches.length;
    await time.pass(1000);
    const first = batches[before];
    expect(first?.gap).toBe(reason);
    expect(first?.readings.cpu?.values['usage']).toBeNull();
    await time.pass(2000);
    expect(batches.slice(before + 1).every((batch) => batch.gap === undefined)).toBe(true);
    expect(batches.at(-1)?.readings.cpu?.values['usage']).toBe(100);
  });

  it('tells sleep by a clock that can be read only some ticks after the start', async () => {
    const time = new FakeTime('own clock');
    const batches: SampleBatch[] = [];
    let isThere = false;
    const clock = { now: time.now, mono: time.mono, boot: time.boot, awake: () => (isThere ? (time.awake?.() ?? null) : null) };
    const sampler = createSampler({ collectors: fakeCollectors().set, clock, timers: time, onBatch: (batch) => batches.push(batch), onHealth: () => undefined });
    sampler.start();
    await time.pass(2000);
    isThere = true;
    await time.pass(2000);
    time.sleep(3_600_000);
    await time.pass(3000);
    expect(batches.map(({ gap }) => gap).filter((gap) => gap !== undefined)).toEqual(['start', 'sleep']);
    sampler.close();
  });

  it('does not report a slowly adjusted clock as a gap', async () => {
    const { time, sampler, batches } = setUp();
    sampler.start();
    for (let i = 0; i < 30; i += 1) {
      time.wall += 500;
      await time.pass(1000);
    }
    expect(batches.filter((batch) => batch.gap !== undefined)).toHaveLength(1);
  });

  it('reports a pause as a gap with its reason, and reads nothing during it', async () => {
    const { time, sampler, batches, collectors } = setUp();
    sampler.start();
    await time.pass(2000);
    sampler.pause('pause');
    const reads = collectors.of('cpu').reads;
    await time.pass(30_000);
    expect(collectors.of('cpu').reads).toBe(reads);
    sampler.start();
    sampler.start();
    await time.pass(1000);
    expect(batches.at(-2)?.gap).toBe('pause');
    expect(batches.at(-2)?.readings.cpu?.values['usage']).toBeNull();
    expect(collectors.of('cpu').reads).toBe(reads + 2);
  });
});

describe('a failing or slow collector', () => {
  it('leaves the other readings in the batch, adds its fault, and reports health changes once', async () => {
    const { time, sampler, collectors, last, health } = setUp();
    sampler.start();
    collectors.of('memory').next = () => {
      throw new CollectorError('ParseError', '/proc/meminfo: no MemTotal');
    };
    await time.pass(5000);
    const since = time.wall - 4000;
    expect(last().faults.memory).toEqual({ kind: 'ParseError', message: '/proc/meminfo: no MemTotal', since, nextAt: time.wall + 1000 });
    expect(last().readings.cpu).toBeDefined();
    expect(last().readings.memory).toBeUndefined();
    expect(health).toEqual([['memory', 'ParseError']]);
    collectors.of('memory').next = () => 7;
    await time.pass(1000);
    expect(health).toEqual([['memory', 'ParseError'], ['memory', null]]);
    expect(last().readings.memory?.values['usage']).toBeNull();
  });

  it('says since when it fails, whatever its reasons, and when it is read again; after it recovered that begins anew', async () => {
    const { time, sampler, collectors, batches, last } = setUp();
    sampler.start();
    await time.pass(500);
    const fail = (kind: Fault['kind']) => () => {
      throw new CollectorError(kind, 'x');
    };
    collectors.of('disk').next = fail('ParseError');
    await time.pass(30_000);
    const first = batches.find(({ faults }) => faults.disk !== undefined);
    expect(first?.faults.disk).toMatchObject({ since: first?.time, nextAt: (first?.time ?? 0) + 30_000 });
    collectors.of('disk').next = fail('PermissionDenied');
    await time.pass(30_000);
    expect(batches.findLast(({ faults }) => faults.disk !== undefined)?.faults.disk).toMatchObject({ kind: 'PermissionDenied', since: first?.time });
    collectors.of('disk').next = () => 7;
    await time.pass(30_000);
    collectors.of('disk').next = fail('ParseError');
    await time.pass(30_000);
    expect(last().seq).toBe(121);
    expect(batches.findLast(({ faults }) => faults.disk !== undefined)?.faults.disk?.since).toBe((first?.time ?? 0) + 90_000);
  });

  it('gets a fault kind from the system error code', async () => {
    const { time, sampler, collectors, last } = setUp();
    sampler.start();
    collectors.of('cpu').next = () => {
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    };
    collectors.of('network').next = () => Promise.reject(Object.assign(new Error('ENOENT: gone'), { code: 'ENOENT' }));
    await time.pass(2000);
    expect(last().faults.cpu?.kind).toBe('PermissionDenied');
    expect(last().faults.network?.kind).toBe('SystemUnavailable');
  });

  it('that hangs delays no batch, times out once, is not called again meanwhile, and its late result is discarded', async () => {
    const { time, sampler, collectors, batches } = setUp();
    let respond: (value: number) => void = () => undefined;
    collectors.of('disk').next = () => new Promise((resolve) => (respond = resolve));
    sampler.start();
    await time.pass(120_000);
    expect(batches).toHaveLength(121);
    expect(collectors.of('disk').reads).toBe(1);
    const timeouts = batches.filter((batch) => batch.faults.disk !== undefined);
    expect(timeouts).toHaveLength(1);
    expect(timeouts[0]?.faults.disk).toEqual({ kind: 'Timeout', message: 'no response within 5 s', since: timeouts[0]?.time, nextAt: null });
    respond(1);
    collectors.of('disk').next = () => 5;
    await time.pass(2000);
    expect(batches.at(-1)?.readings.disk ?? batches.at(-2)?.readings.disk).toBeDefined();
    expect(collectors.of('disk').previous).toBeNull();
  });

  it('that answers within its deadline is in the next batch', async () => {
    const { time, sampler, collectors, batches } = setUp();
    let respond: (value: number) => void = () => undefined;
    collectors.of('temperature').next = () => new Promise((resolve) => (respond = resolve));
    sampler.start();
    await time.pass(500);
    respond(1);
    await settle();
    await time.pass(500);
    expect(batches[0]?.readings.temperature).toBeUndefined();
    expect(batches[1]?.readings.temperature).toBeDefined();
  });

  it('is closed with the sampler', async () => {
    const { time, sampler, collectors, batches } = setUp();
    sampler.start();
    sampler.close();
    await time.pass(5000);
    expect(batches).toHaveLength(1);
    expect(collectors.of('cpu').closed).toBe(true);
  });

  it('is read half as often on battery, unless a family is viewed', async () => {
    const { time, sampler, batches } = setUp();
    sampler.setPowerSaving(true);
    sampler.start();
    await time.pass(20_000);
    expect(batches.length).toBe(11);
    sampler.setViewed(new Set<FamilyId>(['cpu']));
    await time.pass(20_000);
    expect(batches.length).toBeGreaterThanOrEqual(30);
    expect(batches.filter((batch) => batch.gap !== undefined)).toHaveLength(1);
  });
});
