/** The page of one device: its charts, its head, what is loaded for it, and the links that lead there. */
import { describe, expect, it } from 'vitest';
import { isAnnotated, isOfFamily } from '../../../../src/renderer/charts/annotation-groups';
import { planDeviceCharts } from '../../../../src/renderer/charts/chart-plan';
import { DeviceTable } from '../../../../src/renderer/features/metrics/device-table';
import { createMetricHistory } from '../../../../src/renderer/features/metrics/metric-history';
import { MetricPage } from '../../../../src/renderer/features/metrics/metric-page';
import { StatsTable } from '../../../../src/renderer/features/metrics/stats-table';
import { createCursor } from '../../../../src/renderer/charts/chart-cursor';
import { eventLink } from '../../../../src/renderer/lib/event-text';
import { formatRoute, parseRoute } from '../../../../src/renderer/lib/route';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { incidentPath } from '../../../../src/shared/alerts/incident-path';
import { createClient } from '../../../../src/shared/api/client';
import type { DeviceReading, Reading } from '../../../../src/shared/metrics/reading';
import { incidentOf, NOON } from '../../../support/alert-samples';
import { renderedHtml, renderedText } from '../../../support/rendered';

const DEVICE = 'shop/db';
const db: DeviceReading = { label: 'db in shop', detail: 'postgres:16', values: { cpu: 12, memory: 1e8 }, state: { code: 'unhealthy', reason: 'its health check failed 3 times' } };
const liveOf = (devices: Reading['devices'], family = 'container') => ({ seq: 1, time: NOON, known: true, connection: 'live', readings: { [family]: { values: {}, devices } } }) as const;
const address = { family: 'container', range: { kind: 'live', span: '1h' }, compare: undefined, at: undefined, device: DEVICE } as const;
const all = (): boolean => true;
const titlesOf = (told: readonly string[]): string[] => planDeviceCharts('container', DEVICE, undefined, [], (name) => told.includes(name)).map(({ title, lines }) => `${title}: ${lines.map(({ label }) => label).join(', ')}`);

describe('the charts of a device', () => {
  it('have together what belongs together, and one chart for each other metric, in the order of the metrics', () => {
    expect(titlesOf(['sent', 'received', 'cpu', 'memory', 'read'])).toEqual(['CPU: CPU', 'Memory: Memory', 'Network: Received, Sent', 'Block I/O: Read']);
    expect(planDeviceCharts('service', 'shop', undefined, [], all).map(({ title }) => title)).toEqual(['State (1 = up)', 'Latency', 'Parts of the latency', 'Certificate valid for', 'Connections', 'Connections used', 'Replication lag']);
  });

  it('draw a limit as a line beside what is used of it, where there is one, and never alone', () => {
    const referenceOf = (told: (name: string) => boolean) => planDeviceCharts('container', DEVICE, undefined, [], told).find(({ title }) => title === 'Memory')?.reference?.key;
    expect(referenceOf(all)).toBe(`container.memoryLimit@${DEVICE}`);
    expect(referenceOf((name) => name !== 'memoryLimit')).toBeUndefined();
    expect(titlesOf(['memoryLimit'])).toEqual([]);
  });

  it('have the thresholds of the rules on this device, and can be compared with an earlier day', () => {
    const health = planDeviceCharts('container', DEVICE, undefined, DEFAULT_RULES, all).find(({ title }) => title.startsWith('Health'));
    expect(health?.thresholds).toMatchObject([{ severity: 'critical', at: 1, direction: 'above' }]);
    expect(health).toMatchObject({ title: 'Health (1 = unhealthy)', device: null });
  });

  it('are there for every family: of a sensor one, of a disk several', () => {
    expect(planDeviceCharts('temperature', 'x', undefined, [], all).map(({ title }) => title)).toEqual(['Temperature']);
    expect(planDeviceCharts('disk', '/', undefined, [], all).map(({ title }) => title)).toEqual(['Usage', 'Space', 'Inode usage', 'Inodes used']);
  });
});

describe('the page of a device', () => {
  it('says what it is, how it is and what of, with a way back to the list, and what else is known of it', () => {
    const html = renderedHtml(<MetricPage {...address}>what the engine tells</MetricPage>, { live: liveOf({ [DEVICE]: db }), alerts: { incidents: [], snoozes: [] } });
    expect(html).toContain('href="#/container?range=1h"');
    expect(html).toMatch(/<h1>db in shop<\/h1><span class="device-now">Unhealthy: its health check failed 3 times<\/span>/);
    expect(html).toContain('postgres:16');
    expect(html).toContain('what the engine tells');
    expect(html.match(/class="toolbar"/g)).toHaveLength(1);
    expect(html).not.toContain('data-severity="critical"');
  });

  it('has the word of its own alerts, not of those of others', () => {
    const badges = (series: string): string[] => [...renderedHtml(<MetricPage {...address} />, { live: liveOf({ [DEVICE]: db }), alerts: { incidents: [incidentOf({ series })], snoozes: [] } }).matchAll(/class="badge" data-severity="(\w+)"/g)].map(([, severity]) => severity ?? '');
    expect(badges(`container.unhealthy@${DEVICE}`)).toEqual(['critical']);
    expect(badges('container.unhealthy@shop/web')).toEqual([]);
  });

  it('says that a device is gone, by its id, and nothing while nothing was read', () => {
    expect(renderedText(<MetricPage {...address} />, { live: liveOf({}) })).toMatch(/shop\/db Not there now\. Earlier values are shown below\./);
    expect(renderedText(<MetricPage {...address} />)).not.toContain('Not there now');
  });

  it('has statistics of the device alone, of what is told of it and is no word', () => {
    const history = { status: 'ready', message: '', window: { from: 0, to: 9 }, step: 1, begins: null, columns: {}, shown: {}, stats: {}, before: {}, gaps: [] } as const;
    const text = renderedText(<StatsTable family="container" device={DEVICE} told={(name) => name === 'cpu'} history={history} cursor={createCursor()} />, { live: liveOf({ [DEVICE]: db }) });
    expect(text).toContain('CPU 12.0 %');
    expect(text).not.toMatch(/Memory|Running|Problems/);
  });
});

describe('what is loaded for it', () => {
  it('is the series of the device alone: points, statistics and the earlier day; batches append to them', async () => {
    const asked: [string, readonly string[]][] = [];
    const client = createClient({
      call: (name, input) => {
        const { series = [] } = input as { series?: readonly string[] };
        asked.push([name, series]);
        const points = series.map((key) => ({ series: key, time: [], min: [], avg: [], max: [], count: [] }));
        return Promise.resolve(name === 'series' ? { ok: true, value: { step: 5000, begins: null, series: points } } : { ok: true, value: [] });
      },
      subscribe: () => () => undefined,
    });
    const history = createMetricHistory(client, { family: 'container', device: DEVICE, choice: { kind: 'live', span: '5m' }, metrics: ['cpu'], deviceMetrics: [], devices: [], all: [], compare: 1, deviceStats: null }, () => NOON);
    await history.load();
    expect(asked.filter(([name]) => name === 'series').map(([, keys]) => keys)).toEqual([[`container.cpu@${DEVICE}`], [`container.cpu@${DEVICE}`]]);
    const stats = asked.find(([name]) => name === 'stats')?.[1] ?? [];
    expect(stats).toContain(`container.memory@${DEVICE}`);
    expect(stats.every((key) => key.endsWith(`@${DEVICE}`))).toBe(true);
    history.onBatch({ seq: 2, time: NOON + 5000, readings: { container: { values: { cpu: 99 }, devices: { [DEVICE]: db } } }, faults: {} });
    expect(history.store.getState().columns[`container.cpu@${DEVICE}`]?.avg).toEqual([12]);
  });

  it('annotates what is about the device, and what is about the whole machine', () => {
    const event = (type: string, series?: string) => ({ id: 1, time: NOON, type, severity: 'info', message: 'x', user: null, details: series === undefined ? null : { series } }) as const;
    expect(isAnnotated(event('alert_fired', `container.cpu@${DEVICE}`), 'container', DEVICE)).toBe(true);
    expect(isAnnotated(event('alert_fired', 'container.cpu@other'), 'container', DEVICE)).toBe(false);
    expect(isAnnotated(event('clock_stepped'), 'container', DEVICE)).toBe(true);
    expect(isAnnotated(event('container_oom', `container.running@${DEVICE}`), 'container', DEVICE)).toBe(true);
    expect(isAnnotated(event('container_oom', `container.running@${DEVICE}`), 'cpu')).toBe(false);
    expect(isOfFamily(incidentOf({ series: 'container.cpu@other' }), 'container')).toBe(true);
    expect(isOfFamily(incidentOf({ series: 'container.cpu@other' }), 'container', DEVICE)).toBe(false);
  });
});

describe('links', () => {
  const event = (series: string, incident?: string) => ({ id: 1, time: NOON, type: 'alert_fired', severity: 'critical', message: 'x', user: null, details: { series, ...(incident === undefined ? {} : { incident }) } }) as const;
  const deviceOf = (link: string | null): unknown => (link === null ? null : parseRoute(link));

  it('about a container or a service lead to its page, also where its id has every character of an address', () => {
    for (const device of [DEVICE, 'a b&c=#?%/ü@x']) {
      expect(deviceOf(eventLink(event(`container.cpu@${device}`), NOON))).toMatchObject({ family: 'container', device, at: NOON });
      expect(deviceOf(eventLink(event(`service.up@${device}`, 'i 1'), NOON))).toMatchObject({ family: 'service', device, incident: 'i 1' });
      const link = incidentPath(incidentOf({ series: `service.up@${device}` }), NOON);
      expect(parseRoute(link)).toMatchObject({ family: 'service', device });
      expect(`#${link}`).toBe(formatRoute(parseRoute(link)));
    }
  });

  it('about devices of other families, and about all containers, lead to the page of the family', () => {
    for (const series of ['disk.usage@/home', 'container.problems', 'cpu.usage']) {
      expect(deviceOf(eventLink(event(series), NOON))).not.toHaveProperty('device');
      expect(incidentPath(incidentOf({ series }), NOON)).not.toContain('device=');
    }
  });

  it('stand on the names in a table of devices', () => {
    expect(renderedHtml(<DeviceTable family="temperature" />, { live: liveOf({ 'k10temp/Tctl': { label: 'Tctl', values: { value: 50 } } }, 'temperature') })).toMatch(/href="#\/temperature\?range=5m&amp;device=k10temp%2FTctl"[^>]*>Tctl</);
  });
});
