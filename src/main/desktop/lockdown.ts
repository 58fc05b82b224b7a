/** Security rules for every session and web contents: no navigation, no new windows, no permissions but one. */
import type { App, Session } from 'electron';
import type { AppProtocol } from './app-protocol';

/** The only permission, for the app's page: writing plain text to the clipboard, for which Chromium also requires a click. */
function isGranted(page: AppProtocol, permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && page.owns(url);
}

type OnRefused = (what: string, detail: string) => void;

/** The rules of one session: no permissions but one, no devices, no downloads. */
function lockSession(session: Session, page: AppProtocol, onRefused: OnRefused): void {
  session.setPermissionRequestHandler((_contents, permission, respond, { requestingUrl }) => {
    const granted = isGranted(page, permission, requestingUrl);
    if (!granted) onRefused('permission', permission);
    respond(granted);
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => isGranted(page, permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    event.preventDefault();
    onRefused('download', item.getURL());
  });
}

/**
 * Applies the rules to every session and web contents created from now on; `onRefused` is called with what was refused,
 * for the log. Sessions are handled when Electron creates them, before anything can use them: reading the default session
 * here would create it, with a network context and storage, about 10 MB that an app without a window does not need.
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
    const refuseForeign = (event: { preventDefault(): void }, url: string): void => {
      if (page.owns(url)) return;
      event.preventDefault();
      onRefused('navigation', url);
    };
    contents.on('will-navigate', (event) => refuseForeign(event, event.url));
    contents.on('will-redirect', (event) => refuseForeign(event, event.url));
    contents.on('will-frame-navigate', (event) => refuseForeign(event, event.url));
  });
}
