/** The queue of messages to webhooks: stored in a file, in order, each until it is delivered or given up. */
import * as z from 'zod';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';
import { messageSchema } from './webhook-payload';
import type { WebhookMessage } from './webhook-payload';

const itemSchema = z.strictObject({
  webhook: z.string(),
  /** Set at the first attempt: messages that are sent together stay together, so that a repeated attempt has the same body. */
  batch: z.string().nullable(),
  message: messageSchema,
  /** For how long it had been tried when this was written, ms of running time; absent for none. */
  tried: z.number().min(0).optional(),
});
const queueSchema = z.strictObject({
  version: z.literal(1),
  items: z.array(itemSchema),
  /** Ids delivered recently, so that an event that is routed again after a restart is not sent again. */
  delivered: z.array(z.string()),
});
type Queued = z.infer<typeof queueSchema>;

/** Largest number of queued messages of one webhook; beyond it the oldest are dropped. */
export const MAX_WAITING = 200;
/** Number of delivered ids that are stored: more than incidents may be open when the app ends. */
const MAX_DELIVERED = 500;

/** The messages of all webhooks. */
export interface WebhookQueue {
  /** Adds a message, unless it is queued or was delivered. Returns the message that was dropped for it, or null. */
  add(webhook: string, message: WebhookMessage): WebhookMessage | null;
  /** The messages to send next: from `groupSize` queued messages on all of them as one, otherwise one. Null: always one. */
  next(webhook: string, groupSize: number | null): readonly WebhookMessage[];
  /** Removes messages that were delivered. */
  delivered(messages: readonly WebhookMessage[]): void;
  /** Removes messages that are given up. */
  drop(messages: readonly WebhookMessage[]): void;
  /**
   * Notes a failed attempt. Returns for how long the oldest of the messages has been tried, ms of running time, over all
   * runs: by the wall clock a message that was queued before the clock was put right would be decades old.
   */
  failed(messages: readonly WebhookMessage[]): number;
  /** Number of queued messages. */
  waiting(webhook: string): number;
  /** Removes the messages of all other webhooks. */
  keepOnly(webhooks: ReadonlySet<string>): void;
  /** Writes pending changes now. */
  save(): void;
}

/** What the queue needs. */
export interface WebhookQueueParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly log: Log;
}

/** For how long messages have been tried, ms of running time. */
function createTriedTimes(mono: () => number) {
  /** Monotonic time of the first attempt in this run, by message, less what it had been tried before. */
  const since = new Map<string, number>();
  return {
    of({ message: { id }, tried = 0 }: Queued['items'][number]): number {
      const now = mono();
      const start = since.get(id) ?? now - tried;
      since.set(id, start);
      return now - start;
    },
    forget: (id: string): void => void since.delete(id),
  };
}

/** Opens the queue; an invalid file is quarantined. */
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
  const tried = createTriedTimes(() => parts.clock.mono());
  const of = (webhook: string): Queued['items'] => current.items.filter((item) => item.webhook === webhook);
  const without = (messages: readonly WebhookMessage[]): Queued['items'] => {
    const ids = new Set(messages.map(({ id }) => id));
    ids.forEach(tried.forget);
    return current.items.filter(({ message }) => !ids.has(message.id));
  };
  return {
    add(webhook, message) {
      const { items, delivered } = current;
      if (delivered.includes(message.id) || items.some((item) => item.message.id === message.id)) return null;
      const queued = of(webhook);
      // A message that is being sent may have been delivered already.
      const dropped = queued.length < MAX_WAITING ? undefined : queued.find(({ batch }) => batch === null);
      current = { ...current, items: [...items.filter((item) => item !== dropped), { webhook, batch: null, message }] };
      // Many alerts may fire in one tick; each write waits for the disk.
      cancel ??= timers.after(0, save);
      return dropped?.message ?? null;
    },
    next(webhook, groupSize) {
      const queued = of(webhook);
      const [first] = queued;
      if (first === undefined) return [];
      if (first.batch !== null) return queued.filter(({ batch }) => batch === first.batch).map(({ message }) => message);
      const chosen = new Set(groupSize !== null && queued.length >= groupSize ? queued : [first]);
      change({ items: current.items.map((item) => (chosen.has(item) ? { ...item, batch: first.message.id } : item)) });
      return [...chosen].map(({ message }) => message);
    },
    delivered: (messages) => change({ items: without(messages), delivered: [...current.delivered, ...messages.map(({ id }) => id)].slice(-MAX_DELIVERED) }),
    drop: (messages) => change({ items: without(messages) }),
    failed(messages) {
      const ids = new Set(messages.map(({ id }) => id));
      const items = current.items.map((item) => (ids.has(item.message.id) ? { ...item, tried: tried.of(item) } : item));
      change({ items });
      return Math.max(0, ...items.flatMap((item) => (ids.has(item.message.id) ? [item.tried ?? 0] : [])));
    },
    waiting: (webhook) => of(webhook).length,
    keepOnly(webhooks) {
      const items = current.items.filter(({ webhook }) => webhooks.has(webhook));
      if (items.length < current.items.length) change({ items });
    },
    save,
  };
}
