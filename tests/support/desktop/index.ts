/** The test desktop as a Playwright fixture: each test that asks for `desktop` gets one of its own. */
import { test as base } from '@playwright/test';
import { startDesktop } from './desktop';
import type { Desktop, DesktopOptions } from './desktop';

export { expect } from '@playwright/test';
export type { Desktop} from './desktop';
export type { RunningApp } from './app';
export type { TrayItem } from './tray';
export { flatten } from './tray';
export { until } from './until';

/** What the tests are given. */
export interface Fixtures {
  /** What kind of desktop; set it with `test.use`. */
  desktopOptions: DesktopOptions;
  desktop: Desktop;
}

export const test = base.extend<Fixtures>({
  desktopOptions: [{}, { option: true }],
  desktop: async ({ desktopOptions }, use, info) => {
    const desktop = await startDesktop(desktopOptions);
    await use(desktop);
    if (info.status !== info.expectedStatus) await desktop.saveEvidence((name) => info.outputPath(name));
    await desktop.stop();
  },
});
