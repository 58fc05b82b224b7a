/** What a store is opened with. */
import type { Clock } from '../clock';
import type { Log } from '../log';
import type { ActivityLogParts } from './activity/activity-log';
import type { EventLimits } from './activity/activity-retention';
import type { CatalogHooks } from './catalog';
import type { openDatabase, Quarantined } from './database';
import type { LostFile } from './file-guard';
import type { Disk } from './jobs/checkpoint';
import type { MaintenanceParts } from './jobs/maintenance';
import type { StoreHealth } from './store-types';

/** Options of a store. */
export interface StoreOptions extends Pick<ActivityLogParts, 'onEvent' | 'onIncident'>, Partial<Pick<MaintenanceParts, 'onRetentionJump'>>, CatalogHooks {
  /** The database file; its folder is created where missing. */
  readonly path: string;
  /** Wall time for file names and messages, monotonic time for the interval of commits. */
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly log: Log;
  readonly keepDays: number;
  /** Most bytes of the database; no limit without it. */
  readonly maxBytes?: number;
  /** Interval of commits, ms: samples that may be lost in a power cut. Default 10 000. */
  readonly commitEveryMs?: number;
  /** Called when the store starts failing and when it writes again. */
  readonly onHealth?: (health: StoreHealth) => void;
  /** Called when a database was found damaged and quarantined after the store was opened. */
  readonly onQuarantined?: (quarantined: Quarantined) => void;
  /** Called when the file was removed or replaced while in use. */
  readonly onFileLost?: (lost: LostFile) => void;
  /** Called once if the write-ahead log does not work where the file is, and a rollback journal is used. */
  readonly onLogRefused?: () => void;
  /** How many events are kept; called in each round of maintenance. */
  readonly eventLimits?: () => EventLimits;
  /** Opens the file; tests replace it to limit the size of the database. */
  readonly openFile?: typeof openDatabase;
  /** Syncs files to the disk; tests replace it to simulate power cuts. */
  readonly disk?: Disk;
  /** Compacts the file outside the event loop (copy.ts). Without it a file never shrinks. */
  readonly compact?: (path: string) => Promise<void>;
}
