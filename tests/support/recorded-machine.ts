/** Dependencies of collectors for the recorded machines in tests/fixtures/proc. */
import { join } from 'node:path';
import { NO_PROGRAMS } from './programs';
import type { CollectorDeps, SelfSource } from '../../src/main/engine/collectors/deps';

const FIXTURES = join(import.meta.dirname, '../fixtures/proc');

/** The root folder of a recorded machine. */
export function machine(name: string): string {
  return join(FIXTURES, name);
}

const EMPTY_SELF: SelfSource = {
  pids: () => [],
  usage: () => null,
  perCollector: () => ({}),
  tickMs: () => null,
  databaseBytes: () => null,
  bytesWritten: () => null,
};

/** Dependencies with neutral defaults; `own` replaces those a test is about. */
export function machineDeps(name: string, own: Partial<CollectorDeps> = {}): CollectorDeps {
  return {
    platform: 'linux',
    root: machine(name),
    clock: { now: () => 0, mono: () => 0, boot: () => 5_000_000 },
    timers: { after: () => () => undefined },
    statfs: () => Promise.resolve({ bsize: 4096, blocks: 1000, bfree: 600, bavail: 500, files: 100, ffree: 25 }),
    addresses: () => ({}),
    account: () => null,
    processSeconds: () => 10,
    programs: NO_PROGRAMS,
    systemInformation: () => Promise.reject(new Error('systeminformation was loaded')),
    windows: () => Promise.reject(new Error('the libraries of Windows were loaded')),
    networkMounts: () => false,
    driveHealth: () => false,
    self: EMPTY_SELF,
    ...own,
  };
}

/** The error that a function throws or rejects with. */
export async function failureOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
