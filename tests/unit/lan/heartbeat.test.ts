/** Where jobs call in, over a real server: any method and body they may use, and nothing that tells of a token. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';

const TOKEN = 'A-b_'.repeat(10) + 'xyz';
const OTHER = 'B-b_'.repeat(10) + 'xyz';

let lan: OpenLan;
let calls: (readonly [string, string | null])[] = [];

beforeAll(async () => {
  lan = await openLan({
    heartbeat: (token, text) => {
      if (token !== TOKEN) return Promise.resolve(false);
      calls.push([token, text]);
      return Promise.resolve(true);
    },
  });
});
beforeEach(() => {
  calls = [];
  lan.log.length = 0;
});
afterAll(() => lan.close());

const call = (path: string, options: RequestInit = {}): Promise<Response> => fetch(`${lan.origin}${path}`, options);

/** A request with a Host header of its own choice. */
function callAs(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: lan.port, path: `/api/heartbeat/${TOKEN}`, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('a job', () => {
  it.each(['GET', 'HEAD', 'POST'])('calls in by %s without any other right', async (method) => {
    const response = await call(`/api/heartbeat/${TOKEN}`, { method });
    expect([response.status, await response.text(), calls]).toEqual([204, '', [[TOKEN, null]]]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['application/x-www-form-urlencoded', '12 files'],
    ['text/plain', '12 files'],
    ['application/json', '{"not":"parsed"'],
    ['application/octet-stream', '12 files'],
  ])('says what it has to say as %s', async (type, body) => {
    expect((await call(`/api/heartbeat/${TOKEN}`, { method: 'POST', body, headers: { 'content-type': type } })).status).toBe(204);
    expect(calls).toEqual([[TOKEN, body]]);
  });

  it('that says much is heard in part, and one that says too much is not', async () => {
    expect((await call(`/api/heartbeat/${TOKEN}`, { method: 'POST', body: 'x'.repeat(60_000) })).status).toBe(204);
    expect(calls).toEqual([[TOKEN, 'x'.repeat(1000)]]);
    expect((await call(`/api/heartbeat/${TOKEN}`, { method: 'POST', body: 'x'.repeat(70_000) })).status).toBe(413);
    expect(calls).toHaveLength(1);
  });

  it('with an unknown token finds what it finds at any unknown address', async () => {
    const shape = async (path: string, method = 'GET'): Promise<unknown> => {
      const response = await call(path, { method });
      const { requestId: _id, ...body } = (await response.json()) as Record<string, unknown>;
      const { date: _date, 'x-request-id': _request, 'keep-alive': _alive, ...headers } = Object.fromEntries(response.headers);
      return JSON.parse(JSON.stringify([response.status, headers, body]).replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, 'id'));
    };
    const unknown = await shape('/api/nothing');
    for (const path of [`/api/heartbeat/${OTHER}`, '/api/heartbeat/', '/api/heartbeat/x', `/api/heartbeat/${TOKEN}/more`]) expect(await shape(path)).toEqual(unknown);
    expect(await shape(`/api/heartbeat/${TOKEN}`, 'DELETE').catch(() => null)).not.toBeNull();
    expect(calls).toEqual([]);
  });

  it('is checked for its host and its origin like everyone', async () => {
    expect(await callAs('evil.example')).toBe(421);
    expect((await call(`/api/heartbeat/${TOKEN}`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect(calls).toEqual([]);
    expect(await callAs(`127.0.0.1:${lan.port}`)).toBe(204);
  });

  it('leaves no token in the log, whatever becomes of the request', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) for (const end of ['', '/more', '?x=1', '//', '%20']) await call(`/api/heartbeat/${TOKEN}${end}`, { method });
    await call(`/API/Heartbeat/${TOKEN}`);
    await call(`/api/%68eartbeat/${TOKEN}`);
    await call(`/api//heartbeat/${TOKEN}`);
    await callAs('evil.example');
    expect(lan.log.length).toBeGreaterThan(20);
    expect(JSON.stringify(lan.log)).not.toContain(TOKEN.slice(0, 20));
  });
});
