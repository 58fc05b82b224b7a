/** Notifications that ask the user to decide about requests: of browsers for access or a restart, of machines to report here. */
import type { NotificationConstructorOptions } from 'electron';
import type { PowerAction } from '../../shared/power/power-labels';
import type { PowerControlState } from '../../shared/power/power-schemas';
import type { PairingRequest } from '../../shared/sharing/access-schemas';
import { present, toBody } from './native-notification';
import type { NotificationAbilities, NotificationConstructor, Presentation } from './native-notification';
import type { NotificationServiceCheck } from './notification-service';
import type { Log } from '../engine/log';

/** A prompt, shown until the request is decided or expires. */
export interface AccessPrompt {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  /** Buttons, where the desktop supports them. One of them refuses; none of them approves an admin. */
  readonly actions: readonly { readonly text: string; readonly decision: 'viewer' | 'report' | 'denied' | 'cancel' }[];
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
  const pairing = requests.map(({ id, name, address, machine }): AccessPrompt => ({
    key: `pair ${id}`,
    id,
    title: machine === undefined ? `“${name}” requests access` : `The machine “${name}” wants to report here`,
    body: `From ${address}. Open Traywatch to approve.`,
    actions: [machine === undefined ? { text: 'Approve as viewer', decision: 'viewer' } : { text: 'Approve', decision: 'report' }, { text: 'Deny', decision: 'denied' }],
  }));
  return [...pairing, ...powerPrompt(powerControl)];
}

/** What access prompts need. */
export interface AccessPromptParts {
  readonly Notification: NotificationConstructor;
  readonly abilities: NotificationAbilities;
  /** A prompt was clicked: opens the page where the request is decided. */
  onOpen(): void;
  /** Asks first whether the desktop answers. */
  readonly check?: NotificationServiceCheck | null;
  /** The desktop did not take a prompt; the next change of the requests tries again. */
  onRefused?(reason: string): void;
  /** A button was clicked. */
  onDecision(prompt: AccessPrompt, decision: AccessPrompt['actions'][number]['decision']): void;
}

/** What a refused prompt needs. */
interface RefusedPromptParts {
  readonly platform: NodeJS.Platform;
  readonly log: Pick<Log, 'warn'>;
  readonly open: (path: string) => void;
}

/**
 * What follows a prompt that the desktop did not take. Windows and macOS have a switch that forbids notifications, and a
 * request for access must not pass unseen, so the window opens. On Linux it is the desktop that shows none; its users know.
 */
export function onRefusedPrompt({ platform, log, open }: RefusedPromptParts): (reason: string) => void {
  return (reason) => {
    log.warn('a request for access could not be shown as a notification; it is on the Sharing page', { reason });
    if (platform !== 'linux') open('/sharing');
  };
}

/** Shows prompts. */
export interface AccessPrompts {
  /** Removes prompts that are not in the list, and shows new ones. */
  show(prompts: readonly AccessPrompt[]): void;
  close(): void;
}

/** Starts without prompts. Each notification is referenced as long as it is shown: once garbage collected it loses its click. */
export function createAccessPrompts({ Notification, abilities, check, onOpen, onRefused, onDecision }: AccessPromptParts): AccessPrompts {
  const shown = new Map<string, Presentation | null>();
  const close = (key: string): void => {
    const presentation = shown.get(key);
    shown.delete(key);
    presentation?.close();
  };
  const toOptions = ({ title, body, actions }: AccessPrompt): NotificationConstructorOptions => ({
    title,
    body: toBody(body, abilities),
    urgency: 'critical',
    ...(abilities.mustBeToldToStay === true ? { timeoutType: 'never' as const } : {}),
    ...(abilities.actions ? { actions: actions.map(({ text }) => ({ type: 'button' as const, text })) } : {}),
  });
  const open = (prompt: AccessPrompt): void => {
    const { key, actions } = prompt;
    shown.set(key, null);
    const presentation = present({
      create: () => new Notification(toOptions(prompt)),
      ...(check === undefined ? {} : { check }),
      onShown: () => undefined,
      onRefused(reason) {
        shown.delete(key);
        onRefused?.(reason);
      },
      // A prompt that was closed is not shown again while its request is pending.
      onGone: () => undefined,
      onClick() {
        shown.delete(key);
        onOpen();
      },
      onAction(index) {
        shown.delete(key);
        const action = actions[index];
        if (action !== undefined) onDecision(prompt, action.decision);
      },
    });
    if (shown.has(key)) shown.set(key, presentation);
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
