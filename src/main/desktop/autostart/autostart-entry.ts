/** The autostart entry of Traywatch on a freedesktop desktop: what is written, and what an entry means. Pure. */
import type { AutostartStatus } from '../../../shared/autostart';
import { changeEntry, escapeString, isTrue, parseEntry, parseExec, toExec, toList, toText } from './desktop-entry';

/** Name of the entry in the autostart folders. The user's one hides that of the system of the same name. */
export const ENTRY_NAME = 'traywatch.desktop';

/** Marks an entry that Traywatch wrote. Desktops that change an entry keep keys they do not know. */
const MARK = 'X-Traywatch-Entry';
/** Marks an entry that is there only to hide that of the system. */
const HIDES_SYSTEM = 'X-Traywatch-Hides-System';

/** The command that starts Traywatch at login: the program, which is an absolute path, and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/**
 * GLib looks for the program before it takes `%%` for a percent sign, so it finds none whose path has one; and the
 * specification forbids an equals sign in it. Such a program is given to a shell as an argument.
 */
const THROUGH_SHELL = ['/bin/sh', '-c', 'exec "$0" "$@"'] as const;

/** The value of the key Exec that runs the command. */
const execOf = (command: Command): string => toExec(/[%=]/.test(command[0]) ? [...THROUGH_SHELL, ...command] : command);

/** An entry that starts the command. */
export function composeEntry(command: Command): string {
  const [program] = command;
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.0',
    'Name=Traywatch',
    'Comment=System monitor in the tray',
    `Exec=${execOf(command)}`,
    // Nothing is started, and no error shown, after Traywatch was removed.
    `TryExec=${escapeString(program)}`,
    'Icon=traywatch',
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
    // Plasma starts it when the tray is there.
    'X-KDE-autostart-after=panel',
    `${MARK}=1`,
  ];
  return `${lines.join('\n')}\n`;
}

/** An entry that keeps the one of the system from being started. */
export function composeHidingEntry(command: Command): string {
  return changeEntry(composeEntry(command), { Hidden: 'true', [HIDES_SYSTEM]: 'true' });
}

/** The same entry for a program that has moved. */
export const withCommand = (text: string, command: Command): string => changeEntry(text, { Exec: execOf(command), TryExec: escapeString(command[0]) });

/** True where Traywatch wrote the entry. */
export const isOurs = (text: string): boolean => isTrue(parseEntry(text)?.get(MARK));

/** The command of an entry; null where it has none that can be understood. */
export function commandOf(text: string): readonly string[] | null {
  const exec = parseEntry(text)?.get('Exec');
  const command = exec === undefined ? null : parseExec(exec);
  const isWrapped = command !== null && THROUGH_SHELL.every((part, index) => command[index] === part);
  return isWrapped ? command.slice(THROUGH_SHELL.length) : command;
}

/** What meaning an entry depends on. */
export interface EntryContext {
  /** The command that would start this copy. */
  readonly command: Command;
  /** XDG_CURRENT_DESKTOP: names with colons between. */
  readonly desktop: string;
  /** True where a program of this path or name can be run. */
  readonly canRun: (program: string) => boolean;
}

const off = (state: 'disabled' | 'disabledElsewhere'): Meaning => ({ state, reason: null, what: null });

/** State and reason of an entry. */
type Meaning = Omit<AutostartStatus, 'canChange'>;

/** True where OnlyShowIn or NotShowIn keep the entry from this desktop. */
function isForOtherDesktop(keys: ReadonlyMap<string, string>, desktop: string): boolean {
  const here = new Set(desktop.split(':').filter((name) => name !== ''));
  const [only, not] = [keys.get('OnlyShowIn'), keys.get('NotShowIn')];
  const isIn = (list: string): boolean => toList(list).some((name) => here.has(name));
  return (only !== undefined && !isIn(only)) || (not !== undefined && isIn(not));
}

/** What an entry does at login, by the Desktop Application Autostart Specification 0.5 and GNOME's own key. */
export function meaningOf(text: string, { command, desktop, canRun }: EntryContext): Meaning {
  const keys = parseEntry(text);
  if (keys === null) return off('disabledElsewhere');
  if (isTrue(keys.get('Hidden'))) return off(isTrue(keys.get(HIDES_SYSTEM)) ? 'disabled' : 'disabledElsewhere');
  if (keys.get('X-GNOME-Autostart-enabled') === 'false' || isForOtherDesktop(keys, desktop)) return off('disabledElsewhere');
  const starts = commandOf(text);
  if (starts === null) return off('disabledElsewhere');
  const needed = [toText(keys.get('TryExec') ?? ''), starts[0] ?? ''].filter((program) => program !== '');
  const missing = needed.find((program) => !canRun(program));
  if (missing !== undefined) return { state: 'disabled', reason: 'programMissing', what: missing };
  const isThisCopy = starts.filter((part) => part !== '--hidden').join('\0') === command.filter((part) => part !== '--hidden').join('\0');
  return isThisCopy ? { state: 'enabled', reason: null, what: null } : { state: 'enabled', reason: 'otherCommand', what: starts.join(' ') };
}
