/** Writes small files so that a reader finds the old one or the new one, never a part. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

function writeThrough(path: string, text: string): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Writes beside the file, then renames; the file is readable by its owner only. Throws what the system throws. */
export function writeFileAtomically(path: string, text: string): void {
  const draft = `${path}.tmp`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // One that an earlier crash left would keep its own rights.
  rmSync(draft, { force: true });
  writeThrough(draft, text);
  renameSync(draft, path);
}
