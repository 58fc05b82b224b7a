/** Parses the command line. An unknown option is an error, so that a typing mistake is not ignored. */

import type { Role } from './access/identity';
import { JOIN_USAGE, takeJoinOption, toJoin, withValues } from './join-options';
import type { JoinDraft, JoinOptions } from './join-options';

/** The parsed command line: how to run, or what to print before exiting. */
export type Arguments =
  | {
      readonly action: 'run';
      readonly hidden: boolean;
      readonly headless: boolean;
      /** The role of browsers that are paired with a code printed in headless mode. */
      readonly pairAs: Role;
      /** Whether machines join with such a code, to report here. */
      readonly acceptMachines: boolean;
      /** The hub to join; absent for none. */
      readonly join?: JoinOptions;
    }
  | { readonly action: 'print'; readonly text: string; readonly exitCode: 0 | 2 }
  | Command;

/** A command that prints something and ends, also beside a Traywatch that runs. */
export type Command =
  /** Turns start at login on or off, or prints its state. */
  | { readonly action: 'autostart'; readonly to: 'on' | 'off' | 'status' }
  /** Prints diagnostics; `withNames` adds names, paths and addresses. */
  | { readonly action: 'diagnose'; readonly withNames: boolean };

/** Options of Chromium and Node that Electron reads itself, or that its launchers pass on. */
const RUNTIME_FLAGS = [
  /^no-sandbox$/,
  /^user-data-dir$/,
  /^inspect(-brk)?$/,
  /^remote-debugging-(port|pipe)$/,
  /^ozone-platform(-hint)?$/,
  /^(disable|enable)-(gpu|features|logging)$/,
  /^force-(device-scale-factor|color-profile)$/,
  /^lang$/,
  /^password-store$/,
  /^original-process-start-time$/,
] as const;

/** What the systems themselves pass on when they start an app. */
const SYSTEM_ARGUMENTS: Readonly<Partial<Record<NodeJS.Platform, readonly RegExp[]>>> = {
  // COM, for a click on a notification of an earlier run; and the installer after an update.
  win32: [/^[-/]embedding$/i, /^--updated$/],
  // The Finder, at the first start after a download: a process serial number.
  darwin: [/^-psn_\d+_\d+$/],
};

/** The text of --help. */
function usage(version: string): string {
  return [
    `Traywatch ${version}`,
    '',
    'Usage: traywatch [options]',
    '',
    '  --hidden               start with the tray icon only',
    '  --headless             run without window and tray; use a browser instead',
    '  --pair-as=ROLE         role for browsers paired in headless mode: viewer (default) or admin',
    '  --accept-machines      in headless mode, let other machines join with a printed code, to report here',
    ...JOIN_USAGE,
    '  --user-data-dir=DIR    store settings, history and log in DIR',
    '  --autostart=on|off     start at login, or not; exit code 0 when done, 3 when refused',
    '  --autostart=status     print whether it starts at login; exit code 0 if so, 1 if not, 3 if not known',
    '  --diagnose             print what a bug report needs, without names, paths and addresses',
    '  --diagnose=full        the same with names, paths, addresses and messages of the log',
    '  --version              print the version and exit',
    '  --help                 print this and exit',
    '',
  ].join('\n');
}

/** Prints the problem and the usage; exit code 2. */
function refusal(problem: string, version: string): Arguments {
  return { action: 'print', text: `traywatch: ${problem}\n\n${usage(version)}`, exitCode: 2 };
}

/** The role in `--pair-as=ROLE`, or what is wrong with it. */
export function toRole(argument: string): { readonly role: Role } | { readonly problem: string } {
  const value = argument.slice(argument.indexOf('=') + 1);
  if (argument.includes('=') && (value === 'viewer' || value === 'admin')) return { role: value };
  return { problem: `--pair-as must be viewer or admin, as in --pair-as=admin; got "${argument}"` };
}

/** The command in an argument; null for an argument that is none, a text for one that is wrong. */
export function toCommand(name: string, argument: string): Command | string | null {
  const value = argument.includes('=') ? argument.slice(argument.indexOf('=') + 1) : null;
  if (name === 'autostart') return value === 'on' || value === 'off' || value === 'status' ? { action: 'autostart', to: value } : `--autostart must be on, off or status, as in --autostart=status; got "${argument}"`;
  if (name !== 'diagnose') return null;
  return value === null || value === 'full' ? { action: 'diagnose', withNames: value === 'full' } : `--diagnose takes nothing or full, as in --diagnose=full; got "${argument}"`;
}

/** How to run, as the options say so far. */
interface Run {
  hidden: boolean;
  headless: boolean;
  pairAs: Role | null;
  acceptMachines: boolean;
  command: Command | null;
  readonly join: JoinDraft;
}

/** Takes one option; returns what is wrong with it, or null. */
function takeOption(run: Run, name: string, argument: string): string | null {
  const command = toCommand(name, argument);
  if (typeof command === 'string') return command;
  if (command !== null) run.command = command;
  else if (name === 'hidden' && !argument.includes('=')) run.hidden = true;
  else if (name === 'headless' && !argument.includes('=')) run.headless = true;
  else if (argument === '--accept-machines') run.acceptMachines = true;
  else if (name === 'pair-as') {
    const found = toRole(argument);
    if ('problem' in found) return found.problem;
    run.pairAs = found.role;
  } else if (!takeJoinOption(run.join, name, argument) && (!argument.startsWith('--') || !RUNTIME_FLAGS.some((flag) => flag.test(name)))) return `unknown option "${argument}"`;
  return null;
}

/** Parses the arguments after the program's path. Pure. */
export function parseArguments(args: readonly string[], version: string, platform: NodeJS.Platform): Arguments {
  const ofSystem = SYSTEM_ARGUMENTS[platform] ?? [];
  const run: Run = { hidden: false, headless: false, pairAs: null, acceptMachines: false, command: null, join: {} };
  for (const argument of withValues(args)) {
    if (ofSystem.some((pattern) => pattern.test(argument))) continue;
    const name = /^--?([^=]+)/.exec(argument)?.[1] ?? '';
    if (name === 'help' || name === 'h') return { action: 'print', text: usage(version), exitCode: 0 };
    if (name === 'version') return { action: 'print', text: `${version}\n`, exitCode: 0 };
    const problem = takeOption(run, name, argument);
    if (problem !== null) return refusal(problem, version);
  }
  const { hidden, headless, pairAs, acceptMachines, command } = run;
  const join = toJoin(run.join);
  if (typeof join === 'string') return refusal(join, version);
  if (command !== null) return hidden || headless || pairAs !== null || acceptMachines || join !== null ? refusal(`--${command.action} cannot be combined with options of a run`, version) : command;
  // With a desktop the role is chosen when a browser is approved.
  if (pairAs !== null && !headless) return refusal('--pair-as requires --headless', version);
  if (acceptMachines && !headless) return refusal('--accept-machines requires --headless', version);
  // With a desktop a hub is joined in the settings, where its certificate is compared.
  if (join !== null && !headless) return refusal('--join requires --headless', version);
  return { action: 'run', hidden, headless, pairAs: pairAs ?? 'viewer', acceptMachines, ...(join === null ? {} : { join }) };
}
