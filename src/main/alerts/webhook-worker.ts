/** The delivery worker of one webhook: posts its queued messages one after the other, and retries until they are delivered or were tried for a day. */
import type { Webhook } from '../../shared/alerts/alert-settings';
import { messageOf } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { GROUP_SIZE } from '../engine/alerts/grouping';
import type { EventRecorder } from '../timeline/event-recorder';
import { toTimelineEvent } from './alert-timeline-events';
import { toBody, toKey } from './webhook-payload';
import type { WebhookMessage } from './webhook-payload';
import { post } from './webhook-post';
import type { DeliveryResult } from './webhook-post';
import type { WebhookQueue } from './webhook-queue';
import { retryDelay } from './webhook-retry';
import type { Backoff } from './webhook-retry';

/** What all workers need. */
export interface WebhookWorkerParts {
  readonly queue: WebhookQueue;
  /** The webhook's current settings; null when it was removed or is turned off. */
  readonly find: (id: string) => Webhook | null;
  /** Its URL; rejects with the reason when there is none. */
  readonly url: (id: string) => Promise<string>;
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly hostname: string;
  /** Longest duration of an attempt, ms. */
  readonly timeout: number;
  readonly backoff: Backoff;
  /** Delay before the first message to Slack, so that several can be sent as one, ms. */
  readonly groupWait: number;
  /** 0–1. */
  readonly random: () => number;
  readonly record: EventRecorder;
  /** Called after each attempt; null when it succeeded. */
  readonly onHealth: (webhook: string, problem: string | null) => void;
}

/** The state of a worker. */
interface WebhookWorkerState {
  /** Why the last attempt failed; null when it did not. */
  readonly error: string | null;
  /** When it tries again, epoch ms; null when no retry is scheduled. */
  readonly retryAt: number | null;
  /** Last delivery in this run of the app, epoch ms. */
  readonly deliveredAt: number | null;
}

/** A delivery worker. */
export interface WebhookWorker {
  /** Starts sending where messages are queued and no retry is scheduled. */
  wake(): void;
  state(): WebhookWorkerState;
  /** Stops at once; a message that is being sent stays in the queue. */
  stop(): void;
}

/** A message that could not be delivered for so long is given up, ms of running time. */
const MAX_TRIED = 24 * 3_600_000;

/** The worker of one webhook. */
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
    if (this.#isBusy || this.#isScheduled()) return;
    this.#runIn(this.#parts.find(this.#id)?.kind === 'slack' ? this.#parts.groupWait : 0);
  }

  state(): WebhookWorkerState {
    return this.#state;
  }

  stop(): void {
    this.#cancel?.();
    this.#stopping.abort();
  }

  /** True while a start is scheduled, and once it has stopped. */
  #isScheduled(): boolean {
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
    while (!this.#isScheduled()) {
      const webhook = find(this.#id);
      const messages = webhook === null ? [] : queue.next(this.#id, webhook.kind === 'slack' ? GROUP_SIZE : null);
      if (webhook === null || messages.length === 0) break;
      const result = await this.#send(webhook, messages);
      if (!this.#stopping.signal.aborted) this.#applyResult(messages, webhook, result);
    }
    this.#isBusy = false;
  }

  /** Never rejects. */
  async #send(webhook: Webhook, messages: readonly WebhookMessage[]): Promise<DeliveryResult> {
    const parts = this.#parts;
    const [first, ...more] = messages;
    const key = more.length === 0 ? (first?.id ?? '') : toKey(...messages.map(({ id }) => id));
    try {
      const url = await parts.url(this.#id);
      return await post(parts, url, toBody(webhook.kind, messages, parts.hostname), key, this.#stopping.signal);
    } catch (error) {
      return { outcome: 'rejected', status: null, ms: 0, error: messageOf(error), retryAfter: null };
    }
  }

  #applyResult(messages: readonly WebhookMessage[], { label }: Webhook, { outcome, error, retryAfter }: DeliveryResult): void {
    const { queue, clock, onHealth } = this.#parts;
    onHealth(this.#id, outcome === 'delivered' ? null : error);
    if (outcome === 'delivered') {
      this.#failures = 0;
      this.#state = { error: null, retryAt: null, deliveredAt: clock.now() };
      queue.delivered(messages);
    } else if (outcome === 'rejected' || queue.failed(messages) > MAX_TRIED) {
      this.#failures = 0;
      this.#state = { ...this.#state, error, retryAt: null };
      this.#giveUp(messages, label, error);
    } else {
      this.#retry(error, retryAfter);
    }
  }

  #retry(error: string, retryAfter: number | null): void {
    const { clock, random, backoff } = this.#parts;
    this.#failures += 1;
    const delay = retryDelay(this.#failures, retryAfter, random(), backoff);
    this.#state = { ...this.#state, error, retryAt: clock.now() + delay };
    this.#runIn(delay);
  }

  #giveUp(messages: readonly WebhookMessage[], label: string, error: string): void {
    const { queue, record } = this.#parts;
    queue.drop(messages);
    for (const { title } of messages) record(toTimelineEvent('webhook_failed', 'warning', `Not delivered to ${label}: ${title} (${error})`, { webhook: this.#id, error }));
  }
}

/** Creates the worker of one webhook; idle until it is woken. */
export function createWebhookWorker(id: string, parts: WebhookWorkerParts): WebhookWorker {
  return new QueueWorker(id, parts);
}
