/** Attacks on the server: real requests over a socket. None gains access or harms other clients. */
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/main/lan/server-limits';
import { connect, requestText, send, statusOf } from '../../support/raw-http';
import { batchOf, openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';

let lan: OpenLan;
beforeAll(async () => {
  lan = await openLan({ limits: { ...DEFAULT_LIMITS, headersTimeout: 300, requestTimeout: 400, timeoutCheckInterval: 50, idle: 5000, connectionsPerAddress: 40 } });
  lan.hub.publish(batchOf(1));
});
afterAll(() => lan.close());

const own = (): Record<string, string> => ({ host: `127.0.0.1:${lan.port}`, authorization: 'Bearer admin' });
const json = { 'content-type': 'application/json' };
const sendRequest = async (method: string, path: string, headers: Record<string, string>, body?: string): Promise<string> => send(lan.port, requestText(method, path, headers, body));

/** Other clients are still served. */
async function stillServes(): Promise<void> {
  expect(statusOf(await sendRequest('GET', '/api/metrics', own()))).toBe(200);
}

describe('names and origins', () => {
  it.each(['evil.example', 'localhost.evil.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]:8543', 'rebind.network:8543'])('the Host %s is refused, even with a valid token', async (host) => {
    for (const path of ['/', '/api/metrics', '/api/stream', '/metrics', '/nothing']) {
      const response = await sendRequest('GET', path, { ...own(), host });
      expect(statusOf(response)).toBe(421);
      expect(response).not.toMatch(/access-control|Traywatch<|"families"/i);
    }
  });

  it('a request without a Host, or with an absolute foreign URL, is refused', async () => {
    expect(statusOf(await send(lan.port, 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n'))).toBe(400);
    expect(statusOf(await send(lan.port, 'GET / HTTP/1.0\r\n\r\n'))).toBe(400);
    expect(statusOf(await sendRequest('GET', 'http://evil.example/api/metrics', own()))).toBe(400);
  });

  it('another site can neither read, nor change, nor send a preflight request', async () => {
    const foreign = { ...own(), origin: 'https://evil.example' };
    for (const [method, path] of [['GET', '/api/metrics'], ['GET', '/api/stream'], ['OPTIONS', '/api/metrics'], ['OPTIONS', '/api/call/setPaused']] as const) {
      const response = await sendRequest(method, path, { ...foreign, 'access-control-request-method': 'POST' });
      expect(statusOf(response)).toBe(403);
      expect(response).not.toMatch(/access-control-/i);
    }
    for (const headers of [{ ...foreign, ...json }, { ...own(), ...json, 'sec-fetch-site': 'cross-site' }, { ...own(), ...json, origin: 'null' }]) {
      expect(statusOf(await sendRequest('POST', '/api/call/setPaused', headers, '{"paused":true}'))).toBe(403);
    }
  });

  it('a form of another site is refused by its content type, and a cookie without an origin', async () => {
    const { host } = own();
    const form = { host: host ?? '', cookie: 'session=admin', 'content-type': 'application/x-www-form-urlencoded', origin: lan.origin };
    expect(statusOf(await sendRequest('POST', '/api/call/setPaused', form, 'paused=true'))).toBe(415);
    expect(statusOf(await sendRequest('POST', '/api/call/setPaused', { ...form, 'content-type': 'text/plain' }, '{"paused":true}'))).toBe(415);
    expect(statusOf(await sendRequest('POST', '/api/call/setPaused', { host: host ?? '', cookie: 'session=admin', ...json }, '{"paused":true}'))).toBe(403);
    expect(statusOf(await sendRequest('POST', '/api/call/setPaused', { host: host ?? '', cookie: 'session=admin', ...json, origin: lan.origin }, '{"paused":true}'))).toBe(200);
  });
});

describe('authentication', () => {
  it.each(['', 'Bearer ', 'Bearer nobody', 'Basic YWRtaW46YWRtaW4=', 'bearer admin'])('is required with %j', async (authorization) => {
    for (const path of ['/api/metrics', '/api/stream', '/api/docs', '/api/openapi.json', '/metrics', '/api/settings']) {
      const response = await sendRequest('GET', path, { ...own(), authorization });
      expect(statusOf(response)).toBe(401);
      expect(response).toContain('www-authenticate: Bearer');
      expect(response).toContain('"Sign-in required."');
    }
  });

  it('a viewer cannot change anything, and a token is limited to its scopes', async () => {
    const as = (token: string): Record<string, string> => ({ ...own(), ...json, authorization: `Bearer ${token}` });
    expect(statusOf(await sendRequest('POST', '/api/call/setPaused', as('viewer'), '{"paused":true}'))).toBe(403);
    expect(statusOf(await sendRequest('PATCH', '/api/settings', as('viewer'), '{"theme":"dark"}'))).toBe(403);
    expect(statusOf(await sendRequest('POST', '/api/call/setPaused', as('admin.read'), '{"paused":true}'))).toBe(403);
    expect(statusOf(await sendRequest('GET', '/metrics', as('viewer.metrics:read')))).toBe(200);
    expect(statusOf(await sendRequest('GET', '/api/metrics', as('viewer.metrics:read')))).toBe(403);
    expect(statusOf(await sendRequest('GET', '/api/stream', as('viewer.metrics:read')))).toBe(403);
  });

  it('local calls do not exist', async () => {
    for (const name of ['saveFile', 'restoreHistory', 'dismissNotice', 'showDataFolder', 'lanState']) expect(statusOf(await sendRequest('POST', `/api/call/${name}`, { ...own(), ...json }, '{}'))).toBe(404);
  });
});

describe('paths', () => {
  it.each(['/../../../etc/passwd', '/..%2f..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%5c..%5cpackage.json', '/assets/%00.js', '/assets/../index.html%00', '//etc/passwd', '/.env', '/assets/.htaccess', '/%E0%A4%A', '/assets', '/..;/x'])(
    '%s is refused',
    async (path) => {
      const response = await sendRequest('GET', path, own());
      expect([400, 403, 404]).toContain(statusOf(response));
      expect(response).not.toMatch(/root:|"dependencies"|node_modules|at .+\.(ts|js):\d+/);
    },
  );
});

describe('sizes and times', () => {
  it('a body of 10 MB is refused before it was received', async () => {
    const connection = await connect(lan.port);
    connection.socket.write(requestText('POST', '/api/call/setPaused', { ...own(), ...json, 'content-length': String(10 * 1024 * 1024) }));
    const chunk = Buffer.alloc(64 * 1024, 32);
    for (let sent = 0; sent < 10 * 1024 * 1024 && !connection.socket.destroyed; sent += chunk.length) connection.socket.write(chunk);
    await connection.closed;
    expect([413, 0]).toContain(statusOf(connection.text()));
    await stillServes();
  });

  it('a chunked body without an end is cut at the limit', async () => {
    const connection = await connect(lan.port);
    connection.socket.write(requestText('POST', '/api/call/setPaused', { ...own(), ...json, 'transfer-encoding': 'chunked' }));
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    for (let sent = 0; sent < 40 && !connection.socket.destroyed; sent += 1) connection.socket.write(chunk);
    await connection.closed;
    expect([413, 0]).toContain(statusOf(connection.text()));
    await stillServes();
  });

  it('a header of 100 kB is refused', async () => {
    expect(statusOf(await send(lan.port, requestText('GET', '/', { ...own(), 'x-long': 'a'.repeat(100_000) })))).toBe(431);
    expect([400, 403, 404, 414, 431]).toContain(statusOf(await sendRequest('GET', `/${'a'.repeat(12_000)}`, own())));
    await stillServes();
  });

  it('slow headers and a body without an end are cut', async () => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => connect(lan.port)));
    slow.forEach(({ socket }) => socket.write(`GET / HTTP/1.1\r\nhost: 127.0.0.1:${lan.port}\r\nx-a: `));
    await stillServes();
    await Promise.all(slow.map(({ closed }) => closed));
    expect(slow.map((one) => statusOf(one.text()))).toEqual(slow.map(() => 408));
    const body = await connect(lan.port);
    body.socket.write(`POST /api/call/setPaused HTTP/1.1\r\nhost: 127.0.0.1:${lan.port}\r\nauthorization: Bearer admin\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`);
    await body.closed;
    expect([408, 0]).toContain(statusOf(body.text()));
  });

  it('the connections of one address are limited, and free again when they end', async () => {
    const many = await Promise.all(Array.from({ length: 60 }, () => connect(lan.port)));
    const refused = many.slice(40);
    await Promise.all(refused.map(({ closed }) => closed));
    expect(refused.every((one) => one.text() === '')).toBe(true);
    many.forEach(({ socket }) => socket.destroy());
    await Promise.all(many.map(({ closed }) => closed));
    await expect.poll(async () => statusOf(await sendRequest('GET', '/api/metrics', own()))).toBe(200);
  });

  it('what is not HTTP gets a bare response, and no second request is smuggled in', async () => {
    expect(statusOf(await send(lan.port, '\u0016\u0003\u0001\u0002 this is TLS to a plain port\r\n\r\n'))).toBe(400);
    const both = await send(lan.port, `POST / HTTP/1.1\r\nhost: 127.0.0.1:${lan.port}\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /api/metrics HTTP/1.1\r\n\r\n`);
    expect(statusOf(both)).toBe(400);
    expect(both.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('input in responses and logs', () => {
  it('an invalid body is not quoted in the error, which names the field', async () => {
    const headers = { ...own(), ...json };
    const broken = await sendRequest('POST', '/api/call/setPaused', headers, '{"paused":<script>');
    expect(statusOf(broken)).toBe(400);
    expect(broken).not.toContain('<script>');
    const poisoned = await sendRequest('POST', '/api/call/setPaused', headers, '{"__proto__":{"paused":true}}');
    expect(statusOf(poisoned)).toBe(400);
    const wrong = await sendRequest('POST', '/api/call/setPaused', headers, '{"paused":1}');
    expect(wrong).toMatch(/"code":"BadInput","message":"paused: /);
  });

  it('headers cannot be injected through the path', async () => {
    const response = await sendRequest('GET', '/api/metrics/x%0d%0aset-cookie:%20a=b', own());
    expect(statusOf(response)).toBe(404);
    expect(response.split('\r\n\r\n')[0]).not.toMatch(/set-cookie/i);
    expect(response).toContain('content-type: application/json');
    expect(response).toMatch(/^x-content-type-options: nosniff$/im);
  });

  it('a hostile process or device name stays data', async () => {
    const name = '</script><img src=x onerror=alert(1)>"\n\r\u2028event: batch\n\ndata: {}';
    lan.hub.publish({ ...batchOf(2), readings: { disk: { values: { usage: 1, inodeUsage: null }, devices: { [name]: { label: name, values: { usage: 50 } } } } } });
    const response = await sendRequest('GET', '/api/metrics/disk', own());
    expect(response).toContain('content-type: application/json; charset=utf-8');
    const body = Buffer.from(response.slice(response.indexOf('\r\n\r\n')), 'latin1').toString();
    expect(JSON.parse(body)).toMatchObject({ devices: { [name]: { label: name } } });
    const stream = await connect(lan.port);
    stream.socket.write(requestText('GET', '/api/stream', own()));
    await stream.until(/event: batch[^]*\n\n/);
    expect(stream.text().match(/^event: /gm)).toHaveLength(1);
    stream.socket.destroy();
  });

  it('the log has no token, cookie or query, and no injected line breaks', async () => {
    await sendRequest('GET', '/api/metrics/memory/history?from=1&token=topsecret', { ...own(), cookie: 'session=topsecret' });
    await sendRequest('GET', '/%0a%0d%1b[31mfake', { ...own(), 'user-agent': 'topsecret' });
    const text = JSON.stringify(lan.log);
    expect(text).toContain('/api/metrics/memory/history');
    expect(text).not.toContain('topsecret');
    expect(text).not.toMatch(/Bearer|\\u001b/);
    const lines = lan.log.filter(({ message }) => message === 'request');
    expect(lines.every(({ fields }) => /^[0-9a-f-]{36}$/.test(String(fields?.['id'])))).toBe(true);
  });
});

describe('rates', () => {
  it('too many requests get 429 with Retry-After', async () => {
    const busy = await openLan({ limits: { ...DEFAULT_LIMITS, requestsPerAddress: 5 } });
    const headers = { host: `127.0.0.1:${busy.port}`, authorization: 'Bearer nobody' };
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) statuses.push(statusOf(await send(busy.port, requestText('GET', '/api/metrics', headers))));
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect(await send(busy.port, requestText('GET', '/', headers))).toMatch(/retry-after: \d+/);
    await busy.close();
  });
});

describe('over TLS', () => {
  it('old protocols and stalled handshakes are refused', async () => {
    const safe = await openLan({ settings: { tls: 'self-signed' }, limits: { ...DEFAULT_LIMITS, handshakeTimeout: 200 } });
    const silent = await connect(safe.port);
    await silent.closed;
    expect(silent.text()).toBe('');
    const plain = await connect(safe.port);
    plain.socket.write('GET / HTTP/1.1\r\n\r\n');
    await plain.closed;
    expect(plain.text()).not.toContain('HTTP');
    const old = await new Promise<string>((resolve) => {
      const socket = tls.connect({ port: safe.port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
      socket.once('error', ({ message }) => resolve(message));
      socket.once('secureConnect', () => resolve('connected'));
    });
    expect(old).not.toBe('connected');
    await safe.close();
  });
});
