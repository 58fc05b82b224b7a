/** A disk that can be filled: a small file system in memory, or, where none may be mounted, a limit on the size of files. */
import fs from 'node:fs';
import path from 'node:path';
import { runProgram } from '../desktop/exec';

/** Bytes of the file system: room for Chromium's own files and for some history. */
const SIZE = 48 * 2 ** 20;

/** A folder on a disk that can be made full. */
export interface SmallDisk {
  /** How it is done, for the report. */
  kind: string;
  /** Nothing more can be written from now on. `pid` is the process that writes. */
  fill(pid: number): Promise<void>;
  /** There is room again. */
  free(pid: number): Promise<void>;
  remove(): Promise<void>;
}

/** Puts a small disk at `folder`. */
export async function makeSmallDisk(folder: string): Promise<SmallDisk> {
  fs.mkdirSync(folder, { recursive: true });
  try {
    await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], process.env);
  } catch (error) {
    return limitedFiles(String(error));
  }
  return {
    kind: 'a small tmpfs',
    fill: () => Promise.resolve(fillUp(path.join(folder, 'filler'))),
    free: () => Promise.resolve(fs.rmSync(path.join(folder, 'filler'))),
    // Lazily: whatever still holds a file there is about to end.
    remove: async () => void (await runProgram('umount', ['--lazy', folder], process.env)),
  };
}

/** Writes until the disk takes no more, down to the last page. */
function fillUp(file: string): void {
  const fd = fs.openSync(file, 'w');
  try {
    for (let block = 2 ** 20; block >= 512; block = writeAll(fd, block) / 2);
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes blocks of one size until there is no room for another; returns that size. */
function writeAll(fd: number, block: number): number {
  const zeros = Buffer.alloc(block);
  try {
    while (fs.writeSync(fd, zeros) === block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
  return block;
}

/** RLIMIT_FSIZE of the process: the kernel refuses every write beyond it, in any file (setrlimit(2)). */
function limitedFiles(reason: string): SmallDisk {
  const limit = async (pid: number, bytes: string): Promise<void> => void (await runProgram('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], process.env));
  return {
    kind: `a limit on the size of files, because nothing may be mounted here: ${reason}`,
    fill: (pid) => limit(pid, '64'),
    free: (pid) => limit(pid, 'unlimited'),
    remove: () => Promise.resolve(),
  };
}
