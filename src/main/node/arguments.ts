/** Parses the command line of the program without a desktop: fewer options than that of the desktop app, with the same words. */
import { toCommand, toRole } from '../arguments';
import type { Command } from '../arguments';
import type { Role } from '../access/identity';
import { JOIN_USAGE, takeJoinOption, toJoin, withValues } from '../join-options';
import type { JoinDraft, JoinOptions } from '../join-options';

/** What to do: run, print diagnostics, or print a text and end. `folder`: the user-data folder that was named, or null. */
export type HeadlessArguments =
  | { readonly action: 'run'; readonly pairAs: Role; readonly acceptMachines: boolean; readonly folder: string | null; readonly join?: JoinOptions }
  | (Extract<Command, { action: 'diagnose' }> & { readonly folder: string | null })
  | { readonly action: 'print'; readonly text: string; readonly exitCode: 0 | 2 };

/** The text of --help. */
function usage(version: string): string {
  return [
    `Traywatch ${version}, without a desktop`,
    '',
    'Usage: traywatch [options]',
    '',
    'Watches this machine and serves its page to browsers. Tray icon, window and start at login are in the desktop app, which is',
    'another package.',
    '',
    '  --headless, --hidden   change nothing: there is no desktop here',
    '  --pair-as=ROLE         role for browsers paired with a printed code: viewer (default) or admin',
    '  --accept-machines      let other machines join with a printed code, to report here',
    ...JOIN_USAGE,
    '  --user-data-dir=DIR    store settings, history and log in DIR',
    '  --diagnose             print what a bug report needs, without names, paths and addresses',
    '  --diagnose=full        the same with names, paths, addresses and messages of the log',
    '  --version              print the version and exit',
    '  --help                 print this and exit',
    '',
  ].join('\n');
}

/** The options so far. */
interface Options {
  isRun: boolean;
  pairAs: Role;
  acceptMachines: boolean;
  folder: string | null;
  command: Extract<Command, { action: 'diagnose' }> | null;
  readonly join: JoinDraft;
}

/** Takes one option; returns what is wrong with it, or null. */
function takeOption(options: Options, name: string, argument: string): string | null {
  if (name === 'autostart') return '--autostart is an option of the desktop app; this program is started by a service manager, or by hand';
  const command = toCommand(name, argument);
  if (typeof command === 'string') return command;
  if (command?.action === 'diagnose') options.command = command;
  else if (argument === '--headless' || argument === '--hidden') options.isRun = true;
  else if (argument === '--accept-machines') Object.assign(options, { isRun: true, acceptMachines: true });
  else if (name === 'pair-as') {
    const found = toRole(argument);
    if ('problem' in found) return found.problem;
    Object.assign(options, { isRun: true, pairAs: found.role });
  } else if (name === 'user-data-dir') {
    options.folder = argument.slice(argument.indexOf('=') + 1);
    if (!argument.includes('=') || options.folder === '') return `--user-data-dir must name a folder, as in --user-data-dir=DIR; got "${argument}"`;
  } else if (!takeJoinOption(options.join, name, argument)) return `unknown option "${argument}"`;
  return null;
}

/** Parses the arguments after the program's path. Pure. */
export function parseHeadlessArguments(args: readonly string[], version: string): HeadlessArguments {
  const refusal = (problem: string): HeadlessArguments => ({ action: 'print', text: `traywatch: ${problem}\n\n${usage(version)}`, exitCode: 2 });
  const options: Options = { isRun: false, pairAs: 'viewer', acceptMachines: false, folder: null, command: null, join: {} };
  for (const argument of withValues(args)) {
    const name = /^--?([^=]+)/.exec(argument)?.[1] ?? '';
    if (name === 'help' || name === 'h') return { action: 'print', text: usage(version), exitCode: 0 };
    if (name === 'version') return { action: 'print', text: `${version}\n`, exitCode: 0 };
    const problem = takeOption(options, name, argument);
    if (problem !== null) return refusal(problem);
  }
  const { isRun, pairAs, acceptMachines, folder, command } = options;
  const join = toJoin(options.join);
  if (typeof join === 'string') return refusal(join);
  if (command !== null) return isRun || join !== null ? refusal('--diagnose cannot be combined with options of a run') : { ...command, folder };
  return { action: 'run', pairAs, acceptMachines, folder, ...(join === null ? {} : { join }) };
}
