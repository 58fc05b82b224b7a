/** Texts for remote clients: a path becomes the name of its file. Folders tell the user's name, and where things are on the machine. */
import { homedir, tmpdir } from 'node:os';

/** A quoted absolute path, which may contain spaces. */
const QUOTED = /(['"“‘`])((?:[A-Za-z]:)?[\\/][^'"”’`\n]*)(['"”’`])/gu;
/** An absolute path of two or more parts, up to the first space; not the path of a URL. */
const PLAIN = /(?<![\w.:\\/~-])(?:[A-Za-z]:)?[\\/]{1,2}(?:[^\s'"“”:;,()<>|\\/]+[\\/]+)+[^\s'"“”:;,()<>|\\/]*/gu;
/** The home folder by its short form. */
const TILDE = /(?<![\w~])~[\w.-]*[\\/](?:[^\s'"“”:;,()<>|\\/]+[\\/]+)*([^\s'"“”:;,()<>|\\/]*)/gu;

/** What stands for a folder whose own name tells too much: one of the app, a home, or one that holds those. */
const SOME_FOLDER = 'a folder';
const HOME = /^(?:[a-z]:)?\/(?:home|users|var\/home|root)(?:\/[^/]+)?$/i;

const normalized = (path: string): string => path.replace(/[\\/]+/g, '/').replace(/(?<=.)\/$/, '').toLowerCase();
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A folder and those that hold it, the longest first; without the roots of a file system. */
function withParents(folder: string): readonly string[] {
  const parts = folder.split(/[\\/]+/).filter((part) => part !== '');
  const separator = folder.includes('\\') ? '\\' : '/';
  const front = folder.startsWith('/') ? '/' : folder.startsWith('\\\\') ? '\\\\' : '';
  return parts.map((_part, at) => `${front}${parts.slice(0, parts.length - at).join(separator)}`).filter((path) => /[^\\/:][\\/]+[^\\/]/.test(path));
}

/** A folder that is known by its exact name, spaces included, and what follows it. */
function folderPattern(folder: string): RegExp {
  return new RegExp(`${escaped(folder)}(?![\\w-])((?:[\\\\/][^\\s'"“”:;,()<>|]*)?)`, 'giu');
}

/** Creates the function. `folders` are those of the app; the home folder and the one for temporary files are known. */
export function createTextRedaction(folders: readonly string[] = []): (text: string) => string {
  const known = [...new Set([...folders, homedir(), tmpdir()].flatMap(withParents))].toSorted((a, b) => b.length - a.length);
  const isKnown = new Set(known.map(normalized));
  const patterns = known.map(folderPattern);
  const nameOf = (path: string): string => {
    const whole = normalized(path);
    if (isKnown.has(whole) || HOME.test(whole)) return SOME_FOLDER;
    return path.split(/[\\/]+/).findLast((part) => part !== '') ?? '';
  };
  return (text) => {
    if (!/[\\/]/.test(text)) return text;
    let shown = text.replace(/file:\/{2,3}/giu, '/').replace(QUOTED, (_all, open: string, path: string, close: string) => `${open}${nameOf(path)}${close}`);
    for (const pattern of patterns) shown = shown.replace(pattern, (path: string, rest: string) => (/[^\\/.]/.test(rest) ? nameOf(path) : `${SOME_FOLDER}${rest.replace(/[\\/]/g, '')}`));
    return shown.replace(PLAIN, (path: string) => nameOf(path)).replace(TILDE, (_all, name: string) => name);
  };
}
