/** Where machines report, over a real server: whose reports are taken, and what of them is refused before anybody sees it. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REPORT_LIMITS } from '../../../src/shared/machines/report-schemas';
import type { Report, ReportAnswer } from '../../../src/shared/machines/report-schemas';
import { CallError } from '../../../src/shared/result';
import { openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';

const MACHINE = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const ANSWER: ReportAnswer = { result: 'stored', from: 1000, eventsFrom: 7, interval: 10_000, hubTime: 5, wantsAbout: false, token: null };
const REPORT: Report = { v: 1, machine: MACHINE, run: 'run-00001', seq: 1, sentAt: 1, boot: null, state: 'running', about: null, live: null, from: null, rows: { times: [1], gaps: {}, series: { 'cpu.usage': [5] } }, behind: 0, eventsFrom: null, events: [], incidents: [] };

let lan: OpenLan;
let taken: Report[] = [];
let refusal: CallError | null = null;

beforeAll(async () => {
  lan = await openLan({
    report: (_machine, report) => {
      if (refusal !== null) return Promise.reject(refusal);
      taken.push(report);
      return Promise.resolve(ANSWER);
    },
  });
});
beforeEach(() => {
  taken = [];
  refusal = null;
});
afterAll(() => lan.close());

/** Sends a body with a token; `machine:<id>` is the token of a machine. */
function send(body: string | Buffer, { token = `machine:${MACHINE}`, gzip = false, headers = {} }: { token?: string; gzip?: boolean; headers?: Record<string, string> } = {}): Promise<Response> {
  return fetch(`${lan.origin}/api/report`, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...(gzip ? { 'content-encoding': 'gzip' } : {}), ...headers } });
}

async function codeOf(response: Promise<Response>): Promise<readonly [number, string]> {
  const answered = await response;
  const { code } = (await answered.json()) as { code: string };
  return [answered.status, code];
}

describe('a report', () => {
  it.each([false, true])('of a machine is taken, and what is newer than this hub is left out (gzip: %s)', async (gzip) => {
    const text = JSON.stringify({ ...REPORT, later: { than: 'this hub' } });
    const response = await send(gzip ? gzipSync(text) : text, { gzip });
    expect(await response.json()).toEqual({ ok: true, value: ANSWER });
    expect(taken).toEqual([REPORT]);
  });

  it.each([
    ['viewer', 401, 'nothing'],
    ['admin', 403, 'admin.write,read'],
    ['viewer token', 403, 'viewer.read'],
  ])('of somebody else is refused (%s)', async (_who, status, token) => {
    expect((await codeOf(send(JSON.stringify(REPORT), { token })))[0]).toBe(status);
    expect(taken).toEqual([]);
  });

  it('of a browser session is refused, whatever its role', async () => {
    expect(await codeOf(send(JSON.stringify(REPORT), { token: 'admin' }))).toEqual([403, 'Forbidden']);
    expect(taken).toEqual([]);
  });

  it('under the name of another machine is refused', async () => {
    expect(await codeOf(send(JSON.stringify({ ...REPORT, machine: OTHER })))).toEqual([403, 'Forbidden']);
    expect(taken).toEqual([]);
  });

  it('that the machines refuse is answered with their reason', async () => {
    refusal = new CallError('Forbidden', 'another machine reports under this id');
    const response = await send(JSON.stringify(REPORT));
    expect([response.status, await response.json()]).toMatchObject([403, { message: 'another machine reports under this id' }]);
  });

  it.each<[string, string | Buffer, boolean]>([
    ['is not JSON', '{"v":1', false],
    ['is nested without end', '['.repeat(400_000), false],
    ['is not a report', '{"v":1}', false],
    ['is of a later version', JSON.stringify({ ...REPORT, v: 2 }), false],
    ['has fewer values than times', JSON.stringify({ ...REPORT, rows: { times: [1, 2], gaps: {}, series: { 'cpu.usage': [5] } } }), false],
    ['has more rows than are taken', JSON.stringify({ ...REPORT, rows: { times: Array.from({ length: REPORT_LIMITS.rows + 1 }, (_, i) => i), gaps: {}, series: {} } }), false],
    ['has more series than are taken', JSON.stringify({ ...REPORT, rows: { times: [1], gaps: {}, series: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`cpu.usage/${i}`, [1]])) } }), false],
    ['is not gzip', 'plain', true],
    ['is cut gzip', gzipSync(JSON.stringify(REPORT)).subarray(0, 40), true],
    ['decompresses to much more than it is', gzipSync(Buffer.alloc(100_000_000, ' ')), true],
  ])('that %s is refused, and nothing of it is taken', async (_what, body, gzip) => {
    expect(await codeOf(send(body, { gzip }))).toEqual([400, 'BadInput']);
    expect(taken).toEqual([]);
    expect(lan.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('that is larger than a report is refused unread', async () => {
    const response = await send('x'.repeat(REPORT_LIMITS.bytes + 1));
    expect([response.status, taken]).toEqual([413, []]);
  });

  it.each([
    ['text/plain', {}],
    ['application/json', { 'content-encoding': 'br' }],
  ])('of another kind is refused (%s %j)', async (type, headers) => {
    const { status } = await send(JSON.stringify(REPORT), { headers: { ...headers, 'content-type': type } });
    expect([400, 403, 415]).toContain(status);
    expect(taken).toEqual([]);
  });
});

describe('the token of a machine', () => {
  it.each(['/api/snapshot', '/api/status', '/api/metrics/current', '/metrics', '/api/stream', '/api/call/snapshot'])('opens nothing else: %s', async (path) => {
    const response = await fetch(`${lan.origin}${path}`, { headers: { authorization: `Bearer machine:${MACHINE}` }, ...(path.startsWith('/api/call') ? { method: 'POST', body: '{}' } : {}) });
    expect([401, 403, 404, 415]).toContain(response.status);
  });
});
