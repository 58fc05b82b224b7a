/**
 * Says that there is no system tray, for as long as there is none: by a notice in the window, or by one notification where
 * the app was started without a window.
 */
import type { TrayState } from '../../shared/tray-status';
import type { Notices } from '../timeline/notices';
import type { WindowManager } from './window';
import type { WindowState } from './window-state';

/** What the notice needs. */
export interface TrayNoticeParts {
  readonly notices: Pick<Notices, 'put' | 'drop'>;
  readonly windowState: WindowState;
  readonly window: Pick<WindowManager, 'open' | 'isOpen'>;
  /** The app was started with the tray icon only: no window opens by itself. */
  readonly hidden: boolean;
  /** The window says it anyway, on the card "Getting started". */
  readonly isExplained: () => boolean;
  /** Shows a notification that opens the window; resolves to whether it was shown. */
  readonly notify: (title: string, body: string) => Promise<boolean>;
}

const NOTICE_ID = 'no-tray';

const MISSING = {
  title: 'No system tray found',
  notice: 'Traywatch runs in this window and quits when you close it. Once there is a tray, its icon appears.',
  notification: 'Traywatch is running without an icon. Click here, or start it again, to open its window.',
} as const;

const LOST = {
  title: 'The system tray is gone',
  notice: 'Traywatch keeps running. Until the tray is back, start Traywatch again to open this window.',
} as const;

/** Returns the function that is called with each change of the tray. */
export function createTrayNotice({ notices, windowState, window, hidden, isExplained, notify }: TrayNoticeParts): (state: TrayState, reason: string) => void {
  // Set in this run: the tray came late, so that at the next start it will probably come late again.
  let wasMissing = false;
  const put = (title: string, body: string, reason: string): void =>
    notices.put({ id: NOTICE_ID, severity: 'info', title, body: `${body} (${reason})`, dismissible: true });
  const remember = (noTrayNoticeShown: boolean): void => {
    if (windowState.get().noTrayNoticeShown !== noTrayNoticeShown) windowState.update({ noTrayNoticeShown });
  };
  const onMissing = (reason: string): void => {
    if (wasMissing) return;
    wasMissing = true;
    // Once, not at every start: some desktops never have a tray.
    const isNew = !windowState.get().noTrayNoticeShown;
    if (isNew && !isExplained()) put(MISSING.title, MISSING.notice, reason);
    if (hidden && !window.isOpen()) {
      if (isNew) void notify(MISSING.title, MISSING.notification).then((wasShown) => wasShown && remember(true));
      return;
    }
    remember(true);
    if (!window.isOpen()) window.open();
  };
  return (state, reason) => {
    if (state === 'missing') onMissing(reason);
    else if (state === 'lost') put(LOST.title, LOST.notice, reason);
    else if (state === 'present') {
      notices.drop(NOTICE_ID);
      // A desktop that has a tray and loses it is worth saying again.
      if (!wasMissing) remember(false);
    }
  };
}
