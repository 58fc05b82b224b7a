/** A place for the store, so that another history can be put in while everything else goes on. */
import type { Store } from '../engine/store/store-types';

/** The slot: `store` is handed around, and always means the store that is in it now. */
export interface SwappableStore {
  readonly store: Store;
  /** Closes the store, runs `change` while there is none, and opens the next, also when `change` throws. */
  swap(change: () => void): void;
}

/** Opens the first store. */
export function createSwappableStore(open: () => Store): SwappableStore {
  let current = open();
  // Every method goes to the store of the moment; so a new method of the interface needs nothing here.
  const store = new Proxy({} as Store, {
    get: (_target, name): unknown => {
      const member: unknown = Reflect.get(current, name);
      return typeof member === 'function' ? (...args: unknown[]): unknown => Reflect.apply(member, current, args) : member;
    },
  });
  return {
    store,
    swap(change) {
      current.close();
      try {
        change();
      } finally {
        current = open();
      }
    },
  };
}
