/** The paths of the app's files, all in the user-data folder. */
import { join } from 'node:path';

/** Absolute paths. */
export interface Paths {
  readonly folder: string;
  readonly database: string;
  readonly settings: string;
  readonly log: string;
  /** State of the desktop part: the window's bounds, notices already shown. */
  readonly desktop: string;
  /** Snoozes, the delivery state of open incidents, and missed alerts. */
  readonly alerts: string;
  /** Messages not yet delivered to their webhook. */
  readonly webhookQueue: string;
  /** URLs of webhooks. */
  readonly secrets: string;
  /** Secrets that services are probed with. */
  readonly serviceSecrets: string;
  /** When jobs called in last. */
  readonly heartbeats: string;
  /** Accounts, paired browsers and API tokens. */
  readonly access: string;
  /** When it was asked for updates, and the answer. */
  readonly updates: string;
  /** Id of this machine to its hub, and the hub it reports to. */
  readonly report: string;
  /** The machines that report here, and the folder with their histories. */
  readonly machines: string;
  readonly machineFolder: string;
  /** Disk space of container engines, and when they were asked for it. */
  readonly containerDisk: string;
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
    serviceSecrets: join(folder, 'service-secrets.json'),
    heartbeats: join(folder, 'heartbeats.json'),
    access: join(folder, 'access.json'),
    updates: join(folder, 'updates.json'),
    report: join(folder, 'report.json'),
    machines: join(folder, 'machines.json'),
    machineFolder: join(folder, 'machines'),
    containerDisk: join(folder, 'container-disk.json'),
  };
}
