/** Services that are probed, loaded when the first is set up, and calls about them. */
import { CallError } from '../../shared/result';
import type { ServiceSource } from '../engine/probes/types';
import type { ServiceHandlers } from './workload-calls';
import type { WorkloadParts } from './workloads-parts';

/** Services, loaded or not. */
export interface ServiceControl {
  readonly source: ServiceSource;
  readonly handlers: ServiceHandlers;
  close(): void;
}

/** Creates it; nothing is probed before the first read. */
export function createServiceControl(_workload: WorkloadParts): ServiceControl {
  const missing = (): never => {
    throw new CallError('Unavailable', 'services cannot be probed yet');
  };
  return {
    source: { read: () => ({ services: [], networkLost: null }) },
    handlers: {
      services: () => ({ services: [], networkLost: null }),
      serviceConfigs: () => [],
      saveService: missing,
      removeService: missing,
      testService: missing,
      newHeartbeat: missing,
      exportServices: missing,
      importServices: missing,
    },
    close: () => undefined,
  };
}
