/**
 * Start at login on a freedesktop desktop: a file in the user's autostart folder (Desktop Application Autostart Specification
 * 0.5). A file that Traywatch did not write, and a link, are never changed.
 */
import { accessSync, constants, lstatSync, statSync, unlinkSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { AutostartStatus } from '../../../shared/autostart';
import { autostartText } from '../../../shared/autostart';
import { CallError, codeOf, messageOf } from '../../../shared/result';
import { writeFileAtomically } from '../../lib/atomic-file';
import { isAbsence, readRegularFile } from '../../lib/regular-file';
import type { Autostart } from '../../lib/autostart';
import { commandOf, composeEntry, composeHidingEntry, ENTRY_NAME, isOurs, meaningOf, withCommand } from './autostart-entry';
import type { Command } from './autostart-entry';

/** What the entry depends on. */
export interface LinuxAutostartOptions {
  readonly command: Command;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Home folder of the user. */
  readonly home: string;
  /** Whether the entry is repaired: a checkout must not take over the entry of an installed copy. */
  readonly repairs: boolean;
}

/** What lies at a path. */
type Found = { readonly kind: 'absent' } | { readonly kind: 'entry'; readonly text: string; readonly isLink: boolean } | { readonly kind: 'unreadable' };

/** Absolute folders only: others are ignored, as the XDG Base Directory Specification 0.8 says. */
const absolute = (path: string | undefined, otherwise: string): string => (path !== undefined && isAbsolute(path) ? path : otherwise);

/** Most bytes of an entry; one with all translations of a large desktop has a few thousand. */
const MAX_BYTES = 100_000;

function readEntry(path: string): Found {
  try {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    const bytes = readRegularFile(path, MAX_BYTES);
    if (bytes === null) return { kind: 'absent' };
    // Desktops do not take a byte order mark either.
    return { kind: 'entry', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), isLink };
  } catch (error) {
    return { kind: isAbsence(error) ? 'absent' : 'unreadable' };
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether a program can be run, by its path or by its name on the PATH. */
function canRun(program: string, path: string): boolean {
  if (isAbsolute(program)) return isExecutable(program);
  return path.split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, program)));
}

/** The file could not be written or removed: what to do about it. */
function toRefusal(path: string, error: unknown): CallError {
  const code = codeOf(error);
  if (code === 'EROFS') return new CallError('Unavailable', `${path} cannot be changed: the file system is read-only.`);
  if (code === 'EACCES' || code === 'EPERM') return new CallError('Unavailable', `${path} cannot be changed: you may not write there. Check who owns the folder.`);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new CallError('Unavailable', `${path} cannot be written: the disk is full.`);
  return new CallError('Unavailable', `${path} cannot be changed: ${messageOf(error)}`);
}

const toCommand = ([program, ...args]: readonly string[]): Command | null => (program === undefined ? null : [program, ...args]);

/** Makes the interface over the user's files. */
export function createLinuxAutostart({ command, env, home, repairs }: LinuxAutostartOptions): Autostart {
  const path = join(absolute(env['XDG_CONFIG_HOME'], join(home, '.config')), 'autostart', ENTRY_NAME);
  const systemFolders = (env['XDG_CONFIG_DIRS'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const systemPaths = (systemFolders.length === 0 ? ['/etc/xdg'] : systemFolders).map((folder) => join(folder, 'autostart', ENTRY_NAME));
  const context = { command, desktop: env['XDG_CURRENT_DESKTOP'] ?? '', canRun: (program: string) => canRun(program, env['PATH'] ?? '') };

  const readSystem = (): AutostartStatus | null => {
    for (const file of systemPaths) {
      const found = readEntry(file);
      if (found.kind !== 'entry') continue;
      const meaning = meaningOf(found.text, { ...context, command: toCommand(commandOf(found.text) ?? []) ?? command });
      return { ...meaning, reason: meaning.reason ?? 'systemWide', what: meaning.what ?? file, canChange: true };
    }
    return null;
  };

  const read = (): AutostartStatus => {
    const found = readEntry(path);
    if (found.kind === 'absent') return readSystem() ?? { state: 'disabled', reason: null, what: null, canChange: true };
    if (found.kind === 'unreadable') return { state: 'unknown', reason: 'unreadable', what: path, canChange: false };
    const meaning = meaningOf(found.text, context);
    if (found.isLink) return { ...meaning, reason: 'link', what: path, canChange: false };
    return isOurs(found.text) ? { ...meaning, canChange: true } : { ...meaning, reason: 'notOurs', what: path, canChange: false };
  };

  const change = (on: boolean): void => {
    if (on) writeFileAtomically(path, composeEntry(command));
    else if (readSystem()?.state === 'enabled') writeFileAtomically(path, composeHidingEntry(command));
    else if (readEntry(path).kind !== 'absent') unlinkSync(path);
  };

  return {
    read,
    set(on) {
      const before = read();
      if (!before.canChange) throw new CallError('Unavailable', autostartText({ ...before, state: 'unknown' }));
      if (on && !context.canRun(command[0])) throw new CallError('Unavailable', `The program to start cannot be found as ${command[0]}. Move Traywatch to a folder whose name is valid UTF-8.`);
      try {
        change(on);
      } catch (error) {
        throw toRefusal(path, error);
      }
      return read();
    },
    async repair() {
      const found = readEntry(path);
      if (!repairs || found.kind !== 'entry' || found.isLink || !isOurs(found.text)) return null;
      const [program, ...args] = commandOf(found.text) ?? [];
      // While the other copy is there, it may be the one that the user wants.
      if (program === undefined || context.canRun(program) || args.join('\0') !== command.slice(1).join('\0')) return null;
      writeFileAtomically(path, withCommand(found.text, command));
      return program;
    },
  };
}
