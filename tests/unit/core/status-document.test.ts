import { describe, expect, it } from 'vitest';
import type { HostInfo } from '../../../src/shared/host-info';
import type { Snapshot } from '../../../src/shared/metrics/reading';
import { statusSchema } from '../../../src/shared/status-schema';
import type { Status } from '../../../src/shared/status-schema';
import { statusOf } from '../../../src/main/core/status-document';
import type { StatusFacts } from '../../../src/main/core/status-document';

const NOW = Date.UTC(2026, 0, 15, 12);
const host: HostInfo = { hostname: 'box', os: 'x', kernel: 'x', arch: 'x64', model: null, cpuModel: null, cores: 8, memoryTotal: 1, bootTime: null, appVersion: '1.2.3', startTime: NOW - 5000, environment: 'production', runtime: 'x', databasePath: null };

const readings: Snapshot['readings'] = {
  cpu: { values: { usage: 12.5, cores: 8, load1: 1, load5: 0.5, load15: 0.25 }, devices: {} },
  memory: { values: { total: 8_000_000, used: 2_000_000, available: 6_000_000 }, devices: {} },
  disk: { values: { usage: 70 }, devices: { '/': { label: '/', values: { usage: 70 } } } },
  network: { values: { rxTotal: 1000, txTotal: 2000, rxPacketsTotal: 10, txPacketsTotal: 20 }, devices: {} },
  connections: { values: { active: 3 }, devices: {} },
  uptime: { values: { system: 86_400 }, devices: {} },
};

const STORED: StatusFacts['history'] = { health: { state: 'ok' }, path: '/home/user/history.sqlite' };

const uptime = (day: number | null, month: number | null) => ({ last_24_hours: { percentage: day, measured_percentage: 40 }, last_30_days: { percentage: month, measured_percentage: 8 } });
const UNKNOWN = { percentage: null, measured_percentage: null };
/** Of two of the services; of the third nothing is known yet. */
const UPTIMES = new Map([['a', uptime(100, 99.5)], ['b', uptime(62.5, null)]]);

function status(snapshot: Partial<Snapshot> = {}, facts: Partial<HostInfo> = {}, now = NOW, history = STORED, openIncidents: StatusFacts['openIncidents'] = []): Status {
  const whole: Snapshot = { seq: 1, time: NOW - 500, paused: false, readings, faults: {}, lastKnown: {}, readAt: {}, ...snapshot };
  const found = statusOf(whole, { host: { ...host, ...facts }, now, intervalSeconds: 5, history, openIncidents, uptimes: UPTIMES });
  expect(statusSchema.safeParse(found).error).toBeUndefined();
  return found;
}

describe('the status document', () => {
  it('is complete when everything was read', () => {
    expect(status()).toEqual({
      status: 'Ok',
      data: {
        server_metrics: {
          timestamp: '2026-01-15T11:59:59.500Z',
          memory_usage: { total_bytes: 8_000_000, used_bytes: 2_000_000, available_bytes: 6_000_000, usage_percentage: 25, severity: 'healthy', level: 'healthy' },
          cpu_usage: { usage_percentage: 12.5, severity: 'healthy', level: 'healthy', core_count: 8, load_average: { one_minute: 1, five_minute: 0.5, fifteen_minute: 0.25 } },
          disk_usage: { usage_percentage: 70, severity: 'healthy', level: 'warning' },
          uptime: 86_400,
          network_metrics: { bytes_sent: 2000, bytes_received: 1000, packets_sent: 20, packets_received: 10, active_connections: 3 },
        },
        severity: 'healthy',
        open_alerts: 0,
        collection_interval_seconds: 5,
        server_info: { hostname: 'box', version: '1.2.3', start_time: '2026-01-15T11:59:55.000Z', environment: 'production' },
      },
    });
  });

  it('is partial with the reasons when something was not read; missing values are null', () => {
    const { network: _network, ...rest } = readings;
    const found = status({ readings: rest, faults: { network: { kind: 'PermissionDenied', message: 'not allowed', since: 1, nextAt: null } } });
    expect(found).toMatchObject({ status: 'PartialData', errors: [{ kind: 'PermissionDenied', message: 'network: not allowed' }] });
    expect(found.status === 'PartialData' && found.data.server_metrics.network_metrics).toEqual({ bytes_sent: null, bytes_received: null, packets_sent: null, packets_received: null, active_connections: 3 });
  });

  it('has the services that are probed, by name, and none where nothing is', () => {
    const device = (label: string, up: number | null, latency: number | null) => ({ label, values: { up, latency } });
    const found = status({ readings: { ...readings, service: { values: { up: 1, down: 1 }, devices: { b: device('Shop', 0, null), c: device('Zoo', null, null), a: device('API', 1, 12.5) } } } });
    expect(found.status === 'Ok' && found.data.services).toEqual([
      { name: 'API', up: true, latency_ms: 12.5, uptime: uptime(100, 99.5) },
      { name: 'Shop', up: false, latency_ms: null, uptime: uptime(62.5, null) },
      { name: 'Zoo', up: null, latency_ms: null, uptime: { last_24_hours: UNKNOWN, last_30_days: UNKNOWN } },
    ]);
    const none = status({ readings: { ...readings, service: { values: { up: null, down: null }, devices: {} } } });
    expect(none.status === 'Ok' && 'services' in none.data).toBe(false);
  });

  it('replaces invalid values by null, with a ParseError each', () => {
    const invalid = { ...readings, memory: { values: { total: 100_000, used: 90_000, available: 90_000 }, devices: {} }, cpu: { values: { usage: 120, cores: 8, load1: -1 }, devices: {} } };
    const found = status({ readings: invalid });
    expect(found.status).toBe('PartialData');
    if (found.status !== 'PartialData') return;
    expect(found.errors.map(({ kind }) => kind)).toEqual(['ParseError', 'ParseError', 'ParseError']);
    expect(found.data.server_metrics.memory_usage).toEqual({ total_bytes: 100_000, used_bytes: null, available_bytes: null, usage_percentage: null, severity: 'healthy', level: null });
    expect(found.data.server_metrics.cpu_usage).toMatchObject({ usage_percentage: null, level: null, load_average: { one_minute: null } });
  });

  it('says how bad it is by the open alerts, and beside it the plain level of each usage', () => {
    const open = [
      { series: 'cpu.usage', severity: 'warning', acknowledgedAt: NOW },
      { series: 'disk.inodeUsage@/', severity: 'critical', acknowledgedAt: null },
    ] as const;
    const found = status({ readings: { ...readings, cpu: { values: { usage: 95 }, devices: {} } } }, {}, NOW, STORED, open);
    expect(found.status === 'Ok' && found.data).toMatchObject({
      severity: 'critical',
      open_alerts: 2,
      server_metrics: { cpu_usage: { severity: 'warning', level: 'critical' }, memory_usage: { severity: 'healthy', level: 'healthy' }, disk_usage: { severity: 'critical', level: 'warning' } },
    });
  });

  it('is an error when nothing is sampled, nothing could be read, or the last sample is old', () => {
    expect(status({ seq: 0 })).toMatchObject({ status: 'Error', error: { kind: 'SystemUnavailable' } });
    expect(status({ paused: true })).toMatchObject({ status: 'Error', error: { kind: 'SystemUnavailable', message: 'monitoring is paused' } });
    expect(status({}, {}, NOW + 9_600)).toMatchObject({ status: 'Error', error: { kind: 'Timeout', message: 'the last sample is 10 s old' } });
    expect(status({}, {}, NOW + 9_500).status).toBe('Ok');
    expect(status({ readings: {}, faults: { cpu: { kind: 'Timeout', message: 'late', since: 1, nextAt: null } } })).toMatchObject({ status: 'Error', error: { kind: 'Timeout', message: 'cpu: late' } });
  });

  it.each<[string, StatusFacts['history'], string]>([
    ['on a full disk', { ...STORED, health: { state: 'failing', message: 'database or disk is full', since: NOW, pending: 3, dropped: 0 } }, 'history: not being saved since 2026-01-15T12:00:00.000Z: database or disk is full'],
    ['for a reason that names a path, which is left out', { ...STORED, health: { state: 'failing', message: "EACCES: permission denied, mkdir '/home/anna'", since: NOW, pending: 0, dropped: 0 } }, 'history: not being saved since 2026-01-15T12:00:00.000Z'],
    ['because the file was left unchanged', { health: { state: 'ok' }, path: null }, 'history: not being saved, because its file was left unchanged; it is in memory only'],
  ])('is partial while the history is not stored %s', (_, history, message) => {
    expect(status({}, {}, NOW, history)).toMatchObject({ status: 'PartialData', errors: [{ kind: 'SystemUnavailable', message }], data: { server_metrics: { uptime: 86_400 } } });
  });

  it.each([
    ['my_host', 'my-host'],
    ['-x-.local', 'x.local'],
    ['Ärger', 'rger'],
    ['', 'localhost'],
    ['___', 'localhost'],
    ['a'.repeat(80), 'a'.repeat(63)],
  ])('turns the host name %j into a DNS name', (hostname, name) => {
    const found = status({}, { hostname });
    expect(found.status === 'Ok' && found.data.server_info.hostname).toBe(name);
  });

  it('has no start time in the future', () => {
    const found = status({}, { startTime: NOW + 60_000 });
    expect(found.status === 'Ok' && found.data.server_info.start_time).toBe('2026-01-15T12:00:00.000Z');
  });
});
