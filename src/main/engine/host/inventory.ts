/**
 * What a machine is: its model, and the version of macOS. On macOS and Windows systeminformation tells it, which starts
 * programs for that: so it is asked once, when somebody looks, and never in a loop.
 */
import type { SystemDeps } from '../collectors/deps';
import type { SystemInformation } from '../collectors/systeminformation';
import type { Timers } from '../clock';
import { LATE, within } from '../deadline';
import { linuxModel } from './host.linux';
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

const askLinux = async (root: string): Promise<Inventory> => ({ os: null, model: await linuxModel(root) });

/** Creates the function that asks; it never rejects. Linux has files with the answer. */
export function createInventory({ platform, root, systemInformation }: Pick<SystemDeps, 'platform' | 'root' | 'systemInformation'>, timers: Timers): () => Promise<Inventory> {
  let asked: Promise<Inventory> | null = null;
  return async () => {
    asked ??= platform === 'linux' ? askLinux(root) : ask(systemInformation, platform === 'darwin');
    const inventory = await within(timers, DEADLINE, asked);
    return inventory === LATE ? NO_INVENTORY : inventory;
  };
}
