/** The commands that delete a part of the history: what that would remove, and doing it. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import type { CallOutput, HandlerInput } from '../../shared/api/contract';
import { FAMILY_IDS } from '../../shared/metrics/index';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Hub } from '../engine/hub';
import type { Tasks } from './background-tasks';
import type { DatabaseWorker } from './database-worker-client';
import { deletionOutcome } from './deletion-text';
import type { SwappableStore } from './swappable-store';

/** What the commands work on. */
export interface DeletionParts {
  readonly swappable: SwappableStore;
  readonly hub: Hub;
  readonly clock: Pick<Clock, 'now'>;
  readonly tasks: Tasks;
  readonly databaseWorker: Pick<DatabaseWorker, 'previewDeletion' | 'deleteHistory'>;
  /** The database file; throws a CallError while the history is in memory only. */
  path(): string;
}

/** The commands, one per call of the contract. */
export interface DeletionCommands {
  previewDeletion(deletion: HandlerInput<'previewDeletion'>): Promise<CallOutput<'previewDeletion'>>;
  delete(deletion: HandlerInput<'deleteHistory'>): CallOutput<'deleteHistory'>;
}

/** Files beside the history that hold history as well: damaged ones, and those a backup replaced. */
function countCopies(path: string): number {
  const extension = extname(path);
  const stem = `${basename(path, extension)}.`;
  try {
    return readdirSync(dirname(path)).filter((name) => name.startsWith(stem) && name.endsWith(extension) && name !== basename(path)).length;
  } catch {
    return 0;
  }
}

/** The devices the machine has now, as "family@device". */
function presentDevices(hub: Hub): ReadonlySet<string> {
  const { readings } = hub.snapshot();
  return new Set(FAMILY_IDS.flatMap((family) => Object.keys(readings[family]?.devices ?? {}).map((device) => `${family}@${device}`)));
}

/** Creates the commands. */
export function createDeletion({ swappable, hub, clock, tasks, databaseWorker, path }: DeletionParts): DeletionCommands {
  return {
    async previewDeletion(deletion) {
      const file = path();
      // Samples that are not written yet count as well.
      swappable.store.commit();
      try {
        const { size, devices } = await databaseWorker.previewDeletion(file, deletion);
        const present = presentDevices(hub);
        return { size, devices: devices.filter(({ family, device }) => !present.has(`${family}@${device}`)), copies: countCopies(file) };
      } catch (error) {
        throw new CallError('Unavailable', `The history cannot be read now: ${messageOf(error)}`);
      }
    },
    delete(deletion) {
      const file = path();
      if (deletion.kind === 'device' && presentDevices(hub).has(`${deletion.family}@${deletion.device}`)) throw new CallError('BadInput', `${deletion.device} is connected. Only devices that are gone can be deleted.`);
      const id = tasks.start('delete', file, async ({ signal, report }) => {
        const { size, isCompacted } = await swappable.store.rewrite((name) => databaseWorker.deleteHistory(name, deletion, clock.now(), signal, report));
        return deletionOutcome(size, isCompacted, statSync(file).size);
      });
      return { id };
    },
  };
}
