/** Opens a folder in the file manager of a Linux desktop. */
import { spawn } from 'node:child_process';
import type { Timers } from '../engine/clock';

/** xdg-open that runs longer than this has opened something, ms. */
const SUCCESS_AFTER = 2000;

/**
 * Opens a folder with a detached xdg-open: on Linux `shell.openPath` blocks the whole main process until xdg-open ends,
 * and some desktops show a dialog there first. Resolves to an empty string, or to the reason of a failure. Never rejects.
 */
export function showFolderOnLinux(timers: Timers, path: string): Promise<string> {
  return new Promise((resolve) => {
    const opener = spawn('xdg-open', [path], { detached: true, stdio: 'ignore' });
    const cancel = timers.after(SUCCESS_AFTER, () => resolve(''));
    const finish = (problem: string): void => {
      cancel();
      resolve(problem);
    };
    opener.once('error', (error) => finish(`xdg-open could not be started (${error.message}); the folder is ${path}`));
    opener.once('exit', (code) => finish(code === 0 ? '' : `no file manager found; the folder is ${path}`));
    opener.unref();
  });
}
