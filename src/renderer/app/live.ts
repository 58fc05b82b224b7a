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
  /** When the last news came, by this page's own clock, epoch ms: the machine's clock may be another. Null before any. */
  readonly heardAt: number | null;
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
    heardAt: null,
  }));
}

/** Takes a snapshot over. */
export function applySnapshot(store: LiveStore, snapshot: Snapshot, heardAt = Date.now()): void {
  store.setState({ ...snapshot, known: true, heardAt });
}

/** Merges a batch in. */
export function applyBatch(store: LiveStore, batch: SampleBatch, heardAt = Date.now()): void {
  store.setState((state) => ({ ...mergeBatch(state, batch), heardAt }));
}
