/** The program without a desktop: engine and LAN server, controlled from the terminal and over the network; under plain Node, and once under Electron, as packages of the desktop have it. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, request, test } from '@playwright/test';
import type { APIRequestContext } from '@playwright/test';
import { lockFolder } from '../../src/main/engine/store/folder-lock';
import { until } from '../support/desktop';
import { startHeadless, writeSettings } from '../support/e2e/headless';
import type { Headless, HeadlessRuntime } from '../support/e2e/headless';
import { appDir } from '../support/e2e/traywatch';

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

const RUNTIMES: readonly (readonly [runtime: HeadlessRuntime, name: string])[] = [['node', 'plain Node'], ['electron', 'Electron']];

for (const [runtime, name] of RUNTIMES) {
  test(`under ${name} it prints URL and pairing code, approves the browser that uses it, and ends cleanly`, async () => {
    const run = startHeadless(18_549, [], {}, { runtime });
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
}

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

test('an interrupt ends it as well, and SIGHUP prints another code', async () => {
  const run = startHeadless(18_554);
  const codes = (): number => [...run.text().matchAll(/Pairing code: /g)].length;
  try {
    await until('the first code', () => Promise.resolve(codes() === 1 || undefined));
    run.newCode();
    await until('the second code', () => Promise.resolve(codes() === 2 || undefined));
    expect(await run.stop('SIGINT')).toBe(0);
    expect(run.text()).toMatch(/Stopped\.\n$/);
  } finally {
    await run.discard();
  }
});

/** Runs a program to its end, with a home of its own. */
async function runToEnd(command: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-headless-'));
  const child = spawn(command, args, { cwd: home, env: { PATH: process.env['PATH'], HOME: home, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (chunk: string) => (texts[name] += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  fs.rmSync(home, { recursive: true, force: true });
  return { code, ...texts };
}

const PROGRAM = path.join(appDir, 'out/headless/traywatch.cjs');

test('its file is a program: version, help and diagnostics, without a display and without Electron', async () => {
  const version = (JSON.parse(fs.readFileSync(path.join(appDir, 'package.json'), 'utf8')) as { version: string }).version;
  expect(await runToEnd(PROGRAM, ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect((await runToEnd(PROGRAM, ['--help'])).stdout).toContain('--pair-as=ROLE');
  const { code, stdout } = await runToEnd(PROGRAM, ['--diagnose']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}Runtime: Node \d/m);
  expect(stdout).toMatch(/^Desktop\n {2}None$/m);
  const built = fs.readdirSync(path.join(appDir, 'out/headless')).map((name) => fs.readFileSync(path.join(appDir, 'out/headless', name), 'utf8'));
  expect(built.length).toBeGreaterThan(5);
  expect(built.filter((text) => /\brequire\((["'`])electron\1\)/.test(text))).toEqual([]);
});

test('an old Node is told so before anything is loaded', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-old-'));
  const old = path.join(folder, 'old.cjs');
  fs.writeFileSync(old, "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2', napi: '9' } });");
  const { code, stdout, stderr } = await runToEnd(process.execPath, ['--require', old, PROGRAM]);
  fs.rmSync(folder, { recursive: true });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe('traywatch: this is Node 20.20.2, which is too old. Install Node 24, or another from 22.14 or 23.6 on.\n');
});

test('npm start -- --headless looks for no Electron', async () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-start-'));
  const data = path.join(home, 'data');
  fs.mkdirSync(data);
  writeSettings(data, JSON.stringify({ version: 2, lan: { addresses: ['127.0.0.1'], port: 18_555 } }));
  // With a runtime that is not there, a start that asked for one would fail.
  const child = spawn(process.execPath, [path.join(appDir, 'scripts/start.mjs'), '--headless', `--user-data-dir=${data}`], { env: { PATH: process.env['PATH'], HOME: home, ELECTRON_OVERRIDE_DIST_PATH: path.join(home, 'nowhere') }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  try {
    await expect.poll(() => text, { timeout: 30_000 }).toContain('Open https://127.0.0.1:18555/');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGTERM');
    await ended;
    fs.rmSync(home, { recursive: true, force: true });
  }
});
