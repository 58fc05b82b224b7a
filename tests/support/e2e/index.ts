/** Traywatch as it was built, on a test desktop of its own: what the specs start from. */
import path from 'node:path';
import { test as desktopTest } from '../desktop';
import { startTraywatch } from './traywatch';
import type { StartOptions, Traywatch } from './traywatch';

export { expect, flatten, until } from '../desktop';
export type { TrayItem } from '../desktop';
export type { Traywatch } from './traywatch';

/** What a spec is handed beside the desktop. */
export interface Fixtures {
  /** A user-data folder that is empty when the test begins and goes with the desktop. */
  data: string;
  /** Starts Traywatch; it ends with the desktop. Twice in one test keeps the user-data folder. */
  start: (options?: StartOptions) => Promise<Traywatch>;
}

export const test = desktopTest.extend<Fixtures>({
  data: async ({ desktop }, use) => use(path.join(desktop.env.HOME ?? '', 'user-data')),
  start: async ({ desktop, data }, use) => use((options = {}) => startTraywatch(desktop, { data, ...options })),
});
