/**
 * What Windows and macOS need beside what every desktop does, in one place. Loaded on these two alone, by app.ts.
 */
import { app, BaseWindow, Menu, Notification } from 'electron';
import type { Timers } from '../engine/clock';
import type { Platform } from '../engine/collectors/deps';
import { followEarlierToasts } from './earlier-toasts';
import { createMacPresence } from './mac-app.darwin';
import type { WindowPresence } from './mac-app.darwin';
import { watchSessionEnd } from './session-end.win32';

/** What the extras act on. */
export interface SystemExtrasParts {
  readonly platform: Platform;
  readonly timers: Timers;
  /** Opens the window. */
  open(): void;
  /** Writes what is pending. */
  save(): void;
  /** Writes and closes everything before it returns. */
  endNow(): void;
}

/** What is called as the window comes and goes. */
export interface SystemExtras extends Partial<WindowPresence> {
  /** The window that hears of the end of the session: it is garbage-collected with this object. */
  readonly sessionWindow?: object;
}

/** Sets them up; keep the result as long as the app runs. */
export function setupSystemExtras({ platform, timers, open, save, endNow }: SystemExtrasParts): SystemExtras {
  if (platform === 'darwin') return createMacPresence({ app, setMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)), isPackaged: app.isPackaged });
  if (platform !== 'win32') return {};
  followEarlierToasts(Notification, timers, open);
  return { sessionWindow: watchSessionEnd({ app, BaseWindow, open: BaseWindow.getAllWindows() }, { onAsked: save, onEnd: endNow }) };
}
