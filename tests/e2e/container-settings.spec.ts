/** The settings of containers, as they are changed in the window. */
import { ask } from '../support/e2e/bridge';
import { expect, test } from '../support/e2e';
import { seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';

test('further engines are one a line, and a wrong one is named; what reaches out is off', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/settings');
  const settings = async () => (await ask(page, 'appState', {})).settings.containers;
  expect(await settings()).toEqual({ enabled: true, endpoints: [], logLines: false, actions: false });
  const field = page.getByRole('textbox', { name: 'Further container engines' });
  await field.fill('unix:///srv/docker.sock\nssh://me@nas');
  await field.blur();
  await expect(page.getByRole('alert')).toHaveText(/^Line 2 must not be ssh: forward the socket/);
  expect((await settings()).endpoints).toEqual([]);
  await takePictures(app, page, 'container-settings', { wide: 1100, phone: 1400 });
  await field.fill('unix:///srv/docker.sock\n\ntcp://10.0.0.5:2375\n');
  await field.blur();
  await expect.poll(async () => (await settings()).endpoints).toEqual(['unix:///srv/docker.sock', 'tcp://10.0.0.5:2375']);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(field).toHaveValue('unix:///srv/docker.sock\ntcp://10.0.0.5:2375');
  await page.getByRole('switch', { name: 'Start and stop containers' }).click();
  await page.getByRole('switch', { name: 'Watch containers' }).click();
  await expect.poll(settings).toMatchObject({ enabled: false, actions: true, logLines: false });
  expect(await seriousFaults(page)).toEqual([]);
});
