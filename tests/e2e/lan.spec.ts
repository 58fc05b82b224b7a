/** The LAN server in the running app: not loaded while sharing is off, serving while it is on. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { LanState } from '../../src/shared/sharing/lan-state';
import { expect, test } from '../support/e2e';
import type { Traywatch } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { requestText, send, statusOf } from '../support/raw-http';

/** Sockets of the app's processes that listen on the network, as `ss` shows them: address and port. */
function listening(app: Traywatch): string[] {
  const pids = new Set(app.processes().map(({ pid }) => String(pid)));
  const lines = execFileSync('ss', ['-H', '-l', '-n', '-p', '-t', '-u'], { encoding: 'utf8' }).split('\n');
  const own = lines.filter((line) => [...line.matchAll(/pid=(\d+)/g)].some(([, pid = '']) => pids.has(pid)));
  return own.map((line) => line.trim().split(/\s+/)[4] ?? '').toSorted((one, other) => one.localeCompare(other));
}

/** Files of the LAN server and its libraries that the main process has loaded. */
function loaded({ electron }: Traywatch): Promise<number> {
  return electron.evaluate(() => {
    const { _cache: cache } = process.getBuiltinModule('node:module') as unknown as { readonly _cache: object };
    return Object.keys(cache).filter((file) => /[\\/](lan(-libraries)?-[\w-]+\.cjs|fastify)\b/.test(file)).length;
  });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function get(url: string, headers: Record<string, string> = {}): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { agent: false, rejectUnauthorized: false, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body }));
    });
    request.on('error', reject);
  });
}

const lanState = (page: Page): Promise<LanState> => ask(page, 'lanState', {});

test('off: nothing is loaded or listening; on: it serves the page and requires a session; off again: nothing listens', async ({ data, start }) => {
  const app = await start();
  const page = await app.page();
  expect(await lanState(page)).toEqual({ state: 'off' });
  // The test itself controls the app over two ports.
  const before = listening(app);
  expect(before.filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([]);
  expect(before.length).toBeLessThanOrEqual(2);
  expect(await loaded(app)).toBe(0);
  expect(fs.existsSync(path.join(data, 'lan-certificate.pem'))).toBe(false);

  const port = await freePort();
  await ask(page, 'updateSettings', { lan: { enabled: true, port, addresses: ['127.0.0.1'], allowLoopbackMetrics: true } });
  await expect.poll(() => lanState(page)).toMatchObject({ state: 'listening', urls: [`https://127.0.0.1:${port}/`], certificate: { selfSigned: true } });
  expect(listening(app).filter((address) => !before.includes(address))).toEqual([`127.0.0.1:${port}`]);
  expect(await loaded(app)).toBeGreaterThan(2);
  const origin = `https://127.0.0.1:${port}`;
  expect(await get(`${origin}/`)).toMatchObject({ status: 200, type: 'text/html; charset=utf-8', body: expect.stringContaining('assets/index-') });
  expect((await get(`${origin}/api/status`)).status).toBe(401);
  expect((await get(`${origin}/`, { host: `evil.example:${port}` })).status).toBe(421);
  const scrape = await get(`${origin}/metrics`);
  expect(scrape.status).toBe(200);
  expect(scrape.body).toMatch(/^traywatch_memory_usage_ratio 0\.\d+$/m);
  expect(statusOf(await send(port, requestText('GET', '/', { host: `127.0.0.1:${port}` })))).toBe(0);

  await ask(page, 'updateSettings', { lan: { enabled: false } });
  await expect.poll(() => lanState(page)).toEqual({ state: 'off' });
  expect(listening(app)).toEqual(before);
  await expect(get(`${origin}/`)).rejects.toThrow('ECONNREFUSED');
});

test('a port in use is reported as a state, and the server starts once it is free', async ({ start }) => {
  const other = net.createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const page = await (await start()).page();
  await ask(page, 'updateSettings', { lan: { enabled: true, port, addresses: ['127.0.0.1'] } });
  await expect.poll(() => lanState(page)).toMatchObject({ state: 'failed', reason: 'portInUse' });
  other.close();
  await expect.poll(() => lanState(page), { timeout: 20_000 }).toMatchObject({ state: 'listening' });
});

test('a browser shows the page without a violation of its content security policy', async ({ start }) => {
  test.skip(!fs.existsSync('/usr/bin/chromium'), 'Debian’s chromium is not installed');
  const page = await (await start()).page();
  const port = await freePort();
  await ask(page, 'updateSettings', { lan: { enabled: true, port, addresses: ['127.0.0.1'] } });
  await expect.poll(() => lanState(page)).toMatchObject({ state: 'listening' });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  try {
    const viewer = await browser.newPage({ ignoreHTTPSErrors: true });
    const complaints: string[] = [];
    viewer.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) complaints.push(message.text());
    });
    const response = await viewer.goto(`https://127.0.0.1:${port}/`);
    expect(response?.status()).toBe(200);
    await viewer.waitForLoadState('networkidle');
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
