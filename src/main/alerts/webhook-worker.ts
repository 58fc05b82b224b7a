/** One webhook's lane: what waits for it goes out one after the other, and is tried again until it is there. */
import type { Webhook } from '../../shared/alerts/alert-settings';
import { messageOf } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { GROUP_SIZE } from '../engine/alerts/grouping';
import type { EventRecorder } from '../timeline/event-recorder';
import { toEvent } from './alert-timeline-events';
import { toBody, toKey } from './webhook-payload';
import type { WebhookMessage } from './webhook-payload';
import { post } from './webhook-post';
import type { DeliveryResult } from './webhook-post';
import type { WebhookQueue } from './webhook-queue';
import { waitAfter } from './webhook-retry';
import type { Backoff } from './webhook-retry';

/** What all lanes need. */
export interface WebhookWorkerParts {
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
  readonly record: EventRecorder;
  readonly onTrouble: (webhook: string, problem: string | null) => void;
}

/** How a lane stands. */
interface WebhookWorkerState {
  /** Why the last attempt failed; null when it did not. */
  readonly error: string | null;
  /** When it is tried again, epoch milliseconds; null when nothing waits to be. */
  readonly retryAt: number | null;
  /** Of this run of the app, epoch milliseconds. */
  readonly deliveredAt: number | null;
}

/** A lane. */
export interface WebhookWorker {
  /** Something waits. */
  wake(): void;
  state(): WebhookWorkerState;
  /** Ends at once; what is on its way stays in the queue. */
  stop(): void;
}

/** What could not be delivered for so long is old news, ms. */
const MAX_AGE = 24 * 3_600_000;

/** The lane of one webhook. */
class QueueWorker implements WebhookWorker {
  readonly #id: string;
  readonly #parts: WebhookWorkerParts;
  readonly #stopping = new AbortController();
  #state: WebhookWorkerState = { error: null, retryAt: null, deliveredAt: null };
  #failures = 0;
  #isBusy = false;
  #cancel: (() => void) | null = null;

  constructor(id: string, parts: WebhookWorkerParts) {
    this.#id = id;
    this.#parts = parts;
  }

  wake(): void {
    if (this.#isBusy || this.#isHeld()) return;
    this.#runIn(this.#parts.find(this.#id)?.kind === 'slack' ? this.#parts.settle : 0);
  }

  state(): WebhookWorkerState {
    return this.#state;
  }

  stop(): void {
    this.#cancel?.();
    this.#stopping.abort();
  }

  /** It waits for its time, or has ended. */
  #isHeld(): boolean {
    return this.#cancel !== null || this.#stopping.signal.aborted;
  }

  #runIn(ms: number): void {
    this.#cancel = this.#parts.timers.after(ms, () => {
      this.#cancel = null;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    const { find, queue } = this.#parts;
    this.#isBusy = true;
    while (!this.#isHeld()) {
      const webhook = find(this.#id);
      const messages = webhook === null ? [] : queue.next(this.#id, webhook.kind === 'slack' ? GROUP_SIZE : null);
      if (webhook === null || messages.length === 0) break;
      const answer = await this.#send(webhook, messages);
      if (!this.#stopping.signal.aborted) this.#settle(messages, webhook, answer);
    }
    this.#isBusy = false;
  }

  /** Never rejects. */
  async #send(webhook: Webhook, messages: readonly WebhookMessage[]): Promise<DeliveryResult> {
    const parts = this.#parts;
    const [first, ...more] = messages;
    const key = more.length === 0 ? (first?.id ?? '') : toKey(...messages.map(({ id }) => id));
    try {
      const address = await parts.address(this.#id);
      return await post(parts, address, toBody(webhook.kind, messages, parts.hostname), key, this.#stopping.signal);
    } catch (error) {
      return { outcome: 'refused', status: null, ms: 0, error: messageOf(error), retryAfter: null };
    }
  }

  #settle(messages: readonly WebhookMessage[], { label }: Webhook, { outcome, error, retryAfter }: DeliveryResult): void {
    const { queue, clock, onTrouble } = this.#parts;
    onTrouble(this.#id, outcome === 'delivered' ? null : error);
    const oldest = Math.min(...messages.map(({ at }) => at));
    if (outcome === 'delivered') {
      this.#failures = 0;
      this.#state = { error: null, retryAt: null, deliveredAt: clock.now() };
      queue.delivered(messages);
    } else if (outcome === 'refused' || clock.now() - oldest > MAX_AGE) {
      this.#failures = 0;
      this.#state = { ...this.#state, error, retryAt: null };
      this.#giveUp(messages, label, error);
    } else {
      this.#tryAgain(error, retryAfter);
    }
  }

  #tryAgain(error: string, retryAfter: number | null): void {
    const { clock, random, backoff } = this.#parts;
    this.#failures += 1;
    const wait = waitAfter(this.#failures, retryAfter, random(), backoff);
    this.#state = { ...this.#state, error, retryAt: clock.now() + wait };
    this.#runIn(wait);
  }

  #giveUp(messages: readonly WebhookMessage[], label: string, error: string): void {
    const { queue, record } = this.#parts;
    queue.drop(messages);
    for (const { title } of messages) record(toEvent('webhook_failed', 'warning', `Not delivered to ${label}: ${title} (${error})`, { webhook: this.#id, error }));
  }
}

/** Makes the lane of one webhook. */
export function createWebhookWorker(id: string, parts: WebhookWorkerParts): WebhookWorker {
  return new QueueWorker(id, parts);
}
