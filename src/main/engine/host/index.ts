/** Reads the system information shown on the System page: Linux from its files, other systems through Node. */
import * as os from 'node:os';
import type { HostInfo } from '../../../shared/host-info';
import { CLOCK_FLOOR } from '../clock-trust';
import type { SystemDeps } from '../collectors/deps';
import type { AppFacts } from './host';
import { linuxBootId, linuxFacts } from './host.linux';
import { portableFacts } from './host.portable';
import { NO_INVENTORY } from './inventory';
import type { Inventory } from './inventory';

export { createInventory } from './inventory';

/** What is needed to read it; `now` in epoch ms. */
export type HostDeps = Pick<SystemDeps, 'platform' | 'root' | 'demo'> & { now(): number };

/** Reads the system's part and adds the app's. Missing values are null. `inventory` is what is asked for once. */
export async function readHostInfo(deps: HostDeps, app: AppFacts, inventory: Inventory = NO_INVENTORY): Promise<HostInfo> {
  const facts = deps.platform === 'linux' ? await linuxFacts(deps.root) : portableFacts(os, deps.now(), inventory);
  // A clock that is still to be set dates the start of the machine to 1970.
  const bootTime = deps.now() < CLOCK_FLOOR ? null : facts.bootTime;
  return { hostname: deps.demo?.hostname ?? os.hostname(), arch: os.arch(), model: inventory.model, ...facts, bootTime, ...app };
}

/** Which start of the system this is: text that is another after each; null where no system tells it. */
export async function readBootId({ platform, root }: Pick<HostDeps, 'platform' | 'root'>): Promise<string | null> {
  const id = platform === 'linux' ? await linuxBootId(root) : null;
  return id === null || id.trim() === '' ? null : id.trim().slice(0, 100);
}
