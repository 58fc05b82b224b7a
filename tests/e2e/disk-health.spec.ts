/** The page of disk health, and the switch that has drives asked. */
import fs from 'node:fs';
import path from 'node:path';
import { nas } from '../demo/nas';
import { ask } from '../support/e2e/bridge';
import { startMachine } from '../support/e2e/demo';
import { expect, test } from '../support/e2e';
import { hiddenStates, resizeWindow } from '../support/e2e/layout';
import { seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';

const MDSTAT = `Personalities : [raid1]
md0 : active raid1 sdb1[1] sda1[0](F)
      976630336 blocks super 1.2 [2/1] [_U]

unused devices: <none>
`;

test('an array that misses a member is shown in words, beside a pool that is healthy; drives are asked only where that is on', async ({ start, data }) => {
  test.setTimeout(120_000);
  const machine = await startMachine(nas, data, 0);
  fs.writeFileSync(path.join(machine.root, 'proc/mdstat'), MDSTAT);
  try {
    const app = await start({ env: { TRAYWATCH_ROOT: machine.root } });
    const page = await app.page();
    await goTo(page, '/health');
    const table = page.getByRole('region', { name: 'Drives and arrays' });
    await expect(table.getByRole('row').filter({ hasText: 'md0' })).toContainText('Degraded: 1 of 2 members missing (sda1 failed)');
    await expect(table.getByRole('row').filter({ hasText: 'tank' })).toContainText('Healthy');
    for (const width of [1440, 360]) {
      await resizeWindow(app, page, width, 800);
      expect(await hiddenStates(page)).toEqual([]);
    }
    await takePictures(app, page, 'disk-health', { wide: 900, phone: 800 });
    expect(await seriousFaults(page)).toEqual([]);
    await goTo(page, '/settings');
    const field = page.getByRole('switch', { name: 'Ask drives for their health (SMART)' });
    await expect(field).not.toBeChecked();
    await field.click();
    await expect.poll(async () => (await ask(page, 'appState', {})).settings.driveHealth).toBe(true);
    await goTo(page, '/cpu');
    await expect(page.getByRole('heading', { name: 'Pressure' })).toBeVisible();
  } finally {
    machine.stop();
  }
});
