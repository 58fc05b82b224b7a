/** Services that are probed, loaded when the first is set up, and calls about them. */
import type { ServiceSource } from '../engine/probes/types';
import { ownMachine } from '../engine/collectors/own-machine';
import type { Services, ServicesParts } from '../services/index';
import type { ServiceHandlers } from './workload-calls';
import type { WorkloadParts } from './workloads-parts';

/** Services, loaded or not. */
export interface ServiceControl {
  readonly source: ServiceSource;
  readonly handlers: ServiceHandlers;
  /** A job calls in with its token; `text` is what it said. Resolves to false for a token that is nobody's. */
  heartbeat(token: string, text: string | null): Promise<boolean>;
  setPaused(isPaused: boolean): void;
  suspend(): void;
  resume(): void;
  close(): void;
}

/** The room, loaded by import(); a test passes its own way. */
type LoadRoom = () => Promise<{ readonly Services: new (parts: ServicesParts) => Services }>;

const loadRoom: LoadRoom = () => import('../services/index');

const NONE = { services: [], networkLost: null };

/** Creates them; probing begins with the first that is set up. */
async function load({ parts, settings, record, notices, isPaused }: WorkloadParts, room: LoadRoom): Promise<Services> {
  const { system, services: { encryption }, ...rest } = parts;
  const { Services } = await room();
  const services = new Services({ ...rest, ...ownMachine(system), programs: system.programs, log: parts.log.scoped('services'), settings, encryption, record, notices });
  services.setPaused(isPaused());
  return services;
}

/** Creates the control. Without a service nothing is loaded, until a call needs it. */
export function createServiceControl(workload: WorkloadParts, room = loadRoom): ServiceControl {
  const { parts: { log }, settings } = workload;
  let services: Services | null = null;
  let loading: Promise<Services> | null = null;
  let isClosed = false;
  const create = async (): Promise<Services> => {
    services = await load(workload, room);
    if (isClosed) services.close();
    return services;
  };
  const loaded = (): Promise<Services> => (loading ??= create());
  const hasSome = (): boolean => settings.get().services.length > 0;
  const loadNow = (): void => void loaded().catch((error: unknown) => log.error('services could not be loaded', { error }));
  settings.subscribe(({ services: now }, { services: before }) => {
    if (JSON.stringify(now) === JSON.stringify(before)) return;
    if (services === null) loadNow();
    else services.onServices(before, now);
  });
  if (hasSome()) loadNow();
  return {
    source: { read: () => services?.read() ?? NONE },
    handlers: {
      services: async () => (hasSome() ? (await loaded()).list() : NONE),
      serviceConfigs: async () => (hasSome() ? (await loaded()).configs() : []),
      saveService: async (input) => (await loaded()).save(input),
      removeService: async ({ id }) => (await loaded()).remove(id),
      testService: async (input) => (await loaded()).test(input),
      newHeartbeat: async ({ id }) => (await loaded()).newHeartbeat(id),
      exportServices: async () => (await loaded()).export(),
      importServices: async () => (await loaded()).import(),
    },
    heartbeat: async (token, text) => hasSome() && (await loaded()).heartbeat(token, text),
    setPaused: (isPaused) => services?.setPaused(isPaused),
    suspend: () => services?.suspend(),
    resume: () => services?.resume(),
    close: () => {
      isClosed = true;
      services?.close();
    },
  };
}
