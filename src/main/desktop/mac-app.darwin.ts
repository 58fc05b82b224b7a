/** What only an app on macOS has: a menu bar of its own while a window is open, an icon in the Dock, and focus that has to be taken. */
import type { App, MenuItemConstructorOptions } from 'electron';

/**
 * The menu bar. Edit has to be there: Cmd+C and Cmd+V work through it. Without a menu of its own an app gets Electron's, with
 * the developer tools; they are in this one in development alone.
 */
export function toMacMenu(isPackaged: boolean): MenuItemConstructorOptions[] {
  const separator = { type: 'separator' } as const;
  return [
    { role: 'appMenu', submenu: [{ role: 'about' }, separator, { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, separator, { role: 'quit' }] },
    { role: 'editMenu', submenu: [{ role: 'undo' }, { role: 'redo' }, separator, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
    ...(isPackaged ? [] : [{ label: 'Develop', submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }] } satisfies MenuItemConstructorOptions]),
    { role: 'windowMenu', submenu: [{ role: 'minimize' }, { role: 'zoom' }, separator, { role: 'close' }] },
  ];
}

/** The parts of Electron that are used. */
export interface MacAppParts {
  readonly app: Pick<App, 'focus' | 'setActivationPolicy'>;
  /** Builds the menu bar and puts it in place. */
  readonly setMenu: (template: MenuItemConstructorOptions[]) => void;
  readonly isPackaged: boolean;
}

/** Called when the window opens, when it is shown again, and when it has closed. */
export interface WindowPresence {
  onOpen(): void;
  onClosed(): void;
}

/**
 * An app of the menu bar (LSUIElement) has no Dock icon. While its window is open it has one, and with it a place in Cmd-Tab and
 * a menu bar; without the focus taken, the window would open behind the others.
 */
export function createMacPresence({ app, setMenu, isPackaged }: MacAppParts): WindowPresence {
  let hasMenu = false;
  return {
    onOpen() {
      if (!hasMenu) setMenu(toMacMenu(isPackaged));
      hasMenu = true;
      app.setActivationPolicy('regular');
      app.focus({ steal: true });
    },
    onClosed: () => app.setActivationPolicy('accessory'),
  };
}
