/** What the contract suite drives, whatever the transport: an app whose store can be made to fail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Core } from '../../src/main/core/core';
import type { Incident } from '../../src/shared/alerts/incident';
import type { Transport } from '../../src/shared/api/client';
import type { Handlers } from '../../src/shared/api/dispatch';
import type { SampleBatch } from '../../src/shared/metrics/reading';
import type { TopProcesses } from '../../src/shared/processes/process-schemas';
import { openCore } from './core';

/** A running app behind a transport, and what a test needs to cause events on the other side. */
export interface ContractHarness {
  readonly transport: Transport;
  /** Publishes a batch, as the sampler does. */
  publish(batch: SampleBatch): void;
  /** Stores an incident and a process snapshot, as the alerts do. */
  store(incident: Incident, snapshot: TopProcesses): void;
  /** Makes the next query of statistics fail. */
  breakStore(): void;
  close(): Promise<void>;
}

/** A core with the parts of a harness that do not depend on the transport. */
export interface ContractCore extends Pick<ContractHarness, 'publish' | 'store' | 'breakStore'> {
  readonly core: Core;
  readonly folder: string;
  readonly handlers: Handlers;
  close(): void;
}

/** Opens a core in a folder of its own. */
export function openContractCore(): ContractCore {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-contract-'));
  const core = openCore(folder);
  let broken = false;
  return {
    core,
    folder,
    handlers: {
      ...core.handlers,
      stats: (...args) => {
        if (broken) throw new Error('the disk is on fire');
        return core.handlers.stats(...args);
      },
    },
    publish: (batch) => core.hub.publish(batch),
    store: (incident, snapshot) => {
      core.store.activity.putIncident(incident);
      core.store.activity.putProcessSnapshot(snapshot);
    },
    breakStore: () => {
      broken = true;
    },
    close: () => {
      core.close();
      rmSync(folder, { recursive: true });
    },
  };
}
