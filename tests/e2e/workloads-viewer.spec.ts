/** Containers and services in a browser on the LAN: a viewer and an admin see how they are, no secret, and can change nothing of them. */
import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import type { CallName } from '../../src/shared/api/contract';
import { VALID_INPUTS } from '../support/call-inputs';
import { expect } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { sixtyContainers, startFakeEngine } from '../support/e2e/fake-engine';
import { sidewaysScroll } from '../support/e2e/layout';
import { approveBrowser, PHONE, share, test } from '../support/e2e/phone';
import { pictures, seriousFaults } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';
import { webServer } from '../support/e2e/web-server';

const SECRET = 'Bearer of-a-secret-91c4';
const WIDE = { width: 1120, height: 900 };
/** Services are read each ten seconds, and containers each five while their page is open. */
const MEASURED = { timeout: 40_000 } as const;

/** Calls that only the machine itself has. */
const LOCAL: readonly CallName[] = ['containerAction', 'measureContainerDisk', 'serviceConfigs', 'saveService', 'removeService', 'testService', 'newHeartbeat', 'exportServices', 'importServices'];

/** Keeps the text of every answer that the page gets from now on, but for live streams, which have no end. */
function collectAnswers(phone: Page): () => Promise<string> {
  const texts: Promise<string>[] = [];
  phone.on('response', (response) => {
    const type = response.headers()['content-type'] ?? '';
    // An answer that the page no longer waited for has no text.
    if (type.includes('json')) texts.push(response.text().catch(() => ''));
  });
  return async () => (await Promise.all(texts)).join('\n');
}

/** What a script in the page gets from the server with the session of the page. */
function callByHand(phone: Page, name: CallName, input: unknown): Promise<{ status: number; body: string }> {
  return phone.evaluate(
    async ([call, body]) => {
      const response = await fetch(`/api/call/${call}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: body ?? '{}' });
      return { status: response.status, body: await response.text() };
    },
    [name, JSON.stringify(input)] as const,
  );
}

const buttonsOf = (phone: Page): Promise<string[]> => phone.locator('main').locator('button, a.button').allInnerTexts();
const CHANGING = /\b(start|stop|restart|measure|add service|edit|test|import|save|remove)\b/i;

async function seesContainers(phone: Page): Promise<void> {
  await goTo(phone, '/container');
  const row = phone.getByRole('row').filter({ has: phone.locator('th a[title="shop-web-1"]') });
  await expect(row).toContainText('Running', MEASURED);
  await expect(row.locator('[data-column="spark"] path').first()).toHaveAttribute('d', /L/, MEASURED);
  await expect(row.locator('[data-column="uptime"]')).toHaveText(/\d/, MEASURED);
  expect((await buttonsOf(phone)).filter((text) => CHANGING.test(text))).toEqual([]);
  await row.getByRole('link').click();
  const facts = phone.getByRole('region', { name: 'Container', exact: true });
  await expect(facts).toContainText('2 variables, hidden');
  await expect(facts).toContainText('Running');
  await expect(phone.getByRole('figure').first()).toBeVisible();
  expect((await buttonsOf(phone)).filter((text) => CHANGING.test(text))).toEqual([]);
  await expect(facts).not.toContainText('turned off');
}

async function seesServices(phone: Page): Promise<void> {
  await goTo(phone, '/service');
  const row = phone.getByRole('list', { name: 'Services' }).getByRole('listitem').filter({ hasText: 'Shop' });
  await expect(row).toContainText('Up', MEASURED);
  await expect(row.locator('.uptimes')).toContainText(/24 h\d+(\.\d\d)?\u202f%/u, MEASURED);
  await expect(row.locator('.latency-stroke')).toHaveAttribute('d', /L/, MEASURED);
  await expect(row.locator('svg.day-bar [data-level="up"]')).toHaveCount(1, MEASURED);
  expect((await buttonsOf(phone)).filter((text) => CHANGING.test(text))).toEqual([]);
  // The editor by its address, as from a link of the machine itself.
  await goTo(phone, '/service?edit=%2B');
  await expect(phone.getByLabel('Name', { exact: true })).toHaveCount(0);
  expect((await buttonsOf(phone)).filter((text) => CHANGING.test(text))).toEqual([]);
  await goTo(phone, '/service');
  await row.getByRole('link', { name: 'Shop', exact: true }).click();
  const panel = phone.getByRole('region', { name: 'Service', exact: true });
  await expect(panel).toContainText('Up');
  await expect(panel.locator('.uptimes')).toContainText(/24 h\d/, MEASURED);
  await expect(phone.getByRole('figure').first()).toBeVisible();
  expect((await buttonsOf(phone)).filter((text) => CHANGING.test(text))).toEqual([]);
}

/** Pictures of the four pages as a phone has them, none of which scrolls sideways or has a serious fault. */
async function onAPhone(phone: Page): Promise<void> {
  await phone.setViewportSize(PHONE);
  for (const [name, address] of [['containers', '/container'], ['services', '/service'], ['container', '/container?device=shop%2Fweb'], ['service', '/service?device=shop-0000']] as const) {
    await goTo(phone, address);
    await expect(phone.locator('main')).toContainText(name.startsWith('container') ? /shop/ : 'Up');
    expect(await sidewaysScroll(phone)).toEqual({ by: 0, widest: '' });
    expect(await seriousFaults(phone)).toEqual([]);
    await phone.screenshot({ path: path.join(pictures, `viewer-${name}.png`) });
  }
  await phone.setViewportSize(WIDE);
}

async function isRefused(phone: Page, role: 'viewer' | 'admin'): Promise<void> {
  for (const name of LOCAL) expect([name, (await callByHand(phone, name, VALID_INPUTS[name])).status]).toEqual([name, 404]);
  for (const patch of [{ services: [] }, { containers: { actions: true } }]) {
    const { status } = await callByHand(phone, 'updateSettings', patch);
    expect([role, status]).toEqual([role, 403]);
  }
}

async function pairWide(desktop: Page, browser: Browser, url: string, role: 'viewer' | 'admin'): Promise<Page> {
  const phone = await approveBrowser(desktop, browser, url, role);
  await phone.setViewportSize(WIDE);
  return phone;
}

test('a viewer and an admin in a browser see containers and services, no secret of them, and cannot change them', async ({ start, data, browser }) => {
  test.setTimeout(240_000);
  const socket = path.join(path.dirname(data), 'engine.sock');
  const engine = await startFakeEngine(socket, sixtyContainers());
  const web = await webServer();
  try {
    const desktop = await (await start({ env: { DOCKER_HOST: `unix://${socket}` } })).page();
    // What is allowed at the machine is not allowed in a browser for that.
    await ask(desktop, 'updateSettings', { containers: { actions: true } });
    await ask(desktop, 'saveService', { service: { kind: 'http', id: 'shop-0000', name: 'Shop', url: web.url, headers: ['Authorization'], intervalSeconds: 10 }, secrets: { 'header:Authorization': SECRET } });
    await expect.poll(() => web.lastHeaders().authorization, MEASURED).toBe(SECRET);
    // The bar of days is loaded once in a quarter of an hour.
    await expect.poll(async () => (await ask(desktop, 'stats', { series: ['service.up@shop-0000'], from: 1, to: Date.now() + 60_000 }))[0]?.avg, MEASURED).toBe(1);
    const url = await share(desktop, 18_551);
    const before = await ask(desktop, 'serviceConfigs', {});
    for (const role of ['viewer', 'admin'] as const) {
      const phone = await pairWide(desktop, browser, url, role);
      const answers = collectAnswers(phone);
      await seesContainers(phone);
      await seesServices(phone);
      await isRefused(phone, role);
      if (role === 'viewer') await onAPhone(phone);
      const told = await answers();
      expect(told).toContain('shop-web-1');
      // An admin may see how a container was started, as in the table of processes.
      const hidden = [SECRET, 'do-not-show', web.url, socket, ...(role === 'viewer' ? ['/srv/data', '--port'] : [])];
      expect(hidden.filter((text) => told.includes(text))).toEqual([]);
      await phone.context().close();
    }
    expect(await ask(desktop, 'serviceConfigs', {})).toEqual(before);
    expect((await ask(desktop, 'containers', {})).containers.filter(({ name, state }) => name === 'shop-web-1' && state === 'running')).toHaveLength(1);
  } finally {
    await web.stop();
    await engine.stop();
  }
});
