import { openMadeUp, madeUpAnswers, madeUpMachines, idOf } from '../support/e2e/made-up-hub';
import { test } from '../support/e2e/phone';
const only = process.env['LOOK'];
test('look', async ({ browser }) => {
  test.setTimeout(300000);
  for (const theme of ['light', 'dark'] as const)
    for (const width of [360, 820, 1120, 1440, 2560])
      for (const count of [0, 2, 99]) {
        if (only && !only.split(' ').includes(`${width}-${count}`)) continue;
        const page = await openMadeUp(browser, madeUpAnswers(madeUpMachines(count), theme), '/machines', { width, height: count === 99 ? 1000 : 720 });
        await page.waitForTimeout(500);
        await page.screenshot({ path: `/tmp/grid-pics/${theme}-${width}-${count + 1}.png` });
        await page.close();
      }
  for (const theme of ['light', 'dark'] as const) for (const width of [360, 1120]) for (const [name, address] of Object.entries({ edit: `/machines?edit=${idOf(1)}`, over: `/m/${idOf(7)}/`, cpu: `/m/${idOf(3)}/cpu`, proc: `/m/${idOf(1)}/processes`, settings: '/settings' })) {
    const page = await openMadeUp(browser, madeUpAnswers(madeUpMachines(12), theme), address, { width, height: name === 'settings' ? 2600: 900 });
    await page.waitForTimeout(500);
    await page.screenshot({ path: `/tmp/grid-pics/${theme}-${width}-${name}.png` });
    await page.close();
  }
});
