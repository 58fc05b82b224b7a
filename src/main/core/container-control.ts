/** Container engines, loaded when this machine has one, and calls about them. */
import { CallError } from '../../shared/result';
import type { ContainerSource } from '../engine/containers/types';
import { createContainerDisk } from './container-disk';
import type { ContainerHandlers } from './workload-calls';
import type { WorkloadParts } from './workloads-parts';

/** Container engines, loaded or not. */
export interface ContainerControl {
  readonly source: ContainerSource;
  readonly handlers: ContainerHandlers;
  /** Display name of a container by its id; null for one that is not known. */
  nameOf(id: string): string | null;
  close(): void;
}

/** Creates it; nothing is looked for before the first read. */
export function createContainerControl(workload: WorkloadParts): ContainerControl {
  const disk = createContainerDisk(workload, () => []);
  const missing = (): never => {
    throw new CallError('NotFound', 'there is no such container');
  };
  return {
    source: { read: () => Promise.resolve(null) },
    handlers: {
      containers: () => ({ engines: [], containers: [] }),
      containerDetails: missing,
      containerAction: missing,
      ...disk.handlers,
    },
    nameOf: () => null,
    close: () => disk.close(),
  };
}
