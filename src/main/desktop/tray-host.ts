/**
 * Detects whether this desktop has a system tray, and whether an icon of this process is in it. On Linux that is a
 * StatusNotifier watcher with a registered host on the session bus.
 */
import type { Exec, ExecResult } from '../engine/programs/exec-program';
import { callSessionBus, describeNoReply, isNobody, propertyOf } from './session-bus';

/** present, absent, or unknown where the bus could not be queried. */
type TrayHostState = 'present' | 'absent' | 'unknown';

/** The state, with the reason as text for the log or a notice. */
export interface TrayHost {
  readonly state: TrayHostState;
  readonly reason: string;
  /** True where another look would say the same: this system always has a tray, or lacks the tools to look. */
  readonly isFinal?: boolean;
}

/** What the detection needs. */
export interface TrayHostOptions {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly exec: Exec;
  /** True when the file or socket exists. */
  readonly exists: (path: string) => boolean;
}

const WATCHER = 'org.kde.StatusNotifierWatcher';
const WATCHER_PATH = '/StatusNotifierWatcher';
const BUS = 'org.freedesktop.DBus';
/** How long a reply may take, s. */
const REPLY_TIME = 2;
/** Number of icons whose process is looked up, the newest first: each is a query. */
const LOOKED_UP = 10;

/** Parses the output of any of the tools: `(<true>,)`, `v b true`, or `variant boolean true`. */
export function parseHostResult({ code, stdout, stderr }: Pick<ExecResult, 'code' | 'stdout' | 'stderr'>): TrayHost {
  const value = /\b(true|false)\b/.exec(stdout)?.[1];
  if (code === 0 && value === 'true') return { state: 'present', reason: 'a StatusNotifier host is registered' };
  if (code === 0 && value === 'false') return { state: 'absent', reason: 'no StatusNotifier host is registered' };
  if (isNobody({ stderr })) return { state: 'absent', reason: 'no StatusNotifier watcher is on the session bus' };
  return { state: 'unknown', reason: `the session bus could not be queried: ${describeNoReply({ code, stderr })}` };
}

/** Without an address a bus tool would start a new bus, which has no other clients. */
function hasSessionBus({ env, exists }: TrayHostOptions): boolean {
  if ((env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '') return true;
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  return runtime !== '' && exists(`${runtime}/bus`);
}

/** Detects the tray once. Windows and macOS always have one. Never rejects. */
export async function detectTrayHost(options: TrayHostOptions): Promise<TrayHost> {
  if (options.platform !== 'linux') return { state: 'present', reason: 'part of this system', isFinal: true };
  if (!hasSessionBus(options)) return { state: 'absent', reason: 'there is no session bus' };
  const result = await callSessionBus(options.exec, propertyOf(WATCHER, WATCHER_PATH, WATCHER, 'IsStatusNotifierHostRegistered'), REPLY_TIME);
  if (result === null) return { state: 'unknown', reason: 'none of gdbus, busctl and dbus-send is installed', isFinal: true };
  return parseHostResult(result);
}

/** The bus names of the registered icons, in the output of any of the tools. An icon is its owner's name and a path: `:1.9/StatusNotifierItem`. */
export function parseItemOwners(stdout: string): readonly string[] {
  return [...stdout.matchAll(/["'](:[\d.]+|[A-Za-z_][\w-]*(?:\.[\w-]+)+)(?=["'/])/g)].map((match) => match[1] ?? '');
}

/** The process id in the output of any of the tools: `(uint32 N,)`, `u N`, `uint32 N`. */
function parsePid(stdout: string): number | null {
  const digits = /\bu(?:int32)?\s+(\d+)/.exec(stdout)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * True when an icon of the process is registered, false when none is, null where that could not be queried. Electron looks
 * for the tray once, when an icon is created, and does not say what it found: without a tray the icon is of an older kind
 * that few desktops show, and stays so.
 */
export async function hasTrayItem({ platform, exec }: TrayHostOptions, pid: number): Promise<boolean | null> {
  if (platform !== 'linux') return true;
  const items = await callSessionBus(exec, propertyOf(WATCHER, WATCHER_PATH, WATCHER, 'RegisteredStatusNotifierItems'), REPLY_TIME);
  if (items === null || items.code !== 0) return null;
  const owners = [...new Set(parseItemOwners(items.stdout))].toReversed().slice(0, LOOKED_UP);
  for (const owner of owners) {
    const reply = await callSessionBus(exec, { service: BUS, path: '/org/freedesktop/DBus', interface: BUS, method: 'GetConnectionUnixProcessID', args: [owner] }, REPLY_TIME);
    if (reply?.code === 0 && parsePid(reply.stdout) === pid) return true;
  }
  return false;
}
