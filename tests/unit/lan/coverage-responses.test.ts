import { describe, expect, it } from 'vitest';
import { devicesResponse, devicesSchema } from '../../../src/main/lan/routes/device-responses';
import { historyResponse, historySchema, latestResponse, latestSchema, statsResponse, statsSchema } from '../../../src/main/lan/routes/metric-responses';
import type { Snapshot } from '../../../src/shared/metrics/reading';

const range = { from: 1000, to: 2000 };
const NOON = Date.UTC(2026, 10, 20, 12);

function snapshotOf(readings: Snapshot['readings']): Snapshot {
  return { seq: 1, time: NOON, paused: false, readings, faults: {}, lastKnown: {}, readAt: { uptime: NOON, network: NOON } };
}

const uptime = { values: { system: 3600, app: 10, tasks: 5 }, devices: {} };

describe('answers of the API', () => {
  it('with points say where the history begins', () => {
    expect(historySchema.parse(historyResponse({ step: 1000, begins: 1500, series: [] }, range))).toEqual({ ...range, step: 1000, begins: 1500, series: [] });
    expect(historySchema.parse(historyResponse({ step: 1000, begins: null, series: [] }, range)).begins).toBeNull();
  });

  it('with statistics say how many seconds of the range were sampled', () => {
    const stats = { series: 'cpu.usage', count: 20, sampledSeconds: 20, min: 1, max: 2, avg: 1, p50: 1, p95: 2, p99: 2, last: 1 };
    expect(statsSchema.parse(statsResponse([stats], range)).series[0]?.sampledSeconds).toBe(20);
  });

  it('with totals say since when these count, and what became of their parts', () => {
    const change = { time: NOON - 60_000, reason: 'reset', device: 'eth0' } as const;
    const snapshot = snapshotOf({
      uptime,
      network: { values: { rxTotal: 5 }, devices: { eth0: { label: 'eth0', values: { rxTotal: 5 }, since: { time: change.time, reason: 'reset' } } }, since: change },
    });
    const latest = latestSchema.parse(latestResponse(snapshot, 'network', () => []));
    expect(latest.countedSince).toEqual({ boot: NOON - 3_600_000, change });
    expect(latest.devices['eth0']?.since).toEqual({ time: change.time, reason: 'reset' });
    expect(devicesSchema.parse(devicesResponse(snapshot, [], ['network'])).devices[0]?.since).toEqual({ time: change.time, reason: 'reset' });
  });

  it('without totals, or without a known start of the machine, claim none', () => {
    expect(latestSchema.parse(latestResponse(snapshotOf({ cpu: { values: { usage: 1 }, devices: {} } }), 'cpu', () => [])).countedSince).toBeUndefined();
    expect(latestSchema.parse(latestResponse(snapshotOf({ network: { values: { rxTotal: 1 }, devices: {} } }), 'network', () => [])).countedSince).toEqual({ boot: null, change: null });
  });
});
