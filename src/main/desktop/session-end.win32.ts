/**
 * The end of a session on Windows: log-off, shutdown, restart. Electron quits no app then (`before-quit` and `will-quit` are
 * not emitted), and tells windows alone, so there is a window that nobody sees, without a page.
 */
import type { App, BaseWindow, BaseWindowConstructorOptions, BrowserWindow } from 'electron';

/** The parts of Electron that are used. */
export interface SessionEndParts {
  readonly app: Pick<App, 'on'>;
  readonly BaseWindow: new (options: BaseWindowConstructorOptions) => Pick<BaseWindow, 'on'>;
}

/**
 * Calls `onEnd` when the session ends, perhaps once per window. The process may be ended as soon as `onEnd` returns, so it has
 * to be done by then. Returns the hidden window: keep it, or it is garbage-collected.
 */
export function watchSessionEnd({ app, BaseWindow }: SessionEndParts, onEnd: () => void): Pick<BaseWindow, 'on'> {
  const listen = (window: Pick<BaseWindow, 'on'>): void => void window.on('session-end', onEnd);
  app.on('browser-window-created', (_event: unknown, window: BrowserWindow) => listen(window));
  const hidden = new BaseWindow({ show: false, skipTaskbar: true, width: 1, height: 1, title: 'Traywatch' });
  listen(hidden);
  return hidden;
}
