/** REST resources over a real core: paths, inputs, responses, and the OpenAPI description. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../../src/main/core/core';
import { REMOTE_CALLS } from '../../../src/main/lan/routes/call-route';
import { devicesSchema } from '../../../src/main/lan/routes/device-responses';
import { RESOURCES } from '../../../src/main/lan/routes/resource-table';
import { FAMILY_IDS } from '../../../src/shared/metrics/index';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { statusSchema } from '../../../src/shared/status-schema';
import { openCore } from '../../support/core';
import { requestText, send, statusOf } from '../../support/raw-http';
import { makePages, openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';

let folder = '';
let pages = '';
let core: Core;
let lan: OpenLan;
const START = Date.now() - 60_000;

const at = (seq: number): SampleBatch => ({
  seq,
  time: START + seq * 1000,
  readings: {
    memory: { values: { usage: seq, total: 8_192_000, used: 4_096_000, available: 4_096_000 }, devices: {} },
    disk: { values: { usage: 50, inodeUsage: null }, devices: { '/': { label: '/', values: { usage: 50, used: seq * 4096 } }, '/a@b c,d': { label: 'odd', values: { usage: 10 } } } },
  },
  faults: { network: { kind: 'PermissionDenied', message: 'not for you', since: 1, nextAt: null } },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'traywatch-rest-'));
  pages = makePages();
  core = openCore(folder);
  lan = await openLan({ pages, handlers: core.handlers, viewedFamilies: core.viewedFamilies, snapshot: () => core.hub.snapshot(), subscribe: core.hub.subscribe, since: (time, limit) => core.store.since(time, limit) });
  for (let seq = 1; seq <= 60; seq += 1) core.hub.publish(at(seq));
});
afterAll(async () => {
  await lan.close();
  core.close();
  rmSync(folder, { recursive: true });
  rmSync(pages, { recursive: true });
});

interface ParsedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function sendRequest(method: string, path: string, body?: unknown, token = 'admin'): Promise<ParsedResponse> {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const response = await fetch(`${lan.origin}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

describe('metrics', () => {
  it('the status is partial where a family cannot be read', async () => {
    const { status, body } = await sendRequest('GET', '/api/status');
    expect(status).toBe(200);
    expect(statusSchema.parse(body)).toMatchObject({
      status: 'PartialData',
      errors: expect.arrayContaining([{ kind: 'PermissionDenied', message: 'network: not for you' }]),
      data: { server_metrics: { memory_usage: { usage_percentage: 50 } } },
    });
  });

  it('the overview has an entry per family', async () => {
    const one = await sendRequest('GET', '/api/metrics');
    expect(one.body).toMatchObject({ families: FAMILY_IDS.map((family) => ({ family })) });
    expect(one.body).toMatchObject({ families: expect.arrayContaining([expect.objectContaining({ family: 'memory', metric: 'usage', unit: 'percent', value: 60, severity: 'healthy', level: 'healthy' })]) });
    expect(one.body).toMatchObject({ families: expect.arrayContaining([expect.objectContaining({ family: 'network', value: null, fault: 'Network cannot be read since 1970-01-01T00:00:00.001Z. Permission denied: not for you', faultKind: 'PermissionDenied', faultSince: 1, nextTry: null, lastKnown: null })]) });
    expect((await sendRequest('GET', '/api/metrics/system')).body).toEqual(one.body);
  });

  it('the latest of a family is its reading; a failing one returns the reason', async () => {
    expect((await sendRequest('GET', '/api/metrics/disk')).body).toEqual({ family: 'disk', time: at(60).time, ...at(60).readings.disk });
    expect(await sendRequest('GET', '/api/metrics/network')).toMatchObject({ status: 503, body: { code: 'Unavailable', message: 'network: PermissionDenied: not for you (since 1970-01-01T00:00:00.001Z)' } });
    expect(await sendRequest('GET', '/api/metrics/docker.x')).toMatchObject({ status: 404, body: { ok: false, code: 'NotFound' } });
  });

  it('devices are in one list, with their kind and headline metric', async () => {
    const { status, body } = await sendRequest('GET', '/api/devices', undefined, 'viewer.read');
    expect(status).toBe(200);
    expect(devicesSchema.parse(body)).toEqual({
      time: at(60).time,
      devices: [
        { family: 'disk', id: '/', label: '/', kind: 'Mount', detail: null, metric: 'usage', unit: 'percent', value: 50, severity: 'healthy', level: 'healthy', values: { usage: 50, used: 60 * 4096 }, limits: null, time: at(60).time },
        { family: 'disk', id: '/a@b c,d', label: 'odd', kind: 'Mount', detail: null, metric: 'usage', unit: 'percent', value: 10, severity: 'healthy', level: 'healthy', values: { usage: 10 }, limits: null, time: at(60).time },
      ],
    });
    expect((await sendRequest('GET', '/api/devices?family=disk,cpu')).body).toEqual(body);
    expect((await sendRequest('GET', '/api/devices?family=memory')).body).toEqual({ time: at(60).time, devices: [] });
    // Paired browsers are visible on the machine only.
    expect(JSON.stringify(body)).not.toContain('lastSeen');
    expect((await sendRequest('GET', '/api/devices', undefined, 'viewer.metrics:read')).status).toBe(403);
  });

  it('history has columns for each metric, of the machine or of its devices', async () => {
    const range = `from=${START}&to=${START + 61_000}`;
    const { body } = await sendRequest('GET', `/api/metrics/memory/history?${range}&points=100&metric=usage,used`);
    expect(body).toMatchObject({ from: START, to: START + 61_000, step: 1000, series: [{ family: 'memory', metric: 'usage', device: null, unit: 'percent' }, { metric: 'used', unit: 'bytes' }] });
    const { series } = body as { series: { max: number[]; time: number[] }[] };
    expect(series[0]?.max.filter((value) => value !== null)).toHaveLength(60);
    const devices = (await sendRequest('GET', `/api/metrics/disk/history?${range}&device=*&metric=usage`)).body as { series: { device: string }[] };
    expect(devices.series.map(({ device }) => device)).toEqual(['/', '/a@b c,d']);
    const one = (await sendRequest('GET', `/api/metrics/disk/history?${range}&device=${encodeURIComponent('/a@b c,d')}&metric=usage`)).body as { series: { device: string; max: number[] }[] };
    expect(one.series.map(({ device, max }) => [device, Math.max(...max)])).toEqual([['/a@b c,d', 10]]);
    const whole = (await sendRequest('GET', '/api/metrics/system/history')).body as { series: unknown[] };
    expect(whole.series).toHaveLength(FAMILY_IDS.length);
  });

  it('accepts ISO 8601 times, and returns statistics over a range', async () => {
    const iso = (time: number): string => encodeURIComponent(new Date(time).toISOString());
    const { body } = await sendRequest('GET', `/api/metrics/memory/stats?from=${iso(START)}&to=${iso(START + 61_000)}&metric=usage`);
    expect(body).toMatchObject({ from: START, series: [{ metric: 'usage', min: 1, max: 60, avg: 30.5, p95: 57, last: 60, count: 60 }] });
    expect((await sendRequest('GET', '/api/gaps')).status).toBe(200);
  });
});

describe('bad input', () => {
  it.each([
    ['/api/metrics/memory/history?points=0', 'points'],
    ['/api/metrics/memory/history?points=1e3', 'points'],
    ['/api/metrics/memory/history?points=10001', 'points'],
    ['/api/metrics/memory/history?from=yesterday', 'from'],
    ['/api/metrics/memory/history?from=2026-01-01T00:00:00', 'from'],
    ['/api/metrics/memory/history?from=5&to=5', 'to'],
    ['/api/metrics/memory/history?metric=nonsense', 'metric'],
    ['/api/metrics/memory/history?metric=__proto__', 'metric'],
    ['/api/metrics/memory/history?extra=1', 'extra'],
    ['/api/metrics/memory/history?metric=usage&metric=used', 'metric'],
    ['/api/metrics/memory/stats?device=', 'device'],
    ['/api/devices?family=nonsense', 'family'],
    ['/api/devices?family=', 'family'],
    ['/api/devices?family=system', 'family'],
    ['/api/devices?device=x', 'device'],
    [`/api/metrics/memory/stats?metric=${'x,'.repeat(1500)}`, 'metric'],
  ])('GET %s is 400 and names %s', async (path, field) => {
    const { status, body } = await sendRequest('GET', path);
    expect([status, body]).toMatchObject([400, { ok: false, message: expect.stringContaining(field) }]);
    expect(JSON.stringify(body)).not.toMatch(/\.ts|\.js|node_modules| at /);
  });

  it.each([
    ['PATCH', '/api/settings', { theme: 'pink' }, 'theme'],
    ['PATCH', '/api/settings', { nonsense: 1 }, 'nonsense'],
    ['PATCH', '/api/settings', [], 'input'],
    ['POST', '/api/monitoring', {}, 'paused'],
    ['POST', '/api/monitoring', { paused: true, more: 1 }, 'more'],
  ])('%s %s with %j is 400 and names %4$s', async (method, path, body, field) => {
    expect(await sendRequest(method, path, body)).toMatchObject({ status: 400, body: { code: 'BadInput', message: expect.stringContaining(field) } });
  });

  it.each([['GET', '/api/nothing'], ['POST', '/api/status'], ['DELETE', '/api/settings'], ['GET', '/api/call/snapshot'], ['GET', '/metrics/x'], ['GET', '/api/metrics/memory/history?device=x'], ['GET', '/api/metrics/temperature/stats?device=*']])('%s %s is 404', async (method, path) => {
    expect(await sendRequest(method, path, method === 'GET' ? undefined : {})).toMatchObject({ status: 404, body: { ok: false, code: 'NotFound' } });
  });

  it('a query for more values than a response may hold is refused', async () => {
    const series = Array.from({ length: 300 }, (_, n) => `cpu.usage@${n}`);
    expect(await sendRequest('POST', '/api/call/series', { series, from: 0, to: 1e13, points: 10_000 })).toMatchObject({ status: 400, body: { message: expect.stringContaining('points') } });
  });
});

describe('the timeline', () => {
  it('accepts events from admins and from tokens with the scope, and returns them newest first', async () => {
    const write = (body: unknown, token?: string): Promise<ParsedResponse> => sendRequest('POST', '/api/events', body, token);
    expect(await write({ type: 'backup_done', message: 'all of it' }, 'viewer.events:write')).toMatchObject({ status: 200, body: { type: 'backup_done', severity: 'info', user: null } });
    expect((await write({ type: 'backup_failed', severity: 'critical', message: '<b>disk</b> full', user: 'cron', details: { code: 28 } })).body).toMatchObject({ user: 'cron (as reported)', details: { code: 28 } });
    for (const token of ['viewer', 'viewer.read', 'viewer.metrics:read', 'admin.read']) expect((await write({ type: 'x', message: 'y' }, token)).status).toBe(403);
    expect((await sendRequest('GET', '/api/events', undefined, 'viewer.events:write')).status).toBe(403);
    expect((await sendRequest('POST', '/api/call/addEvent', { type: 'x', message: 'y' }, 'viewer.events:write')).status).toBe(403);
    const { body } = await sendRequest('GET', '/api/events?type=backup_done,backup_failed&limit=10', undefined, 'viewer');
    expect(body).toMatchObject({ total: 2, events: [{ type: 'backup_failed', message: '<b>disk</b> full' }, { type: 'backup_done' }] });
    const [{ id }] = (body as { events: [{ id: number }] }).events;
    expect((await sendRequest('GET', `/api/events?before=${id}&severity=info&text=all`)).body).toMatchObject({ events: [{ type: 'backup_done' }] });
  });

  it.each([
    [{ type: 'No Spaces', message: 'x' }, 'type'],
    [{ type: 'alert_fired', message: 'x' }, 'type'],
    [{ type: 'x', message: '' }, 'message'],
    [{ type: 'x', message: 'x'.repeat(501) }, 'message'],
    [{ type: 'x', message: 'x', severity: 'bad' }, 'severity'],
    [{ type: 'x', message: 'x', details: { text: 'x'.repeat(9000) } }, 'details'],
  ])('refuses %j and names the field', async (event, field) => {
    expect(await sendRequest('POST', '/api/events', event, 'viewer.events:write')).toMatchObject({ status: 400, body: { message: expect.stringContaining(field) } });
  });

  it('returns incidents, open alerts, rules and processes', async () => {
    expect(await sendRequest('GET', '/api/incidents?open=true', undefined, 'viewer')).toMatchObject({ status: 200, body: [] });
    expect(await sendRequest('GET', '/api/incidents/open')).toMatchObject({ status: 200, body: { incidents: [], snoozes: [] } });
    expect((await sendRequest('GET', '/api/rules')).body).toMatchObject(expect.arrayContaining([expect.objectContaining({ enabled: true, label: expect.any(String) })]));
    const { status, body } = await sendRequest('GET', '/api/processes?sort=memory&limit=5', undefined, 'viewer');
    expect([status, (body as { processes?: unknown[] }).processes?.length ?? 0]).toEqual([200, 5]);
  });

  it.each([
    ['/api/events?limit=0', 'limit'],
    ['/api/events?severity=bad', 'severity'],
    ['/api/events?before=x', 'before'],
    ['/api/incidents?open=maybe', 'open'],
    ['/api/incidents?from=2&to=1', 'to'],
    ['/api/processes?sort=beauty', 'sort'],
    ['/api/processes?limit=100000', 'limit'],
  ])('GET %s is 400 and names %s', async (path, field) => {
    expect(await sendRequest('GET', path)).toMatchObject({ status: 400, body: { message: expect.stringContaining(field) } });
  });
});

describe('settings', () => {
  it('are readable by viewers without paths, and changed by admins except for sharing', async () => {
    core.settings.update({ lan: { certFile: '/home/somebody/c.pem' } });
    const { body } = await sendRequest('GET', '/api/settings', undefined, 'viewer');
    expect(body).toMatchObject({ theme: 'system', lan: { enabled: false, certFile: null } });
    expect((await sendRequest('PATCH', '/api/settings', { theme: 'dark' })).body).toMatchObject({ theme: 'dark' });
    expect(await sendRequest('PATCH', '/api/settings', { theme: 'light' }, 'viewer')).toMatchObject({ status: 403 });
    expect(await sendRequest('PATCH', '/api/settings', { lan: { tls: 'off' } })).toMatchObject({ status: 403, body: { message: 'Only changeable on the machine itself.' } });
    expect(core.settings.get().lan.tls).toBe('self-signed');
    expect((await sendRequest('GET', '/api/host')).body).toMatchObject({ databasePath: null });
  });
});

describe('a pause', () => {
  it('makes the status an error, with HTTP status 503', async () => {
    expect((await sendRequest('POST', '/api/monitoring', { paused: true })).body).toEqual({ paused: true });
    expect(await sendRequest('GET', '/api/status')).toMatchObject({ status: 503, body: { status: 'Error', error: { message: 'monitoring is paused' } } });
  });
});

describe('the OpenAPI description', () => {
  it('has every route, with self-contained schemas', async () => {
    const { body } = await sendRequest('GET', '/api/openapi.json');
    const description = body as { openapi: string; paths: Record<string, Record<string, { summary?: string }>> };
    expect(description.openapi).toBe('3.1.0');
    const wanted = [
      ...RESOURCES.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
      ...REMOTE_CALLS.map((name) => `POST /api/call/${name}`),
      'GET /metrics',
      'GET /api/stream',
    ];
    const found = Object.entries(description.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(new Set(found)).toEqual(new Set(wanted));
    expect(found).toHaveLength(wanted.length);
    expect(Object.values(description.paths).flatMap((methods) => Object.values(methods)).every(({ summary = '' }) => summary.length > 10)).toBe(true);
    expect(JSON.stringify(body)).not.toContain('"$ref"');
  });

  it('is shown by Swagger UI', async () => {
    const { status, headers, body } = await sendRequest('GET', '/api/docs');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(body).not.toMatch(/<script>|style=/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect((await sendRequest('GET', '/api/docs/json')).body).toEqual((await sendRequest('GET', '/api/openapi.json')).body);
    for (const [path, expected] of [['static/swagger-ui-bundle.js', 200], ['yaml', 404], ['static/no-such-file.js', 404]] as const) expect([path, (await sendRequest('GET', `/api/docs/${path}`)).status]).toEqual([path, expected]);
  });
});

describe('the static files', () => {
  const page = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${lan.origin}${path}`, { headers });

  it('are public, with a strict content security policy, and the page itself is never cached', async () => {
    const response = await page('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self'/);
    expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe|\*/);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('strict-transport-security')).toBeNull();
    expect(response.headers.get('x-frame-options')).toBe('DENY');
  });

  it('built files are cached for good and revalidated by their ETag', async () => {
    const response = await page('/assets/index-a1b2c3d4.js');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const etag = response.headers.get('etag') ?? '';
    // As a browser sends it; fetch would add no-cache here.
    const again = await send(lan.port, requestText('GET', '/assets/index-a1b2c3d4.js', { host: new URL(lan.origin).host, 'if-none-match': etag }));
    expect(statusOf(again)).toBe(304);
  });

  it('compressed copies are sent where they exist and are accepted', async () => {
    const { precompress } = await import('../../../scripts/lib/precompress.mjs');
    await precompress(pages);
    const text = await (await page('/assets/index-a1b2c3d4.js', { 'accept-encoding': 'identity' })).text();
    for (const encoding of ['br', 'gzip']) {
      const response = await page('/assets/index-a1b2c3d4.js', { 'accept-encoding': encoding });
      expect(response.headers.get('content-encoding')).toBe(encoding);
      expect(response.headers.get('vary')).toContain('accept-encoding');
      expect(response.headers.get('content-type')).toMatch(/javascript/);
      expect(await response.text()).toBe(text);
    }
  });
});
