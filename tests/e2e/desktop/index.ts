/** The test desktop as a Playwright fixture: each test that asks for `desktop` gets one of its own. */
import { test as base } from '@playwright/test';
import { startDesktop } from './desktop';
import type { Desktop, DesktopOptions } from './desktop';

export { expect } from '@playwright/test';
export { startDesktop } from './desktop';
export type { Desktop, DesktopOptions } from './desktop';
export type { LaunchOptions, RunningApp } from './app';
export type { MenuRow, Pixmap, TrayItem } from './tray';
export { flatten } from './tray';
export { processTree } from './process-tree';
export type { RunningProcess } from './process-tree';
export type { ShownNotification } from './notifications';
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
