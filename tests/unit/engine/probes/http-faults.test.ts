/** Web addresses that cannot be asked, on real servers: each failure has its word, and the deadline says what was waited for. */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createServers, manualDeadline, namesOnly, probeUrl as probe, urlAt as at } from '../../../support/probing';

const servers = createServers();
afterEach(() => servers.closeAll());

/** Whether a process can be stopped so that its kernel takes no more connections for it. */
const hasStop = process.platform === 'linux';
if (!hasStop) process.stdout.write('skipped: only on Linux does a stopped server leave connections waiting, so the deadline of that is not tried\n');

/** A server whose process stands still, with as many connections waiting as it lets wait. */
async function stoppedServer(): Promise<{ readonly port: number; end(): void }> {
  const program = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { process.stdout.write(String(this.address().port)); process.kill(process.pid, 'SIGSTOP'); })`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(Number(text))));
  const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await Promise.all(waiting.slice(0, 2).map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  return {
    port,
    end: () => {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}

describe('a failure says what happened', () => {
  it('refused', async () => {
    const server = await servers.tcp(() => undefined);
    await server.close();
    expect(await probe(at(server))).toMatchObject({ fault: 'refused', text: `connection refused by 127.0.0.1:${server.port}`, connect: null, firstByte: null });
  });

  it('refused at all addresses of a name', async () => {
    const server = await servers.tcp(() => undefined);
    await server.close();
    const lookup = namesOnly({ 'box.test': ['127.0.0.1', '::1'] });
    expect(await probe(`http://box.test:${server.port}/`, {}, { lookup })).toMatchObject({ fault: 'refused', text: `connection refused by 127.0.0.1:${server.port}` });
  });

  it('no such name, and a name server that does not answer', async () => {
    expect(await probe('http://gone.test/', {}, { lookup: namesOnly({}) })).toMatchObject({ fault: 'nameNotFound', text: 'there is no address for gone.test (ENOTFOUND)' });
    const silent = (): Promise<never> => Promise.reject(Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' }));
    expect(await probe('http://gone.test/', {}, { lookup: silent })).toMatchObject({ fault: 'nameNotFound', text: 'gone.test could not be looked up: the name server does not answer' });
  });

  it('closed without an answer, at once, by a reset or half', async () => {
    for (const close of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
      const server = await servers.tcp((socket) => socket.once('data', () => close(socket)));
      expect(await probe(at(server))).toMatchObject({ fault: 'reset', text: `127.0.0.1:${server.port} closed the connection without an answer` });
    }
  });

  it('something else than HTTP', async () => {
    const server = await servers.tcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await probe(at(server))).toMatchObject({ fault: 'badAnswer', text: `127.0.0.1:${server.port} does not answer in HTTP` });
  });

  it('headers without an end', async () => {
    const server = await servers.tcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = (): void => void (socket.destroyed || (socket.write(`X-A: ${'a'.repeat(8000)}\r\n`), setImmediate(more)));
      more();
    });
    expect(await probe(at(server))).toMatchObject({ fault: 'tooLarge' });
  });

  it('secrets that are missing, or cannot be sent', async () => {
    const server = await servers.http((_request, response) => response.end());
    expect(await probe(at(server), { headers: ['X-Key'] })).toMatchObject({ fault: 'secretMissing', text: 'the value of the header X-Key is not known; enter it again' });
    const result = await probe(at(server), { headers: ['X-Key'] }, { secrets: { 'X-Key': 'abc\r\nX-Evil: 1' } });
    expect(result.fault).toBe('other');
    expect(JSON.stringify(result)).not.toContain('Evil');
    expect(await probe(at(server), { headers: ['Transfer-Encoding'] }, { secrets: { 'Transfer-Encoding': 'chunked' } })).toMatchObject({ fault: 'other', text: 'the header Transfer-Encoding cannot be set; remove it' });
    expect(await probe(at(server), { headers: ['constructor'] })).toMatchObject({ fault: 'secretMissing' });
  });

  it('an address that is refused, unless it is allowed', async () => {
    const lookup = namesOnly({ 'half.test': ['169.254.1.1', '127.0.0.1'] });
    const server = await servers.http((_request, response) => response.end());
    expect(await probe('http://169.254.169.254/')).toMatchObject({ fault: 'addressRefused' });
    const result = await probe(`http://half.test:${server.port}/`, {}, { lookup });
    expect(result).toMatchObject({ ok: true });
    expect(result.details[0]).toBe('half.test has the address 169.254.1.1 (refused), 127.0.0.1');
    const { parts, pass } = manualDeadline();
    const allowed = probe('http://169.254.169.254/', { allowLinkLocal: true }, parts);
    pass();
    expect((await allowed).fault).not.toBe('addressRefused');
  });
});

describe('at the deadline it says what it waited for', () => {
  it('the name', async () => {
    const { parts, pass } = manualDeadline();
    const lookup = (): Promise<never> => {
      pass();
      return new Promise(() => undefined);
    };
    expect(await probe('http://slow.test/', {}, { ...parts, lookup })).toMatchObject({ fault: 'timeout', text: 'no answer within 5 s: looking up slow.test', dns: null });
  });

  it.skipIf(!hasStop)('the connection', async () => {
    const stopped = await stoppedServer();
    try {
      const { parts, pass } = manualDeadline();
      const waiting = probe(`http://127.0.0.1:${stopped.port}/`, {}, parts);
      await new Promise((resolve) => setImmediate(resolve));
      pass();
      expect(await waiting).toMatchObject({ fault: 'timeout', text: `no answer within 5 s: connecting to 127.0.0.1:${stopped.port}`, connect: null });
    } finally {
      stopped.end();
    }
  });

  it('TLS', async () => {
    const { parts, pass } = manualDeadline();
    const server = await servers.tcp((socket) => void socket.once('data', pass));
    expect(await probe(`https://127.0.0.1:${server.port}/`, {}, parts)).toMatchObject({ fault: 'timeout', text: `no answer within 5 s: waiting for TLS with 127.0.0.1:${server.port}`, tls: null });
  });

  it('the first byte; and the connection is closed', async () => {
    const { parts, pass } = manualDeadline();
    let closed = (): void => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const server = await servers.tcp((socket) => {
      socket.once('end', closed);
      socket.once('data', pass);
    });
    const result = await probe(at(server), {}, parts);
    expect(result).toMatchObject({ fault: 'timeout', text: 'no answer within 5 s: waiting for the first byte of the answer', firstByte: null });
    expect(result.connect).toBeGreaterThan(0);
    await gone;
  });
});
