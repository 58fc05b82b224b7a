/** What the real collectors need to read a made-up machine at a simulated time. */
import type { CollectorDeps } from '../../src/main/engine/collectors/deps';
import { demoMachine } from '../../src/main/engine/collectors/demo-machine';
import type { Clock } from '../../src/main/engine/clock';
import { NO_PROGRAMS } from '../support/programs';
import { systemTimers } from '../../src/main/engine/clock';

/** The app itself is not part of the machine. */
const NO_SELF: CollectorDeps['self'] = { pids: () => [], usage: () => null, perCollector: () => ({}), tickMs: () => null, databaseBytes: () => null, bytesWritten: () => null };

/** Dependencies for the tree in `root`; `clock` is the simulated one. */
export function collectorDeps(root: string, hostname: string, clock: Clock): CollectorDeps {
  const own = {
    platform: 'linux',
    root: '/',
    clock,
    timers: systemTimers,
    statfs: () => Promise.reject(new Error('the real machine was asked')),
    addresses: () => ({}),
    account: () => null,
    processSeconds: () => 0,
    programs: NO_PROGRAMS,
    systemInformation: () => Promise.reject(new Error('systeminformation was loaded')),
    windows: () => Promise.reject(new Error('the libraries of Windows were loaded')),
  } as const;
  return { ...demoMachine({ root, hostname }, own, clock).system, clock, networkMounts: () => false, driveHealth: () => false, self: NO_SELF };
}
