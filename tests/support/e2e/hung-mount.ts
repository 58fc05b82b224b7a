/** A file system that never answers, as a network drive whose server is gone; seen by one program and its children only. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import type { Wrapper } from './headless';

const DEVICE = '/dev/fuse';

/** Mounts it in a namespace of its own, then becomes the program after it. */
const SCRIPT = 'mount -i -t fuse.gone -o fd=3,rootmode=40000,user_id=0,group_id=0 gone "$0" && exec 3<&- "$@"';

/** Why no such file system can be made here; null where it can. */
export function hungMountProblem(): string | null {
  try {
    fs.accessSync(DEVICE, fs.constants.R_OK | fs.constants.W_OK);
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    return null;
  } catch (error) {
    return `no file system that hangs can be made here: ${String(error)}`;
  }
}

/** Starts a program with the file system at `folder`; `release` makes its calls fail, and must be called. */
export function hungMount(folder: string): Wrapper & { release(): void } {
  // Whoever has the device open is the one that does not answer.
  const descriptor = fs.openSync(DEVICE, 'r+');
  return { command: ['unshare', '-m', 'sh', '-c', SCRIPT, folder], descriptor, release: () => fs.closeSync(descriptor) };
}
