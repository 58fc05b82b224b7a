/** Web addresses are probed on real servers: what is told of answers, of bodies without an end, and of redirects. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemTimers } from '../../../../src/main/engine/clock';
import { createServers, manualDeadline, namesOnly, probeUrl as probe, urlAt as at } from '../../../support/probing';

const servers = createServers();
afterEach(() => servers.closeAll());

describe('an answer', () => {
  it('is told with its phases, its head and the begin of its body', async () => {
    const server = await servers.http((_request, response) => {
      response.setHeader('Set-Cookie', ['sid=hush-hush; Path=/']);
      response.setHeader('X-Other', 'not shown');
      response.setHeader('Content-Type', 'text/plain');
      response.end('All is\nwell \u0007 here');
    });
    const result = await probe(at(server));
    expect(result).toMatchObject({ ok: true, fault: null, text: 'HTTP 200', dns: null, tls: null, certificateDays: null, connections: null });
    expect(result.connect).toBeGreaterThan(0);
    expect(result.firstByte).toBeGreaterThan(0);
    expect(result.latency).toBeGreaterThanOrEqual((result.connect ?? 0) + (result.firstByte ?? 0));
    expect(result.details).toEqual(expect.arrayContaining(['Address: 127.0.0.1', `Connected to 127.0.0.1:${server.port}`, 'HTTP/1.1 200 OK', 'content-type: text/plain', 'set-cookie: sid (value not shown)']));
    expect(result.details.at(-1)).toMatch(/^Body: All is well\s+here$/);
    expect(JSON.stringify(result)).not.toMatch(/hush|not shown"/);
    expect(server.open()).toBeLessThanOrEqual(1);
  });

  it('over IPv6, and by a name, has the time of the lookup', async () => {
    const six = await servers.http((_request, response) => response.end('six'), '::1');
    expect(await probe(`http://[::1]:${six.port}/`)).toMatchObject({ ok: true, dns: null });
    const result = await probe(`http://box.test:${six.port}/`, {}, { lookup: namesOnly({ 'box.test': ['::1', '127.0.0.1'] }) });
    expect(result.ok).toBe(true);
    expect(result.dns).not.toBeNull();
    expect(result.details[0]).toBe('box.test has the address ::1, 127.0.0.1');
  });

  it('asks with the method, and with the headers whose values are secrets', async () => {
    const seen: string[] = [];
    const server = await servers.http((request, response) => {
      seen.push(`${request.method} ${request.url} ${String(request.headers['x-key'])} ${request.headers['user-agent']} ${request.headers['content-length']} ${request.headers.host === `127.0.0.1:${server.port}`}`);
      response.end(`you sent ${String(request.headers['x-key'])}`);
    });
    const secrets = { 'X-Key': 'open sesame' };
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS'] as const) {
      const result = await probe(at(server, '/a?b=c'), { method, headers: ['X-Key'] }, { secrets });
      expect(result.text).toBe('HTTP 200');
      expect(JSON.stringify(result)).not.toContain('sesame');
    }
    expect(seen).toEqual(['GET', 'HEAD', 'POST', 'OPTIONS'].map((method) => `${method} /a?b=c open sesame Traywatch ${method === 'POST' ? '0' : 'undefined'} true`));
  });

  it('with a code that is not expected is a failure', async () => {
    const server = await servers.http((request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      response.end();
    });
    expect(await probe(at(server, '/503'))).toMatchObject({ fault: 'status', text: 'HTTP 503, expected 200-399' });
    expect(await probe(at(server, '/404'), { expectedCodes: '200, 400-404' })).toMatchObject({ ok: true, text: 'HTTP 404' });
    expect(await probe(at(server, '/405'), { expectedCodes: '200, 400-404' })).toMatchObject({ fault: 'status' });
  });

  it('is searched for a text, which may lie over two pieces of it', async () => {
    const server = await servers.http((_request, response) => {
      response.write('status: he');
      setImmediate(() => response.end('althy, größer'));
    });
    expect(await probe(at(server), { keyword: 'healthy' })).toMatchObject({ ok: true });
    expect(await probe(at(server), { keyword: 'größer' })).toMatchObject({ ok: true });
    expect(await probe(at(server), { keyword: 'sick' })).toMatchObject({ fault: 'keyword', text: 'HTTP 200, but “sick” is not in the answer' });
    expect(await probe(at(server), { keyword: 'sick', keywordAbsent: true })).toMatchObject({ ok: true });
    expect(await probe(at(server), { keyword: 'healthy', keywordAbsent: true })).toMatchObject({ fault: 'keyword', text: 'HTTP 200, but “healthy” is in the answer' });
  });

  it('is searched in the encoding the server names; a compressed one is not', async () => {
    const server = await servers.http((request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=ISO-8859-1');
      if (request.url === '/gzip') response.setHeader('Content-Encoding', 'gzip');
      response.end(Buffer.from('Übersicht', 'latin1'));
    });
    expect(await probe(at(server), { keyword: 'Übersicht' })).toMatchObject({ ok: true });
    expect(await probe(at(server, '/gzip'), { keyword: 'Übersicht' })).toMatchObject({ fault: 'badAnswer' });
  });
});

describe('a body without an end', () => {
  const flood = (response: ServerResponse): void => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(1024)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };

  it('is read for 64 KB, and then the connection is closed', async () => {
    const closed: Promise<void>[] = [];
    const server = await servers.http((_request, response) => {
      closed.push(new Promise((resolve) => response.once('close', resolve)));
      flood(response);
    });
    expect(await probe(at(server))).toMatchObject({ ok: true, text: 'HTTP 200' });
    expect(await probe(at(server), { keyword: 'y' })).toMatchObject({ fault: 'keyword', text: 'HTTP 200, but “y” is not in the first 64 KB of the answer' });
    await Promise.all(closed);
    expect(closed).toHaveLength(2);
  });

  it('that says nothing more is not waited for, as of an event stream', async () => {
    const server = await servers.http((_request, response) => void response.write('data: hello\n\n'));
    const result = await probe(at(server), {}, { timers: { after: (ms, fn) => systemTimers.after(ms / 20, fn) } });
    expect(result).toMatchObject({ ok: true });
    expect(result.details.at(-1)).toBe('Body: data: hello');
    expect(await probe(at(server), { keyword: 'hello' })).toMatchObject({ ok: true });
  });

  it('in which something is looked for in vain ends at the deadline', async () => {
    const { parts, pass } = manualDeadline();
    const server = await servers.http((_request, response) => {
      response.write('data: hello\n\n');
      setTimeout(pass, 20);
    });
    expect(await probe(at(server), { keyword: 'bye' }, parts)).toMatchObject({ fault: 'timeout', text: 'no answer within 5 s: reading the answer' });
  });

  it('that breaks off is a failure only where something is looked for', async () => {
    const server = await servers.http((_request, response) => {
      response.setHeader('Content-Length', '100');
      response.write('part');
      setImmediate(() => response.destroy());
    });
    expect(await probe(at(server))).toMatchObject({ ok: true });
    expect(await probe(at(server), { keyword: 'whole' })).toMatchObject({ fault: 'reset', text: 'the connection was closed in the middle of the answer' });
  });
});

describe('redirects', () => {
  it('are followed, shown, and counted in the latency', async () => {
    const target = await servers.http((_request, response) => response.end('here'));
    const server = await servers.http((request, response) => {
      response.statusCode = 302;
      response.setHeader('Location', request.url === '/a' ? '/b?token=hush' : at(target, '/end'));
      response.end();
    });
    const result = await probe(at(server, '/a'));
    expect(result).toMatchObject({ ok: true, text: 'HTTP 200' });
    expect(result.details).toEqual(expect.arrayContaining([`Redirect 302 to ${at(server, '/b')}?…`, `Redirect 302 to ${at(target, '/end')}`]));
    expect(JSON.stringify(result)).not.toContain('hush');
    const stayed = await probe(at(server, '/a'), { followRedirects: false });
    expect(stayed).toMatchObject({ ok: true, text: 'HTTP 302' });
    expect(stayed.details).toContain(`Redirect 302 to ${at(server, '/b')}?…, not followed`);
  });

  it('to another host are named, and do not get the headers of the service', async () => {
    const seen: (string | undefined)[] = [];
    const target = await servers.http((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    }, '::1');
    const server = await servers.http((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(307, { Location: `http://user:pass@[::1]:${target.port}/` }).end();
    });
    const result = await probe(at(server), { headers: ['Authorization'] }, { secrets: { 'Authorization': 'Bearer abcdef' } });
    expect(seen).toEqual(['Bearer abcdef', undefined]);
    expect(result.details).toEqual(expect.arrayContaining([`Redirect 307 to http://[::1]:${target.port}/ (another host)`, 'The headers of this service are not sent there']));
    expect(JSON.stringify(result)).not.toContain('pass@');
  });

  it('change the method as browsers do', async () => {
    const seen: string[] = [];
    const server = await servers.http((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const status = Number(request.url?.slice(1));
      if (status > 0) response.writeHead(status, { Location: '/' });
      response.end();
    });
    for (const status of [301, 303, 307]) await probe(at(server, `/${status}`), { method: 'POST' });
    await probe(at(server, '/303'), { method: 'HEAD' });
    expect(seen).toEqual(['POST /301', 'GET /', 'POST /303', 'GET /', 'POST /307', 'POST /', 'HEAD /303', 'HEAD /']);
  });

  it('in a circle end after ten', async () => {
    let asked = 0;
    const server = await servers.http((_request, response) => {
      asked += 1;
      response.writeHead(301, { Location: '/' }).end();
    });
    expect(await probe(at(server))).toMatchObject({ fault: 'tooManyRedirects', text: 'more than 10 redirects' });
    expect(asked).toBe(11);
  });

  it('to the metadata service of a cloud, under any of its names, are refused', async () => {
    const places = ['http://169.254.169.254/latest', 'http://[::ffff:169.254.169.254]/', 'http://[fd00:ec2::254]/', 'http://0xa9fea9fe/', 'http://2852039166/', 'http://inside.test/'];
    for (const place of places) {
      const server = await servers.http((_request, response) => response.writeHead(302, { Location: place }).end());
      const result = await probe(at(server), {}, { lookup: namesOnly({ 'inside.test': ['169.254.169.254'] }) });
      expect([place, result.fault]).toEqual([place, 'addressRefused']);
      expect(result.text).toContain('was not asked');
    }
  });

  it('to what is no web address cannot be followed', async () => {
    for (const place of ['ftp://127.0.0.1/', 'file:///etc/passwd', 'http://']) {
      const server = await servers.http((_request, response) => response.writeHead(302, { Location: place }).end());
      expect(await probe(at(server))).toMatchObject({ fault: 'badAnswer', text: 'it redirects to an address that cannot be followed' });
    }
  });
});
