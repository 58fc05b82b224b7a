/** Names for files that are moved out of the way rather than lost. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';

/**
 * history.sqlite → history.corrupt-20261121T034500Z.sqlite, the first such name that is free. `now` in epoch ms; `word`
 * says why it was moved.
 */
export function quarantinePath(path: string, now: number, word = 'corrupt'): string {
  const extension = extname(path);
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const stem = `${path.slice(0, path.length - extension.length)}.${word}-${stamp}`;
  let name = `${stem}${extension}`;
  for (let n = 2; existsSync(name); n += 1) name = `${stem}-${n}${extension}`;
  return name;
}
