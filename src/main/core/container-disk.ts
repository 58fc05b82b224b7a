/** The disk space of container engines, loaded with the first engine. Calls about it. */
import { join } from 'node:path';
import { CallError } from '../../shared/result';
import type { DiskEngine, Folders } from '../engine/containers/disk/disk-types';
import type { DiskUsage } from '../engine/containers/disk/usage';
import { openStateFile } from '../lib/state-file';
import type { ContainerHandlers } from './workload-calls';
import type { WorkloadParts } from './workloads-parts';

/** The disk space of container engines, loaded or not. */
export interface ContainerDisk {
  readonly handlers: Pick<ContainerHandlers, 'containerDisk' | 'measureContainerDisk'>;
  /** An engine was found: it is loaded, unless it is already, and asks engines from then on. */
  start(): void;
  close(): void;
}

/** What it needs of the core. */
interface DiskParts {
  readonly parts: Pick<WorkloadParts['parts'], 'system' | 'clock' | 'timers' | 'paths' | 'log'>;
  readonly tasks: Pick<WorkloadParts['tasks'], 'start'>;
}

/** Data folders of this machine. Elsewhere than on Linux engines run in a virtual machine; on a made-up machine nothing is walked through. */
async function loadFolders({ system }: Pick<DiskParts['parts'], 'system'>): Promise<Folders | null> {
  if (system.platform !== 'linux' || system.demo !== undefined) return null;
  const [{ linuxDataFolders }, { createWalkFolder }] = await Promise.all([import('./data-folders.linux'), import('../engine/containers/disk/walk-client')]);
  return linuxDataFolders(system, createWalkFolder(join(__dirname, 'walk-worker.cjs')));
}

async function load({ parts }: DiskParts, engines: () => readonly DiskEngine[]): Promise<DiskUsage> {
  const [{ createDiskUsage }, { diskStateSchema, NO_DISK_STATE }, folders] = await Promise.all([import('../engine/containers/disk/usage'), import('../engine/containers/disk/disk-state'), loadFolders(parts)]);
  const { clock, timers, paths } = parts;
  const log = parts.log.scoped('containers');
  const state = openStateFile({ path: paths.containerDisk, schema: diskStateSchema, initial: NO_DISK_STATE, clock: null, log });
  return createDiskUsage({ engines, folders, state, clock, timers, random: Math.random, log });
}

/** Creates it. `engines`: those that answer now; asked for each time. */
export function createContainerDisk(core: DiskParts, engines: () => readonly DiskEngine[]): ContainerDisk {
  let loading: Promise<DiskUsage> | null = null;
  let isClosed = false;
  const loaded = (): Promise<DiskUsage> => (loading ??= load(core, engines));
  return {
    handlers: {
      containerDisk: async () => (loading === null && engines().length === 0 ? [] : (await loaded()).read()),
      async measureContainerDisk({ engine: id }) {
        if (!engines().some((one) => one.id === id)) throw new CallError('NotFound', 'This container engine does not answer now.');
        const usage = await loaded();
        return { id: core.tasks.start('measure', id, (task) => usage.measure(id, task)) };
      },
    },
    start: () => {
      if (!isClosed) loaded().catch((error: unknown) => core.parts.log.error('the disk space of containers could not be loaded', { error }));
    },
    close() {
      isClosed = true;
      // One that could not be loaded has said so.
      loading?.then((usage) => usage.close(), () => undefined);
    },
  };
}
