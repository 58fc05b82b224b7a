import type { Bridge } from '../shared/api/bridge';

declare global {
  interface Window {
    /** Put there by the preload; absent in a plain browser. */
    readonly traywatch?: Bridge;
  }
}
