import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** The time pointed at on a page, shared by all its charts; null when none is. */
export type CursorStore = StoreApi<{ readonly time: number | null }>;

/** Makes one, pointing nowhere. */
export function createCursor(): CursorStore {
  return createStore<{ readonly time: number | null }>(() => ({ time: null }));
}
