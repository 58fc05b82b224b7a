/** Which file of a bundle a request path names. */
import { join, normalize, sep } from 'node:path';

/** The file a request path names inside `folder`, or null when it would lead outside. Pure. */
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
