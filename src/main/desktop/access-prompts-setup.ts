/** Joins the questions at the door to those who know the answers. */
import { Notification } from 'electron';
import type { RemoteAccess } from '../access/remote-access';
import { createAccessPrompts, accessPrompts } from './access-prompts';
import { abilitiesOf } from './native-notification';

/** Follows the requests; `open` shows a page of the window. Returns the function that takes all notices away. */
export function setupAccessPrompts({ access, powerControl }: RemoteAccess, platform: NodeJS.Platform, open: (path: string) => void): () => void {
  const prompts = createAccessPrompts({
    Notification,
    abilities: abilitiesOf(platform, Notification.isSupported()),
    onOpen: () => open('/sharing'),
    onAnswer: ({ id }, answer) => {
      if (answer === 'cancel') powerControl.cancel(id, 'The desktop');
      else access.pairing.answer(id, answer);
    },
  });
  const show = (): void => prompts.show(accessPrompts(access.pairing.requests.pending(), powerControl.state()));
  access.onChange(show);
  powerControl.onChange(show);
  return () => prompts.close();
}
