/** The head of a request, and the suites of TLS: what no browser sends is refused rather than interpreted. */
import https from 'node:https';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';
import { requestText, send, statusOf } from '../../support/raw-http';

describe('headers that may be there once only', () => {
  let lan: OpenLan;
  beforeAll(async () => {
    lan = await openLan();
  });
  afterAll(() => lan.close());
  const get = async (lines: readonly string[]): Promise<number> => statusOf(await send(lan.port, `GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`));
  const host = (): string => `host: 127.0.0.1:${lan.port}`;

  it('are accepted once', async () => {
    expect(await get([host(), 'x-a: b', 'x-a: c', 'accept: a', 'accept: b'])).toBe(200);
  });

  it.each(['Host: evil.example', 'HOST: 127.0.0.1', 'host:'])('Host and then %j is refused', async (second) => {
    expect(await get([host(), second])).toBe(400);
    expect(await get([second, host()])).toBe(400);
    expect(await get([host(), host()])).toBe(400);
  });

  it.each(['authorization: Bearer viewer', 'content-type: application/json', 'origin: null', 'sec-fetch-site: none', 'sec-fetch-mode: navigate', 'cookie: a=b', 'transfer-encoding: chunked'])('%j twice is refused', async (line) => {
    const status = await get([host(), line, line]);
    // Browsers divide cookies among several lines over HTTP/2 only; a proxy may do so here.
    if (line.startsWith('cookie')) expect(status).toBe(200);
    else expect(status).toBe(400);
  });

  it.each(['x-a : b', 'authorization : Bearer viewer', 'Host : 127.0.0.1', ' x-a: b', 'x-a\t: b'])('%j, with space before the colon or the name, is refused', async (line) => {
    expect(await get([host(), line])).toBe(400);
  });
});

describe('an error text', () => {
  it('names a few of many unknown fields, and says how many there are', async () => {
    const lan = await openLan();
    const body = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, 1])));
    const post = (path: string, text: string): Promise<string> => send(lan.port, requestText('POST', path, { host: `127.0.0.1:${lan.port}`, authorization: 'Bearer admin', 'content-type': 'application/json' }, text));
    for (const path of ['/api/call/setPaused', '/api/call/updateSettings', '/api/events']) {
      const response = await post(path, body);
      expect(statusOf(response)).toBe(400);
      expect(response.length).toBeLessThan(6000);
      expect(response).toMatch(/Unknown fields?|k0/);
    }
    const long = await post('/api/call/setPaused', JSON.stringify({ ['x'.repeat(100_000)]: 1 }));
    expect(statusOf(long)).toBe(400);
    expect(long.length).toBeLessThan(6000);
    const many = await post('/api/call/updateSettings', JSON.stringify({ lan: { addresses: Array.from({ length: 20_000 }, () => 'x') } }));
    expect(many.length).toBeLessThan(6000);
    await lan.close();
  });
});

describe('TLS 1.2', () => {
  it('is spoken with authenticated encryption alone, before and after the certificate is replaced', async () => {
    const lan = await openLan({ settings: { tls: 'self-signed' } });
    const talk = (options: tls.ConnectionOptions): Promise<string> =>
      new Promise((resolve) => {
        const socket = tls.connect({ port: lan.port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
          resolve(`${socket.getProtocol() ?? ''} ${socket.getCipher().standardName}`);
          socket.destroy();
        });
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
    const old = { maxVersion: 'TLSv1.2' } as const;
    for (const ciphers of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-SHA384', 'AES128-SHA', 'AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-CCM8']) {
      expect(await talk({ ...old, ciphers: `${ciphers}:@SECLEVEL=0` })).toMatch(/HANDSHAKE_FAILURE|NO_SHARED|ERR_SSL/);
    }
    for (const ciphers of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305']) expect(await talk({ ...old, ciphers })).toMatch(/^TLSv1\.2 TLS_ECDHE_ECDSA_WITH_(AES_(128|256)_GCM|CHACHA20_POLY1305)_/);
    expect(await talk({})).toMatch(/^TLSv1\.3 /);
    expect(await new Promise((resolve) => https.get(lan.origin, { rejectUnauthorized: false, agent: false }, ({ statusCode }) => resolve(statusCode)))).toBe(200);
    await lan.close();
  });
});
