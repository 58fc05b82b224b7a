/** Reads every family for a moment, and keeps nothing: diagnostics of a command of its own. */
import { FAMILY_IDS } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import type { Clock } from '../engine/clock';
import type { SystemDeps } from '../engine/collectors/deps';
import { createCollectors } from '../engine/collectors/index';
import { createHub } from '../engine/hub';
import { createSampler } from '../engine/sampler/sampler';

/** Batches after which it ends: rates need two reads, slow families a moment more. */
const BATCHES = 3;

/** What was read, and what it cost. */
export interface ReadOnce {
  readonly snapshot: Snapshot;
  readonly costs: Readonly<Record<string, number | null>>;
  readonly tick: number | null;
}

/** Reads for about two seconds. Network drives are not touched, and drives are not asked for their health. */
export function readOnce(system: SystemDeps, clock: Clock): Promise<ReadOnce> {
  return new Promise((resolve) => {
    const hub = createHub(() => undefined);
    // What the app costs is that of the running one, which this process is not.
    const self = { pids: () => [], usage: () => null, perCollector: () => ({}), tickMs: () => null, databaseBytes: () => null, bytesWritten: () => null };
    const collectors = createCollectors({ ...system, networkMounts: () => false, driveHealth: () => false, self });
    const onBatch = (batch: SampleBatch): void => {
      hub.publish(batch);
      if (batch.seq !== BATCHES) return;
      const read = { snapshot: hub.snapshot(), costs: sampler.costs(), tick: sampler.tickCost() };
      sampler.close();
      system.programs.close();
      resolve(read);
    };
    const sampler = createSampler({ collectors, clock, timers: system.timers, onBatch, onHealth: () => undefined });
    sampler.setViewed(new Set<FamilyId>(FAMILY_IDS));
    sampler.start();
  });
}
