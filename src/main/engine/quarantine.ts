/** Paths for damaged or replaced files, which are renamed and never deleted. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';

/**
 * history.sqlite → history.corrupt-20261121T034500Z.sqlite; numbered if that exists. `now` in epoch ms; `reason` becomes
 * part of the name.
 */
export function quarantinePath(path: string, now: number, reason = 'corrupt'): string {
  const extension = extname(path);
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const stem = `${path.slice(0, path.length - extension.length)}.${reason}-${stamp}`;
  let name = `${stem}${extension}`;
  for (let n = 2; existsSync(name); n += 1) name = `${stem}-${n}${extension}`;
  return name;
}
