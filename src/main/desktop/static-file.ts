/** Maps a URL path to a file of the built page. */
import { join, normalize, sep } from 'node:path';

/** The absolute path of the file in `folder`, or null when the URL path is invalid or leads outside. Pure. */
export function staticFile(folder: string, path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const file = normalize(join(folder, decoded === '/' ? 'index.html' : decoded));
  return file.startsWith(folder + sep) ? file : null;
}
