/** What alerts need of the desktop, implemented with Electron: notifications, encryption and do-not-disturb. */
import { Notification, safeStorage } from 'electron';
import type { Incident } from '../../shared/alerts/incident';
import { incidentPath } from '../../shared/alerts/incident-path';
import type { SnoozeLength } from '../../shared/alerts/snooze';
import type { DesktopServices } from '../alerts/create-alerts';
import { systemTimers } from '../engine/clock';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { createDoNotDisturb } from './do-not-disturb';
import { abilitiesOf } from './native-notification';
import { createNotificationServiceCheck } from './notification-service';
import type { NotificationServiceCheck } from './notification-service';
import { createNotifier } from './notifier';
import { createEncryptionService } from './encryption-service';
import { execProgram } from '../engine/programs/exec-program';

/** What clicks and buttons of notifications do, and what the services need. */
export interface DesktopServicesOptions {
  readonly platform: NodeJS.Platform;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  /** Opens the window on a page. */
  readonly open: (path: string) => void;
  readonly snooze: (incident: Incident, length: SnoozeLength) => void;
  readonly log: Log;
  /** The desktop began to refuse notifications, with the reason, or takes them again: null. */
  readonly onOutage: (reason: string | null) => void;
}

/** One line when the desktop begins to refuse notifications, and one when it takes them again. */
function logOutage(log: Log, reason: string | null): void {
  if (reason === null) log.info('notifications are shown again');
  else log.warn('notifications are not shown; alerts are kept for the next summary', { reason });
}

/** Creates the services. `clear` removes every notification: after the app has quit a click would do nothing. */
export function createDesktopServices({ platform, clock, open, snooze, log, onOutage }: DesktopServicesOptions): DesktopServices & { readonly checkNotifications: NotificationServiceCheck | null; clear(): void } {
  const checkNotifications = createNotificationServiceCheck({ platform, exec: execProgram, mono: () => clock.mono() });
  const notifier = createNotifier({
    Notification,
    // Called with the first notification: isSupported() loads a library.
    abilities: () => abilitiesOf(platform, Notification.isSupported()),
    onOpen: ({ incident }) => open(incident === null ? '/' : incidentPath(incident, clock.now())),
    onSnooze: snooze,
    check: checkNotifications,
    timers: systemTimers,
    onOutage(reason) {
      logOutage(log, reason);
      onOutage(reason);
    },
  });
  return {
    notifier,
    encryption: createEncryptionService(safeStorage),
    doNotDisturb: createDoNotDisturb({ platform, exec: execProgram, mono: () => clock.mono() }),
    checkNotifications,
    clear: () => notifier.closeAll(),
  };
}
