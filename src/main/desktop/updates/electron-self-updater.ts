/**
 * Downloads and installs by electron-updater, which knows how each system replaces a running program. Loaded when the user
 * asks for a download. It would keep an id of this copy and send it along: that is taken away from it here, as are its
 * own checks, and an AppImage is replaced in one step (its own way leaves nothing behind where the disk is full).
 */
import { app, autoUpdater as squirrel, session } from 'electron';
import { AppImageUpdater, CancellationToken, MacUpdater, NsisUpdater } from 'electron-updater';
import type { AppUpdater } from 'electron-updater';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../../shared/result';
import type { Timers } from '../../engine/clock';
import type { Log } from '../../engine/log';
import { startDeadline } from '../../lib/request-deadline';
import type { Download, SelfUpdateKind, SelfUpdater } from '../../updates/self-updater';
import { UpdateError } from '../../updates/update-document';
import { checkReplaceable, checkRoom, checkRoomForBoth, replaceAppImage } from './replace-app-image';
import { signedOptions } from './signed-provider';
import { watchDownload } from './watch-download';

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
/** Longest time for macOS to take a downloaded app, ms. */
const ACCEPT_TIME = 5 * 60_000;

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
  // Its own session, by the name that it has for it: the language is the same for everybody.
  session.fromPartition('electron-updater', { cache: false }).setUserAgent('Traywatch', 'en');
  updater.logger = { info: () => undefined, warn: (message: unknown) => log.warn('updater', { message: String(message) }), error: (message: unknown) => log.warn('updater', { message: String(message) }) };
  updater.autoDownload = false;
  // At the end of a session an installer would be killed half-way (Windows); macOS installs by itself when the app ends.
  updater.autoInstallOnAppQuit = updater instanceof MacUpdater;
  updater.disableDifferentialDownload = true;
  updater.allowDowngrade = false;
  // In this spelling: another one it adds its own name to.
  updater.requestHeaders = { 'User-Agent': 'Traywatch' };
  updater.setFeedURL(signedOptions(download));
}

/** What a failed download or installation means. */
function toUpdateError(error: unknown, folder: string): UpdateError {
  if (error instanceof UpdateError) return error;
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

/** Listens for what macOS says of the downloaded app, whose signature it checks: it may say so before it is waited for. */
function listenToSquirrel(): { readonly accepted: Promise<void>; end(): void } {
  let end = (): void => undefined;
  const accepted = new Promise<void>((resolve, reject) => {
    const onTaken = (): void => resolve();
    squirrel.on('update-downloaded', onTaken).on('error', reject);
    end = () => void squirrel.removeListener('update-downloaded', onTaken).removeListener('error', reject);
  });
  accepted.catch(() => undefined);
  return { accepted, end };
}

/** Waits until macOS has taken the app; the time for that begins when it is downloaded. */
async function waitFor(accepted: Promise<void>, signal: AbortSignal, timers: Timers): Promise<void> {
  const deadline = startDeadline(timers, ACCEPT_TIME, signal);
  try {
    await deadline.race(accepted);
  } catch (error) {
    throw deadline.isTimedOut() ? new UpdateError({ code: 'timedOut', what: null }, { cause: error }) : error;
  } finally {
    deadline.end();
  }
}

/** Days may be between the download and the click, and the folder is one that other programs clean up. */
function checkAgain(file: string, { file: { sha512 } }: Download): void {
  if (createHash('sha512').update(readFileSync(file)).digest('base64') !== sha512) throw new UpdateError({ code: 'wrongContent', what: null });
}

/** Starts the installer; throws what went wrong, which electron-updater tells by an event. */
function install(updater: AppUpdater): void {
  const failures: unknown[] = [];
  const onError = (error: unknown): void => void failures.push(error);
  updater.on('error', onError);
  updater.quitAndInstall(true, true);
  updater.removeListener('error', onError);
  if (failures.length > 0) throw failures[0];
}

/** Creates the updater; nothing is asked or written before a download. */
export function createSelfUpdater({ kind, appImage, timers, log }: SelfUpdaterParts): SelfUpdater {
  const updater = withoutId(new UPDATERS[kind]());
  // Without a listener the event would end the app.
  updater.on('error', () => undefined);
  let ready: { readonly file: string; readonly download: Download } | null = null;
  const fetchFile = async (token: CancellationToken): Promise<string | undefined> => {
    if ((await updater.checkForUpdates()) === null) throw new UpdateError({ code: 'failed', what: 'this copy cannot be updated by itself' });
    return (await updater.downloadUpdate(token))[0];
  };
  const load = async (download: Download, token: CancellationToken): Promise<void> => {
    const native = kind === 'zip' ? listenToSquirrel() : null;
    try {
      const file = await fetchFile(token);
      if (native !== null) await waitFor(native.accepted, download.signal, timers);
      download.signal.throwIfAborted();
      if (file !== undefined && appImage !== null) await replaceAppImage(file, appImage);
      ready = file === undefined ? null : { file, download };
    } finally {
      native?.end();
    }
  };
  return {
    async download(download) {
      const folder = cacheFolder();
      const token = new CancellationToken();
      const watch = watchDownload(updater, token, download, join(folder, 'pending'), timers);
      try {
        if (appImage === null) await checkRoom(folder, download.file.size);
        else {
          await checkReplaceable(appImage);
          await checkRoomForBoth(folder, appImage, download.file.size);
        }
        configure(updater, log, download);
        await load(download, token);
      } catch (error) {
        const problem = watch.problem();
        throw problem === null ? toUpdateError(error, folder) : new UpdateError(problem, { cause: error });
      } finally {
        watch.end();
      }
    },
    install() {
      if (appImage !== null) {
        // The new file is in place: the next start runs it.
        app.relaunch({ execPath: appImage, args: process.argv.slice(1).filter((one) => one !== '--hidden') });
        app.quit();
        return;
      }
      try {
        if (kind === 'nsis' && ready !== null) checkAgain(ready.file, ready.download);
        install(updater);
      } catch (error) {
        throw toUpdateError(error, cacheFolder());
      }
    },
  };
}
