/** /metrics without a token, for programs on this machine: not for what a proxy or tunnel on this machine passes on. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFromThisMachine } from '../../../src/main/lan/local-request';
import { openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';
import { requestText, send, statusOf } from '../../support/raw-http';

let lan: OpenLan;
beforeAll(async () => {
  lan = await openLan({ settings: { allowLoopbackMetrics: true } });
});
afterAll(() => lan.close());

const scrape = async (headers: Readonly<Record<string, string>> = {}, version = '1.1'): Promise<number> =>
  statusOf(await send(lan.port, requestText('GET', '/metrics', { host: `127.0.0.1:${lan.port}`, ...headers }).replace('HTTP/1.1', `HTTP/${version}`)));

describe('/metrics without a token', () => {
  it('is there for a program on this machine', async () => {
    expect(await scrape()).toBe(200);
    // What Prometheus, curl and a browser send.
    expect(await scrape({ 'User-Agent': 'Prometheus/2.55.0', Accept: 'text/plain;q=0.5', 'Accept-Encoding': 'gzip', 'X-Prometheus-Scrape-Timeout-Seconds': '10', traceparent: '00-1-2-01' })).toBe(200);
    expect(await scrape({ 'User-Agent': 'Mozilla/5.0', 'Accept-Language': 'en', 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate', 'sec-ch-ua-mobile': '?0', 'Upgrade-Insecure-Requests': '1', DNT: '1', Priority: 'u=0, i' })).toBe(200);
    expect(await scrape({ host: `localhost:${lan.port}` })).toBe(200);
  });

  it.each([
    ['X-Forwarded-For', '203.0.113.9'],
    ['x-forwarded-for', ''],
    ['X-Forwarded-For', '127.0.0.1'],
    ['Forwarded', 'for=203.0.113.9'],
    ['X-Real-IP', '203.0.113.9'],
    ['Via', '1.1 proxy'],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Host', 'monitor.example'],
    ['CF-Connecting-IP', '203.0.113.9'],
    ['CDN-Loop', 'cloudflare'],
    ['True-Client-IP', '203.0.113.9'],
    ['X-Client-IP', '203.0.113.9'],
    ['Tailscale-User-Login', 'someone@example.com'],
    ['X-Original-Host', 'abc.ngrok.app'],
    ['X-Envoy-External-Address', '203.0.113.9'],
    ['Fly-Client-IP', '203.0.113.9'],
    ['X-Some-Tunnel-Of-Tomorrow', '1'],
  ])('is refused where the request says that it was passed on: %s: %s', async (name, value) => {
    expect(await scrape({ [name]: value })).toBe(401);
    expect(await scrape({ [name]: value, authorization: 'Bearer viewer.metrics:read' })).toBe(200);
  });

  it('is refused over HTTP/1.0, which nginx speaks to what is behind it unless told otherwise', async () => {
    expect(await scrape({}, '1.0')).toBe(401);
  });

  it('is refused whatever header there is that programs do not send by themselves', () => {
    const at = { peer: '127.0.0.1', local: '127.0.0.1', httpVersion: '1.1', host: 'localhost:8543' };
    fc.assert(
      fc.property(fc.stringMatching(/^x-[a-z0-9-]{1,20}$/), (name) => name.startsWith('x-prometheus-') || !isFromThisMachine({ ...at, headers: ['host', 'localhost:8543', name, '1'] })),
    );
    fc.assert(fc.property(fc.ipV4(), (peer) => peer.startsWith('127.') === isFromThisMachine({ ...at, peer, headers: [] })));
    expect(isFromThisMachine({ ...at, peer: '::1', local: '::1', headers: [] })).toBe(true);
    expect(isFromThisMachine({ ...at, peer: '::ffff:127.0.0.1', local: '::ffff:127.0.0.1', headers: [] })).toBe(true);
  });

  it('is refused for another name than that of this machine itself, as a tunnel passes on', () => {
    const at = { peer: '127.0.0.1', local: '127.0.0.1', httpVersion: '1.1', headers: [] };
    for (const host of ['monitor.example', 'nas.home.example:8543', undefined, '192.168.1.5:8543']) expect(isFromThisMachine({ ...at, host })).toBe(false);
    for (const host of ['localhost', 'LOCALHOST:8543', 'box:8543', 'box.local:8543', '127.0.0.1:8543', '127.1.2.3', '[::1]:8543']) expect(isFromThisMachine({ ...at, host })).toBe(true);
  });
});
