/** Rules for every web contents the app will ever have: no navigation, no new windows, next to no permissions. */
import type { App, Session } from 'electron';
import type { OwnPage } from './page';

/** The one right the own page has: plain text to the clipboard, for which Chromium wants a click as well. */
function isGranted(page: OwnPage, permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && page.owns(url);
}

/** Applies the rules; `onRefused` learns what was tried, for the log. */
export function lockDown(app: App, session: Session, page: OwnPage, onRefused: (what: string, detail: string) => void): void {
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
