/** A real nginx in front of the app, configured as docs/reverse-proxy.md says: names, addresses, the live stream, a path before the page. */
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { expect } from '@playwright/test';
import { until } from '../support/desktop';
import { startHeadless } from '../support/e2e/headless';
import type { Headless } from '../support/e2e/headless';
import { hasNginx, startNginx } from '../support/e2e/nginx';
import { test } from '../support/e2e/phone';
import { appDir } from '../support/e2e/traywatch';

const APP = 18_561;
const ROOT = 18_562;
const BELOW = 18_563;
const SETTINGS = { trustedProxies: ['127.0.0.1'], publicUrls: [`https://monitor.example:${ROOT}`, `https://127.0.0.1:${BELOW}/traywatch`], allowLoopbackMetrics: true };

test.skip(!hasNginx(), 'nginx is not installed');

/** The server blocks of the documentation, at loopback ports and with the app's own certificate. */
function documentedServers(pem: string): string {
  const text = fs.readFileSync(path.join(appDir, 'docs', 'reverse-proxy.md'), 'utf8');
  const blocks = [...text.matchAll(/^```nginx\n([^]*?)^```/gm)].map(([, block = '']) => block);
  expect(blocks).toHaveLength(2);
  const at = (block: string, port: number): string => block.replace('listen 443', `listen 127.0.0.1:${port}`).replaceAll(/(ssl_certificate(?:_key)?) \S+;/g, `$1 ${pem};`).replaceAll('127.0.0.1:8543', `127.0.0.1:${APP}`);
  return [ROOT, BELOW].map((port, index) => at(blocks[index] ?? '', port)).join('\n');
}

interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request to nginx from an address of its own; `enough` ends a response that would go on. */
function ask(method: string, url: string, headers: Readonly<Record<string, string>>, body?: unknown, enough?: RegExp): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers, agent: false, rejectUnauthorized: false, localAddress: '127.0.0.7' }, (response) => {
      let text = '';
      const done = (): void => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (enough?.test(text) !== true) return;
        done();
        request.destroy();
      });
      response.on('end', done).on('error', () => undefined);
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const codeOf = (run: Headless): Promise<string> => until('a pairing code', () => Promise.resolve(/Pairing code: (\d{4} \d{4}) /.exec(run.text())?.[1]?.replace(' ', '')));

async function withProxy(work: (run: Headless) => Promise<void>): Promise<void> {
  const run = startHeadless(APP, [], SETTINGS);
  let stop: (() => Promise<void>) | null = null;
  try {
    await codeOf(run);
    await until('the server', () => Promise.resolve(run.text().includes('Open https:') || undefined));
    stop = await startNginx(ROOT, documentedServers(path.join(run.data, 'lan-certificate.pem')));
    await work(run);
  } finally {
    await stop?.();
    await run.discard();
  }
}

test('behind nginx a script pairs under the public name, is seen with its own address, and gets the stream as it comes', async () => {
  await withProxy(async (run) => {
    const host = `monitor.example:${ROOT}`;
    const base = `https://127.0.0.1:${ROOT}`;
    const headers = { host, origin: `https://${host}`, 'content-type': 'application/json', 'x-forwarded-for': '9.9.9.9' };
    expect(await ask('POST', `${base}/api/auth/pair`, { ...headers, origin: 'https://evil.example' }, {})).toMatchObject({ status: 403 });
    const foreign = await ask('GET', `${base}/`, { host: 'evil.example', accept: 'text/html' });
    expect(foreign).toMatchObject({ status: 421, body: expect.stringContaining('public URL') });
    expect(await ask('GET', `${base}/metrics`, { host })).toMatchObject({ status: 401 });

    const requested = await ask('POST', `${base}/api/auth/pair`, headers, { code: await codeOf(run), name: 'phone' });
    expect(requested.status).toBe(202);
    const ticket = String(requested.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    const { value } = JSON.parse(requested.body) as { value: { id: string } };
    const approved = await ask('GET', `${base}/api/auth/pair/${value.id}?wait=5`, { host, cookie: ticket });
    const session = [approved.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0]).find((line) => line?.startsWith('__Host-')) ?? '';
    await until('the address of the browser', () => Promise.resolve(run.text().includes('Approved as viewer: phone (127.0.0.7)') || undefined));

    const stream = await ask('GET', `${base}/api/stream?interval=1`, { host, cookie: session }, undefined, /^event: batch$[^]*^event: batch$/m);
    expect(stream.status).toBe(200);
    expect(stream.body).toMatch(/^event: batch$/m);
  });
});

test('below a path of another site the page opens in a browser, signs in and stays live', async ({ browser }) => {
  await withProxy(async (run) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const failed: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 404) failed.push(response.url());
    });
    await page.goto(`https://127.0.0.1:${BELOW}/traywatch`);
    await page.getByLabel('Pairing code').fill(await codeOf(run));
    await page.getByRole('button', { name: 'Request access' }).click();
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
    await expect(page.locator('.value').first()).toHaveText(/\d/);
    const paths = (await context.cookies()).map(({ name, path: at }) => `${name} ${at}`).toSorted();
    expect(paths).toEqual(['__Host-traywatch /', '__Secure-traywatch-refresh /traywatch/api/auth']);
    // Signed in still, and by the refresh token alone as well.
    await context.clearCookies({ name: '__Host-traywatch' });
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
    expect(failed).toEqual([]);
    await context.close();
  });
});
