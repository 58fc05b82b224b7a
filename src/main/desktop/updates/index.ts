/** Updates of this copy on the desktop: where it asks, by which connection, and what installs them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { session, shell } from 'electron';
import type { App } from 'electron';
import type { UpdateSetup } from '../../core/update-control';
import { systemTimers } from '../../engine/clock';
import type { Log } from '../../engine/log';
import type { SelfUpdateKind } from '../../updates/self-updater';
import { parseUpdateSource } from '../../updates/update-source';
import { appImageOf } from '../autostart/launch-command';
import { describeCopy } from './copy-kind';

/** The field `updates` of package.json; of a checkout that of the environment, for trying it out. */
function readSource(app: Pick<App, 'isPackaged' | 'getAppPath'>): unknown {
  if (!app.isPackaged) return JSON.parse(process.env['TRAYWATCH_UPDATES'] ?? 'null');
  return (JSON.parse(readFileSync(join(app.getAppPath(), 'package.json'), 'utf8')) as { readonly updates?: unknown }).updates;
}

/**
 * A request by a connection of its own, in memory: no cookies, no cache, nothing shared with the page. By Chromium, because it
 * knows the system's proxy and certificates; the language and the program's name are the same for everybody. The session takes
 * memory, so that there is none before the first request.
 */
const plainFetch: typeof fetch = (input, init) => {
  const plain = session.fromPartition('updates', { cache: false });
  plain.setUserAgent('Traywatch', 'en');
  return plain.fetch(input instanceof URL ? input.href : input, init);
};

/** What updates need of the desktop; null where this copy has no place to ask. */
export function updateSetup(app: Pick<App, 'isPackaged' | 'getAppPath' | 'getVersion'>, platform: NodeJS.Platform, log: Log): UpdateSetup | null {
  try {
    const source = parseUpdateSource(readSource(app));
    if (source === null) return null;
    const appImage = appImageOf({ execPath: process.execPath, env: process.env });
    const copy = describeCopy({ platform, arch: process.arch, version: app.getVersion(), execPath: process.execPath, appImage, isSigned: source.isSigned, exists: existsSync });
    return {
      source,
      copy,
      fetch: plainFetch,
      openPage: (url) => shell.openExternal(url),
      selfUpdater: async () => {
        const { createSelfUpdater } = await import('./electron-self-updater');
        return createSelfUpdater({ kind: copy.kind as SelfUpdateKind, appImage, timers: systemTimers, log });
      },
    };
  } catch (error) {
    log.error('this copy cannot ask for updates', { error });
    return null;
  }
}
