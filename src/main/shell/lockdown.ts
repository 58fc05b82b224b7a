/** Rules for every web contents the app will ever have: no navigation, no new windows, no permissions. */
import type { App, Session } from 'electron';
import type { OwnPage } from './page';

/** Applies the rules; `onRefused` learns what was tried, for the log. */
export function lockDown(app: App, session: Session, page: OwnPage, onRefused: (what: string, detail: string) => void): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    onRefused('permission', permission);
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
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
