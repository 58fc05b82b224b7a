/**
 * The end of a session on Windows: log-off, shutdown, restart. Electron quits no app then (`before-quit` and `will-quit` are
 * not emitted), and tells windows alone, so there is a window that nobody sees, without a page.
 */
import type { App, BaseWindow, BaseWindowConstructorOptions, BrowserWindow } from 'electron';

/** The parts of Electron that are used. */
export interface SessionEndParts {
  readonly app: Pick<App, 'on'>;
  readonly BaseWindow: new (options: BaseWindowConstructorOptions) => Pick<BaseWindow, 'on'>;
  /** The windows that are open already. */
  readonly open: readonly Pick<BaseWindow, 'on'>[];
}

/** What is called at the end of a session, perhaps once per window. */
export interface SessionEndActions {
  /** Windows asks whether the session may end; another program may still say no. Comes from Electron 34 on. */
  onAsked(): void;
  /** It ends, and the process may be ended as soon as this returns: all has to be done by then. */
  onEnd(): void;
}

/** Watches from now on. Returns the hidden window: keep it, or it is garbage-collected. */
export function watchSessionEnd({ app, BaseWindow, open }: SessionEndParts, { onAsked, onEnd }: SessionEndActions): Pick<BaseWindow, 'on'> {
  const listen = (window: Pick<BaseWindow, 'on'>): void => {
    window.on('query-session-end', onAsked);
    window.on('session-end', onEnd);
  };
  open.forEach(listen);
  app.on('browser-window-created', (_event: unknown, window: BrowserWindow) => listen(window));
  const hidden = new BaseWindow({ show: false, skipTaskbar: true, width: 1, height: 1, title: 'Traywatch' });
  listen(hidden);
  return hidden;
}
