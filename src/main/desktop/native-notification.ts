/** Electron's notifications as both kinds of them are built here: the constructor's type, what this desktop supports, and text for bodies that are read as markup. */
import type { Notification, NotificationConstructorOptions } from 'electron';

/** One notification: the members that are used. */
export type NativeNotification = Pick<Notification, 'on' | 'removeAllListeners' | 'show' | 'close'>;

/** Electron's Notification class; a test passes its own. */
export type NotificationConstructor = new (options: NotificationConstructorOptions) => NativeNotification;

/** What this desktop's notifications support, as far as Electron gives access to it. */
export interface NotificationAbilities {
  /** False where nothing is shown at all. */
  readonly supported: boolean;
  /** Buttons beside the click. */
  readonly actions: boolean;
  /** The body is read as markup, so text must be escaped. */
  readonly markup: boolean;
}

/**
 * Electron supports buttons on macOS, for signed apps set to alerts. On Linux it passes on the default action alone, the
 * click (33 and 45, whatever the notification server supports); on Windows buttons show from 39 on, but their events
 * have been lost for apps outside the store, and a button that does nothing is worse than none.
 */
export function abilitiesOf(platform: NodeJS.Platform, supported: boolean): NotificationAbilities {
  return { supported, actions: supported && platform === 'darwin', markup: platform === 'linux' };
}

/** Plain text as a notification's body: escaped where the body is read as markup. */
export function toBody(text: string, { markup }: Pick<NotificationAbilities, 'markup'>): string {
  return markup ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;
}
