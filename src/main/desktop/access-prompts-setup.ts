/** Shows access prompts as pairing and power requests come and go, and applies the user's decisions. */
import { Notification } from 'electron';
import type { RemoteAccess } from '../access/remote-access';
import { LOCAL_USER_NAME } from '../power/power-control';
import { createAccessPrompts, onRefusedPrompt, toAccessPrompts } from './access-prompts';
import { abilitiesOf } from './native-notification';
import type { NotificationServiceCheck } from './notification-service';
import type { Log } from '../engine/log';

/** What prompts need of the desktop. */
export interface AccessPromptDesktop {
  readonly platform: NodeJS.Platform;
  readonly checkNotifications: NotificationServiceCheck | null;
  readonly log: Log;
}

/** Follows the requests; `open` shows a page of the window. Returns the function that removes all prompts. */
export function setupAccessPrompts({ access, powerControl }: RemoteAccess, { platform, checkNotifications, log }: AccessPromptDesktop, open: (path: string) => void): () => void {
  const prompts = createAccessPrompts({
    Notification,
    abilities: abilitiesOf(platform, Notification.isSupported()),
    check: checkNotifications,
    onRefused: onRefusedPrompt({ platform, log, open }),
    onOpen: () => open('/sharing'),
    onDecision: ({ id }, decision) => {
      if (decision === 'cancel') powerControl.cancel(id, LOCAL_USER_NAME);
      else if (decision === 'report') access.pairing.decideMachine(id, decision);
      else if (access.pairing.decide(id, decision) === null && decision === 'denied') access.pairing.decideMachine(id, decision);
    },
  });
  const show = (): void => prompts.show(toAccessPrompts(access.summary().requests, powerControl.state()));
  access.onChange(show);
  powerControl.onChange(show);
  return () => prompts.close();
}
