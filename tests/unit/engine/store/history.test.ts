import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { batchOf, cpuBatch, createStoreFixture, NOON, pointsOf, pointsText, runMaintenance } from '../../../support/store';

describe('history', () => {
  it('returns the same before the commit, after it and after reopening', () => {
    const { open } = createStoreFixture();
    const first = open().store;
    for (let s = 0; s < 25; s += 1) first.append(batchOf(s, { cpu: { usage: s / 10, load1: 1.23 }, memory: { used: 4096 * (1_000_000 + s) } }, s === 0 ? 'start' : undefined));
    const query = { series: ['cpu.usage', 'cpu.load1', 'memory.used'], from: NOON, to: NOON + 25_000, points: 100 };
    const pending = first.query(query);
    expect(pending.step).toBe(1000);
    expect(pending.series[0]?.avg).toEqual(Array.from({ length: 25 }, (_, s) => s / 10));
    expect(pending.series[2]?.max.at(-1)).toBe(4096 * 1_000_024);
    expect(first.commit()).toBe(true);
    expect(first.query(query)).toEqual(pending);
    first.append(cpuBatch(25, 9.9));
    first.close();
    const second = open().store;
    expect(second.query(query)).toEqual(pending);
    expect(pointsText(pointsOf(second, 'cpu.usage', 24, 30))).toBe('24:2.4 25:9.9');
  });

  it('stores every value of a stored metric, by device, whatever its name', () => {
    const { open } = createStoreFixture();
    const { store } = open();
    const mount = { label: 'x', values: { usage: 41.5, used: null, available: 0 } };
    store.append({
      seq: 1,
      time: NOON,
      faults: {},
      readings: {
        disk: { values: { usage: 41.5, inodeUsage: Number.NaN }, devices: { '/mnt/a@b.c': mount, '': mount } },
        network: { values: { rx: Number.POSITIVE_INFINITY, tx: 7, rxTotal: 12, unheardOf: 3 }, devices: {} },
      },
    });
    store.commit();
    const stats = store.stats({
      series: ['disk.usage', 'disk.inodeUsage', 'disk.usage@/mnt/a@b.c', 'disk.used@/mnt/a@b.c', 'disk.available@', 'network.rx', 'network.tx', 'network.rxTotal', 'network.unheardOf', 'nothing'],
      from: NOON,
      to: NOON + 1,
    });
    expect(stats.map((one) => [one.series, one.count, one.last])).toEqual([
      ['disk.usage', 1, 41.5],
      ['disk.inodeUsage', 0, null],
      ['disk.usage@/mnt/a@b.c', 1, 41.5],
      ['disk.used@/mnt/a@b.c', 0, null],
      ['disk.available@', 1, 0],
      ['network.rx', 0, null],
      ['network.tx', 1, 7],
      ['network.rxTotal', 0, null],
      ['network.unheardOf', 0, null],
      ['nothing', 0, null],
    ]);
    expect(stats[9]).toEqual({ series: 'nothing', count: 0, sampledSeconds: 0, min: null, max: null, avg: null, p50: null, p95: null, p99: null, last: null, error: 0 });
  });

  it('includes `from` and excludes `to`', () => {
    const { store } = createStoreFixture().open();
    for (let s = 0; s < 10; s += 1) store.append(cpuBatch(s, s));
    store.commit();
    expect(pointsText(pointsOf(store, 'cpu.usage', 3, 6))).toBe('3:3 4:4 5:5');
  });

  it('returns buckets aligned to UTC if there are more samples than points', () => {
    const { store } = createStoreFixture().open();
    for (let s = 3; s < 60; s += 1) store.append(cpuBatch(s, s));
    const response = store.query({ series: ['cpu.usage'], from: NOON + 3000, to: NOON + 63_000, points: 6 });
    expect(response.step).toBe(10_000);
    const [points] = response.series;
    expect(points?.time.map((time) => (time - NOON) / 1000)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(points?.count).toEqual([7, 10, 10, 10, 10, 10]);
    expect(points?.min).toEqual([3, 10, 20, 30, 40, 50]);
    expect(points?.max).toEqual([9, 19, 29, 39, 49, 59]);
    expect(points?.avg).toEqual([6, 14.5, 24.5, 34.5, 44.5, 54.5]);
  });

  it('has a gap where samples are missing for longer than usual, and nowhere else', () => {
    const { store } = createStoreFixture().open();
    for (const s of [10, 11, 13, 14, 20, 21]) store.append(cpuBatch(s, s));
    expect(pointsText(pointsOf(store, 'cpu.usage', 0, 60))).toBe('10:10 11:11 13:13 14:14 15:– 20:20 21:21');
    // Connections are sampled every 5 s, and every 2 s while they are viewed.
    for (const s of [0, 5, 10, 12, 14, 27, 32]) store.append(batchOf(s, { connections: { active: s } }));
    expect(pointsText(pointsOf(store, 'connections.active', 0, 600))).toBe('0:0 5:5 10:10 12:12 14:14 19:– 27:27 32:32');
  });

  it('has a gap at a gap marker, however short, in samples and in buckets', () => {
    const { store } = createStoreFixture().open();
    for (let s = 0; s < 30; s += 1) store.append(cpuBatch(s, s, s === 12 || s === 20 ? 'sleep' : undefined));
    const check = (): void => {
      expect(pointsText(pointsOf(store, 'cpu.usage', 10, 14))).toBe('10:10 11:11 11.5:– 12:12 13:13');
      // A bucket ends between 19 and 20, none between 11 and 12.
      expect(pointsText(pointsOf(store, 'cpu.usage', 0, 30, 3))).toBe('0:4.5 10:14.5 15:– 20:24.5');
    };
    check();
    store.commit();
    check();
  });

  it('puts no gap half way between points where whole buckets are missing', () => {
    const { store } = createStoreFixture().open();
    for (let s = 0; s < 100; s += 1) if (s < 15 || s >= 62) store.append(cpuBatch(s, 1, s === 62 ? 'pause' : undefined));
    expect(pointsText(pointsOf(store, 'cpu.usage', 0, 100, 10))).toBe('0:1 10:1 20:– 60:1 70:1 80:1 90:1');
  });

  it('has a gap at a gap marker in wide buckets only if it is as long as a bucket', () => {
    const { store } = createStoreFixture().open();
    for (let m = 0; m < 24 * 60; m += 1) store.append(batchOf(m * 60, { disk: { usage: 50 } }, m === 300 ? 'start' : undefined));
    const points = pointsOf(store, 'disk.usage', 0, 86_400, 24);
    expect(points.count).toEqual(Array.from({ length: 24 }, () => 60));
  });

  it('neither loses nor doubles samples when the clock is set back or batches arrive out of order', () => {
    const { clock, open } = createStoreFixture();
    const { store } = open();
    for (let s = 0; s < 20; s += 1) store.append(cpuBatch(s, 1));
    for (let s = 10; s < 30; s += 1) store.append(cpuBatch(s, 2, s === 10 ? 'clock' : undefined));
    store.append(cpuBatch(5, 3));
    const count = (): (number | undefined)[] => store.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 }).map((one) => one.count);
    expect(count()).toEqual([41]);
    store.commit();
    expect(count()).toEqual([41]);
    clock.wall -= 3_600_000;
    for (let s = -3600; s < -3590; s += 1) store.append(cpuBatch(s, 4));
    store.commit();
    expect(count()).toEqual([51]);
    expect(pointsText(pointsOf(store, 'cpu.usage', -3600, -3597))).toBe('-3600:4 -3599:4 -3598:4');
    const all = pointsOf(store, 'cpu.usage', 0, 30);
    expect(all.time).toEqual([...all.time].sort((a, b) => a - b));
    expect(pointsText(pointsOf(store, 'cpu.usage', 5, 6))).toBe('5:1 5:3');
  });

  it('commits at intervals of the monotonic clock, not at each batch', () => {
    const { clock, path, open } = createStoreFixture();
    const { store } = open({ commitEveryMs: 10_000 });
    const reader = new Database(path, { readonly: true });
    const frames = (): unknown => reader.prepare('SELECT count(*) FROM head').pluck().get();
    const seen: unknown[] = [];
    for (let s = 0; s < 35; s += 1) {
      clock.mono = s * 1000;
      // Wall times jump back and forth, which makes each batch a frame of its own.
      store.append(cpuBatch(s % 2 === 0 ? s : -s * 1000, s));
      seen.push(frames());
    }
    expect(seen).toEqual(Array.from({ length: 35 }, (_, s) => (s < 10 ? 0 : s < 20 ? 11 : s < 30 ? 21 : 31)));
    expect(store.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0]?.count).toBe(35);
    store.commit();
    expect(frames()).toBe(35);
    reader.close();
  });

  it('removes everything older than the limit in slices, gap markers included, and reuses the space', () => {
    const { store } = createStoreFixture().open({ keepDays: 1 });
    const noise = (s: number): Record<string, number> => Object.fromEntries(['usage', 'user', 'system', 'load1', 'load5'].map((name, n) => [name, (s * 7919 * (n + 1)) % 9973]));
    for (let s = 0; s < 9000; s += 1) {
      store.append(batchOf(s * 10, { cpu: noise(s) }, s % 100 === 0 ? 'sleep' : undefined));
      if (s % 10 === 9) store.commit();
    }
    const now = NOON + 90_000_000;
    expect(runMaintenance(store, now)).toBeGreaterThan(1);
    expect(store.maintain(now)).toBe(false);
    const before = store.size();
    store.setLimits({ keepDays: 0.5, maxBytes: null });
    runMaintenance(store, now);
    // Samples are removed by the hour.
    const left = pointsOf(store, 'cpu.usage', 0, 90_000);
    expect((now - (left.time[0] ?? 0)) / 86_400_000).toBeCloseTo(0.5, 1);
    expect(left.count.reduce((sum, n) => sum + n, 0)).toBe(4320 + 360);
    store.close();
    expect(store.size()).toBeLessThanOrEqual(before);
  });

  it('returns exact statistics, percentiles by nearest rank', () => {
    const { store } = createStoreFixture().open();
    for (let s = 1; s <= 100; s += 1) store.append(cpuBatch(s, 101 - s));
    const [stats] = store.stats({ series: ['cpu.usage'], from: NOON, to: NOON + 200_000 });
    expect(stats).toEqual({ series: 'cpu.usage', count: 100, sampledSeconds: 100, min: 1, max: 100, avg: 50.5, p50: 50, p95: 95, p99: 99, last: 1, error: 0 });
  });

  it('drops devices that come and go from its cache, and still finds their samples', () => {
    const { store } = createStoreFixture().open();
    for (let n = 0; n < 2500; n += 1) {
      store.append({ seq: n + 1, time: NOON + n * 1000, faults: {}, readings: { network: { values: {}, devices: { [`veth${n}`]: { label: '', values: { rx: n } } } } } });
      if (n % 500 === 499) store.commit();
    }
    store.append({ seq: 2501, time: NOON + 2_500_000, faults: {}, readings: { network: { values: {}, devices: { veth7: { label: '', values: { rx: 1 } } } } } });
    store.commit();
    const range = { from: NOON, to: NOON + 3_000_000 };
    expect(store.stats({ series: ['network.rx@veth7', 'network.rx@veth2499'], ...range }).map((one) => one.count)).toEqual([2, 1]);
  });
});
