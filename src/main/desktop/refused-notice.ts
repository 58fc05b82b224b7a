/** Says once that the system shows no notifications, and where they are allowed. */
import { ALLOW_NOTIFICATIONS } from '../../shared/test-notification';
import type { Platform } from '../engine/collectors/deps';
import type { Notices } from '../timeline/notices';

const NOTICE_ID = 'notifications-refused';

/** What to do. On Linux the reason says it better: most desktops have no switch for it. */
const REMEDY: Readonly<Partial<Record<Platform, string>>> = {
  darwin: ALLOW_NOTIFICATIONS.macos,
  win32: ALLOW_NOTIFICATIONS.windows,
};

/** Returns the function that is called when the desktop begins to refuse notifications, with the reason, or takes them again: null. */
export function createRefusedNotice(platform: Platform, notices: () => Pick<Notices, 'put' | 'drop'>): (reason: string | null) => void {
  const remedy = REMEDY[platform];
  return (reason) => {
    if (remedy === undefined) return;
    if (reason === null) {
      notices().drop(NOTICE_ID);
      return;
    }
    const body = `${remedy} Until then alerts are in the tray and in this window only. (${reason})`;
    notices().put({ id: NOTICE_ID, severity: 'warning', title: 'Notifications are not shown', body, dismissible: true });
  };
}
