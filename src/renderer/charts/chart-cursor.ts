/** The crosshair that all charts of a page share. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** The time at the crosshair, epoch ms; null while there is none. */
export type CursorStore = StoreApi<{ readonly time: number | null }>;

/** Creates a cursor without a time. */
export function createCursor(): CursorStore {
  return createStore<{ readonly time: number | null }>(() => ({ time: null }));
}
