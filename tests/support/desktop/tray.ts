import type { Bus, BusObject } from './bus';
import { toDictionary, toList, toText } from './gvariant';
import type { Value } from './gvariant';
import { until } from './until';

const watcher: BusObject = { service: 'org.kde.StatusNotifierWatcher', path: '/StatusNotifierWatcher' };
const itemInterface = 'org.kde.StatusNotifierItem';

/** @public Named by the types of what is exported. A picture of a tray icon; `pixels` are ARGB, 8 bits each, row by row. */
export interface Pixmap {
  width: number;
  height: number;
  pixels: Buffer;
}

/** One row of a tray menu, its submenu below it. */
export interface MenuRow {
  id: number;
  label: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  separator: boolean;
  rows: MenuRow[];
}

/** A registered tray icon as the desktop's panel sees it. */
export type TrayItem = ReturnType<typeof createTrayItem>;

/** The icons that are registered at the desktop's tray right now. */
export async function trayItems(bus: Bus): Promise<TrayItem[]> {
  const names = await bus.property(watcher, watcher.service, 'RegisteredStatusNotifierItems');
  return toList(names).map((name) => createTrayItem(bus, toBusObject(toText(name))));
}

/** The icon of one process, as soon as it is registered. */
export function waitForTrayItem(bus: Bus, pid: number): Promise<TrayItem> {
  return until(`a tray icon of process ${pid}`, async () => {
    for (const item of await trayItems(bus)) if ((await item.pid()) === pid) return item;
    return undefined;
  });
}

/** The watcher lists an item as its service followed by its path. */
function toBusObject(name: string): BusObject {
  const slash = name.indexOf('/');
  if (slash < 0) return { service: name, path: '/StatusNotifierItem' };
  return { service: name.slice(0, slash), path: name.slice(slash) };
}

function createTrayItem(bus: Bus, item: BusObject) {
  const property = (name: string) => bus.property(item, itemInterface, name);
  const menuObject = async (): Promise<BusObject> => ({ service: item.service, path: toText(await property('Menu')) });
  const menu = async (): Promise<MenuRow[]> => {
    const reply = await bus.call(await menuObject(), 'com.canonical.dbusmenu.GetLayout', 'int32 0', 'int32 -1', '@as []');
    return toMenuRow(reply[1] ?? []).rows;
  };
  return {
    /** The process that owns the icon. */
    async pid(): Promise<number> {
      const daemon = { service: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' };
      const [pid] = await bus.call(daemon, 'org.freedesktop.DBus.GetConnectionUnixProcessID', item.service);
      return Number(pid);
    },
    async id(): Promise<string> {
      return toText(await property('Id'));
    },
    async title(): Promise<string> {
      return toText(await property('Title'));
    },
    /** What the panel shows when the pointer rests on the icon. */
    async tooltip(): Promise<string> {
      const [, , title, text] = toList(await property('ToolTip'));
      return [title, text].map(toText).filter((part) => part !== '').join('\n');
    },
    /** The icon in every size it is offered in. */
    async pixmaps(): Promise<Pixmap[]> {
      return toList(await property('IconPixmap')).map(toPixmap);
    },
    menu,
    /** Chooses the first enabled row, at any depth, whose label is or matches the given one. */
    async clickMenu(label: string | RegExp): Promise<void> {
      // The app sends its menu anew now and then, and the ids with it: a row may be gone between the look and the click.
      for (let attempt = 1; ; attempt += 1) {
        const rows = flatten(await menu());
        const row = rows.find((candidate) => candidate.enabled && matches(candidate.label, label));
        if (!row) throw new Error(`no menu row ${label} among: ${rows.map((each) => each.label).join(' | ')}`);
        try {
          await bus.call(await menuObject(), 'com.canonical.dbusmenu.Event', `int32 ${row.id}`, '"clicked"', '<int32 0>', 'uint32 0');
          return;
        } catch (error) {
          if (attempt === 3) throw error;
        }
      }
    },
    /** A left click on the icon. */
    async activate(): Promise<void> {
      await bus.call(item, `${itemInterface}.Activate`, '0', '0');
    },
  };
}

function toPixmap(value: Value): Pixmap {
  const [width, height, pixels] = toList(value);
  return { width: Number(width), height: Number(height), pixels: Buffer.from(toList(pixels).map(Number)) };
}

/** A row arrives as (id, properties, children); properties at their default are left out. */
function toMenuRow(value: Value): MenuRow {
  const [id, properties, children] = toList(value);
  const given = toDictionary(properties);
  return {
    id: Number(id),
    label: toText(given.label).replace(/_(.)/g, '$1'),
    enabled: given.enabled !== false,
    visible: given.visible !== false,
    checked: given['toggle-state'] === 1,
    separator: given.type === 'separator',
    rows: toList(children).map(toMenuRow),
  };
}

/** Every row of a menu and of its submenus. */
export function flatten(rows: MenuRow[]): MenuRow[] {
  return rows.flatMap((row) => [row, ...flatten(row.rows)]);
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}
