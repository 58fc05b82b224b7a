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
  /** Snoozes, what was told of open incidents, and what was missed. */
  readonly alerts: string;
  /** Messages that wait for their webhook. */
  readonly webhookQueue: string;
  /** Addresses of webhooks. */
  readonly secrets: string;
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
    alerts: join(folder, 'alerts.json'),
    webhookQueue: join(folder, 'webhook-queue.json'),
    secrets: join(folder, 'secrets.json'),
    access: join(folder, 'access.json'),
  };
}
