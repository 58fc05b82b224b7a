/** Headless mode, without a display: engine and LAN server, controlled from the terminal and over the network. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, request, test } from '@playwright/test';
import type { APIRequestContext } from '@playwright/test';
import { lockFolder } from '../../src/main/engine/store/folder-lock';
import { until } from '../support/desktop';
import { startHeadless, writeSettings } from '../support/e2e/headless';
import type { Headless } from '../support/e2e/headless';

/** Reads URL and code from the output and pairs with them. Resolves to the URL. */
async function pair(run: Headless, browser: APIRequestContext): Promise<string> {
  const code = await until('a pairing code', () => Promise.resolve(/Pairing code: (\d{4} \d{4}) /.exec(run.text())?.[1]?.replace(' ', '')));
  const url = await until('an address', () => Promise.resolve(/Open (https:\S+)/.exec(run.text())?.[1]));
  expect((await browser.post(`${url}api/call/snapshot`, { data: {} })).status()).toBe(401);
  const asked = (await (await browser.post(`${url}api/auth/pair`, { data: { code, name: 'phone' } })).json()) as { value: { id: string } };
  await expect.poll(async () => (await (await browser.get(`${url}api/auth/pair/${asked.value.id}?wait=5`)).json()) as unknown).toMatchObject({ value: { state: 'approved' } });
  return url;
}

const browserAt = (port: number): Promise<APIRequestContext> => request.newContext({ ignoreHTTPSErrors: true, extraHTTPHeaders: { origin: `https://127.0.0.1:${port}` } });

test('prints URL and pairing code, approves the browser that uses it, and ends cleanly', async () => {
  const run = startHeadless(18_549);
  const browser = await browserAt(18_549);
  try {
    const url = await pair(run, browser);
    expect(run.text()).toMatch(/Certificate fingerprint \(SHA-256\): [0-9A-F:]{95}/);
    expect(run.text()).toContain('(viewer, one browser, expires in 5 min)');
    await until('the words for it', () => Promise.resolve(run.text().includes('Approved as viewer: phone (127.0.0.1)') || undefined));
    await expect.poll(async () => (await (await browser.post(`${url}api/call/snapshot`, { data: {} })).json()) as unknown).toMatchObject({ ok: true, value: { seq: expect.any(Number) } });
    expect(await (await browser.post(`${url}api/call/setPaused`, { data: { paused: true } })).json()).toMatchObject({ ok: false, code: 'Forbidden' });
    expect(await run.stop()).toBe(0);
    expect(run.text()).toMatch(/Stopped\.\n$/);
  } finally {
    await browser.dispose();
    await run.discard();
  }
});

test('with --pair-as=admin its code pairs an admin, which it prints', async () => {
  const run = startHeadless(18_550, ['--pair-as=admin']);
  const browser = await browserAt(18_550);
  try {
    const url = await pair(run, browser);
    expect(run.text()).toContain('(admin, one browser, expires in 5 min)');
    await until('the words for it', () => Promise.resolve(run.text().includes('Approved as admin: phone (127.0.0.1)') || undefined));
    expect(await (await browser.post(`${url}api/call/setPaused`, { data: { paused: true } })).json()).toMatchObject({ ok: true, value: { paused: true } });
    // Calls of Traywatch's own window are not available over the network, even to an admin.
    expect((await browser.post(`${url}api/call/lanAccess`, { data: {} })).status()).toBe(404);
  } finally {
    await browser.dispose();
    await run.discard();
  }
});

test('an unknown role is refused, and nothing starts', async () => {
  const run = startHeadless(18_551, ['--pair-as=root']);
  try {
    expect(await run.ended).toBe(2);
    expect(run.text()).toBe('traywatch: --pair-as must be viewer or admin, as in --pair-as=admin; got "--pair-as=root"');
  } finally {
    await run.discard();
  }
});

test('with settings that are damaged it listens on this machine only, and says so, also at the next start', async () => {
  const quarantined = 'settings.corrupt-20261121T034500Z.json';
  const damaged = (data: string): void => writeSettings(data, '{"version":3,"lan":{"addresses":["127.0.0.1"]');
  const earlier = (data: string): void => fs.writeFileSync(path.join(data, quarantined), '{');
  for (const [prepare, reason] of [[damaged, /\(not JSON: .*\)/], [earlier, /at an earlier start/]] as const) {
    const run = startHeadless(0, [], prepare);
    try {
      // Whether another program has the port does not matter here.
      await until('the address', () => Promise.resolve(/(?:Open https:\/\/|not running: )127\.0\.0\.1:8543/.exec(run.text())?.[0]));
      expect(run.text()).toMatch(/^Warning: Settings file was invalid\. .*this machine only/m);
      expect(run.text()).toMatch(reason);
      const hosts = [...run.text().matchAll(/https?:\/\/([^:/\s]+)/g)].map(([, host]) => host);
      expect(hosts.filter((host) => host !== '127.0.0.1')).toEqual([]);
      expect(await run.stop()).toBe(0);
    } finally {
      await run.discard();
    }
  }
});

test('in a folder that another process has it says so and ends', async () => {
  const locks: ReturnType<typeof lockFolder>[] = [];
  const run = startHeadless(18_552, [], (data) => void locks.push(lockFolder(data)));
  try {
    expect(await run.ended).toBe(1);
    expect(run.text()).toMatch(/^traywatch: Another Traywatch process uses .*--user-data-dir=DIR$/);
  } finally {
    await run.discard();
    for (const lock of locks) if (lock.state === 'held') lock.release();
  }
});
