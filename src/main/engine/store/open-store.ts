/**
 * The store: the history of one machine in an SQLite file, and the only code that knows SQL. This file is its entry: it opens
 * the store; the interface is in store-types.ts. The folders: codec/ turns samples, points and sketches into bytes; jobs/ is
 * maintenance in small steps (sealing, rollup, retention, checkpoints, salvage, copies); query/ plans and runs queries;
 * activity/ stores events, incidents and process snapshots next to the series. It may import shared, the rest of the engine
 * and better-sqlite3; codec/ imports nothing of the other three. It must not import Electron or anything else of src/main,
 * start a process, or know a metric family by name; no import may be circular.
 */
import { StoreOpenError } from './database';
import type { Quarantined } from './database';
import { SqliteStore } from './store';
import type { StoreOptions } from './store-options';
import type { Store } from './store-types';

export { StoreOpenError } from './database';
export type { Quarantined } from './database';
export type { StoreOptions } from './store-options';
export type { LostFile } from './file-guard';
export type { RetentionJump } from './retention-clock';

/**
 * Opens the store at `options.path`. A damaged database is quarantined, which is reported as `quarantined`, and a new one is
 * created. With a full disk, a read-only folder or a lock held by another process the store opens in the state `failing`:
 * it keeps samples in memory and retries at each commit. Throws StoreOpenError for a file of a newer version or another program.
 */
export function openStore(options: StoreOptions): { store: Store; quarantined: Quarantined | null } {
  const store = new SqliteStore(options);
  try {
    return { store, quarantined: store.open() };
  } catch (error) {
    if (error instanceof StoreOpenError) throw error;
    store.fail(error);
    return { store, quarantined: null };
  }
}
