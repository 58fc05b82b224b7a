/** What runs on the machine: its containers, and the services that are probed. Each is loaded when there is something of it. */
import type { CollectorDeps } from '../engine/collectors/deps';
import { createContainerControl } from './container-control';
import type { ContainerControl } from './container-control';
import { createServiceControl } from './service-control';
import type { ServiceControl } from './service-control';
import type { ContainerHandlers, ServiceHandlers } from './workload-calls';
import type { WorkloadParts } from './workloads-parts';

/** Containers and services. */
export interface Workloads {
  /** For the collectors. */
  readonly sources: Pick<CollectorDeps, 'containers' | 'services'>;
  readonly handlers: ContainerHandlers & ServiceHandlers;
  readonly containers: ContainerControl;
  readonly services: ServiceControl;
  /** Monitoring is paused by the user, or goes on. */
  setPaused(isPaused: boolean): void;
  close(): void;
}

/** Creates both; nothing is looked for and nothing asked before the first read. */
export function createWorkloads(workload: WorkloadParts): Workloads {
  const containers = createContainerControl(workload);
  const services = createServiceControl(workload);
  return {
    sources: { containers: containers.source, services: services.source },
    handlers: { ...containers.handlers, ...services.handlers },
    containers,
    services,
    setPaused: (isPaused) => services.setPaused(isPaused),
    close: () => {
      containers.close();
      services.close();
    },
  };
}
