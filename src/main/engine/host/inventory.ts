/**
 * What systeminformation tells of a machine with macOS or Windows: its model, and the version of macOS. It starts programs for
 * that, so it is asked once, when somebody looks, and never in a loop.
 */
import type { SystemDeps } from '../collectors/deps';
import type { SystemInformation } from '../collectors/systeminformation';
import type { Timers } from '../clock';
import { modelName } from './model';

/** Null where it is not known. */
export interface Inventory {
  /** Name and version of the operating system, where Node has none. */
  readonly os: string | null;
  readonly model: string | null;
}

/** Where nothing is asked. */
export const NO_INVENTORY: Inventory = { os: null, model: null };

/** The page waits for it this long, ms. A later answer is there for the next look. */
const DEADLINE = 5000;

/** Each part stands alone: null for one that fails. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  const [result] = await Promise.allSettled([asked]);
  return result.status === 'fulfilled' ? result.value : null;
}

async function ask(load: SystemDeps['systemInformation'], isMac: boolean): Promise<Inventory> {
  const information: SystemInformation | null = await orNull(load());
  if (information === null) return NO_INVENTORY;
  const [system, os] = await Promise.all([orNull(information.system()), isMac ? orNull(information.osInfo()) : null]);
  const version = os === null || !/\d/.test(os.release) ? null : `macOS ${os.release}`;
  return { os: version, model: system === null ? null : modelName(system.manufacturer, system.model) };
}

/** Creates the function that asks; it never rejects. Linux is not asked: its files tell all of it. */
export function createInventory({ platform, systemInformation }: Pick<SystemDeps, 'platform' | 'systemInformation'>, timers: Timers): () => Promise<Inventory> {
  let asked: Promise<Inventory> | null = null;
  return async () => {
    if (platform === 'linux') return NO_INVENTORY;
    asked ??= ask(systemInformation, platform === 'darwin');
    let cancel = (): void => undefined;
    const late = new Promise<Inventory>((resolve) => {
      cancel = timers.after(DEADLINE, () => resolve(NO_INVENTORY));
    });
    return Promise.race([asked, late]).finally(() => cancel());
  };
}
