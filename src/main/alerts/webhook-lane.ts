/** One webhook's lane: what waits for it goes out one after the other, and is tried again until it is there. */
import type { Webhook } from '../../shared/alerts/settings';
import type { NewEvent } from '../../shared/events';
import { messageOf } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { STORM_SIZE } from '../engine/alerts/grouping';
import { toEvent } from './timeline';
import { toBody, toKey } from './webhook-payload';
import type { WebhookMessage } from './webhook-payload';
import { post } from './webhook-post';
import type { PostAnswer } from './webhook-post';
import type { WebhookQueue } from './webhook-queue';
import { waitAfter } from './webhook-retry';
import type { Backoff } from './webhook-retry';

/** What all lanes need. */
export interface LaneParts {
  readonly queue: WebhookQueue;
  /** The webhook as it is set now; null when it is gone or switched off. */
  readonly find: (id: string) => Webhook | null;
  /** Its address; rejects with the reason when there is none. */
  readonly address: (id: string) => Promise<string>;
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly hostname: string;
  /** Milliseconds an attempt may take. */
  readonly timeout: number;
  readonly backoff: Backoff;
  /** Milliseconds the first message waits for company, where several may go as one. */
  readonly settle: number;
  /** 0–1. */
  readonly random: () => number;
  readonly record: (event: NewEvent) => void;
  readonly onTrouble: (webhook: string, problem: string | null) => void;
}

/** How a lane stands. */
export interface LaneState {
  /** Why the last attempt failed; null when it did not. */
  readonly error: string | null;
  /** When it is tried again, epoch milliseconds; null when nothing waits to be. */
  readonly retryAt: number | null;
  /** Of this run of the app, epoch milliseconds. */
  readonly deliveredAt: number | null;
}

/** A lane. */
export interface Lane {
  /** Something waits. */
  wake(): void;
  state(): LaneState;
  /** Ends at once; what is on its way stays in the queue. */
  stop(): void;
}

/** What could not be delivered for so long is old news, ms. */
const MAX_AGE = 24 * 3_600_000;

/** Makes the lane of one webhook. */
export function createLane(id: string, parts: LaneParts): Lane {
  const { queue, find, clock, timers, record } = parts;
  const stopping = new AbortController();
  let state: LaneState = { error: null, retryAt: null, deliveredAt: null };
  let failures = 0;
  let isBusy = false;
  let cancel: (() => void) | null = null;

  const runIn = (ms: number): void => {
    cancel = timers.after(ms, () => {
      cancel = null;
      void run();
    });
  };
  const giveUp = (messages: readonly WebhookMessage[], label: string, error: string): void => {
    queue.drop(messages);
    for (const { title } of messages) record(toEvent('webhook_failed', 'warning', `Not delivered to ${label}: ${title} (${error})`, { webhook: id, error }));
  };
  const settle = (messages: readonly WebhookMessage[], { label }: Webhook, { outcome, error, retryAfter }: PostAnswer): void => {
    parts.onTrouble(id, outcome === 'delivered' ? null : error);
    if (outcome === 'delivered') {
      failures = 0;
      queue.delivered(messages);
      state = { error: null, retryAt: null, deliveredAt: clock.now() };
      return;
    }
    state = { ...state, error, retryAt: null };
    const oldest = Math.min(...messages.map(({ at }) => at));
    if (outcome === 'refused' || clock.now() - oldest > MAX_AGE) {
      failures = 0;
      giveUp(messages, label, error);
      return;
    }
    failures += 1;
    const wait = waitAfter(failures, retryAfter, parts.random(), parts.backoff);
    state = { ...state, retryAt: clock.now() + wait };
    runIn(wait);
  };
  const send = async (webhook: Webhook, messages: readonly WebhookMessage[]): Promise<PostAnswer> => {
    const [first, ...more] = messages;
    const key = more.length === 0 ? (first?.id ?? '') : toKey(...messages.map((message) => message.id));
    try {
      const address = await parts.address(id);
      return await post(parts, address, toBody(webhook.kind, messages, parts.hostname), key, stopping.signal);
    } catch (error) {
      return { outcome: 'refused', status: null, ms: 0, error: messageOf(error), retryAfter: null };
    }
  };
  const run = async (): Promise<void> => {
    isBusy = true;
    while (cancel === null && !stopping.signal.aborted) {
      const webhook = find(id);
      const messages = webhook === null ? [] : queue.next(id, webhook.kind === 'slack' ? STORM_SIZE : null);
      if (webhook === null || messages.length === 0) break;
      const answer = await send(webhook, messages);
      if (!stopping.signal.aborted) settle(messages, webhook, answer);
    }
    isBusy = false;
  };
  return {
    wake() {
      if (!isBusy && cancel === null && !stopping.signal.aborted) runIn(find(id)?.kind === 'slack' ? parts.settle : 0);
    },
    state: () => state,
    stop() {
      cancel?.();
      stopping.abort();
    },
  };
}
