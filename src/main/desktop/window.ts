/** The window. Closing it destroys it and ends its renderer process; opening it creates a new one. */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { fitBounds } from './bounds';
import type { WindowState } from './window-state';
import type { AppProtocol } from './app-protocol';

/** What the window needs. */
export interface WindowParts {
  readonly page: AppProtocol;
  readonly preload: string;
  readonly icon: string;
  readonly state: WindowState;
  onClosed(): void;
  /** Called each time the window is shown, before it is. */
  onOpen?(): void;
  /** The renderer process ended unexpectedly; the window is destroyed already. */
  onCrash(reason: string): void;
}

/** Opens and closes the window. */
export interface WindowManager {
  /** Shows the window, opening it if need be; `path` is a page such as `/cpu`. */
  open(path?: string): void;
  isOpen(): boolean;
  close(): void;
}

const SIZE = { width: 1120, height: 780, minWidth: 340, minHeight: 420 } as const;
/** Height left for the title bar on a small screen, logical pixels. */
const TITLE_BAR = 40;
const BACKGROUND = { dark: '#14171c', light: '#f6f7f9' } as const;

const WEB_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
  navigateOnDragDrop: false,
  // Caches the compiled scripts at the first run, so that the window opens faster from the second time on.
  v8CacheOptions: 'bypassHeatCheck',
} as const;

/** The size of a first start: the usual one, or what fits a small screen. */
function initialSize(): { width: number; height: number } {
  const { width, height } = screen.getPrimaryDisplay().workAreaSize;
  return { width: Math.min(SIZE.width, width), height: Math.min(SIZE.height, height - TITLE_BAR) };
}

/** No window yet; `navigate` changes the page of an open window. */
export function createWindowManager(parts: WindowParts, navigate: (path: string) => void): WindowManager {
  let window: BrowserWindow | null = null;
  const create = (path: string): BrowserWindow => {
    const { window: stored } = parts.state.get();
    const created = new BrowserWindow({
      ...SIZE,
      ...initialSize(),
      ...fitBounds(stored, screen.getAllDisplays().map((display) => display.workArea)),
      show: false,
      title: 'Traywatch',
      icon: parts.icon,
      backgroundColor: BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
      autoHideMenuBar: true,
      webPreferences: { ...WEB_PREFERENCES, preload: parts.preload },
    });
    created.removeMenu();
    created.once('ready-to-show', () => {
      if (stored?.maximized === true) created.maximize();
      parts.onOpen?.();
      created.show();
    });
    created.on('close', () => parts.state.update({ window: { ...created.getNormalBounds(), maximized: created.isMaximized() } }));
    created.on('closed', () => {
      window = null;
      parts.onClosed();
    });
    created.webContents.on('render-process-gone', (_event, details) => {
      if (details.reason === 'clean-exit') return;
      created.destroy();
      parts.onCrash(details.reason);
    });
    created.loadURL(`${parts.page.url}#${path}`).catch((error: unknown) => {
      // Closing a window while it loads is not a failure.
      if (!created.isDestroyed()) parts.onCrash(String(error));
    });
    return created;
  };
  return {
    open(path) {
      if (window === null) {
        window = create(path ?? '/');
        return;
      }
      if (window.isMinimized()) window.restore();
      parts.onOpen?.();
      window.show();
      window.focus();
      if (path !== undefined) navigate(path);
    },
    isOpen: () => window !== null,
    close: () => window?.close(),
  };
}
