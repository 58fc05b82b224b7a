/**
 * Start at login, one interface over three systems. Its state is read from the system each time it is shown: the user may
 * change it in the desktop's own settings at any time.
 */
import { autostartText } from '../../shared/autostart';
import type { AutostartReason, AutostartStatus } from '../../shared/autostart';
import { CallError } from '../../shared/result';

/** Start at login of this user. */
export interface Autostart {
  /** Reads the state. Never throws. */
  read(): AutostartStatus;
  /** Turns it on or off, and reads the state again. Throws a CallError that says what to do. */
  set(on: boolean): AutostartStatus;
  /** Writes the path of the program anew where it has moved; returns the path it had before, null where nothing is changed. Rejects with what the system throws. */
  repair(): Promise<string | null>;
}

/** Where the system cannot start this copy: the state cannot be known, and is not changed. */
export function fixedAutostart(reason: AutostartReason): Autostart {
  const status: AutostartStatus = { state: 'unknown', reason, what: null, canChange: false };
  return {
    read: () => status,
    set() {
      throw new CallError('Unavailable', autostartText(status));
    },
    repair: () => Promise.resolve(null),
  };
}
