/** What alerts need of the desktop, implemented with Electron: notifications, encryption and do-not-disturb. */
import { Notification, safeStorage } from 'electron';
import type { Incident } from '../../shared/alerts/incident';
import { incidentPath } from '../../shared/alerts/incident-path';
import type { SnoozeLength } from '../../shared/alerts/snooze';
import type { DesktopServices } from '../alerts/create-alerts';
import type { Clock } from '../engine/clock';
import { createDoNotDisturb } from './do-not-disturb';
import { abilitiesOf } from './native-notification';
import { createNotifier } from './notifier';
import { createEncryptionService } from './encryption-service';
import { execProgram } from './tray-host-exec';

/** What clicks and buttons of notifications do, and what the services need. */
export interface DesktopServicesOptions {
  readonly platform: NodeJS.Platform;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  /** Opens the window on a page. */
  readonly open: (path: string) => void;
  readonly snooze: (incident: Incident, length: SnoozeLength) => void;
}

/** Creates the services. `clear` removes every notification: after the app has quit a click would do nothing. */
export function createDesktopServices({ platform, clock, open, snooze }: DesktopServicesOptions): DesktopServices & { clear(): void } {
  const notifier = createNotifier({
    Notification,
    // Called with the first notification: isSupported() loads a library.
    abilities: () => abilitiesOf(platform, Notification.isSupported()),
    onOpen: ({ incident }) => open(incident === null ? '/' : incidentPath(incident, clock.now())),
    onSnooze: snooze,
  });
  return {
    notifier,
    encryption: createEncryptionService(safeStorage),
    doNotDisturb: createDoNotDisturb({ platform, exec: execProgram, mono: () => clock.mono() }),
    clear: () => notifier.closeAll(),
  };
}
