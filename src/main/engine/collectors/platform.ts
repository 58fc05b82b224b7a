/** The only file of the engine that reads `process.platform`, and the only one that reaches for the real machine. */
import { statfs } from 'node:fs/promises';
import { networkInterfaces, userInfo } from 'node:os';
import { systemClock, systemTimers } from '../clock';
import type { Platform, SystemDeps } from './deps';
import { errorCodeOf } from './faults';
import type { SystemInformation } from './systeminformation';

/** The platform this runs on, as far as the program tells them apart. */
export function currentPlatform(): Platform {
  const { platform } = process;
  return platform === 'linux' || platform === 'win32' ? platform : 'darwin';
}

/** First address of each interface, IPv4 before IPv6: Node lists them in that order. */
function addresses(): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, list] of Object.entries(networkInterfaces())) {
    const address = list?.[0]?.address;
    if (address !== undefined) first[name] = address;
  }
  return first;
}

/** Asks the system's own directory of users, which may be more than a file. */
function account(): ReturnType<SystemDeps['account']> {
  try {
    const { uid, username } = userInfo();
    return uid < 0 ? null : { uid, name: username };
  } catch (error) {
    // A container may run as a number that nobody has.
    if (errorCodeOf(error) !== null) return null;
    throw error;
  }
}

/** The package is CommonJS: its functions stand under `default` in some loaders and beside it in others. */
async function loadSystemInformation(): Promise<SystemInformation> {
  const loaded = await import('systeminformation');
  return 'default' in loaded ? loaded.default : loaded;
}

/** The hands of the machine this runs on. */
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
    systemInformation: loadSystemInformation,
  };
}
