/** The latest readings and the state of the connection. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { EMPTY_SNAPSHOT, mergeBatch } from '../../shared/metrics/merge';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import type { Connection } from '../lib/freshness';

/** Latest snapshot and state of the connection. The reading of a family stays the same object until it changes. */
export interface LiveState extends Snapshot {
  readonly connection: Connection;
  /** Why the connection is lost; empty otherwise. */
  readonly connectionMessage: string;
  /** False until the first snapshot arrived. */
  readonly known: boolean;
  /** When the last data arrived, by the clock of this page, epoch ms: that of the machine may differ. Null before any. */
  readonly receivedAt: number | null;
}

/** The store of the live state. */
export type LiveStore = StoreApi<LiveState>;

/** Creates the store, empty. */
export function createLiveStore(): LiveStore {
  return createStore<LiveState>(() => ({
    ...EMPTY_SNAPSHOT,
    seq: -1,
    connection: 'connecting',
    connectionMessage: '',
    known: false,
    receivedAt: null,
  }));
}

/** Replaces the readings by a snapshot. */
export function applySnapshot(store: LiveStore, snapshot: Snapshot, receivedAt = Date.now()): void {
  store.setState({ ...snapshot, known: true, receivedAt });
}

/** Merges a batch into the readings. */
export function applyBatch(store: LiveStore, batch: SampleBatch, receivedAt = Date.now()): void {
  store.setState((state) => ({ ...mergeBatch(state, batch), receivedAt }));
}
