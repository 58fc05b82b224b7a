/** Opens the store: the one thing the rest of the program needs to call. */
import { StoreOpenError } from './database';
import type { Quarantined } from './database';
import { SqliteStore } from './store';
import type { StoreOptions } from './store';
import type { Store } from './store-types';

export { StoreOpenError } from './database';
export type { Quarantined } from './database';
export type { StoreOptions } from './store';

/**
 * Opens the history at `options.path`. A damaged database is set aside (and reported) and a new one started. A disk
 * that is full, a folder that is read-only or a lock that is held gives a store that is failing: it keeps samples in
 * memory and tries again at each commit. Throws StoreOpenError for a database of a newer version or another program.
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
