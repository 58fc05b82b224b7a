/** Ending under plain Node, by the same two steps as Electron's app: lib/shutdown.ts follows either. */
import type { QuittingApp } from '../lib/shutdown';

type WillQuit = (event: { preventDefault(): void }) => void;

/** `exit` ends the process; it is called once nothing prevents that. */
export function createQuitting(exit: () => void): QuittingApp {
  const before: (() => void)[] = [];
  const will: WillQuit[] = [];
  return {
    on(event: 'before-quit' | 'will-quit', listener: WillQuit | (() => void)) {
      if (event === 'will-quit') will.push(listener);
      else before.push(listener as () => void);
    },
    quit() {
      for (const listener of before) listener();
      let isPrevented = false;
      const event = { preventDefault: () => void (isPrevented = true) };
      for (const listener of will) listener(event);
      if (!isPrevented) exit();
    },
  };
}
