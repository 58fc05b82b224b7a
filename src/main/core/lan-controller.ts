/** Starts, restarts and stops the LAN server as the settings change. The server is loaded at its first start: while sharing is off nothing of it is in memory. */
import type { EventName, EventPayload } from '../../shared/api/contract';
import type { LanSettings } from '../../shared/sharing/lan-settings';
import type { LanState } from '../../shared/sharing/lan-state';
import { messageOf } from '../../shared/result';
import type { Core } from './core';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import type { AccessControl } from '../access/access-control';
import type { Lan, LanParts } from '../lan/index';
import type { LiveConnection } from '../access/connected-clients';

/** What the server needs, the core included. */
export interface LanDeps {
  readonly core: Core;
  /** The user-data folder. */
  readonly folder: string;
  /** The folder of the built page. */
  readonly pages: string;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Runs the server even where sharing is off in the settings. */
  readonly always?: boolean;
}

/** The LAN server, running or not. */
export interface LanController {
  state(): LanState;
  onState(listener: (state: LanState) => void): void;
  /** Event streams that are open now. */
  connections(): readonly LiveConnection[];
  /** Starts the server where the settings say so, and follows them from now on. */
  connect(deps: LanDeps): void;
  /** Sends an event to the connected browsers. */
  push<N extends EventName>(name: N, payload: EventPayload<N>): void;
  close(): Promise<void>;
}

/** The server's module, loaded by import(); a test passes its own. */
export interface LanModule {
  startLan(parts: LanParts): Lan;
  /** Authentication for the server's routes. */
  createAuthPlugin(access: AccessControl, log: Log, isLive: (machine: string) => boolean): Pick<LanParts, 'authenticator' | 'extend'>;
}

const loadLan = (): Promise<LanModule> => import('../lan/index');

function partsOf({ core, ...deps }: LanDeps, runId: string, { createAuthPlugin }: LanModule, settings: LanSettings, onState: LanParts['onState']): LanParts {
  const log = deps.log.scoped('lan');
  return {
    ...deps,
    ...createAuthPlugin(core.remoteAccess.access, log, (machine) => core.machines.machines.isLive(machine)),
    runId,
    settings,
    log,
    handlers: core.handlers,
    viewedFamilies: core.viewedFamilies,
    since: (time, limit) => core.store.since(time, limit),
    snapshot: () => core.hub.snapshot(),
    heartbeat: (token, text) => core.workloads.services.heartbeat(token, text),
    report: (machine, report, address) => core.machines.machines.take(machine, report, address),
    machines: () => core.machines.machines.readings(),
    openIncidents: () => core.alerts.openAlerts().incidents,
    subscribe: (listener) => core.hub.subscribe(listener),
    onState,
  };
}

/** Off until it is connected. */
export function createLanController(load: () => Promise<LanModule> = loadLan): LanController {
  const listeners = new Set<(state: LanState) => void>();
  let state: LanState = { state: 'off' };
  let running: Lan | null = null;
  let runId = '';
  let wanted: LanSettings | null = null;
  let work: Promise<void> = Promise.resolve();
  const setState = (next: LanState): void => {
    state = next;
    listeners.forEach((listener) => listener(next));
  };
  const change = async (deps: LanDeps, settings: LanSettings | null): Promise<void> => {
    // Skipped where the settings have changed again meanwhile.
    if (settings !== wanted) return;
    await running?.close();
    running = null;
    if (settings === null) {
      if (state.state !== 'off') setState({ state: 'off' });
      return;
    }
    setState({ state: 'starting' });
    const module = await load();
    if (settings === wanted) running = module.startLan(partsOf(deps, runId, module, settings, (next) => settings === wanted && setState(next)));
  };
  const follow = (deps: LanDeps, { lan }: { readonly lan: LanSettings }): void => {
    const next = lan.enabled || deps.always === true ? lan : null;
    if (JSON.stringify(next) === JSON.stringify(wanted)) return;
    wanted = next;
    work = work.then(() => change(deps, next)).catch((error: unknown) => {
      deps.log.error('the LAN server could not be changed', { error });
      setState({ state: 'failed', reason: 'other', message: messageOf(error), retryAt: deps.clock.now() });
    });
  };
  return {
    state: () => state,
    onState: (listener) => void listeners.add(listener),
    connections: () => running?.connections() ?? [],
    connect(deps) {
      runId = Math.floor(deps.clock.now()).toString(36);
      follow(deps, deps.core.settings.get());
      deps.core.settings.subscribe((settings) => follow(deps, settings));
    },
    push: (name, payload) => running?.push(name, payload),
    async close() {
      wanted = null;
      await work;
      await running?.close();
      running = null;
    },
  };
}
