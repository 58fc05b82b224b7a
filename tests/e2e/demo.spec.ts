/** Demo machines: Traywatch on a folder of made-up files, in the window, and by `npm run demo` without one. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { request } from '@playwright/test';
import { MACHINES } from '../demo/machines';
import { ask } from '../support/e2e/bridge';
import { startMachine } from '../support/e2e/demo';
import { startHeadless } from '../support/e2e/headless';
import { expect, test } from '../support/e2e';
import { ADDRESSES, cutCards } from '../support/e2e/layout';
import { seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';
import { appDir } from '../support/e2e/traywatch';

const LABEL = 'Demo machine: all data is made up.';

for (const spec of Object.values(MACHINES)) {
  test(`the made-up ${spec.name} says on its pages that it is made up`, async ({ start, data }) => {
    test.setTimeout(180_000);
    const machine = await startMachine(spec, data, spec.name === 'board' ? 0 : 1);
    try {
      const app = await start({ env: { TRAYWATCH_ROOT: machine.root } });
      const page = await app.page();
      await expect.poll(async () => (await ask(page, 'snapshot', {})).readings.disk !== undefined).toBe(true);
      const label = page.getByRole('note').filter({ hasText: LABEL });
      await expect(label).toContainText(`demo-${spec.name}`);
      expect(await label.getByRole('button').count()).toBe(0);
      const { faults, readings } = await ask(page, 'snapshot', {});
      expect(faults).toEqual({});
      expect(Object.keys(readings.cpu?.devices ?? {})).toHaveLength(spec.cores);
      expect(await ask(page, 'host', {})).toMatchObject({ hostname: `demo-${spec.name}`, environment: 'demo' });
      await expect.poll(async () => (await app.item()).tooltip()).toContain(`demo-${spec.name} (made-up data)`);
      await expect(ask(page, 'showDataFolder', {})).rejects.toThrow(/not available on a demo machine/);
      await takePictures(app, page, `demo-${spec.name}`, { wide: 900, phone: 800 });
      expect(await seriousFaults(page)).toEqual([]);
      expect(await cutCards(page)).toEqual([]);
      await ask(page, 'setPaused', { paused: true });
      await expect(page.locator('.card[data-stale="paused"]').first()).toBeVisible();
      expect(await cutCards(page)).toEqual([]);
      await ask(page, 'setPaused', { paused: false });
      for (const address of spec.name === 'laptop' ? ADDRESSES : ['/cpu', '/disk']) {
        await goTo(page, address);
        await expect(label).toBeVisible();
      }
      await goTo(page, '/cpu');
      await expect(page.locator('.chart canvas').first()).toBeVisible();
      await takePictures(app, page, `demo-${spec.name}-cpu`, { wide: 900, phone: 800 });
    } finally {
      machine.stop();
    }
  });
}

test('npm run demo starts one without a display, serves it over REST, and leaves nothing behind', async () => {
  test.setTimeout(180_000);
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-demo-spec-'));
  const child = spawn(process.execPath, [path.join(appDir, 'scripts/demo.mjs'), 'nas', '--history=12h', '--headless', '--port=18791'], { cwd: appDir, env: { ...process.env, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const browser = await request.newContext({ ignoreHTTPSErrors: true, extraHTTPHeaders: { origin: 'https://127.0.0.1:18791' } });
  try {
    const found = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
    await expect.poll(() => found(/Open (https:\S+)/), { timeout: 120_000 }).not.toBe('');
    await expect.poll(() => found(/Pairing code: (\d{4} \d{4}) /)).not.toBe('');
    const [url, code] = [found(/Open (https:\S+)/), found(/Pairing code: (\d{4} \d{4}) /).replace(' ', '')];
    expect(text).toContain('Demo machine demo-nas: all data is made up.');
    const asked = (await (await browser.post(`${url}api/auth/pair`, { data: { code, name: 'phone' } })).json()) as { value: { id: string } };
    await expect.poll(async () => (await (await browser.get(`${url}api/auth/pair/${asked.value.id}?wait=5`)).json()) as unknown).toMatchObject({ value: { state: 'approved' } });
    const get = async (address: string): Promise<unknown> => (await (await browser.get(`${url}api/${address}`)).json()) as unknown;
    await expect.poll(() => get('status')).toMatchObject({ status: 'Ok', data: { server_info: { hostname: 'demo-nas', environment: 'demo' } } });
    expect(await (await browser.post(`${url}api/call/appState`, { data: {} })).json()).toMatchObject({ value: { demo: 'demo-nas' } });
    await expect.poll(() => get('metrics/disk'), { timeout: 60_000 }).toMatchObject({ devices: { '/tank': { values: { usage: expect.closeTo(91, 0) } } } });
    const to = Date.now();
    expect(await get(`metrics/cpu/history?from=${to - 10 * 3_600_000}&to=${to - 3_600_000}&points=9&metric=usage`)).toMatchObject({ series: [{ avg: expect.arrayContaining([expect.any(Number)]) }] });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(fs.readdirSync(temporary).filter((name) => name.startsWith('traywatch-demo-'))).toEqual([]);
  } finally {
    child.kill('SIGTERM');
    await ended;
    await browser.dispose();
    fs.rmSync(temporary, { recursive: true, force: true });
  }
});

test('a folder that is no machine, and a real history, are refused with code 2', async () => {
  const run = startHeadless(18_792, [], {}, { variables: { TRAYWATCH_ROOT: '/nowhere' } });
  const mixed = startHeadless(18_793, [], {}, { variables: { TRAYWATCH_ROOT: path.join(appDir, 'tests/fixtures/proc/vm-6.18') } });
  try {
    expect(await run.ended).toBe(2);
    expect(run.text()).toContain('traywatch: TRAYWATCH_ROOT is "/nowhere", where there is no proc/stat');
    expect(await mixed.ended).toBe(2);
    expect(mixed.text()).toContain('holds real data, which is never mixed');
  } finally {
    await run.discard();
    await mixed.discard();
  }
});
