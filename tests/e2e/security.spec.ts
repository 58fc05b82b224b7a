import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test as base } from '../support/e2e';
import type { Traywatch } from '../support/e2e';
import { ask, callBridge } from '../support/e2e/bridge';
import type { PageWorld } from '../support/e2e/bridge';
import { startTarget } from '../support/e2e/target';
import type { Target } from '../support/e2e/target';
import { appDir } from '../support/e2e/traywatch';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const test = base.extend<{ target: Target }>({
  target: async ({ data: _data }, use) => {
    const target = await startTarget();
    await use(target);
    await target.close();
  },
});

/** Directives of the policy that refused something on the page so far. */
async function violations(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const world = globalThis as unknown as { refused: string[] };
    world.refused = [];
    document.addEventListener('securitypolicyviolation', (event) => world.refused.push(event.effectiveDirective));
  });
  return () => page.evaluate(() => (globalThis as unknown as { refused: string[] }).refused);
}

const refusals = (app: Traywatch): string[] => app.log().filter(({ message }) => message.startsWith('refused: ')).map(({ message, fields }) => `${message.slice(9)} ${String(fields?.['detail'])}`);

/** The page is where it was, alone, and still answered. */
async function expectUnharmed(app: Traywatch, page: Page, target: Target): Promise<void> {
  expect(page.url()).toMatch(/^traywatch:\/\/app\/#/);
  expect(await ask(page, 'snapshot', {})).toMatchObject({ paused: false });
  expect(app.electron.windows()).toHaveLength(1);
  expect(await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
  expect(target.seen).toEqual([]);
}

test('the page has nothing of Node or Electron but two functions, and its process is locked down', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  const world = await page.evaluate(() => {
    const names = ['require', 'process', 'module', 'exports', 'global', 'Buffer', '__dirname', 'electron', 'ipcRenderer', 'setImmediate'];
    const { traywatch } = globalThis as unknown as PageWorld;
    return { found: names.filter((name) => name in globalThis), bridge: Object.keys(traywatch), called: String(traywatch.call.constructor === Function) };
  });
  expect(world).toEqual({ found: [], bridge: ['call', 'subscribe'], called: 'true' });
  const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInSubFrames: false });
  expect(preferences['nodeIntegrationInWorker'] ?? false).toBe(false);
  expect(preferences).toMatchObject({ webSecurity: true, webviewTag: false, allowRunningInsecureContent: false, experimentalFeatures: false });
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(appDir, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  expect(Object.keys(dependencies).filter((name) => name.includes('remote'))).toEqual([]);
  expect(fs.readFileSync(path.join(appDir, 'out', 'main', 'index.cjs'), 'utf8')).not.toMatch(/@electron\/remote|enableRemoteModule|no-sandbox['"]\s*\)/);
  // The bridge cannot be swapped for another one by a script that got in.
  await page.evaluate(() => {
    try {
      (globalThis as unknown as { traywatch: object }).traywatch = {};
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  });
  expect(await ask(page, 'snapshot', {})).toMatchObject({ paused: false });
});

test('it cannot leave its page, open another, or frame one', async ({ start, target }) => {
  const app = await start();
  const page = await app.page();
  const refused = await violations(page);
  expect(await page.evaluate((url) => window.open(url) === null && window.open('about:blank') === null, target.url)).toBe(true);
  await page.evaluate((url) => {
    const link = document.createElement('a');
    link.href = `${url}/link`;
    link.target = '_blank';
    document.body.append(link);
    link.click();
    link.remove();
  }, target.url);
  await expect.poll(() => refusals(app)).toEqual(expect.arrayContaining([`window ${target.url}/`, 'window about:blank', `window ${target.url}/link`]));
  await page.evaluate((url) => location.assign(`${url}/location`), target.url);
  await expect.poll(() => refusals(app)).toContain(`navigation ${target.url}/location`);
  await page.evaluate(() => location.assign('file:///etc/passwd'));
  await page.evaluate(() => location.assign('data:text/html,<p>elsewhere'));
  await page.evaluate(() => location.assign('javascript:document.title="owned"'));
  await page.evaluate((url) => {
    const refresh = document.createElement('meta');
    refresh.httpEquiv = 'refresh';
    refresh.content = `0;url=${url}/meta`;
    document.head.append(refresh);
  }, target.url);
  await expect.poll(() => refusals(app)).toContain(`navigation ${target.url}/meta`);
  await page.evaluate((url) => {
    document.body.insertAdjacentHTML('beforeend', `<iframe src="${url}/frame"></iframe><iframe src="traywatch://app/"></iframe><object data="${url}/object"></object><embed src="${url}/embed"><webview src="${url}/webview"></webview>`);
    document.body.insertAdjacentHTML('beforeend', `<form action="${url}/form" method="post"></form>`);
    (document.body.lastElementChild as HTMLFormElement).submit();
  }, target.url);
  await expect.poll(refused).toEqual(expect.arrayContaining(['frame-src', 'object-src', 'form-action']));
  expect(await page.title()).not.toBe('owned');
  await expectUnharmed(app, page, target);
});

test('it runs no script and loads nothing but its own', async ({ start, target }) => {
  const app = await start();
  const page = await app.page();
  const refused = await violations(page);
  const outcome = await page.evaluate(async (url) => {
    const world = globalThis as unknown as Record<string, unknown>;
    const script = document.createElement('script');
    script.textContent = 'globalThis.ownedInline = true';
    document.head.append(script);
    const remote = document.createElement('script');
    remote.src = `${url}/script.js`;
    document.head.append(remote);
    document.body.insertAdjacentHTML('beforeend', `<img src="${url}/pixel.png" onerror="globalThis.ownedHandler = true"><link rel="stylesheet" href="${url}/style.css"><p style="position:fixed" id="styled"></p>`);
    // Off the debugger's own call, which may evaluate whatever it likes.
    await new Promise((resolve) => setTimeout(resolve));
    const tried: Record<string, string> = {};
    const attempt = async (name: string, action: () => unknown) => {
      tried[name] = await Promise.resolve().then(action).then(() => 'done', (error: unknown) => (error as Error).name);
    };
    for (const name of ['eval', 'Function']) await attempt(name, () => Reflect.apply(world[name] as () => unknown, null, [`globalThis.owned${name} = true`]));
    await attempt('fetch', () => fetch(`${url}/fetch`));
    await attempt('fetch elsewhere', () => fetch('https://example.invalid/'));
    await attempt('worker', () => new Promise((resolve, reject) => {
      const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));
      worker.addEventListener('message', resolve);
      worker.addEventListener('error', () => reject(new Error('refused')));
    }));
    await attempt('socket', () => new Promise((resolve, reject) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('refused')));
    }));
    await attempt('events', () => new Promise((resolve, reject) => {
      const source = new EventSource(`${url}/events`);
      source.addEventListener('open', resolve);
      source.addEventListener('error', () => reject(new Error('refused')));
    }));
    navigator.sendBeacon(`${url}/beacon`, 'x');
    const owned = Object.keys(world).filter((name) => name.startsWith('owned'));
    return { tried, owned, styled: getComputedStyle(document.querySelector('#styled') ?? document.body).position };
  }, target.url);
  expect(outcome.owned).toEqual([]);
  expect(outcome.styled).toBe('static');
  expect(Object.entries(outcome.tried).filter(([, how]) => how === 'done')).toEqual([]);
  expect(outcome.tried['eval']).toBe('EvalError');
  await expect.poll(refused).toEqual(expect.arrayContaining(['script-src-elem', 'script-src-attr', 'script-src', 'img-src', 'style-src-elem', 'style-src-attr', 'connect-src', 'worker-src']));
  await expectUnharmed(app, page, target);
});

test('it gets no permission and downloads nothing', async ({ desktop, start, target }) => {
  const app = await start();
  const page = await app.page();
  const answers = await page.evaluate(async () => {
    const outcome = (promise: Promise<unknown>): Promise<string> => promise.then((value) => `granted ${String(value)}`, (error: unknown) => (error as Error).name);
    const position = new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, (error) => reject(Object.assign(new Error(error.message), { name: `code ${error.code}` }))));
    return {
      geolocation: await outcome(position),
      notifications: await Notification.requestPermission(),
      camera: await outcome(navigator.mediaDevices.getUserMedia({ video: true })),
      clipboard: await outcome(navigator.clipboard.readText()),
      screen: await outcome(navigator.mediaDevices.getDisplayMedia()),
    };
  });
  expect(answers).toEqual({ geolocation: 'code 1', notifications: 'denied', camera: expect.stringMatching(/Error$/), clipboard: 'NotAllowedError', screen: expect.stringMatching(/Error$/) });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'owned.txt';
    link.click();
  });
  await expect.poll(() => refusals(app).some((line) => line.startsWith('download '))).toBe(true);
  expect(fs.readdirSync(desktop.env.HOME ?? '', { recursive: true }).map(String).filter((name) => name.includes('owned'))).toEqual([]);
  expect(desktop.notifications()).toEqual([]);
  await expectUnharmed(app, page, target);
});

test('calls that are none, and inputs out of all measure, are refused as values', async ({ start, target }) => {
  const app = await start();
  const page = await app.page();
  for (const name of ['nothing', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'traywatch:call', 7, null, {}, ['snapshot'], 'x'.repeat(1e6)]) {
    const result = await callBridge(page, name, {});
    expect(result, JSON.stringify(name).slice(0, 40)).toMatchObject({ ok: false, code: 'NotFound' });
    expect(JSON.stringify(result).length).toBeLessThan(300);
  }
  const polluted = JSON.parse('{"theme":"dark","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown;
  for (const input of [polluted, [], 5, 'text', { theme: { toString: 'dark' } }, { environment: 'x'.repeat(1e7) }]) {
    expect(await callBridge(page, 'updateSettings', input), JSON.stringify(input).slice(0, 60)).toMatchObject({ ok: false, code: 'BadInput' });
  }
  const huge = { series: Array.from({ length: 100_000 }, (_, index) => `cpu.usage@${index}`), from: 0, to: 1, points: 1 };
  expect(await callBridge(page, 'series', huge)).toMatchObject({ ok: false, code: 'BadInput' });
  const deep = await page.evaluate(() => {
    let input: unknown = 1;
    for (let depth = 0; depth < 200; depth += 1) input = { input };
    return (globalThis as unknown as PageWorld).traywatch.call('setViewedFamilies', { families: input });
  });
  expect(deep).toMatchObject({ ok: false, code: 'BadInput' });
  const quoted = await ask(page, 'series', { series: ["cpu.usage'; DROP TABLE series; --", '../../etc/passwd', 'cpu.usage@\0'], from: 0, to: 1e13, points: 5 });
  expect(quoted.series.map(({ time }) => time)).toEqual([[], [], []]);
  expect(await app.electron.evaluate(() => ({} as Record<string, unknown>)['polluted'] ?? null)).toBeNull();
  expect((await ask(page, 'appState', {})).settings.theme).toBe('system');
  await expectUnharmed(app, page, target);
});

test('a bridge in any other page is refused', async ({ start, target }) => {
  const app = await start();
  const page = await app.page();
  const strangers = ['data:text/html,<p>stranger', 'about:blank', `${target.url}/stranger`, 'traywatch://app.evil/', 'traywatch://other/index.html'];
  for (const url of strangers) {
    const answers = await app.electron.evaluate(
      async ({ app: main, BrowserWindow }, address) => {
        const stranger = new BrowserWindow({ show: false, webPreferences: { preload: `${main.getAppPath()}/out/preload/index.cjs`, sandbox: true } });
        // A 404 is a page too, with the preload in it.
        await stranger.loadURL(address).catch(() => undefined);
        const script = `new Promise((resolve) => {
          let heard = 0;
          traywatch.subscribe(() => { heard += 1; });
          Promise.all(['snapshot', 'appState', 'updateSettings', 'nothing'].map((name) => traywatch.call(name, {}))).then((results) => resolve({ codes: results.map((result) => result.code), heard }));
        })`;
        const result = (await stranger.webContents.executeJavaScript(script)) as unknown;
        stranger.destroy();
        return result;
      },
      url,
    );
    expect(answers, url).toEqual({ codes: ['Forbidden', 'Forbidden', 'Forbidden', 'Forbidden'], heard: 0 });
  }
  expect(target.seen.filter((line) => !line.endsWith('/stranger') && !line.endsWith('/favicon.ico'))).toEqual([]);
  const inFrame = await page.evaluate(() => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    return 'traywatch' in (frame.contentWindow ?? {});
  });
  expect(inFrame).toBe(false);
});

test('its files come under the strict policy, and nothing beside them comes at all', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  const own = await page.evaluate(async () => {
    const response = await fetch('traywatch://app/');
    return { status: response.status, ...Object.fromEntries(response.headers) };
  });
  expect(own).toMatchObject({ status: 200, 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'content-type': 'text/html; charset=utf-8' });
  const outside = ['../../etc/passwd', '..%2f..%2f..%2f..%2fetc%2fpasswd', '%2e%2e/%2e%2e/package.json', '%2e%2e%2fmain/index.cjs', '..\\..\\main\\index.cjs', '..%5c..%5cmain%5cindex.cjs', '/etc/passwd', 'index.html%00.js', '%zz', 'assets', 'assets/', '%252e%252e%252fmain/index.cjs'];
  for (const address of outside) {
    const statuses = [
      await page.evaluate(async (url) => (await fetch(url)).status, `traywatch://app/${address}`),
      await app.electron.evaluate(async ({ net }, url) => (await net.fetch(url)).status, `traywatch://app/${address}`),
    ];
    expect(statuses, address).toEqual([404, 404]);
  }
  expect(await app.electron.evaluate(async ({ net }) => (await net.fetch('traywatch://app/', { method: 'POST', body: 'x' })).status)).toBe(404);
  expect(await app.electron.evaluate(async ({ net }) => (await net.fetch('traywatch://elsewhere/index.html')).status)).toBe(404);
});
