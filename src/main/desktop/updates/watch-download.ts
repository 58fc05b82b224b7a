/** Watches a download: it is ended where nothing arrives for too long, where more arrives than was signed, or when the user says so. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AppUpdater, CancellationToken } from 'electron-updater';
import type { Timers } from '../../engine/clock';
import type { Download } from '../../updates/self-updater';
import type { UpdateProblem } from '../../../shared/updates';

/** A download that does not get on for so long is given up, ms. */
const STALL = 60_000;

/** A watch over one download. */
export interface DownloadWatch {
  /** Why the watch ended it; null where it did not. */
  problem(): UpdateProblem | null;
  end(): void;
}

/** Bytes of the files in a folder; 0 where it is not there. */
function bytesIn(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  } catch {
    return 0;
  }
}

/** Begins to watch. `folder` is where the file grows: a server that names no length causes no events. */
export function watchDownload(updater: AppUpdater, token: CancellationToken, { signal, onProgress, file }: Download, folder: string, timers: Timers): DownloadWatch {
  let problem: UpdateProblem | null = null;
  let written = -1;
  let cancel = (): void => undefined;
  const stop = (found: UpdateProblem): void => {
    problem ??= found;
    token.cancel();
  };
  const look = (): void => {
    const now = bytesIn(folder);
    if (now > file.size * 2) return stop({ code: 'wrongContent', what: null });
    if (now === written) return stop({ code: 'timedOut', what: null });
    written = now;
    cancel = timers.after(STALL, look);
  };
  const onMore = ({ percent, transferred, total }: { readonly percent: number; readonly transferred: number; readonly total: number }): void => {
    // The size is signed, too: what is longer is not it, and a disk need not be filled to know that.
    if (total > file.size || transferred > file.size) stop({ code: 'wrongContent', what: null });
    else onProgress(Math.min(100, percent));
  };
  const onAbort = (): void => token.cancel();
  updater.on('download-progress', onMore);
  signal.addEventListener('abort', onAbort);
  // It may have been cancelled while this was loaded.
  if (signal.aborted) onAbort();
  cancel = timers.after(STALL, look);
  return {
    problem: () => problem,
    end: () => {
      cancel();
      updater.removeListener('download-progress', onMore);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
