import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { mergeBatch } from '../../shared/metrics/merge';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import type { Connection } from '../data/feed';

/** The machine as last heard of, and how well it is heard. Families keep their objects until they change. */
export interface LiveState extends Snapshot {
  readonly connection: Connection;
  /** Why it is lost; empty otherwise. */
  readonly connectionMessage: string;
  /** False until the first snapshot came. */
  readonly known: boolean;
}

/** The store of the live state. */
export type LiveStore = StoreApi<LiveState>;

/** Makes the store, empty. */
export function createLiveStore(): LiveStore {
  return createStore<LiveState>(() => ({
    seq: -1,
    time: 0,
    paused: false,
    readings: {},
    faults: {},
    readAt: {},
    connection: 'connecting',
    connectionMessage: '',
    known: false,
  }));
}

/** Takes a snapshot over. */
export function applySnapshot(store: LiveStore, snapshot: Snapshot): void {
  store.setState({ ...snapshot, known: true });
}

/** Merges a batch in. */
export function applyBatch(store: LiveStore, batch: SampleBatch): void {
  store.setState((state) => mergeBatch(state, batch));
}
