/** Lifecycle of the server: states, ports, addresses, certificates. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { LanSettings } from '../../../src/shared/sharing/lan-settings';
import { lanStateSchema } from '../../../src/shared/sharing/lan-state';
import type { LanState } from '../../../src/shared/sharing/lan-state';
import { createCallbackLog } from '../../support/log';
import type { LocalHost } from '../../../src/main/access/addresses';
import { createCertificate } from '../../../src/main/lan/certificate';
import { DEFAULT_LIMITS } from '../../../src/main/lan/server-limits';
import { LanServer } from '../../../src/main/lan/server';
import { FakeTime } from '../../support/collectors';
import { openLan } from '../../support/lan-server';

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
if (!hasIpv6) process.stdout.write('skipped: this machine has no IPv6, so nothing is tried over it\n');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'traywatch-server-'));
  closers.push(() => rmSync(made, { recursive: true }));
  return made;
};

const machineAt = (...addresses: string[]): LocalHost => ({ hostname: 'box', addresses: addresses.map((address) => ({ address, interface: 'lo', family: address.includes(':') ? 6 : 4, loopback: true, linkLocal: false })) });

/** A server whose app responds with hello, with a clock moved by hand. */
function createServer(settings: Partial<LanSettings>, localHost: () => LocalHost = () => machineAt('127.0.0.1', '127.0.0.2', '::1'), place = folder()) {
  const time = new FakeTime();
  const states: LanState[] = [];
  let wake: () => void = () => undefined;
  const server = new LanServer(
    {
      folder: place,
      clock: time,
      timers: time,
      log: createCallbackLog(() => undefined),
      limits: DEFAULT_LIMITS,
      localHost,
      open: () => Promise.resolve({ handler: (_request, response) => void response.end('hello'), close: () => Promise.resolve() }),
      connections: () => 0,
      onState: (state) => {
        expect(lanStateSchema.safeParse(state).error).toBeUndefined();
        states.push(state);
        wake();
      },
    },
    { ...DEFAULT_SETTINGS.lan, enabled: true, port: 0, addresses: ['127.0.0.1'], tls: 'off', ...settings },
  );
  closers.push(() => server.stop());
  const next = async (wanted: LanState['state'], from = 0): Promise<LanState> => {
    for (;;) {
      const found = states.slice(from).find(({ state }) => state === wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { server, states, time, next };
}

async function occupy(host = '127.0.0.1', port = 0): Promise<{ port: number; free(): Promise<void> }> {
  const other = net.createServer().listen({ host, port });
  await once(other, 'listening');
  const address = other.address();
  const free = async (): Promise<void> => {
    if (!other.listening) return;
    other.close();
    await once(other, 'close');
  };
  closers.push(free);
  return { port: typeof address === 'object' && address !== null ? address.port : 0, free };
}

const get = (url: string, options: https.RequestOptions = {}): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const request = (url.startsWith('https') ? https : http).get(url, { agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
  });

describe('a server', () => {
  it('whose port is in use reports it, retries, and listens as soon as possible', async () => {
    const taken = await occupy();
    const { server, states, time, next } = createServer({ port: taken.port });
    server.start();
    expect(await next('failed')).toEqual({ state: 'failed', reason: 'portInUse', message: `127.0.0.1:${taken.port}: port in use by another program`, retryAt: time.now() + 2000 });
    const seen = states.length;
    await time.pass(2000);
    expect(await next('failed', seen)).toMatchObject({ retryAt: time.now() + 5000 });
    await taken.free();
    await time.pass(5000);
    expect(await next('listening')).toMatchObject({ urls: [`http://127.0.0.1:${taken.port}/`], certificate: null, missing: [], retryAt: null });
    expect(await get(`http://127.0.0.1:${taken.port}/`)).toEqual({ status: 200, body: 'hello' });
  });

  it('that lost an address keeps the others and retries', async () => {
    const { port, free } = await occupy();
    await free();
    let localHost = machineAt('127.0.0.1', '192.0.2.77');
    const { server, states, time, next } = createServer({ port, addresses: ['127.0.0.1', '192.0.2.77'] }, () => localHost);
    server.start();
    expect(await next('listening')).toMatchObject({
      urls: [`http://127.0.0.1:${port}/`],
      missing: [{ address: '192.0.2.77', reason: 'addressGone', message: `192.0.2.77:${port}: address not available on this machine` }],
      retryAt: time.now() + 2000,
    });
    localHost = machineAt('127.0.0.1');
    const seen = states.length;
    await time.pass(2000);
    expect(await next('listening', seen)).toMatchObject({ missing: [{ address: '192.0.2.77' }], retryAt: time.now() + 5000 });
  });

  it('follows an interface to its addresses, reports when it is missing, and resumes with it', async () => {
    const { port, free } = await occupy();
    await free();
    const on = (name: string, address: string) => ({ address, interface: name, family: 4, loopback: true, linkLocal: false }) as const;
    let addresses = [on('tun0', '127.0.0.2'), on('eth0', '127.0.0.3')];
    const { server, states, time, next } = createServer({ port, addresses: ['interface:tun0'] }, () => ({ hostname: 'box', addresses }));
    const after = async (change: typeof addresses, ms: number, wanted: LanState['state']): Promise<LanState> => {
      addresses = change;
      const seen = states.length;
      await time.pass(ms);
      return next(wanted, seen);
    };
    server.start();
    expect(await next('listening')).toMatchObject({ urls: [`http://127.0.0.2:${port}/`], missing: [] });
    expect(await get(`http://127.0.0.2:${port}/`)).toEqual({ status: 200, body: 'hello' });
    await expect(get(`http://127.0.0.3:${port}/`)).rejects.toThrow('ECONNREFUSED');

    expect(await after([on('tun0', '127.0.0.4'), on('eth0', '127.0.0.3')], 60_000, 'listening')).toMatchObject({ urls: [`http://127.0.0.4:${port}/`] });
    await expect(get(`http://127.0.0.2:${port}/`)).rejects.toThrow('ECONNREFUSED');

    const gone = await after([on('eth0', '127.0.0.3')], 60_000, 'failed');
    expect(gone).toEqual({ state: 'failed', reason: 'interfaceGone', message: 'tun0: network interface not found', retryAt: time.now() + 2000 });
    server.emitState();
    expect(states.at(-1)).toBe(gone);
    await expect(get(`http://127.0.0.4:${port}/`)).rejects.toThrow('ECONNREFUSED');

    expect(await after([on('tun0', '127.0.0.5')], 2000, 'listening')).toMatchObject({ urls: [`http://127.0.0.5:${port}/`], missing: [], retryAt: null });
    expect(await get(`http://127.0.0.5:${port}/`)).toEqual({ status: 200, body: 'hello' });
  });

  it('listens at those of several interfaces that exist', async () => {
    const { server, time, next } = createServer({ addresses: ['interface:lo', 'interface:wlan9'] });
    server.start();
    expect(await next('listening')).toMatchObject({ missing: [{ address: 'wlan9', reason: 'interfaceGone' }], retryAt: time.now() + 2000 });
  });

  it('that cannot bind its address reports it', async () => {
    const { server, next } = createServer({ addresses: ['192.0.2.1'] });
    server.start();
    expect(await next('failed')).toMatchObject({ reason: 'addressGone' });
  });

  it.skipIf(!hasIpv6)('listens at IPv6 addresses', async () => {
    const lan = await openLan({ settings: { addresses: ['::1'] }, localHost: () => machineAt('::1') });
    closers.push(() => lan.close());
    expect(lan.origin).toBe(`http://[::1]:${lan.port}`);
    const headers = { authorization: 'Bearer viewer' };
    expect((await get(`${lan.origin}/api/metrics`, { headers })).status).toBe(200);
    expect((await get(`${lan.origin}/api/metrics`, { headers: { ...headers, host: `127.0.0.1:${lan.port}` } })).status).toBe(421);
    expect(lan.authenticator.addresses).toEqual(['::1']);
  });

  it.skipIf(!hasIpv6)('at all addresses accepts both families on one socket, with IPv4 addresses in canonical form', async () => {
    const lan = await openLan({ settings: { addresses: 'all' }, localHost: () => machineAt('127.0.0.1', '::1') });
    closers.push(() => lan.close());
    expect(lan.state.urls).toEqual([`http://127.0.0.1:${lan.port}/`, `http://[::1]:${lan.port}/`].toSorted((a) => (a.includes('[') ? 1 : -1)));
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) expect((await get(`http://${host}:${lan.port}/api/metrics`, { headers: { authorization: 'Bearer viewer' } })).status).toBe(200);
    expect(new Set(lan.authenticator.addresses.map((address) => (address.includes('.') ? 'v4' : 'v6')))).toContain('v4');
  });

  it('uses the self-signed certificate, whose fingerprint is the one in its state', async () => {
    const lan = await openLan({ settings: { tls: 'self-signed' } });
    closers.push(() => lan.close());
    const socket = tls.connect({ port: lan.port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    expect(socket.getPeerCertificate().fingerprint256).toBe(lan.state.certificate?.fingerprint);
    expect(socket.getProtocol()).toBe('TLSv1.3');
    expect(lan.origin).toBe(`https://127.0.0.1:${lan.port}`);
    socket.destroy();
  });

  it('uses a custom certificate and its names, and replaces it without a restart', async () => {
    const home = folder();
    const [certFile, keyFile] = [join(home, 'c.pem'), join(home, 'k.pem')];
    const write = async (): Promise<void> => {
      const { cert, key } = await createCertificate({ names: ['nas.home.example'], addresses: ['127.0.0.1'] }, Date.now());
      writeFileSync(certFile, cert);
      writeFileSync(keyFile, key);
    };
    await write();
    const lan = await openLan({ settings: { tls: 'custom', certFile, keyFile } });
    closers.push(() => lan.close());
    expect(lan.state.certificate).toMatchObject({ selfSigned: false });
    const headers = { host: `nas.home.example:${lan.port}` };
    expect((await get(`${lan.origin}/`, { headers, rejectUnauthorized: false })).status).toBe(200);
    expect((await get(`${lan.origin}/`, { headers: { host: `other.example:${lan.port}` }, rejectUnauthorized: false })).status).toBe(421);

    const { server, states, time, next } = createServer({ tls: 'custom', certFile, keyFile });
    time.wall = Date.now();
    server.start();
    const first = await next('listening');
    const seen = states.length;
    await write();
    await time.pass(60_000);
    const second = await next('listening', seen);
    expect(second).not.toEqual(first);
    expect(second).toMatchObject({ urls: first.state === 'listening' ? first.urls : [] });
  });

  it('whose certificate is invalid reports why, and listens when it is fixed', async () => {
    const home = folder();
    const { server, time, next } = createServer({ tls: 'custom', certFile: join(home, 'c.pem'), keyFile: join(home, 'k.pem') });
    time.wall = Date.now();
    server.start();
    const failed = await next('failed');
    expect(failed).toMatchObject({ reason: 'certificate' });
    expect(failed.state === 'failed' && failed.message).toContain('c.pem: ENOENT');
    const { cert, key } = await createCertificate({ names: ['x'], addresses: [] }, Date.now());
    writeFileSync(join(home, 'c.pem'), cert);
    writeFileSync(join(home, 'k.pem'), key);
    await time.pass(2000);
    expect(await next('listening')).toMatchObject({ certificate: { selfSigned: false } });
  });

  it('whose certificate cannot be saved, or whose file is damaged later, serves on with the same one and says so', async () => {
    const place = folder();
    const file = join(place, 'lan-certificate.pem');
    // Root cannot write through a folder either.
    mkdirSync(join(`${file}.tmp`, 'in the way'), { recursive: true });
    const { server, states, time, next } = createServer({ tls: 'self-signed' }, undefined, place);
    time.wall = Date.now();
    server.start();
    const certificateOf = (state: LanState) => (state.state === 'listening' ? state.certificate : null);
    const first = await next('listening');
    expect(certificateOf(first)?.problem).toMatch(/cannot be saved.*tried again every minute/);
    const checked = async (): Promise<LanState> => {
      const seen = states.length;
      await time.pass(60_000);
      return next('listening', seen);
    };
    expect(certificateOf(await checked())).toEqual(certificateOf(first));
    rmSync(`${file}.tmp`, { recursive: true });
    expect(certificateOf(await checked())).toEqual({ ...certificateOf(first), problem: null });
    writeFileSync(file, 'half');
    expect(certificateOf(await checked())).toMatchObject({ fingerprint: certificateOf(first)?.fingerprint, problem: expect.stringContaining('is damaged') as string });
    rmSync(file);
    expect(certificateOf(await checked())).toEqual({ ...certificateOf(first), problem: null });
    expect(readdirSync(place)).toEqual(['lan-certificate.pem']);
  });

  it('whose certificate cannot be read says so, does not listen, and does as soon as it can', async () => {
    const place = folder();
    const file = join(place, 'lan-certificate.pem');
    mkdirSync(file);
    const { server, time, next } = createServer({ tls: 'self-signed' }, undefined, place);
    time.wall = Date.now();
    server.start();
    expect(await next('failed')).toMatchObject({ reason: 'certificate', message: expect.stringContaining('is a folder, not a file') as string });
    rmSync(file, { recursive: true });
    await time.pass(2000);
    expect(await next('listening')).toMatchObject({ certificate: { selfSigned: true, problem: null } });
  });

  it('that is stopped while it starts does not listen', async () => {
    const { server, states } = createServer({});
    server.start();
    await server.stop();
    expect(states).toEqual([{ state: 'starting' }]);
  });
});
