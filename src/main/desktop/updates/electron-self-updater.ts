/**
 * Downloads and installs by electron-updater, which knows how each system replaces a running program. Loaded when the user
 * asks for a download. It would keep an id of this copy and send it along: that is taken away from it here, as are its
 * own checks, and an AppImage is replaced in one step (its own way leaves nothing behind where the disk is full).
 */
import { app } from 'electron';
import { AppImageUpdater, CancellationToken, MacUpdater, NsisUpdater } from 'electron-updater';
import type { AppUpdater } from 'electron-updater';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf, messageOf } from '../../../shared/result';
import type { Timers } from '../../engine/clock';
import type { Log } from '../../engine/log';
import type { Download, SelfUpdateKind, SelfUpdater } from '../../updates/self-updater';
import { UpdateError } from '../../updates/update-document';
import { checkReplaceable, checkRoom, replaceAppImage } from './replace-app-image';
import { signedOptions } from './signed-provider';

/** What the updater needs. */
export interface SelfUpdaterParts {
  readonly kind: SelfUpdateKind;
  /** Path of the AppImage; null for another kind. */
  readonly appImage: string | null;
  readonly timers: Timers;
  readonly log: Log;
}

/** Name of the folder for downloads, in the user's folder for caches. */
const CACHE = 'traywatch-updater';
/** A download that does not get on for so long is given up, ms. */
const STALL = 60_000;

const UPDATERS = { AppImage: AppImageUpdater, nsis: NsisUpdater, zip: MacUpdater } as const satisfies Record<SelfUpdateKind, new () => AppUpdater>;

/** Makes electron-updater send and keep nothing of its own. Both are fields that it reads when it needs them. */
function withoutId(updater: AppUpdater): AppUpdater {
  return Object.assign(updater, {
    stagingUserIdPromise: { value: Promise.resolve('') },
    // Otherwise read from a file that is not in the package.
    configOnDisk: { value: Promise.resolve({ updaterCacheDirName: CACHE }) },
  });
}

function configure(updater: AppUpdater, log: Log, download: Download): void {
  updater.logger = { info: () => undefined, warn: (message: unknown) => log.warn('updater', { message: String(message) }), error: (message: unknown) => log.warn('updater', { message: String(message) }) };
  updater.autoDownload = false;
  // At the end of a session an installer would be killed half-way (Windows); macOS installs by itself when the app ends.
  updater.autoInstallOnAppQuit = updater instanceof MacUpdater;
  updater.disableDifferentialDownload = true;
  updater.allowDowngrade = false;
  updater.requestHeaders = { 'user-agent': 'Traywatch', 'x-user-staging-id': '' };
  updater.setFeedURL(signedOptions(download));
}

/** What a failed download means. */
function toUpdateError(error: unknown, isStalled: boolean, folder: string): UpdateError {
  if (error instanceof UpdateError) return error;
  if (isStalled) return new UpdateError({ code: 'timedOut', what: null }, { cause: error });
  const [code, text] = [codeOf(error) ?? '', messageOf(error)];
  if (code === 'ERR_CHECKSUM_MISMATCH' || /checksum mismatch/.test(text)) return new UpdateError({ code: 'wrongContent', what: null }, { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT' || /ENOSPC|EDQUOT|ERR_FILE_NO_SPACE/.test(text)) return new UpdateError({ code: 'diskFull', what: folder }, { cause: error });
  const network = /\bERR_[A-Z_]+/.exec(text)?.[0];
  if (/net::|ECONN|socket|aborted/i.test(text)) return new UpdateError({ code: 'unreachable', what: network ?? (code || null) }, { cause: error });
  const status = /status(?: code)?:? (\d{3})|\b([45]\d\d)\b/i.exec(text);
  if (status !== null) return new UpdateError({ code: 'refused', what: `HTTP ${status[1] ?? status[2] ?? ''}` }, { cause: error });
  return new UpdateError({ code: 'failed', what: text.split('\n')[0] ?? text }, { cause: error });
}

/** The folder for downloads, as electron-updater finds it, made if it is not there. */
function cacheFolder(): string {
  const { platform, env } = process;
  const base = platform === 'win32' ? (env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local')) : platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(base, CACHE);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Cancels the token where nothing arrives for too long, or when the signal says so. */
function watchDownload(updater: AppUpdater, token: CancellationToken, { signal, onProgress }: Download, timers: Timers): { isStalled(): boolean; end(): void } {
  let isStalled = false;
  let cancel = (): void => undefined;
  const wait = (): void => {
    cancel();
    cancel = timers.after(STALL, () => {
      isStalled = true;
      token.cancel();
    });
  };
  const onMore = ({ percent }: { readonly percent: number }): void => {
    wait();
    onProgress(Math.min(100, percent));
  };
  const onAbort = (): void => token.cancel();
  updater.on('download-progress', onMore);
  signal.addEventListener('abort', onAbort);
  wait();
  return {
    isStalled: () => isStalled,
    end: () => {
      cancel();
      updater.removeListener('download-progress', onMore);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/** Creates the updater; nothing is asked or written before a download. */
export function createSelfUpdater({ kind, appImage, timers, log }: SelfUpdaterParts): SelfUpdater {
  const updater = withoutId(new UPDATERS[kind]());
  // Every failure is thrown as well; without a listener the event would end the app.
  updater.on('error', () => undefined);
  const place = (file: string | undefined): void => {
    if (appImage === null) return;
    if (file === undefined) throw new UpdateError({ code: 'failed', what: 'the download is gone' });
    replaceAppImage(file, appImage);
  };
  return {
    async download(download) {
      const folder = cacheFolder();
      if (appImage !== null) {
        checkReplaceable(appImage);
        checkRoom(dirname(appImage), download.file.size);
      }
      checkRoom(folder, download.file.size);
      configure(updater, log, download);
      const token = new CancellationToken();
      const watch = watchDownload(updater, token, download, timers);
      try {
        const found = await updater.checkForUpdates();
        if (found === null) throw new UpdateError({ code: 'failed', what: 'this copy cannot be updated by itself' });
        const [file] = await updater.downloadUpdate(token);
        place(file);
      } catch (error) {
        throw toUpdateError(error, watch.isStalled(), folder);
      } finally {
        watch.end();
      }
    },
    install() {
      if (appImage === null) return updater.quitAndInstall(true, true);
      // The new file is in place: the next start runs it.
      app.relaunch({ execPath: appImage, args: process.argv.slice(1).filter((one) => one !== '--hidden') });
      app.quit();
    },
  };
}
