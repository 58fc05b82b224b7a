/** A folder that can be read and not written, also by root. */
import fs from 'node:fs';
import { runProgram } from '../desktop/exec';

/** A folder that takes no write until `allow` is called. */
export interface ReadOnlyFolder {
  allow(): Promise<void>;
  /** Undoes what was done to the machine. */
  remove(): Promise<void>;
}

const run = async (command: string, ...args: string[]): Promise<void> => void (await runProgram(command, args, process.env));

/** Makes the folder, read-only. Rejects with the reason where that is not possible. */
export async function makeReadOnly(folder: string): Promise<ReadOnlyFolder> {
  fs.mkdirSync(folder, { recursive: true });
  if (process.getuid?.() !== 0) {
    fs.chmodSync(folder, 0o500);
    return { allow: () => Promise.resolve(fs.chmodSync(folder, 0o700)), remove: () => Promise.resolve() };
  }
  // Modes do not bind root: a file system of its own does.
  await run('mount', '-t', 'tmpfs', '-o', 'size=40m,ro', 'tmpfs', folder);
  return { allow: () => run('mount', '-o', 'remount,rw', folder), remove: () => run('umount', '--lazy', folder) };
}
