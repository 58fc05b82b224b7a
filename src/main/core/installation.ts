/** Calls about how this Traywatch is installed and runs: start at login, tray, sandbox, data folder, diagnostics. On the machine alone. */
import { homedir } from 'node:os';
import { CallError } from '../../shared/result';
import type { HostInfo } from '../../shared/host-info';
import { diagnosticsText } from '../diagnostics/gather';
import type { Hub } from '../engine/hub';
import type { Sampler } from '../engine/sampler/sampler';
import type { Store } from '../engine/store/store-types';
import type { CoreParts } from './core-setup';
import type { HandlerParts } from './handlers';
import type { UpdateControl } from './update-control';

/** The parts of the core that diagnostics are about. */
interface DescribedParts {
  readonly hub: Hub;
  readonly sampler: Sampler;
  readonly history: { readonly store: Store; path(): string | null };
  host(): Promise<HostInfo>;
}

const HAS_TRAY = { unknown: 'unknown', waiting: 'absent', present: 'present', missing: 'absent', lost: 'absent' } as const;

async function describe({ installation, clock, paths, env, system }: CoreParts, { hub, sampler, history, host }: DescribedParts, withNames: boolean): Promise<string> {
  const tray = installation.tray();
  const health = history.store.health();
  return diagnosticsText(
    {
      by: 'app',
      now: clock.now(),
      kind: installation.kind,
      sandbox: installation.sandbox(),
      desktop: tray === null ? null : { tray: HAS_TRAY[tray.state], autostart: installation.autostart.read() },
      host: await host(),
      snapshot: hub.snapshot(),
      costs: sampler.costs(),
      tick: sampler.tickCost(),
      history: { path: history.path(), waiting: health.state === 'ok' ? 0 : health.pending },
      paths,
      env,
      home: homedir(),
      commandLine: process.argv,
      addresses: Object.values(system.addresses()),
    },
    withNames,
  );
}

/** The handlers of these calls. */
export function installationHandlers(parts: CoreParts, described: DescribedParts): Omit<HandlerParts['installation'], keyof UpdateControl['handlers']> {
  const { installation, paths, system } = parts;
  return {
    autostart: () => installation.autostart.read(),
    setAutostart: ({ enabled }) => installation.autostart.set(enabled),
    trayStatus: () => installation.tray() ?? { state: 'unknown', desktop: 'other' },
    sandbox: () => ({ state: installation.sandbox() }),
    diagnostics: async ({ withNames }) => ({ text: await describe(parts, described, withNames) }),
    showDataFolder: async () => {
      const error = system.demo === undefined ? await parts.showFolder(paths.folder) : 'not available on a demo machine';
      if (error !== '') throw new CallError('Unavailable', error);
      return null;
    },
  };
}
