/** The page of all machines, and every page of each: over a made-up hub, in a browser. */
import type { Page } from '@playwright/test';
import { expect } from '../support/e2e';
import { operable, sidewaysScroll, tabThrough } from '../support/e2e/layout';
import { answerWith, callsOf, madeUpAnswers, openMadeUp, pushTo } from '../support/e2e/made-up-hub';
import { idOf, madeUpMachines } from '../support/e2e/made-up-machines';
import { seriousFaults } from '../support/e2e/pictures';
import { test } from '../support/e2e/phone';
import { goTo } from '../support/e2e/shown';

const names = (page: Page): Promise<string[]> => page.locator('.machine h3').allTextContents();
const address = (page: Page): string => new URL(page.url()).hash;

/** Machines that calls named, by call. */
async function machinesOf(page: Page, name: string): Promise<readonly (string | null)[]> {
  return (await callsOf(page)).filter((call) => call.name === name).map(({ machine }) => machine);
}

test('a machine alone has no bar and no entry in the navigation, and is told how others are added', async ({ browser }) => {
  const page = await openMadeUp(browser, madeUpAnswers(madeUpMachines(0)), '/');
  await expect(page.locator('.machine-bar')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'All machines' })).toHaveCount(0);
  await goTo(page, '/machines');
  await expect(page.getByRole('heading', { name: 'Only this machine so far' })).toBeVisible();
  await page.getByRole('link', { name: 'Add machine' }).click();
  await expect(page.getByRole('switch', { name: 'Share on the local network' })).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
});

test('the grid has the worst first, finds, sorts and groups, and its address says so', async ({ browser }) => {
  const page = await openMadeUp(browser, madeUpAnswers(madeUpMachines(24)), '/machines');
  await expect(page.getByText('25 machines')).toBeVisible();
  await expect(page.locator('.machine').first()).toContainText('Disk usage');
  await page.getByLabel('Sort by').selectOption('name');
  await expect.poll(async () => (await names(page)).slice(-1)).toEqual(['web-24']);
  expect(address(page)).toBe('#/machines?sort=name');
  await page.getByLabel('Sort by').selectOption('tag');
  await expect(page.getByRole('heading', { name: 'office' })).toBeVisible();
  await page.getByRole('searchbox').fill('windows web');
  await expect.poll(async () => (await names(page)).toSorted()).toEqual(['web-12', 'web-24']);
  expect(address(page)).toBe('#/machines?sort=tag&find=windows%20web');
  await page.getByRole('searchbox').fill('nothing of the kind');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.locator('.machine')).toHaveCount(25);
});

test('a card opens its machine; links, Back and the switcher keep to machines', async ({ browser }) => {
  const machines = madeUpMachines(6);
  const page = await openMadeUp(browser, madeUpAnswers(machines), '/machines');
  await page.getByRole('link', { name: 'db-1', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  expect(address(page)).toBe(`#/m/${idOf(1)}/`);
  await expect(page.getByLabel('Machine', { exact: true })).toHaveValue(idOf(1));
  await expect(page).toHaveTitle('Overview – db-1 – Traywatch');
  await page.getByRole('link', { name: 'Memory' }).first().click();
  expect(address(page)).toBe(`#/m/${idOf(1)}/memory?range=5m`);
  await expect.poll(async () => (await machinesOf(page, 'series')).at(-1)).toBe(idOf(1));
  // The machine is looked at, and then the next one in its place.
  expect((await callsOf(page)).some(({ name, machine }) => name === 'setViewedFamilies' && machine === idOf(1))).toBe(true);
  await page.getByLabel('Machine', { exact: true }).focus();
  await page.getByLabel('Machine', { exact: true }).selectOption(idOf(5));
  await expect.poll(() => address(page)).toBe(`#/m/${idOf(5)}/memory?range=5m`);
  await expect(page.getByLabel('Machine', { exact: true })).toBeFocused();
  await expect.poll(async () => (await callsOf(page)).findLast(({ name, machine }) => name === 'setViewedFamilies' && machine === idOf(1))?.input).toEqual({ families: [] });
  await page.goBack();
  await expect.poll(() => address(page)).toBe(`#/m/${idOf(1)}/memory?range=5m`);
  await expect(page.getByLabel('Machine', { exact: true })).toHaveValue(idOf(1));
  await page.locator('.machine-bar').getByRole('link', { name: 'All machines' }).click();
  await expect(page.getByRole('heading', { name: 'All machines' })).toBeVisible();
  await page.getByLabel('Sort by').selectOption('name');
  await page.getByRole('link', { name: 'hub', exact: true }).click();
  await expect.poll(() => address(page)).toBe('#/');
});

test('values of a machine are its own: events of this machine and of others change nothing', async ({ browser }) => {
  const page = await openMadeUp(browser, madeUpAnswers(madeUpMachines(3)), `/m/${idOf(2)}/`);
  const usage = page.locator('.card[data-family="cpu"] .card-gauge .value-number');
  await expect(usage).toHaveText('12.0');
  const batch = (value: number) => ({ seq: 2, time: Date.now(), readings: { cpu: { values: { usage: value }, devices: {} } }, faults: {} });
  await pushTo(page, 'batch', batch(77));
  await pushTo(page, 'machineEvent', { machine: idOf(3), name: 'batch', payload: batch(88) });
  await pushTo(page, 'machineEvent', { machine: idOf(2), name: 'batch', payload: batch(33) });
  await expect(usage).toHaveText('33.0');
});

test('what is seen on that machine only says so, and is not in the navigation', async ({ browser }) => {
  const page = await openMadeUp(browser, madeUpAnswers(madeUpMachines(3)), `/m/${idOf(2)}/processes`);
  await expect(page.getByText('All processes of a machine are seen in Traywatch on that machine.')).toBeVisible();
  for (const name of ['Processes', 'Settings', 'Sharing']) await expect(page.getByRole('navigation').getByRole('link', { name, exact: true })).toHaveCount(0);
  await goTo(page, `/m/${'f'.repeat(32)}/`);
  await expect(page.getByText('This machine does not report here.')).toBeVisible();
});

test('a machine that falls silent says so in the bar and on its card, with the age of what is shown', async ({ browser }) => {
  const machines = madeUpMachines(2);
  const page = await openMadeUp(browser, madeUpAnswers(machines), `/m/${idOf(1)}/cpu`);
  await expect(page.locator('.machine-bar')).toContainText('Live');
  await pushTo(page, 'machines', machines.map((machine) => (machine.id === idOf(1) ? { ...machine, state: 'away', reportedAt: Date.now() - 190_000, spark: null } : machine)));
  await expect(page.locator('.machine-bar')).toContainText('Away · last report 3 min ago');
});

test('the settings of a machine are checked, saved, and it is removed after a question that says what goes', async ({ browser }) => {
  const machines = madeUpMachines(3);
  const page = await openMadeUp(browser, { ...madeUpAnswers(machines), saveMachine: machines, removeMachine: machines.slice(0, 3) }, '/machines');
  await page.getByRole('link', { name: 'Settings of db-1' }).click();
  await page.getByLabel('Name', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Enter a name.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('database');
  await page.getByLabel('Tags').fill('servers, cellar');
  await page.getByLabel('Always on').check();
  await page.getByLabel('Silent for').fill('10');
  await page.getByLabel('Up to a size of').fill('200');
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'All machines' })).toBeVisible();
  const saved = (await callsOf(page)).find(({ name }) => name === 'saveMachine');
  expect(saved?.input).toEqual({ id: idOf(1), settings: { name: 'database', tags: ['servers', 'cellar'], alwaysOn: true, silentMinutes: 10, keepDays: 400, maxBytes: 200_000_000 } });
  await page.getByRole('link', { name: 'Settings of laptop-3' }).click();
  await page.getByRole('button', { name: 'Remove…' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('Remove laptop-3 and delete its history here?');
  await answerWith(page, 'machines', machines.slice(0, 3));
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.locator('.machine')).toHaveCount(3);
  expect((await callsOf(page)).find(({ name }) => name === 'removeMachine')?.input).toEqual({ id: idOf(3) });
});

test('reporting to another Traywatch: address and code, the fingerprint, approval, and the end', async ({ browser }) => {
  const hub = { url: 'https://10.0.0.1:8543', hub: 'office', fingerprint: 'AB:CD:EF' };
  const page = await openMadeUp(browser, { ...madeUpAnswers(madeUpMachines(0)), joinHub: { state: 'confirm', ...hub }, leaveHub: { state: 'off' } }, '/settings');
  const section = page.locator('.section', { has: page.getByRole('heading', { name: 'Report to another Traywatch' }) });
  await section.getByLabel('Address').fill('10.0.0.1:8543');
  await section.getByLabel('Pairing code').fill('123 456');
  await section.getByRole('button', { name: 'Continue' }).click();
  await expect(section.getByText('AB:CD:EF')).toBeVisible();
  await section.getByRole('button', { name: 'They are the same: join' }).click();
  const asked = (await callsOf(page)).filter(({ name }) => name === 'joinHub').map(({ input }) => input);
  expect(asked).toEqual([{ url: 'https://10.0.0.1:8543', code: '123456', fingerprint: null }, { url: 'https://10.0.0.1:8543', code: '123456', fingerprint: 'AB:CD:EF' }]);
  await pushTo(page, 'reporting', { state: 'joining', ...hub });
  await expect(section.getByText('Waiting for approval.')).toBeVisible();
  await pushTo(page, 'reporting', { state: 'retrying', ...hub, reportedAt: Date.now() - 60_000, behind: 3_600_000, reason: 'The hub does not answer.' });
  await expect(section.getByText('1 h of history still to be sent.')).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await section.getByRole('button', { name: 'Stop reporting' }).click();
  await section.getByRole('alertdialog').getByRole('button', { name: 'Stop reporting' }).click();
  await expect(section.getByLabel('Address')).toBeVisible();
});

test('a hundred machines: no sideways scroll at any width, everything by keyboard, and a push renders the cards that changed alone', async ({ browser }) => {
  const machines = madeUpMachines(99);
  const page = await openMadeUp(browser, madeUpAnswers(machines), '/machines');
  for (const width of [360, 820, 1120, 1440, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    expect([width, await sidewaysScroll(page)]).toEqual([width, { by: 0, widest: '' }]);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  expect(new Set(await page.locator('.machine').evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().left))).size).toBe(1);
  await page.setViewportSize({ width: 1120, height: 760 });
  await page.evaluate(() => {
    const changed = new Set<string>();
    Object.assign(globalThis, { changed });
    // Ages go on by themselves.
    const cardOf = (target: Node): HTMLElement | null => {
      const element = target instanceof Element ? target : target.parentElement;
      return element?.closest('.machine-age') === null ? element.closest<HTMLElement>('.machine') : null;
    };
    const watch = new MutationObserver((records) => records.forEach(({ target }) => changed.add(cardOf(target)?.dataset['machine'] ?? 'outside')));
    watch.observe(document.querySelector('main') ?? document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await pushTo(page, 'machines', machines.map((machine) => ({ ...machine, spark: null, ...(machine.id === idOf(4) ? { usage: { cpu: 99, memory: 1, disk: 2 } } : {}) })));
  await expect(page.locator(`.machine[data-machine="${idOf(4)}"]`)).toContainText('99.0');
  expect(await page.evaluate(() => [...(globalThis as unknown as { changed: Set<string> }).changed].filter((id) => id !== 'outside'))).toEqual([idOf(4)]);
  expect(await seriousFaults(page)).toEqual([]);
});

test('every control of the grid and of the bar is reached by Tab and shows that it is', async ({ browser }) => {
  for (const start of ['/machines', `/m/${idOf(1)}/timeline`]) {
    const page = await openMadeUp(browser, madeUpAnswers(madeUpMachines(4)), start, { width: 1120, height: 1400 });
    const all = await operable(page);
    const { reached, unseen } = await tabThrough(page, all.length + 20);
    expect(all.filter((_, at) => !reached.has(at))).toEqual([]);
    expect(unseen).toEqual([]);
  }
});
