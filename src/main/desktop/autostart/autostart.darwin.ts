/**
 * Start at login on macOS: the app registers itself as a login item (SMAppService.mainApp on macOS 13 and later, which
 * Electron calls `mainAppService`). The user approves and removes it in System Settings. No arguments can be given: a start at
 * login is recognized by `wasOpenedAtLogin`.
 */
import type { App } from 'electron';
import type { AutostartStatus } from '../../../shared/autostart';
import { CallError } from '../../../shared/result';
import type { Autostart } from '../../lib/autostart';

/** The part of Electron's app that knows login items. */
export type LoginItems = Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;

const SERVICE = { type: 'mainAppService' } as const;

/** By SMAppService.Status; `not-found` is what an app reports that was never registered. */
const STATES: Readonly<Record<string, AutostartStatus['state']>> = { enabled: 'enabled', 'requires-approval': 'needsApproval', 'not-registered': 'disabled', 'not-found': 'disabled' };

/** Makes the interface over the login items. The system follows an app that is moved, so nothing is to be repaired. */
export function createDarwinAutostart(items: LoginItems): Autostart {
  const read = (): AutostartStatus => {
    const { status, openAtLogin } = items.getLoginItemSettings(SERVICE);
    // Before macOS 13 there is no status.
    const known = (status as string | undefined) ?? '';
    const state = known === '' ? (openAtLogin ? 'enabled' : 'disabled') : (STATES[known] ?? 'unknown');
    return { state, reason: null, what: null, canChange: true };
  };
  return {
    read,
    set(on) {
      items.setLoginItemSettings({ ...SERVICE, openAtLogin: on });
      const after = read();
      if (on && after.state === 'disabled') throw new CallError('Unavailable', 'macOS did not take the login item. Move Traywatch to Applications and try again; a copy without a valid signature cannot be a login item.');
      return after;
    },
    repair: () => Promise.resolve(null),
  };
}
