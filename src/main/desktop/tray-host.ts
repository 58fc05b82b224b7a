/**
 * Detects whether this desktop has a system tray. On Linux that is a StatusNotifier watcher with a registered host on the
 * session bus; it is queried once, with the first bus tool that is installed.
 */

/** present, absent, or unknown where the bus could not be queried. */
type TrayHostState = 'present' | 'absent' | 'unknown';

/** The state, with the reason as text for the log or a notice. */
export interface TrayHost {
  readonly state: TrayHostState;
  readonly reason: string;
}

/** The result of a command. `code` is null when it could not be started or was killed at its deadline. */
export interface ExecResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** True when the program is not installed. */
  readonly isMissing: boolean;
}

/** Runs a program without a shell; never rejects. `timeout` is in milliseconds. */
export type Exec = (program: string, args: readonly string[], timeout: number) => Promise<ExecResult>;

/** What the detection needs. */
export interface TrayHostOptions {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly exec: Exec;
  /** True when the file or socket exists. */
  readonly exists: (path: string) => boolean;
}

const WATCHER = 'org.kde.StatusNotifierWatcher';
const PATH = '/StatusNotifierWatcher';
const PROPERTY = 'IsStatusNotifierHostRegistered';
const GET = 'org.freedesktop.DBus.Properties.Get';
const DEADLINE = 3000;

/** The same query for each tool, in the order they are tried. */
const TOOLS: readonly (readonly [program: string, args: readonly string[]])[] = [
  ['gdbus', ['call', '--session', '--timeout', '2', '--dest', WATCHER, '--object-path', PATH, '--method', GET, WATCHER, PROPERTY]],
  ['busctl', ['--user', '--timeout=2', 'get-property', WATCHER, PATH, WATCHER, PROPERTY]],
  [
    'dbus-send',
    ['--session', '--print-reply', '--reply-timeout=2000', `--dest=${WATCHER}`, PATH, GET, `string:${WATCHER}`, `string:${PROPERTY}`],
  ],
];

/** Parses the output of any of the tools: `(<true>,)`, `b true`, or `variant boolean true`. */
export function parseHostResult({ code, stdout, stderr }: Pick<ExecResult, 'code' | 'stdout' | 'stderr'>): TrayHost {
  const value = /\b(true|false)\b/.exec(stdout)?.[1];
  if (code === 0 && value === 'true') return { state: 'present', reason: 'a StatusNotifier host is registered' };
  if (code === 0 && value === 'false') return { state: 'absent', reason: 'no StatusNotifier host is registered' };
  if (/ServiceUnknown|NameHasNoOwner|was not provided by any|not activatable|does not exist/i.test(stderr)) {
    return { state: 'absent', reason: 'no StatusNotifier watcher is on the session bus' };
  }
  const detail = code === null ? 'no reply within the deadline' : (stderr.trim().split('\n')[0] ?? '');
  return { state: 'unknown', reason: `the session bus could not be queried: ${detail || `exit code ${code}`}` };
}

/** Without an address a bus tool would start a new bus, which has no other clients. */
function hasSessionBus({ env, exists }: TrayHostOptions): boolean {
  if ((env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '') return true;
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  return runtime !== '' && exists(`${runtime}/bus`);
}

/** Detects the tray once. Windows and macOS always have one. Never rejects. */
export async function detectTrayHost(options: TrayHostOptions): Promise<TrayHost> {
  if (options.platform !== 'linux') return { state: 'present', reason: 'part of this system' };
  if (!hasSessionBus(options)) return { state: 'absent', reason: 'there is no session bus' };
  for (const [program, args] of TOOLS) {
    const result = await options.exec(program, args, DEADLINE);
    if (!result.isMissing) return parseHostResult(result);
  }
  return { state: 'unknown', reason: 'none of gdbus, busctl and dbus-send is installed' };
}

/**
 * Detects the tray again after each of the waits (ms) while there is none: at login the panel may start after the app.
 * `isLate` is true where the tray appeared only meanwhile, so that an icon created before must be created again.
 */
export async function awaitTrayHost(
  options: TrayHostOptions & { readonly sleep: (milliseconds: number) => Promise<void> },
  waits: readonly number[],
): Promise<TrayHost & { readonly isLate: boolean }> {
  let host = await detectTrayHost(options);
  for (const wait of waits) {
    if (host.state !== 'absent') return { ...host, isLate: false };
    await options.sleep(wait);
    host = await detectTrayHost(options);
    if (host.state === 'present') return { ...host, isLate: true };
  }
  return { ...host, isLate: false };
}
