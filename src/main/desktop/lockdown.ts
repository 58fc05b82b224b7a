/** Rules for every web contents the app will ever have: no navigation, no new windows, next to no permissions. */
import type { App, Session } from 'electron';
import type { AppProtocol } from './app-protocol';

/** The one right the own page has: plain text to the clipboard, for which Chromium wants a click as well. */
function isGranted(page: AppProtocol, permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && page.owns(url);
}

type OnRefused = (what: string, detail: string) => void;

/** The rules of one session: next to no permissions, no devices, no downloads. */
function lockSession(session: Session, page: AppProtocol, onRefused: OnRefused): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    const granted = isGranted(page, permission, requestingUrl);
    if (!granted) onRefused('permission', permission);
    answer(granted);
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => isGranted(page, permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    event.preventDefault();
    onRefused('download', item.getURL());
  });
}

/**
 * Applies the rules to every session and all web contents from now on; `onRefused` learns what was tried, for the log.
 * A session is taken when Electron makes it, before anything can use it, and not asked for here: the first question for
 * the default session makes it, with a network context and its storage, about 10 MB that an app without a window has no
 * use for.
 */
export function lockDown(app: App, page: AppProtocol, onRefused: OnRefused): void {
  app.on('session-created', (session) => {
    lockSession(session, page, onRefused);
    page.serve(session.protocol);
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      onRefused('window', url);
      return { action: 'deny' };
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
      onRefused('webview', contents.getURL());
    });
    const stay = (event: { preventDefault(): void }, url: string): void => {
      if (page.owns(url)) return;
      event.preventDefault();
      onRefused('navigation', url);
    };
    contents.on('will-navigate', (event) => stay(event, event.url));
    contents.on('will-redirect', (event) => stay(event, event.url));
    contents.on('will-frame-navigate', (event) => stay(event, event.url));
  });
}
