/**
 * Room `access`: who may use Traywatch over the network, and what they may do. Pairing, accounts, sessions, API tokens,
 * network addresses of the machine, and the calls of the contract about them; start here, then read access-control.ts.
 * Always loaded, while the server in `lan` is loaded only when sharing is on.
 * May import power, timeline, lib, engine and shared; must not import core, desktop, lan or transports.
 */
import { randomBytes } from 'node:crypto';
import type { Handlers } from '../../shared/api/dispatch';
import type { Settings } from '../../shared/settings/settings-schema';
import { commandsOf } from '../power/power-commands';
import type { PowerCommandRunner } from '../power/power-commands';
import { createPowerControl } from '../power/power-control';
import type { PowerControl } from '../power/power-control';
import type { Platform } from '../engine/collectors/deps';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { createAccessControl } from './access-control';
import type { AccessControl } from './access-control';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Derive } from './passwords';
import { createAccessHandlers } from './access-handlers';
import type { AccessCall } from './access-handlers';

/** What remote access is built from. */
export interface RemoteAccessParts {
  /** File of the stored credentials. */
  readonly path: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly record: EventRecorder;
  readonly platform: Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: PowerCommandRunner;
  settings(): Settings;
  /** scrypt by default; replaced in tests. */
  readonly derive?: Derive;
}

/** Access control and power control, with the handlers of their calls. */
export interface RemoteAccess {
  readonly access: AccessControl;
  readonly powerControl: PowerControl;
  readonly handlers: Pick<Handlers, AccessCall>;
  close(): void;
}

/** Creates both and joins them. No file is read and no command runs before the first call that needs it. */
export function createRemoteAccess(parts: RemoteAccessParts): RemoteAccess {
  const { path, clock, timers, log, record, settings } = parts;
  const random = randomBytes;
  const access = createAccessControl({ path, clock, timers, random, record, log: log.scoped('access'), isSecure: () => settings().lan.tls !== 'off', ...(parts.derive === undefined ? {} : { derive: parts.derive }) });
  const powerControl = createPowerControl({ clock, timers, random, record, commands: commandsOf(parts.platform, parts.env), run: parts.run, settings: () => settings().powerControl });
  // A request for a restart ends when the requester's rights are revoked or changed.
  access.onRevoked((id) => powerControl.onRevoked(id));
  return {
    access,
    powerControl,
    handlers: createAccessHandlers({ access, powerControl, record }),
    close: () => {
      powerControl.close();
      access.close();
    },
  };
}
