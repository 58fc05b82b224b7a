/** Joins the questions at the door to those who know the answers. */
import { Notification } from 'electron';
import type { RemoteAccess } from '../access/remote-access';
import { LOCAL_USER_NAME } from '../power/power-control';
import { createAccessPrompts, accessPrompts } from './access-prompts';

/** Follows the requests; `open` shows a page of the window. Returns the function that takes all notices away. */
export function setupAccessPrompts({ access, powerControl }: RemoteAccess, platform: string, open: (path: string) => void): () => void {
  const prompts = createAccessPrompts({
    Notification,
    // Electron passes buttons on on macOS alone; Linux desktops read the body as markup.
    abilities: { supported: Notification.isSupported(), actions: platform === 'darwin', markup: platform === 'linux' },
    onOpen: () => open('/sharing'),
    onAnswer: ({ id }, answer) => {
      if (answer === 'cancel') powerControl.cancel(id, LOCAL_USER_NAME);
      else access.pairing.decide(id, answer);
    },
  });
  const show = (): void => prompts.show(accessPrompts(access.pairing.requests.pending(), powerControl.state()));
  access.onChange(show);
  powerControl.onChange(show);
  return () => prompts.close();
}
