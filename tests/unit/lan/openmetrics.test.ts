/** The Prometheus exposition formats. */
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { FAMILY_IDS, familyOf } from '../../../src/shared/metrics/index';
import type { Snapshot } from '../../../src/shared/metrics/reading';
import { escapeLabel, formatFor, EXPOSED_METRICS, renderExposition } from '../../../src/main/lan/openmetrics';

const NOW = 1_700_000_000_000;
const hostile = 'a"b\\c\nd';

/** Every metric of every family has a value, of the machine and of two devices. */
function fullSnapshot(): Snapshot {
  const readings = Object.fromEntries(
    FAMILY_IDS.map((id) => {
      const { metrics, device } = familyOf(id);
      const values = (set: object): Record<string, number> => Object.fromEntries(Object.keys(set).map((name, index) => [name, index + 0.7]));
      const devices = Object.keys(device.metrics).length === 0 ? {} : { '/': { label: 'root', values: values(device.metrics) }, [hostile]: { label: 'x', values: values(device.metrics) } };
      return [id, { values: values(metrics), devices }];
    }),
  );
  const readAt = Object.fromEntries(FAMILY_IDS.map((id) => [id, NOW]));
  return { seq: 9, time: NOW, paused: false, readings, faults: {}, lastKnown: {}, readAt };
}

const context = { version: '1.2.3', now: NOW };
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) process.stdout.write('skipped: promtool is not installed (Debian: prometheus), so its opinion of the text is not asked\n');

describe('metric names', () => {
  it('are unique, lower case, and end with their unit', () => {
    expect(new Set(EXPOSED_METRICS.map(({ name }) => name)).size).toBe(EXPOSED_METRICS.length);
    for (const { name, unit, type } of EXPOSED_METRICS) {
      expect(name).toMatch(/^traywatch_[a-z][a-z0-9_]*$/);
      expect(name).not.toMatch(/_total$|__/);
      if (unit !== '') expect(name.endsWith(`_${unit}`)).toBe(true);
      expect(['gauge', 'counter']).toContain(type);
    }
  });

  it('follow the Prometheus conventions', () => {
    const nameOf = (family: string, metric: string, ofDevice = false): string | undefined => EXPOSED_METRICS.find((one) => one.family === family && one.metric === metric && (one.label !== null) === ofDevice)?.name;
    expect(nameOf('cpu', 'usage')).toBe('traywatch_cpu_usage_ratio');
    expect(nameOf('cpu', 'usage', true)).toBe('traywatch_cpu_core_usage_ratio');
    expect(nameOf('network', 'rxTotal')).toBe('traywatch_network_rx_bytes');
    expect(nameOf('network', 'rx')).toBe('traywatch_network_rx_bytes_per_second');
    expect(nameOf('self', 'tick')).toBe('traywatch_self_tick_seconds');
    expect(nameOf('disk', 'inodesTotal', true)).toBe('traywatch_disk_mount_inodes');
  });
});

describe('the exposition', () => {
  it('has shares as ratios, times in seconds, and escaped label values', () => {
    const text = renderExposition(fullSnapshot(), context, 'openmetrics');
    expect(text).toContain('# TYPE traywatch_cpu_usage_ratio gauge\n# UNIT traywatch_cpu_usage_ratio ratio\n# HELP traywatch_cpu_usage_ratio CPU: Usage\ntraywatch_cpu_usage_ratio 0.007\n');
    expect(text).toContain('traywatch_cpu_core_usage_ratio{core="a\\"b\\\\c\\nd"} 0.007\n');
    expect(text).toContain('# TYPE traywatch_network_rx_bytes counter\n');
    expect(text).toMatch(/^traywatch_network_rx_bytes_total \S+$/m);
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(escapeLabel('plain')).toBe('plain');
  });

  it('has a comment or one sample in every line', () => {
    for (const format of ['openmetrics', 'text'] as const) {
      for (const line of renderExposition(fullSnapshot(), context, format).trimEnd().split('\n')) {
        expect(line).toMatch(/^(# (TYPE|UNIT|HELP) \S+ .+|# EOF|[a-z0-9_]+(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? -?[0-9.e+-]+)$/);
      }
    }
  });

  it('names devices whose id does not, once for each', () => {
    const service = { values: { up: 1, down: 0 }, devices: { 'shop-0a1b': { label: 'Shop "of mine"', values: { up: 1 } } } };
    const cpu = { values: {}, devices: { '0': { label: 'Core 0', values: { usage: 5 } } } };
    const container = { values: {}, devices: { 'shop/web': { label: 'shop/web', values: { cpu: 5 } } } };
    const text = renderExposition({ ...fullSnapshot(), readings: { service, cpu, container } }, context, 'openmetrics');
    expect(text.match(/^.*(_info|service_up)\{.*/gm)?.slice(1)).toEqual(['traywatch_service_service_up{service="shop-0a1b"} 1', 'traywatch_service_service_info{service="shop-0a1b",name="Shop \\"of mine\\""} 1']);
  });

  it('leaves out missing, stale and paused values, and exposes faults', () => {
    const full = fullSnapshot();
    const { memory, cpu } = full.readings;
    const without = { ...full, readings: { memory: { ...memory!, values: { ...memory!.values, used: null } }, cpu: cpu! }, faults: { disk: { kind: 'Timeout' as const, message: 'x', since: 1, nextAt: null } }, readAt: { memory: NOW, cpu: NOW - 60_000 } };
    const text = renderExposition(without, context, 'text');
    expect(text).toContain('traywatch_memory_usage_ratio 0.007');
    expect(text).not.toContain('memory_used_bytes');
    expect(text).not.toContain('traywatch_cpu');
    expect(text).toContain('traywatch_collector_fault{family="disk",kind="Timeout"} 1');
    const paused = renderExposition({ ...full, paused: true }, context, 'text');
    expect(paused).toContain('traywatch_paused 1');
    expect(paused).not.toContain('traywatch_cpu');
  });

  it.skipIf(!hasPromtool)('passes promtool', () => {
    expect(execFileSync('promtool', ['check', 'metrics'], { input: renderExposition(fullSnapshot(), context, 'text'), encoding: 'utf8' })).toBe('');
  });
});

describe('the format', () => {
  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/plain', 'text'],
    ['application/openmetrics-text; version=1.0.0', 'openmetrics'],
    ['application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'openmetrics'],
    ['text/plain;q=0.9, application/openmetrics-text;q=0.5', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
  ])('for %j is %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});
