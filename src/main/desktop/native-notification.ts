/**
 * Electron's notifications as both kinds of them are built here: the constructor's type, what this desktop supports, text
 * for bodies that are read as markup, and showing one until the desktop has answered.
 */
import type { Notification, NotificationConstructorOptions } from 'electron';
import { messageOf } from '../../shared/result';
import { systemTimers } from '../engine/clock';
import type { Timers } from '../engine/clock';
import type { NotificationServiceCheck } from './notification-service';

/** One notification: the members that are used. */
type NativeNotification = Pick<Notification, 'on' | 'removeAllListeners' | 'show' | 'close'>;

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
  /** Leaves the screen after a few seconds unless told to stay; elsewhere its urgency says that. */
  readonly mustBeToldToStay?: boolean;
}

/**
 * Electron supports buttons on macOS, for signed apps set to alerts. On Linux it passes on the default action alone, the
 * click (33 and 45, whatever the notification server supports); on Windows buttons show from 39 on, but their events
 * have been lost for apps outside the store, and a button that does nothing is worse than none.
 */
export function abilitiesOf(platform: NodeJS.Platform, supported: boolean): NotificationAbilities {
  return { supported, actions: supported && platform === 'darwin', markup: platform === 'linux', mustBeToldToStay: platform === 'win32' };
}

/** Plain text as a notification's body: escaped where the body is read as markup. */
export function toBody(text: string, { markup }: Pick<NotificationAbilities, 'markup'>): string {
  return markup ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;
}

/**
 * True for a notification that left the screen and is kept by the system: in Windows' notification center, where it can still
 * be clicked and has to be removed once it is no longer true.
 */
function isKept(details: { readonly reason?: string } | undefined): boolean {
  return details?.reason === 'timedOut';
}

/** How many notifications are kept after they have left the screen. */
const KEPT = 32;

const kept: NativeNotification[] = [];

/**
 * Keeps a notification from being collected as garbage soon. Electron before 33.4 ends by a segmentation fault where it quits
 * between the two steps of collecting one: its own clean-up has freed the object by then (electron/electron#45368).
 */
function keep(native: NativeNotification): void {
  kept.push(native);
  if (kept.length > KEPT) kept.shift();
}

/** Time for the desktop to say that it shows a notification, ms; all systems do so at once. */
export const CONFIRM_TIME = 10_000;

/** What showing a notification needs. */
export interface PresentationParts {
  /** Creates the notification; called when the desktop is known to answer. May throw. */
  readonly create: () => NativeNotification;
  /** Asks first whether the desktop answers. */
  readonly check?: NotificationServiceCheck | null;
  readonly timers?: Timers;
  /** It is on the screen. */
  readonly onShown: () => void;
  /** The desktop did not take it, and why. */
  readonly onRefused: (reason: string) => void;
  /** It was on the screen and no longer is. */
  readonly onGone: () => void;
  readonly onClick: () => void;
  /** The button with this index was clicked. */
  readonly onAction: (index: number) => void;
}

/** A notification that is on the screen, or about to be. */
export interface Presentation {
  /** Removes it; nothing of the above is called any more. */
  close(): void;
}

/** The states of a notification that is shown, and what leads from one to the next. */
function createPresentation({ timers = systemTimers, onShown, onRefused, onGone }: PresentationParts) {
  let state: 'pending' | 'shown' | 'over' = 'pending';
  let cancel = (): void => undefined;
  const enter = (next: 'shown' | 'over'): void => {
    state = next;
    cancel();
  };
  return {
    isPending: () => state === 'pending',
    isOver: () => state === 'over',
    confirm() {
      if (state !== 'pending') return;
      enter('shown');
      onShown();
    },
    refuse(reason: string) {
      if (state !== 'pending') return;
      enter('over');
      onRefused(reason);
    },
    /** Without reporting it. */
    end: () => enter('over'),
    leave() {
      if (state === 'over') return;
      enter('over');
      onGone();
    },
    expect(onSilence: () => void) {
      if (state === 'pending') cancel = timers.after(CONFIRM_TIME, onSilence);
    },
  };
}

/** Shows a notification, and reports once what became of it. Without `check` it is shown before this returns. Never throws. */
export function present(parts: PresentationParts): Presentation {
  const { create, check = null, onClick, onAction } = parts;
  const presentation = createPresentation(parts);
  let native: NativeNotification | null = null;
  const remove = (): void => {
    // Its close event is of no interest: another may have taken its place.
    native?.removeAllListeners();
    native?.close();
  };
  // Whatever a user does with it was on the screen, whether that was confirmed or not.
  const onUse = (use: () => void): void => {
    if (presentation.isOver()) return;
    presentation.confirm();
    use();
  };
  const show = (): void => {
    try {
      native = create();
      keep(native);
      native.on('show', () => presentation.confirm());
      // Not closed here: Electron is about to destroy it.
      native.on('failed', (_event, error) => presentation.refuse(error === '' ? 'the desktop did not take it' : error));
      native.on('close', (details) => onUse(() => {
        if (!isKept(details)) presentation.leave();
      }));
      native.on('click', () => onUse(() => {
        // Not every notification server removes it by itself.
        remove();
        presentation.leave();
        onClick();
      }));
      native.on('action', (details, index) => onUse(() => {
        remove();
        presentation.leave();
        // Before version 45 the index is a separate argument.
        onAction(details.actionIndex ?? index);
      }));
      native.show();
      presentation.expect(() => {
        // What came on the screen later would be there twice: it is told again in another way.
        remove();
        presentation.refuse('the desktop did not confirm it');
      });
    } catch (error) {
      presentation.refuse(messageOf(error));
    }
  };
  if (check === null) show();
  else {
    void check().then((problem) => {
      if (!presentation.isPending()) return;
      if (problem === null) show();
      else presentation.refuse(problem);
    });
  }
  return {
    close() {
      if (presentation.isOver()) return;
      presentation.end();
      remove();
    },
  };
}
