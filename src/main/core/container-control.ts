/** Container engines, loaded when this machine has one, and calls about them. */
import { homedir } from 'node:os';
import type { ContainerList } from '../../shared/containers/container-schemas';
import { CallError, messageOf } from '../../shared/result';
import { lookFiles, lookForEngines } from '../engine/containers/discovery';
import type { EngineCandidate, LookFiles } from '../engine/containers/discovery';
import type { Containers } from '../engine/containers/index';
import type { ContainerSource } from '../engine/containers/types';
import { createContainerDisk } from './container-disk';
import type { ContainerHandlers } from './workload-calls';
import type { WorkloadParts } from './workloads-parts';

/** Container engines, loaded or not. */
export interface ContainerControl {
  readonly source: ContainerSource;
  readonly handlers: ContainerHandlers;
  /** Display name of a container by its id; null for one that is not known. Cheap. */
  nameOf(id: string): string | null;
  close(): void;
}

/** How often a machine without an engine is looked at again, ms, and how soon where somebody opens the page. */
const LOOK = { seldom: 5 * 60_000, asked: 10_000 } as const;
/** Nothing is shown while nothing is there. */
const NOTHING: ContainerList = { engines: [], containers: [] };

/** Creates it; nothing is looked for before the first read. `files` and `home` are where engines are looked for. */
export function createContainerControl({ files = lookFiles, home = homedir(), ...workload }: WorkloadParts & { readonly files?: LookFiles; readonly home?: string }): ContainerControl {
  const { parts, settings, record } = workload;
  const { system, clock, timers, env } = parts;
  const log = parts.log.scoped('containers');
  const disk = createContainerDisk(workload, () => containers?.engines() ?? []);
  let containers: Containers | null = null;
  let loading: Promise<Containers | null> | null = null;
  let looked = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  const isOn = (): boolean => !isClosed && system.demo === undefined && settings.get().containers.enabled;
  const place = () => ({ platform: system.platform, env, home, uid: system.account()?.uid ?? null, files });
  const look = async (): Promise<readonly EngineCandidate[]> => (isOn() ? lookForEngines(place(), settings.get().containers.endpoints) : []);
  const load = async (): Promise<Containers | null> => {
    looked = clock.mono();
    if ((await look()).length === 0) return null;
    const { createContainers } = await import('../engine/containers/index');
    if (!isOn()) return null;
    containers = createContainers({ ...system, files, clock, timers, log, look, settings: () => settings.get().containers, onEvent: record });
    disk.start();
    return containers;
  };
  /** The containers, if there is an engine. `pause`: how long ago a look must be before there is another. */
  const found = async (pause: number): Promise<Containers | null> => {
    if (containers !== null || !isOn() || (loading === null && clock.mono() - looked < pause)) return containers;
    loading ??= load().finally(() => (loading = null));
    return loading;
  };
  const known = async (): Promise<Containers> => {
    const one = await found(LOOK.asked);
    if (one === null) throw new CallError('NotFound', 'There is no such container any more.');
    return one;
  };

  settings.subscribe(({ containers: now }, { containers: before }) => {
    if (now.enabled === before.enabled && now.endpoints === before.endpoints) return;
    looked = Number.NEGATIVE_INFINITY;
    if (now.enabled) {
      containers?.lookAgain().catch((error: unknown) => log.warn('engines could not be looked for', { reason: messageOf(error) }));
    } else {
      containers?.close();
      containers = null;
    }
  });

  return {
    source: { read: async () => (await found(LOOK.seldom))?.read() ?? null },
    nameOf: (id) => containers?.nameOf(id) ?? null,
    handlers: {
      containers: async () => (await found(LOOK.asked))?.list() ?? NOTHING,
      containerDetails: async ({ id }) => (await known()).details(id),
      containerAction: async ({ id, action }) => {
        if (!settings.get().containers.actions) throw new CallError('Forbidden', 'Starting and stopping containers is off. Turn it on in Settings, under Containers.');
        return (await known()).act(id, action);
      },
      ...disk.handlers,
    },
    close() {
      isClosed = true;
      containers?.close();
      disk.close();
    },
  };
}
