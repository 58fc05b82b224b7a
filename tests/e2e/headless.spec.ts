/** Without a display: engine and LAN server alone, driven from the terminal and over the network. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, request, test } from '@playwright/test';
import { until } from './desktop';
import { appDir } from './support/traywatch';

test('it prints where to watch and a code, lets in who has it, and ends cleanly', async () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-headless-'));
  const data = path.join(home, 'data');
  fs.mkdirSync(data);
  fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 2, lan: { addresses: ['127.0.0.1'], port: 18_549 } }));
  // Chromium's sandbox cannot start as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(process.env['TRAYWATCH_ELECTRON'] ?? '', [...sandbox, appDir, '--headless', `--user-data-dir=${data}`], { env: { PATH: process.env['PATH'], HOME: home }, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const browser = await request.newContext({ ignoreHTTPSErrors: true, extraHTTPHeaders: { origin: 'https://127.0.0.1:18549' } });
  try {
    const code = await until('a pairing code', () => Promise.resolve(/Pairing code, [^:]+: (\d{6})/.exec(text)?.[1]));
    const url = await until('an address', () => Promise.resolve(/Watch at (https:\S+)/.exec(text)?.[1]));
    expect(text).toMatch(/fingerprint of the certificate: [0-9A-F:]{95}/);
    expect((await browser.post(`${url}api/call/snapshot`, { data: {} })).status()).toBe(401);
    const asked = (await (await browser.post(`${url}api/auth/pair`, { data: { code, name: 'phone' } })).json()) as { value: { id: string } };
    await expect.poll(async () => (await (await browser.get(`${url}api/auth/pair/${asked.value.id}?wait=5`)).json()) as unknown).toMatchObject({ value: { state: 'approved' } });
    await until('the words for it', () => Promise.resolve(text.includes('Let in: phone (127.0.0.1)') || undefined));
    await expect.poll(async () => (await (await browser.post(`${url}api/call/snapshot`, { data: {} })).json()) as unknown).toMatchObject({ ok: true, value: { seq: expect.any(Number) } });
    expect(await (await browser.post(`${url}api/call/setPaused`, { data: { paused: true } })).json()).toMatchObject({ ok: false, code: 'Forbidden' });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(text).toMatch(/Stopped\.\n$/);
  } finally {
    await browser.dispose();
    child.kill('SIGKILL');
    await ended;
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
