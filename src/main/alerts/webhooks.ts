/** Alerts to webhooks: which take which, what waits, and whether an address works. */
import type { IncidentEvent } from '../../shared/alerts/incident-event';
import type { Webhook } from '../../shared/alerts/alert-settings';
import type { WebhookState, WebhookTest } from '../../shared/alerts/webhook';
import { CallError } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { createTransitionLog } from '../engine/log';
import type { Log } from '../engine/log';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Secrets } from './webhook-secrets';
import { toEvent } from './alert-timeline-events';
import { createWebhookWorker } from './webhook-worker';
import type { WebhookWorker, WebhookWorkerParts } from './webhook-worker';
import { toBody, toMessage, toTestMessage } from './webhook-payload';
import { post } from './webhook-post';
import type { WebhookQueue } from './webhook-queue';
import { BACKOFF } from './webhook-retry';
import type { Backoff } from './webhook-retry';

/** What the webhooks need. */
export interface WebhooksParts {
  readonly queue: WebhookQueue;
  readonly secrets: Secrets;
  /** The webhooks as they are set now. */
  readonly webhooks: () => readonly Webhook[];
  readonly hostname: string;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly log: Log;
  readonly record: EventRecorder;
  /** The following are set by tests. */
  readonly fetch?: typeof fetch;
  readonly timeout?: number;
  readonly backoff?: Backoff;
  readonly settle?: number;
  readonly random?: () => number;
}

/** The webhooks. */
export interface Webhooks {
  /** Sends what a run before could not. */
  start(): void;
  /** Queues an event for each webhook that takes its severity. */
  send(event: IncidentEvent): void;
  /** Sends a test message now, whatever waits. Rejects with a CallError when there is no such webhook or no address. */
  test(id: string): Promise<WebhookTest>;
  states(): readonly WebhookState[];
  /** The settings changed: what waits for a webhook that is gone or switched off is dropped. */
  refresh(): void;
  close(): void;
}

/** Milliseconds an attempt may take. */
const TIMEOUT = 10_000;
/** Milliseconds the first message to Slack waits for others of the same storm. */
const SETTLE = 2000;

/** Builds the webhooks. */
export function createWebhooks(parts: WebhooksParts): Webhooks {
  const { queue, secrets, webhooks, record, clock, timers, hostname } = parts;
  const trouble = createTransitionLog(parts.log);
  const workers = new Map<string, WebhookWorker>();
  const workerParts: WebhookWorkerParts = {
    ...parts,
    find: (id) => webhooks().find((webhook) => webhook.id === id && webhook.enabled) ?? null,
    address: (id) => secrets.get(id),
    fetch: parts.fetch ?? fetch,
    timeout: parts.timeout ?? TIMEOUT,
    backoff: parts.backoff ?? BACKOFF,
    settle: parts.settle ?? SETTLE,
    random: parts.random ?? Math.random,
    onTrouble: (id, problem) => trouble.report(`webhook ${id}`, problem),
  };
  const workerOf = (id: string): WebhookWorker => {
    const worker = workers.get(id) ?? createWebhookWorker(id, workerParts);
    workers.set(id, worker);
    return worker;
  };
  const find = (id: string): Webhook => {
    const webhook = webhooks().find((each) => each.id === id);
    if (webhook === undefined) throw new CallError('NotFound', 'there is no such webhook');
    return webhook;
  };
  return {
    start: () => webhooks().forEach(({ id }) => (queue.waiting(id) > 0 ? workerOf(id).wake() : undefined)),
    send(event) {
      const severity = event.kind === 'resolved' ? event.incident.worst : event.incident.severity;
      for (const { id, label, enabled, severities } of webhooks()) {
        if (!enabled || !severities.includes(severity)) continue;
        const gone = queue.add(id, toMessage(event, id));
        if (gone !== null) record(toEvent('webhook_failed', 'warning', `Not delivered to ${label}: ${gone.title} (too many messages wait)`, { webhook: id }));
        workerOf(id).wake();
      }
    },
    async test(id) {
      const { kind } = find(id);
      const message = toTestMessage(clock.now());
      const never = new AbortController().signal;
      const address = await secrets.get(id);
      const { outcome, status, ms, error } = await post({ ...workerParts, clock, timers }, address, toBody(kind, [message], hostname), message.id, never);
      return { ok: outcome === 'delivered', status, ms, error };
    },
    states: () => webhooks().map(({ id }) => ({ id, address: secrets.trace(id), waiting: queue.waiting(id), ...workerOf(id).state() })),
    refresh: () => queue.keepOnly(new Set(webhooks().flatMap(({ id, enabled }) => (enabled ? [id] : [])))),
    close() {
      workers.forEach((worker) => worker.stop());
      queue.save();
    },
  };
}
