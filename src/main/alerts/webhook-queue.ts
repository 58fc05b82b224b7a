/** Messages that wait for their webhook: on disk, in order, each until it is delivered or given up. */
import * as z from 'zod';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';
import { messageSchema } from './webhook-payload';
import type { WebhookMessage } from './webhook-payload';

const itemSchema = z.strictObject({
  webhook: z.string(),
  /** Set with the first attempt: what is sent together stays together, so that an attempt that is repeated says the same. */
  batch: z.string().nullable(),
  message: messageSchema,
});
const queueSchema = z.strictObject({
  version: z.literal(1),
  items: z.array(itemSchema),
  /** Ids delivered lately, so that what is decided about again after a restart is not sent again. */
  delivered: z.array(z.string()),
});
type Queued = z.infer<typeof queueSchema>;

/** Messages that may wait for one webhook; beyond it the oldest go. */
export const MOST_WAITING = 200;
/** More than the incidents that may be open when the app ends. */
const REMEMBERED = 500;

/** The queue. */
export interface WebhookQueue {
  /** Takes a message in, unless it has it or delivered it. Gives one that had to go for it, or null. */
  add(webhook: string, message: WebhookMessage): WebhookMessage | null;
  /** What is to be sent next; from `together` waiting messages on, all of them at once. Null sends one by one. */
  next(webhook: string, together: number | null): readonly WebhookMessage[];
  /** Removes what was delivered. */
  delivered(messages: readonly WebhookMessage[]): void;
  /** Removes what was given up. */
  drop(messages: readonly WebhookMessage[]): void;
  waiting(webhook: string): number;
  /** Removes what waits for any other webhook. */
  keepOnly(webhooks: ReadonlySet<string>): void;
  /** Writes what is not written yet. */
  save(): void;
}

/** What the queue needs. */
export interface WebhookQueueParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly log: Log;
}

/** Opens the queue; a file that is not valid is set aside. */
export function openWebhookQueue({ timers, ...parts }: WebhookQueueParts): WebhookQueue {
  const initial: Queued = { version: 1, items: [], delivered: [] };
  const file = openStateFile({ ...parts, schema: queueSchema, initial });
  let current = file.get();
  let cancel: (() => void) | null = null;
  const save = (): void => {
    cancel?.();
    cancel = null;
    if (current !== file.get()) file.put(current);
  };
  const change = (next: Partial<Queued>): void => {
    current = { ...current, ...next };
    save();
  };
  const of = (webhook: string): Queued['items'] => current.items.filter((item) => item.webhook === webhook);
  const without = (messages: readonly WebhookMessage[]): Queued['items'] => {
    const ids = new Set(messages.map(({ id }) => id));
    return current.items.filter(({ message }) => !ids.has(message.id));
  };
  return {
    add(webhook, message) {
      const { items, delivered } = current;
      if (delivered.includes(message.id) || items.some((item) => item.message.id === message.id)) return null;
      const mine = of(webhook);
      // One that is on its way may have been delivered already.
      const gone = mine.length < MOST_WAITING ? undefined : mine.find(({ batch }) => batch === null);
      current = { ...current, items: [...items.filter((item) => item !== gone), { webhook, batch: null, message }] };
      // A storm comes within one tick; each write waits for the disk.
      cancel ??= timers.after(0, save);
      return gone?.message ?? null;
    },
    next(webhook, together) {
      const mine = of(webhook);
      const [first] = mine;
      if (first === undefined) return [];
      if (first.batch !== null) return mine.filter(({ batch }) => batch === first.batch).map(({ message }) => message);
      const chosen = new Set(together !== null && mine.length >= together ? mine : [first]);
      change({ items: current.items.map((item) => (chosen.has(item) ? { ...item, batch: first.message.id } : item)) });
      return [...chosen].map(({ message }) => message);
    },
    delivered: (messages) => change({ items: without(messages), delivered: [...current.delivered, ...messages.map(({ id }) => id)].slice(-REMEMBERED) }),
    drop: (messages) => change({ items: without(messages) }),
    waiting: (webhook) => of(webhook).length,
    keepOnly(webhooks) {
      const items = current.items.filter(({ webhook }) => webhooks.has(webhook));
      if (items.length < current.items.length) change({ items });
    },
    save,
  };
}
