/** Facts about the machine and the app, chosen once for the platform. */
import * as os from 'node:os';
import type { HostInfo } from '../../../shared/host-info';
import type { SystemDeps } from '../collectors/deps';
import type { AppFacts } from './host';
import { linuxFacts } from './host.linux';
import { portableFacts } from './host.portable';

/** What the reading needs of the machine. */
export type HostDeps = Pick<SystemDeps, 'platform' | 'root'> & { now(): number };

/** Reads the facts of the system and adds those of the app. Missing facts are null. */
export async function readHostInfo(deps: HostDeps, app: AppFacts): Promise<HostInfo> {
  const facts = deps.platform === 'linux' ? await linuxFacts(deps.root) : portableFacts(os, deps.now());
  return { hostname: os.hostname(), arch: os.arch(), ...facts, ...app };
}
