/** Where the app keeps its files; everything lies in the user-data folder. */
import { join } from 'node:path';

/** Absolute paths. */
export interface Paths {
  readonly folder: string;
  readonly database: string;
  readonly settings: string;
  readonly log: string;
  /** What the desktop part remembers: where the window stood, what was told already. */
  readonly desktop: string;
  /** Who may watch over the LAN. */
  readonly access: string;
}

/** The files inside a user-data folder. */
export function pathsIn(folder: string): Paths {
  return {
    folder,
    database: join(folder, 'history.sqlite'),
    settings: join(folder, 'settings.json'),
    log: join(folder, 'traywatch.log'),
    desktop: join(folder, 'desktop.json'),
    access: join(folder, 'access.json'),
  };
}
