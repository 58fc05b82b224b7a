/** Notifications that ask the user to decide about requests from browsers: for access, and for a restart or shutdown. */
import type { PowerAction } from '../../shared/power/power-labels';
import type { PowerControlState } from '../../shared/power/power-schemas';
import type { PairingRequest } from '../../shared/sharing/access-schemas';
import { toBody } from './native-notification';
import type { NativeNotification, NotificationAbilities, NotificationConstructor } from './native-notification';

/** A prompt, shown until the request is decided or expires. */
export interface AccessPrompt {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  /** Buttons, where the desktop supports them. One of them refuses; none of them approves an admin. */
  readonly actions: readonly { readonly text: string; readonly decision: 'viewer' | 'denied' | 'cancel' }[];
  /** The id of the request. */
  readonly id: string;
}

/** The verb of a request, and the start of a countdown's title. */
const LABELS: Readonly<Record<PowerAction, { readonly do: string; readonly doing: string }>> = {
  reboot: { do: 'restart', doing: 'Restarting' },
  shutdown: { do: 'shut down', doing: 'Shutting down' },
};

function powerPrompt(powerControl: PowerControlState): readonly AccessPrompt[] {
  if (powerControl.state !== 'pending' && powerControl.state !== 'countdown') return [];
  const { id, action, by } = powerControl;
  const labels = LABELS[action];
  const isRequest = powerControl.state === 'pending';
  return [
    {
      key: `control ${id} ${powerControl.state}`,
      id,
      title: isRequest ? `${by} wants to ${labels.do} this machine` : `${labels.doing} in ${Math.ceil(powerControl.left / 1000)} seconds`,
      body: isRequest ? 'Open Traywatch to confirm or deny.' : `Requested by ${by}. Open Traywatch to cancel.`,
      actions: [{ text: isRequest ? 'Deny' : 'Cancel', decision: 'cancel' }],
    },
  ];
}

/** The prompts for the pending requests. Pure. */
export function toAccessPrompts(requests: readonly PairingRequest[], powerControl: PowerControlState): readonly AccessPrompt[] {
  const pairing = requests.map(({ id, name, address }): AccessPrompt => ({
    key: `pair ${id}`,
    id,
    title: `“${name}” requests access`,
    body: `From ${address}. Open Traywatch to approve.`,
    actions: [
      { text: 'Approve as viewer', decision: 'viewer' },
      { text: 'Deny', decision: 'denied' },
    ],
  }));
  return [...pairing, ...powerPrompt(powerControl)];
}

/** What access prompts need. */
export interface AccessPromptParts {
  readonly Notification: NotificationConstructor;
  readonly abilities: NotificationAbilities;
  /** A prompt was clicked: opens the page where the request is decided. */
  onOpen(): void;
  /** A button was clicked. */
  onDecision(prompt: AccessPrompt, decision: AccessPrompt['actions'][number]['decision']): void;
}

/** Shows prompts. */
export interface AccessPrompts {
  /** Removes prompts that are not in the list, and shows new ones. */
  show(prompts: readonly AccessPrompt[]): void;
  close(): void;
}

/** Starts without prompts. Each notification is referenced as long as it is shown: once garbage collected it loses its click. */
export function createAccessPrompts({ Notification, abilities, onOpen, onDecision }: AccessPromptParts): AccessPrompts {
  const shown = new Map<string, NativeNotification>();
  const close = (key: string): void => {
    const notification = shown.get(key);
    shown.delete(key);
    notification?.removeAllListeners();
    notification?.close();
  };
  const open = (prompt: AccessPrompt): void => {
    const { key, title, body, actions } = prompt;
    const notification = new Notification({
      title,
      body: toBody(body, abilities),
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
      if (action !== undefined) onDecision(prompt, action.decision);
    });
    shown.set(key, notification);
    notification.show();
  };
  return {
    show(prompts) {
      if (!abilities.supported) return;
      const keys = new Set(prompts.map(({ key }) => key));
      for (const key of shown.keys()) if (!keys.has(key)) close(key);
      for (const prompt of prompts) if (!shown.has(prompt.key)) open(prompt);
    },
    close: () => [...shown.keys()].forEach(close),
  };
}
