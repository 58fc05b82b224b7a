/** Who may watch and who may restart the machine: both parts put together, with the calls they answer. */
import { randomBytes } from 'node:crypto';
import type { Handlers } from '../../shared/api/dispatch';
import type { Settings } from '../../shared/settings/settings-schema';
import { commandsOf } from '../power/power-commands';
import type { Runner } from '../power/power-commands';
import { createPowerControl } from '../power/power-control';
import type { PowerControl } from '../power/power-control';
import type { Platform } from '../engine/collectors/deps';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { createAccessControl } from './access-control';
import type { AccessControl } from './access-control';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Derive } from './passwords';
import { createLanHandlers } from './access-handlers';
import type { LanCall } from './access-handlers';

/** What it is built from. */
export interface RemoteAccessParts {
  /** Where the rights are kept. */
  readonly path: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly record: EventRecorder;
  readonly platform: Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: Runner;
  settings(): Settings;
  /** scrypt but in tests. */
  readonly derive?: Derive;
}

/** Who may watch and what they may do to the machine. */
export interface RemoteAccess {
  readonly access: AccessControl;
  readonly powerControl: PowerControl;
  readonly handlers: Pick<Handlers, LanCall>;
  close(): void;
}

/** Builds it; nothing is read and nothing runs before somebody asks. */
export function createRemoteAccess(parts: RemoteAccessParts): RemoteAccess {
  const { path, clock, timers, log, record, settings } = parts;
  const random = randomBytes;
  const access = createAccessControl({ path, clock, timers, random, record, log: log.scoped('access'), isSecure: () => settings().lan.tls !== 'off', ...(parts.derive === undefined ? {} : { derive: parts.derive }) });
  const powerControl = createPowerControl({ clock, timers, random, record, commands: commandsOf(parts.platform, parts.env), run: parts.run, settings: () => settings().powerControl });
  // Who loses a right loses what was asked for with it; a role lowered tells the same.
  access.onRevoked((id) => powerControl.onRevoked(id));
  return {
    access,
    powerControl,
    handlers: createLanHandlers({ access, powerControl, record }),
    close: () => {
      powerControl.close();
      access.close();
    },
  };
}
