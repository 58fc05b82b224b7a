/** A store whose database can be replaced while the rest of the app goes on using it. */
import type { Store } from '../engine/store/store-types';

/** A proxy for the open store. */
export interface SwappableStore {
  /** Always means the store that is open now; may be passed around. */
  readonly store: Store;
  /** Closes the store, runs `change` while none is open, and opens the next one, also when `change` throws. */
  replace(change: () => void): void;
}

/** Opens the first store. */
export function createSwappableStore(open: () => Store): SwappableStore {
  let current = open();
  // Every method is forwarded to the open store; so a new method of the interface needs nothing here.
  const store = new Proxy({} as Store, {
    get: (_target, name): unknown => {
      const member: unknown = Reflect.get(current, name);
      return typeof member === 'function' ? (...args: unknown[]): unknown => Reflect.apply(member, current, args) : member;
    },
  });
  return {
    store,
    replace(change) {
      current.close();
      try {
        change();
      } finally {
        current = open();
      }
    },
  };
}
