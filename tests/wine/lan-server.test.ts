/** The LAN server on Windows: a browser is paired over HTTPS, reads the machine's state, and follows its stream. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Core } from '../../src/main/core/core';
import { createAuthPlugin } from '../../src/main/lan/index';
import type { SampleBatch } from '../../src/shared/metrics/reading';
import { statusSchema } from '../../src/shared/status-schema';
import { openCore } from '../support/core';
import { createCallbackLog } from '../support/log';
import { openLan } from '../support/lan-server';
import type { OpenLan } from '../support/lan-server';

let folder = '';
let core: Core;
let lan: OpenLan;
let certificate = '';
let cookie = '';
/** By number. */
const published = new Map<number, SampleBatch>();

/** Publishes the next batch, with the present time: an old one would not be the state of the machine. */
function publish(): void {
  const { seq, time } = core.hub.snapshot();
  const batch = batchOf(seq + 1, Math.max(Date.now(), time + 1));
  published.set(batch.seq, batch);
  core.hub.publish(batch);
}

const batchOf = (seq: number, time: number): SampleBatch => ({
  seq,
  time,
  readings: { memory: { values: { usage: seq, total: 8_192_000, used: 4_096_000, available: 4_096_000 }, devices: {} }, disk: { values: { usage: 50, inodeUsage: null }, devices: { 'C:': { label: 'Übung 日本', values: { usage: 50, used: seq * 4096 } } } } },
  faults: {},
});

interface Received {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly text: string;
}

/** One request; with `isEnough` the answer is cut once its text so far will do. The certificate is checked as a browser does that was told to trust it. */
function ask(method: string, path: string, body?: unknown, isEnough: (text: string) => boolean = () => false): Promise<Received> {
  const headers = { ...(cookie === '' ? {} : { cookie }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  return new Promise((resolve, reject) => {
    const request = https.request({ host: '127.0.0.1', port: lan.port, method, path, headers, ca: certificate, agent: false }, (response) => {
      let text = '';
      const end = (): void => resolve({ status: response.statusCode ?? 0, cookies: (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? ''), text });
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (!isEnough(text)) return;
        end();
        request.destroy();
      });
      response.on('end', end).on('error', reject);
    });
    request.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'traywatch-lan-'));
  core = openCore(folder);
  const log = createCallbackLog(() => undefined);
  lan = await openLan({ ...createAuthPlugin(core.remoteAccess.access, log), folder, handlers: core.handlers, viewedFamilies: core.viewedFamilies, snapshot: () => core.hub.snapshot(), subscribe: core.hub.subscribe, since: (time, limit) => core.store.since(time, limit), settings: { tls: 'self-signed' } });
  certificate = readFileSync(join(folder, 'lan-certificate.pem'), 'utf8');
  for (let n = 0; n < 60; n += 1) publish();
});

afterAll(async () => {
  await lan.close();
  core.close();
  rmSync(folder, { recursive: true });
});

describe('the LAN server on Windows', () => {
  it('serves the page over HTTPS, and lets nobody in who is not paired', async () => {
    expect(lan.origin).toBe(`https://127.0.0.1:${lan.port}`);
    expect(await ask('GET', '/')).toMatchObject({ status: 200, text: expect.stringContaining('<title>Traywatch</title>') as string });
    expect(await ask('GET', '/api/status')).toMatchObject({ status: 401 });
  });

  it('pairs a browser, and answers it with the state of the machine', async () => {
    const { pairing } = core.remoteAccess.access;
    const requested = await ask('POST', '/api/auth/pair', { code: pairing.createCode().code, name: 'Gerät' });
    const { value } = JSON.parse(requested.text) as { value: { id: string } };
    pairing.decide(value.id, 'viewer');
    cookie = requested.cookies.join('; ');
    cookie = (await ask('GET', `/api/auth/pair/${value.id}`)).cookies.join('; ');
    publish();
    const { status, text } = await ask('GET', '/api/status');
    expect(status).toBe(200);
    expect(statusSchema.parse(JSON.parse(text))).toMatchObject({ data: { server_metrics: { memory_usage: { usage_percentage: 50 } } } });
    const latest = published.get(61);
    expect(JSON.parse((await ask('GET', '/api/metrics/disk')).text)).toEqual({ family: 'disk', time: latest?.time, ...latest?.readings.disk });
  });

  it('sends each new batch to the one that follows its stream', async () => {
    const timer = setInterval(publish, 500);
    onTestFinished(() => clearInterval(timer));
    const { status, text } = await ask('GET', '/api/stream?interval=1', undefined, (so) => so.includes('"seq":64'));
    expect(status).toBe(200);
    const batches = [...text.matchAll(/^event: batch\n(?:id: .*\n)?data: (.*)\n/gm)].map(([, data = '']) => JSON.parse(data) as SampleBatch);
    const latest = batches.find(({ seq }) => seq === 64);
    expect(latest).toMatchObject({ seq: 64, readings: published.get(64)?.readings });
  });
});
