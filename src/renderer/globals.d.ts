import type { Bridge } from '../shared/api/bridge';

declare global {
  interface Window {
    /** Exposed by the preload script; absent in a plain browser. */
    readonly traywatch?: Bridge;
  }
}
