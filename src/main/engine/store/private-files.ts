/** Files that only their owner may read: a history tells which programs ran, and when. */
import { chmodSync, closeSync, lstatSync, openSync } from 'node:fs';
import { attempt } from './database-errors';

const PRIVATE = 0o600;
/** Rights of everybody but the owner. */
const OTHERS = 0o077;

/** Creates an empty file where there is none. Where it cannot be created, whoever opens it next tells why. */
export function createPrivate(path: string): void {
  attempt(() => closeSync(openSync(path, 'wx', PRIVATE)));
}

/** Closes a file of ours to others; quietly leaves alone what is no plain file, not ours, or on a file system without modes. */
export function makePrivate(path: string): void {
  attempt(() => {
    const entry = lstatSync(path);
    if (entry.isFile() && entry.uid === process.getuid?.() && (entry.mode & OTHERS) !== 0) chmodSync(path, PRIVATE);
  });
}
