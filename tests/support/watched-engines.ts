/** The containers of engines at given addresses, as the core puts them together, with what they tell. */
import { lookFiles, lookForEngines } from '../../src/main/engine/containers/discovery';
import { createContainers } from '../../src/main/engine/containers/index';
import type { Containers, MachineParts } from '../../src/main/engine/containers/index';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import type { Timers } from '../../src/main/engine/clock';
import type { EventInput } from '../../src/shared/timeline/event-schemas';
import { until } from './desktop';
import { createCallbackLog } from './log';

/** Containers and the events that they wrote. */
export interface WatchedEngines {
  readonly containers: Containers;
  readonly events: (EventInput & { readonly time: number })[];
  /** Resolves when the engine answers, or says why not. */
  connected(): Promise<void>;
  /** "container_died web": types and names, in order. */
  told(): readonly string[];
}

/** Pauses of more than five seconds pass in a thirtieth of their time. */
export const hastyTimers: Timers = { after: (ms, task) => systemTimers.after(ms > 5000 ? ms / 30 : ms, task) };

/** Watches the engines at `addresses`. */
export function watchEngines(addresses: readonly string[], changes: Partial<MachineParts> = {}): WatchedEngines {
  const events: (EventInput & { time: number })[] = [];
  const containers = createContainers({
    platform: 'linux',
    root: '/',
    account: () => ({ uid: process.getuid?.() ?? 0 }),
    files: lookFiles,
    clock: systemClock,
    timers: systemTimers,
    log: createCallbackLog(() => undefined),
    look: () => lookForEngines({ platform: 'linux', env: { DOCKER_HOST: '' }, home: '/nowhere', uid: null, files: lookFiles }, addresses),
    settings: () => ({ logLines: false }),
    onEvent: (event, time) => void events.push({ ...event, time }),
    ...changes,
  });
  const connected = async (): Promise<void> => void (await until('an engine', async () => ((await containers.read()) === null ? undefined : true)));
  return { containers, events, connected, told: () => events.map(({ type, details }) => `${type} ${JSON.stringify(details?.['container'] ?? null).replaceAll('"', '')}`) };
}
