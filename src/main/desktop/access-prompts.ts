/** What the person at the desktop is asked about people outside: who wants in, and who wants to restart the machine. */
import type { Notification, NotificationConstructorOptions } from 'electron';
import { POWER_LABELS } from '../../shared/power/power-labels';
import type { PowerControlState } from '../../shared/power/power-schemas';
import type { PairingRequest } from '../../shared/sharing/access-schemas';

/** A question, shown until it is answered or lapses. */
export interface AccessPrompt {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  /** Buttons, where the desktop has them: the cautious answer is one of them, an admin is never made by one. */
  readonly actions: readonly { readonly text: string; readonly answer: 'viewer' | 'denied' | 'cancel' }[];
  /** Of the request. */
  readonly id: string;
}

function powerPrompt(powerControl: PowerControlState): readonly AccessPrompt[] {
  if (powerControl.state !== 'pending' && powerControl.state !== 'countdown') return [];
  const { id, action, by } = powerControl;
  const words = POWER_LABELS[action];
  const asked = powerControl.state === 'pending';
  return [
    {
      key: `control ${id} ${powerControl.state}`,
      id,
      title: asked ? `${by} asks to ${words.do.toLowerCase()} this machine` : `This machine ${words.doing} in ${Math.ceil(powerControl.left / 1000)} seconds`,
      body: asked ? 'Nothing happens unless it is confirmed. Open Traywatch to answer.' : `As ${by} asked. Open Traywatch to call it off.`,
      actions: [{ text: asked ? 'Deny' : 'Call off', answer: 'cancel' }],
    },
  ];
}

/** The questions of the moment. Pure. */
export function accessPrompts(requests: readonly PairingRequest[], powerControl: PowerControlState): readonly AccessPrompt[] {
  const pairing = requests.map(({ id, name, address }): AccessPrompt => ({
    key: `pair ${id}`,
    id,
    title: `“${name}” asks to watch this machine`,
    body: `From ${address}. Open Traywatch to answer.`,
    actions: [
      { text: 'Allow as viewer', answer: 'viewer' },
      { text: 'Deny', answer: 'denied' },
    ],
  }));
  return [...pairing, ...powerPrompt(powerControl)];
}

/** The part of Electron's notifications that is used. */
export type PromptNotificationKind = new (options: NotificationConstructorOptions) => Pick<Notification, 'on' | 'removeAllListeners' | 'show' | 'close'>;

/** What the holder needs. */
export interface AccessPromptParts {
  readonly Notification: PromptNotificationKind;
  /** Whether anything can be shown, whether there are buttons, and whether the body is read as markup. */
  readonly abilities: { readonly supported: boolean; readonly actions: boolean; readonly markup: boolean };
  /** A click: leads to where the question is answered. */
  onOpen(): void;
  onAnswer(notice: AccessPrompt, answer: AccessPrompt['actions'][number]['answer']): void;
}

/** Shows questions. */
export interface AccessPrompts {
  /** Takes away what is answered, shows what is new. */
  show(notices: readonly AccessPrompt[]): void;
  close(): void;
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Makes the holder. Each notification is held as long as it is shown: one that is not held loses its click. */
export function createAccessPrompts({ Notification, abilities, onOpen, onAnswer }: AccessPromptParts): AccessPrompts {
  const shown = new Map<string, Pick<Notification, 'removeAllListeners' | 'close'>>();
  const close = (key: string): void => {
    const notification = shown.get(key);
    shown.delete(key);
    notification?.removeAllListeners();
    notification?.close();
  };
  const open = (notice: AccessPrompt): void => {
    const { key, title, body, actions } = notice;
    const notification = new Notification({
      title,
      body: abilities.markup ? escapeMarkup(body) : body,
      urgency: 'critical',
      ...(abilities.actions ? { actions: actions.map(({ text }) => ({ type: 'button' as const, text })) } : {}),
    });
    notification.on('click', () => {
      close(key);
      onOpen();
    });
    notification.on('action', (details, index) => {
      const action = actions[details.actionIndex ?? index];
      close(key);
      if (action !== undefined) onAnswer(notice, action.answer);
    });
    shown.set(key, notification);
    notification.show();
  };
  return {
    show(notices) {
      if (!abilities.supported) return;
      const keys = new Set(notices.map(({ key }) => key));
      for (const key of shown.keys()) if (!keys.has(key)) close(key);
      for (const notice of notices) if (!shown.has(notice.key)) open(notice);
    },
    close: () => [...shown.keys()].forEach(close),
  };
}
