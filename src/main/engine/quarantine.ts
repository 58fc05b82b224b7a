/** Paths for damaged or replaced files, which are renamed and never deleted. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** The parts of such a path before and after the timestamp. */
function partsOf(path: string, reason: string): { readonly stem: string; readonly extension: string } {
  const extension = extname(path);
  return { stem: `${path.slice(0, path.length - extension.length)}.${reason}-`, extension };
}

/**
 * history.sqlite → history.corrupt-20261121T034500Z.sqlite; numbered if that exists. `now` in epoch ms; `reason` becomes
 * part of the name.
 */
export function quarantinePath(path: string, now: number, reason = 'corrupt'): string {
  const parts = partsOf(path, reason);
  const stem = parts.stem + new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  let name = `${stem}${parts.extension}`;
  for (let n = 2; existsSync(name); n += 1) name = `${stem}-${n}${parts.extension}`;
  return name;
}

/** The newest file by its name that was moved away from this path as invalid; null where there is none. Throws where the folder cannot be listed. */
export function newestQuarantined(path: string): string | null {
  const { stem, extension } = partsOf(basename(path), 'corrupt');
  const isOne = (name: string): boolean => name.startsWith(stem) && name.endsWith(extension) && /^\d{8}T\d{6}Z(-\d+)?$/.test(name.slice(stem.length, name.length - extension.length));
  const newest = readdirSync(dirname(path)).filter(isOne).sort().at(-1);
  return newest === undefined ? null : join(dirname(path), newest);
}
