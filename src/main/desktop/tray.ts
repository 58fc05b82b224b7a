/** The tray icon with its tooltip and menu. Updates are sent to the desktop only where something has changed. */
import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import { incidentPath } from '../../shared/alerts/incident-path';
import type { SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import type { FamilyId } from '../../shared/metrics/index';
import { drawTrayIcon, iconKey } from './icon/draw';
import type { IconState } from './icon/draw';
import { toPng } from './icon/png';
import { hasMoved } from './tray-change-threshold';
import { isRaised } from '../../shared/metrics/severity';
import { toLevel } from './tray-hysteresis';
import { isSameStyle, toPixels } from './tray-icon-style';
import type { TrayIconStyle } from './tray-icon-style';
import { toTrayState, toTrayTexts } from './tray-model';
import type { MenuRow, TrayInput, TrayState } from './tray-model';

/** The parts of Electron that the tray needs; a test passes its own. */
interface TrayParts {
  readonly Tray: new (image: NativeImage, guid?: string) => Tray;
  readonly Menu: { buildFromTemplate(template: MenuItemConstructorOptions[]): Menu };
  readonly nativeImage: { createEmpty(): NativeImage };
}

/** What the tray shows. */
export interface TraySource {
  current(): TrayInput;
  /** Calls back after each change; returns the function that ends it. */
  onChange(listener: () => void): () => void;
}

/** What clicks and menu rows do. */
export interface TrayActions {
  /** Opens the window, on a page such as `/cpu` where one is given. */
  readonly open: (path?: string) => void;
  readonly setPaused: (paused: boolean) => void;
  /** Turns sharing on or off; turning it on also opens the Sharing page. */
  readonly setSharing: (sharing: boolean) => void;
  readonly acknowledge: (incidentId: string) => void;
  readonly snooze: (target: SnoozeTarget, length: SnoozeLength) => void;
  /** Ends every snooze. */
  readonly unsnooze: () => void;
  readonly quit: () => void;
}

/** What the tray needs. */
export interface TrayOptions {
  readonly electron: TrayParts;
  readonly source: TraySource;
  readonly host: { readonly hostname: string };
  readonly iconStyle: TrayIconStyle;
  readonly platform: NodeJS.Platform;
  readonly actions: TrayActions;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The created tray. */
export interface TrayHandle {
  /** Draws the icon again where the style differs. */
  setIconStyle(iconStyle: TrayIconStyle): void;
  dispose(): void;
}

/** On macOS the icon keeps its place in the menu bar by this. Not on Windows: there an unsigned program that moves loses its icon. */
const PLACE = '2b8e456a-09a8-49c6-b16f-16f1d2684b78';

/**
 * Shortest time between two updates of the texts, ms. A menu is always sent as a whole, on Linux over D-Bus and again with
 * each tooltip: about 1.5 ms of CPU time per update (Electron 33).
 */
export const TEXT_UPDATE_INTERVAL = 10_000;
/** The same while no value changes by more than the noise of an idle machine, ms: this menu is a fifth of the app's CPU time without a window. */
export const IDLE_UPDATE_INTERVAL = 30_000;
/** Shortest time between two updates of the level, ms; severity and pause are shown at once. */
export const LEVEL_UPDATE_INTERVAL = 3000;
/** An open menu is not updated, but for no longer than this, ms: some tray hosts never report that it was closed. */
const OPEN_LIMIT = 60_000;

/** Returns the image for a state; each is drawn once. */
function createImages({ nativeImage }: TrayParts, iconStyle: TrayIconStyle): (state: IconState) => NativeImage {
  const images = new Map<string, NativeImage>();
  return (state) => {
    const key = iconKey(state);
    const known = images.get(key);
    if (known !== undefined) return known;
    const image = nativeImage.createEmpty();
    for (const scaleFactor of iconStyle.scales) {
      image.addRepresentation({ scaleFactor, buffer: toPng(drawTrayIcon(state, toPixels(iconStyle, scaleFactor), iconStyle.scheme)) });
    }
    if (iconStyle.scheme === 'template') image.setTemplateImage(true);
    images.set(key, image);
    return image;
  };
}

/** The path of a metric family's page in the window. */
function pageOf(family: FamilyId): string {
  return `/${family}`;
}

/** The page that says why the icon is colored: the Overview lists the open alerts. Undefined: whatever page is open is as good. */
function answerTo({ health }: TrayState): string | undefined {
  return isRaised(health.mark) ? '/' : undefined;
}

/** Performs the action of a row. */
function choose(row: Exclude<MenuRow, { kind: 'separator' | 'note' | 'submenu' }>, actions: TrayActions, now: () => number): void {
  switch (row.kind) {
    case 'value':
      return actions.open(pageOf(row.family));
    case 'show':
      return actions.open(incidentPath(row.range, now()));
    case 'acknowledge':
      return actions.acknowledge(row.incident);
    case 'snooze':
      return actions.snooze(row.target, row.length);
    case 'unsnooze':
      return actions.unsnooze();
    case 'pause':
    case 'resume':
      return actions.setPaused(row.kind === 'pause');
    case 'share':
    case 'unshare':
      return actions.setSharing(row.kind === 'share');
    case 'open':
      return actions.open();
    case 'update':
      return actions.open('/settings');
    case 'quit':
      return actions.quit();
  }
}

function toMenuItem(row: MenuRow, actions: TrayActions, now: () => number): MenuItemConstructorOptions {
  if (row.kind === 'separator') return { type: 'separator' };
  // A single & would make the next letter the shortcut of the item.
  const label = row.text.replaceAll('&', '&&');
  if (row.kind === 'note') return { label, enabled: false };
  if (row.kind === 'submenu') return { label, submenu: row.rows.map((each) => toMenuItem(each, actions, now)) };
  return { label, click: () => choose(row, actions, now) };
}

/** `next` gives the icon to show for a state, or null when the current one is still right; `shown` is the current one. */
function createIconUpdater(now: () => number) {
  let level: number | null = null;
  let levelAt = Number.NEGATIVE_INFINITY;
  let shown: IconState | null = null;
  let shownKey: string | null = null;
  const next = ({ load, health, paused }: TrayState): IconState | null => {
    // On a busy machine the level would change each second; sending an icon costs more than reading the value.
    if (level === null || load === null || Math.abs(now() - levelAt) >= LEVEL_UPDATE_INTERVAL) {
      const next = toLevel(load, level);
      if (next !== level) levelAt = now();
      level = next;
    }
    const state: IconState = { level, severity: health.mark, paused };
    const key = iconKey(state);
    if (key === shownKey) return null;
    shownKey = key;
    shown = state;
    return state;
  };
  return { next, shown: () => shown };
}

function hasSameKeys(before: object, now: object): boolean {
  return before === now || Object.keys(before).join() === Object.keys(now).join();
}

/** True when only values may differ: incidents, families that cannot be read, and menu commands are the same. */
function differsInValuesOnly(before: TrayInput, now: TrayInput): boolean {
  return before.incidents === now.incidents && before.elsewhere === now.elsewhere && before.snoozedAll === now.snoozedAll && before.sharing === now.sharing && before.update === now.update && hasSameKeys(before.faults, now.faults);
}

/** Decides when the texts are updated: at once with the state, otherwise at TEXT_UPDATE_INTERVAL or IDLE_UPDATE_INTERVAL, never while the menu is open. */
function createMenuThrottle(now: () => number) {
  let last: { readonly state: string; readonly input: TrayInput; readonly at: number } | null = null;
  let openedAt: number | null = null;
  return {
    isDue({ paused, health }: TrayState, input: TrayInput): boolean {
      const at = now();
      const state = `${paused} ${health.severity} ${health.mark}`;
      if (openedAt !== null && Math.abs(at - openedAt) < OPEN_LIMIT) return false;
      if (last !== null && last.state === state && differsInValuesOnly(last.input, input)) {
        const since = Math.abs(at - last.at);
        if (since < TEXT_UPDATE_INTERVAL || (since < IDLE_UPDATE_INTERVAL && !hasMoved(last.input.readings, input.readings))) return false;
      }
      last = { state, input, at };
      return true;
    },
    setOpen(isOpen: boolean): void {
      openedAt = isOpen ? now() : null;
    },
  };
}

/** Returns the function that updates tooltip and menu. */
function createTextUpdater(tray: Tray, { electron, host, actions, now }: TrayOptions): (state: TrayState, input: TrayInput) => void {
  const throttle = createMenuThrottle(now);
  let tooltip = '';
  let menu = '';
  const toMenuOf = (rows: readonly MenuRow[]): Menu => {
    const built = electron.Menu.buildFromTemplate(rows.map((row) => toMenuItem(row, actions, now)));
    built.on('menu-will-show', () => throttle.setOpen(true));
    built.on('menu-will-close', () => throttle.setOpen(false));
    return built;
  };
  return (state, input) => {
    if (!throttle.isDue(state, input)) return;
    const texts = toTrayTexts(input, host);
    const rows = JSON.stringify(texts.menu);
    if (tooltip !== texts.tooltip) tray.setToolTip(texts.tooltip);
    if (menu !== rows) tray.setContextMenu(toMenuOf(texts.menu));
    tooltip = texts.tooltip;
    menu = rows;
  };
}

/** Creates the tray and keeps it up to date until it is disposed. */
export function createTray(options: TrayOptions): TrayHandle {
  const { electron, source, actions, now } = options;
  let { iconStyle } = options;
  let images = createImages(electron, iconStyle);
  const icon = createIconUpdater(now);
  const initial = source.current();
  const first = toTrayState(initial);
  const firstIcon = icon.next(first);
  const isMac = options.platform === 'darwin';
  const firstImage = firstIcon === null ? electron.nativeImage.createEmpty() : images(firstIcon);
  const tray = isMac ? new electron.Tray(firstImage, PLACE) : new electron.Tray(firstImage);
  const showTexts = createTextUpdater(tray, options);
  showTexts(first, initial);
  // On macOS the menu opens at the same press of the button, and a window would take its focus.
  if (!isMac) tray.on('click', () => actions.open(answerTo(toTrayState(source.current()))));
  const unsubscribe = source.onChange(() => {
    const input = source.current();
    const state = toTrayState(input);
    const next = icon.next(state);
    if (next !== null) tray.setImage(images(next));
    showTexts(state, input);
  });
  return {
    setIconStyle(changed) {
      if (isSameStyle(changed, iconStyle)) return;
      iconStyle = changed;
      images = createImages(electron, iconStyle);
      const shown = icon.shown();
      if (shown !== null) tray.setImage(images(shown));
    },
    dispose: () => {
      unsubscribe();
      tray.destroy();
    },
  };
}
