/** The Sharing page: choice of the network interfaces on which the server listens. */
import type { NetworkInterfaceInfo } from 'node:os';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';
import type { Traywatch } from '../support/e2e/traywatch';

function address(at: string, internal = false): NetworkInterfaceInfo {
  const plain = { address: at, netmask: '', mac: '02:00:00:00:00:01', internal, cidr: null };
  return at.includes(':') ? { ...plain, family: 'IPv6', scopeid: 0 } : { ...plain, family: 'IPv4' };
}

const LO = [address('127.0.0.1', true), address('::1', true)];
const ETHERNET = [address('192.168.1.42'), address('2001:db8:4:1::42'), address('fe80::1c2d:3e4f:5a6b:7c8d')];

/** Makes the app see other network interfaces, since a test cannot unplug cables. */
async function setInterfaces({ electron }: Traywatch, interfaces: Record<string, NetworkInterfaceInfo[]>): Promise<void> {
  await electron.evaluate((_electron, list) => void Object.assign(process.getBuiltinModule('node:os'), { networkInterfaces: () => list }), interfaces);
}

const addressesOf = async (page: Page): Promise<unknown> => (await ask(page, 'appState', {})).settings.lan.addresses;

test('interfaces are chosen from a list that follows the machine, and the server resumes on one that returns', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/sharing');
  const field = page.getByRole('group', { name: 'Network interfaces' });
  const box = (name: string) => field.getByRole('checkbox', { name: new RegExp(`^${name} `) });
  await expect(field.getByRole('radio', { name: 'All interfaces' })).toBeChecked();
  await expect(field.getByText('https://127.0.0.1:8543/')).toBeVisible();

  await setInterfaces(app, { eth0: ETHERNET, lo: LO });
  await expect(field.getByText('https://192.168.1.42:8543/')).toBeVisible();
  await expect(field.getByText('https://[2001:db8:4:1::42]:8543/')).toBeVisible();
  await expect(field.getByText('fe80::1c2d:3e4f:5a6b:7c8d')).toBeVisible();
  await expect(box('wlan0')).toHaveCount(0);
  await setInterfaces(app, { eth0: ETHERNET, wlan0: [address('192.168.7.9')], docker0: [address('172.17.0.1')], lo: LO });
  await expect(box('wlan0')).toBeChecked();
  await expect(box('wlan0')).toBeDisabled();

  // By keyboard alone; nothing is saved before an interface is selected.
  await field.getByRole('radio', { name: 'All interfaces' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(field.getByText('Select at least one.')).toBeVisible();
  expect(await addressesOf(page)).toBe('all');
  await page.keyboard.press('Tab');
  await expect(box('eth0')).toBeFocused();
  await page.keyboard.press('Space');
  await expect.poll(() => addressesOf(page)).toEqual(['interface:eth0']);
  await expect(box('eth0')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(field.getByRole('alert')).toHaveText(/Keep at least one selected/);
  await expect(box('eth0')).toBeChecked();

  await box('lo').click();
  await expect.poll(() => addressesOf(page)).toEqual(['interface:eth0', 'interface:lo']);
  await ask(page, 'updateSettings', { lan: { enabled: true, port: 18_561 } });
  // The addresses of the simulated eth0 do not exist on this machine.
  await expect.poll(() => ask(page, 'lanState', {})).toMatchObject({ state: 'listening', urls: ['https://127.0.0.1:18561/', 'https://[::1]:18561/'], missing: [{ address: '192.168.1.42' }, { address: '2001:db8:4:1::42' }] });
  await expect(field.getByText('https://192.168.1.42:18561/')).toBeVisible();

  await setInterfaces(app, { wlan0: [address('192.168.7.9')], docker0: [address('172.17.0.1')], lo: LO });
  const eth0 = field.getByRole('listitem').filter({ hasText: 'eth0' });
  await expect(eth0).toContainText('Not connected');
  await expect(box('eth0')).toBeChecked();
  await field.getByText('Add an IP address').click();
  await field.getByLabel('IP address').fill('10.8.0.300');
  await page.keyboard.press('Enter');
  await expect(field.getByRole('alert')).toHaveText(/Must be an IP address/);
  await field.getByLabel('IP address').fill('172.17.0.1');
  await page.keyboard.press('Enter');
  await expect(field.getByRole('checkbox', { name: '172.17.0.1 Address on docker0' })).toBeChecked();
  await expect(field.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText('eth0: Network interface not found.')).toBeVisible();
  await takePictures(app, page, 'sharing-interfaces', { wide: 1900, phone: 2900 });
  expect(await seriousFaults(page)).toEqual([]);

  // One deselected by mistake can be selected again.
  await box('eth0').click();
  await expect.poll(() => addressesOf(page)).toEqual(['interface:lo', '172.17.0.1']);
  await expect(box('eth0')).not.toBeChecked();
  await box('eth0').click();
  await expect.poll(() => addressesOf(page)).toEqual(['interface:lo', '172.17.0.1', 'interface:eth0']);

  await setInterfaces(app, { wlan0: [address('192.168.7.9')] });
  await expect.poll(() => ask(page, 'lanState', {}), { timeout: 30_000 }).toMatchObject({ state: 'failed', reason: 'interfaceGone' });
  await expect(page.locator('.lan-state')).toContainText('Not running. Network interface not found.');
  await setInterfaces(app, { lo: LO });
  await expect.poll(() => ask(page, 'lanState', {}), { timeout: 30_000 }).toMatchObject({ state: 'listening', urls: ['https://127.0.0.1:18561/', 'https://[::1]:18561/'] });

  await field.getByRole('radio', { name: 'All interfaces' }).click();
  await expect.poll(() => addressesOf(page)).toBe('all');
  await setInterfaces(app, {});
  await expect(field.getByText('No network.')).toBeVisible();

  // A list that cannot be read leaves the known one in place.
  await setInterfaces(app, { eth0: ETHERNET });
  await expect(field.getByText('https://192.168.1.42:18561/')).toBeVisible();
  const failures = await app.electron.evaluateHandle(() => {
    const counter = { count: 0 };
    const networkInterfaces = (): never => {
      counter.count += 1;
      throw new Error('not permitted');
    };
    Object.assign(process.getBuiltinModule('node:os'), { networkInterfaces });
    return counter;
  });
  await expect.poll(() => failures.evaluate(({ count }) => count), { timeout: 30_000 }).toBeGreaterThan(5);
  await expect(field.getByText('https://192.168.1.42:18561/')).toBeVisible();
  await expect(field.getByRole('alert')).toHaveCount(0);
});
