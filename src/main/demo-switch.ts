/**
 * TRAYWATCH_ROOT: a folder that is watched in place of this machine, for trying things, pictures and tests. What it shows is
 * made up, so its history is kept in folders of its own, and neither kind of history is ever continued by the other.
 * Reasons: docs/decisions/0017-demo-machines.md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { DemoSource } from './engine/collectors/demo-machine';
import { pathsIn } from './lib/paths';

/** What to watch: this machine (null), or the one in a folder; or why that is refused. */
type Watched = { readonly demo: DemoSource | null } | { readonly refused: string };

/** Name of the user-data folder of demo machines, beside that of this machine. */
export const DEMO_FOLDER = 'Traywatch demo';

/** In a user-data folder: what is stored there is made up. */
const MARK = 'made-up-data.txt';

const MARK_TEXT = 'The history in this folder is of a demo machine: all of it is made up.\n';

/** A host name that tells from every other machine's: it begins with `demo-`, and has the characters of a host name. */
export function toDemoName(text: string): string {
  const plain = text.trim().toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 50);
  return plain.startsWith('demo-') ? plain : `demo-${plain === '' ? 'machine' : plain}`;
}

/** The name of the machine in a folder. */
function demoNameIn(root: string): string {
  const file = join(root, 'proc/sys/kernel/hostname');
  return toDemoName(existsSync(file) ? readFileSync(file, 'utf8') : '');
}

/** Reads the switch. `env`: the environment of the process. */
export function readSwitch(env: Readonly<Record<string, string | undefined>>, isPackaged: boolean): Watched {
  const root = env['TRAYWATCH_ROOT'] ?? '';
  if (root === '') return { demo: null };
  if (isPackaged) return { refused: 'TRAYWATCH_ROOT is for development and is refused by an installed Traywatch. Unset it, or start Traywatch from a checkout.' };
  if (!isAbsolute(root)) return { refused: `TRAYWATCH_ROOT must be the absolute path of a folder; got "${root}".` };
  if (!existsSync(join(root, 'proc/stat'))) return { refused: `TRAYWATCH_ROOT is "${root}", where there is no proc/stat: it must be a folder with the proc and sys of a machine.` };
  if (existsSync(join(root, 'proc/self/stat'))) return { refused: `TRAYWATCH_ROOT is "${root}", which is a running system. Unset it to watch this machine.` };
  return { demo: { root, hostname: demoNameIn(root) } };
}

/**
 * Makes sure that a user-data folder holds data of the kind that is about to be written: null, or why the start is refused.
 * A folder without a history is marked as made-up before the first demo.
 */
export function claimFolder(folder: string, isDemo: boolean): string | null {
  const mark = join(folder, MARK);
  const isMarked = existsSync(mark);
  if (!isDemo) return isMarked ? `${folder} holds the made-up data of a demo machine. Start with another --user-data-dir=DIR.` : null;
  if (isMarked) return null;
  const { database, settings, access } = pathsIn(folder);
  if ([database, settings, access].some((file) => existsSync(file))) return `${folder} holds real data, which is never mixed with that of a demo machine. Start with another --user-data-dir=DIR.`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(mark, MARK_TEXT);
  return null;
}
