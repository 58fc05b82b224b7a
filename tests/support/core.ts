/** A core in a given folder, without a desktop, for tests of transports. */
import { join } from 'node:path';
import { createCore } from '../../src/main/core/core';
import type { Core } from '../../src/main/core/core';
import type { CoreParts } from '../../src/main/core/core-setup';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import { systemDeps } from '../../src/main/engine/collectors/platform';
import { fixedAutostart } from '../../src/main/lib/autostart';
import { createCallbackLog } from './log';
import { pathsIn } from '../../src/main/lib/paths';
import { databaseWorkerHere } from './database-worker';

/** Creates the core; nothing is sampled. `changes` replace parts of it. */
export function openCore(folder: string, changes: Partial<CoreParts> = {}): Core {
  return createCore({
    paths: pathsIn(folder),
    log: createCallbackLog(() => undefined),
    clock: systemClock,
    timers: systemTimers,
    system: systemDeps(),
    appVersion: '0.0.0',
    runtime: 'test',
    selfMetricsSource: (store) => ({
      pids: () => [process.pid],
      usage: () => null,
      perCollector: () => ({}),
      tickMs: () => null,
      databaseBytes: () => store.size(),
      bytesWritten: () => null,
    }),
    lanState: () => ({ state: 'off' }),
    lanConnections: () => [],
    installation: { kind: 'checkout', autostart: fixedAutostart('headless'), sandbox: () => 'unknown', tray: () => null },
    updates: null,
    showFolder: () => Promise.resolve(''),
    runPowerCommand: () => Promise.resolve('no test restarts a machine'),
    env: {},
    services: {
      notifier: { show: () => Promise.resolve('shown'), close: () => undefined },
      encryption: { isAvailable: () => Promise.resolve(false), encrypt: () => Promise.reject(new Error('no key')), decrypt: () => Promise.reject(new Error('no key')) },
      doNotDisturb: () => Promise.resolve(false),
    },
    databaseWorker: databaseWorkerHere,
    dialogs: { save: ({ name }) => Promise.resolve(join(folder, name)), open: () => Promise.resolve(null) },
    ...changes,
  });
}
