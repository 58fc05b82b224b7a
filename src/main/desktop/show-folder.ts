/** Shows a folder in the desktop's file manager, where there is one. */
import { spawn } from 'node:child_process';
import type { Timers } from '../engine/clock';

/** An opener that is still there after this is showing something, ms. */
const PATIENCE = 2000;

/**
 * Opens a folder with xdg-open, in a process of its own: on Linux `shell.openPath` holds up the whole main process
 * until xdg-open ends, and some desktops show a dialog there first. Resolves to an empty string, or to why it did
 * not work. Never rejects.
 */
export function showFolderOnLinux(timers: Timers, path: string): Promise<string> {
  return new Promise((resolve) => {
    const opener = spawn('xdg-open', [path], { detached: true, stdio: 'ignore' });
    const cancel = timers.after(PATIENCE, () => resolve(''));
    const answer = (problem: string): void => {
      cancel();
      resolve(problem);
    };
    opener.once('error', (error) => answer(`xdg-open could not be started (${error.message}); the folder is ${path}`));
    opener.once('exit', (code) => answer(code === 0 ? '' : `this desktop has nothing that opens folders; the folder is ${path}`));
    opener.unref();
  });
}
