/** The real machine behind SystemDeps; the only file of the engine that reads `process.platform`. */
import { statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { systemClock, systemTimers } from '../clock';
import { readNetworkInterfaces } from '../network-interfaces';
import { execProgram } from '../programs/exec-program';
import { createPrograms } from '../programs/programs';
import { startProgram } from '../programs/start-program';
import type { WindowsLibrary } from '../windows/library';
import type { Platform, SystemDeps } from './deps';
import { errorCodeOf } from './faults';
import { emptyRecord } from './numbers';
import type { SystemInformation } from './systeminformation';

/** The platform this runs on; any other than Linux and Windows counts as macOS. */
export function currentPlatform(): Platform {
  const { platform } = process;
  return platform === 'linux' || platform === 'win32' ? platform : 'darwin';
}

/** First address of each interface, IPv4 before IPv6, which Windows lists the other way round. */
function addresses(): Record<string, string> {
  const first = emptyRecord<string>();
  for (const [name, list] of readNetworkInterfaces()) {
    const address = (list.find(({ family }) => family === 'IPv4') ?? list[0])?.address;
    if (address !== undefined) first[name] = address;
  }
  return first;
}

/** The current user, from the system's user database, which may be a directory server. */
function account(): ReturnType<SystemDeps['account']> {
  try {
    const { uid, username } = userInfo();
    return uid < 0 ? null : { uid, name: username };
  } catch (error) {
    // A container may run under an id that has no user.
    if (errorCodeOf(error) !== null) return null;
    throw error;
  }
}

/** The package is CommonJS: some loaders put its functions under `default`, others beside it. */
async function loadSystemInformation(): Promise<SystemInformation> {
  const loaded = await import('systeminformation');
  return 'default' in loaded ? loaded.default : loaded;
}

/** Loads what calls into Windows' libraries, once. */
function windowsLoader(): SystemDeps['windows'] {
  let loading: Promise<WindowsLibrary> | null = null;
  return () => (loading ??= import('../windows/bind.win32').then(({ loadWindows }) => loadWindows(systemTimers)));
}

/** Access to the machine this runs on. */
export function systemDeps(): SystemDeps {
  return {
    platform: currentPlatform(),
    root: '/',
    clock: systemClock,
    timers: systemTimers,
    statfs: (path) => statfs(path),
    addresses,
    account,
    processSeconds: () => process.uptime(),
    programs: createPrograms(execProgram, startProgram, () => systemClock.mono()),
    systemInformation: loadSystemInformation,
    windows: windowsLoader(),
  };
}
