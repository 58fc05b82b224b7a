/**
 * Asks whether the desktop's notification service answers, before anything is shown. On Linux Electron waits for the
 * service on the main thread: one that hangs stops the whole app for 25 seconds for each notification, and shows them all
 * once it goes on.
 */
import type { Exec } from '../engine/programs/exec-program';
import { callSessionBus, describeNoReply, isNobody } from './session-bus';

const SERVICE = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
/** How long a reply may take, s: the bus may have to start the service, on a machine whose load is what the notification is about. */
const REPLY_TIME = 10;
/** How long an answer counts, ms: notifications of one moment need one query. */
const MAX_AGE = 2000;

/** What the query needs. */
export interface NotificationServiceParts {
  readonly platform: NodeJS.Platform;
  readonly exec: Exec;
  /** Milliseconds of the monotonic clock. */
  readonly mono: () => number;
}

/** Resolves to why notifications cannot be shown now, null where they can or where that cannot be asked. Never rejects. */
export type NotificationServiceCheck = () => Promise<string | null>;

/** Returns the check; null on systems whose notifications cannot block. */
export function createNotificationServiceCheck({ platform, exec, mono }: NotificationServiceParts): NotificationServiceCheck | null {
  if (platform !== 'linux') return null;
  let last: { readonly at: number; readonly result: Promise<string | null> } | null = null;
  const ask = async (): Promise<string | null> => {
    const reply = await callSessionBus(exec, { service: SERVICE, path: PATH, interface: SERVICE, method: 'GetServerInformation', args: [] }, REPLY_TIME);
    if (reply === null || reply.code === 0) return null;
    return isNobody(reply) ? 'there is no notification service' : `the notification service does not answer: ${describeNoReply(reply)}`;
  };
  return () => {
    if (last === null || mono() - last.at > MAX_AGE) last = { at: mono(), result: ask() };
    return last.result;
  };
}
