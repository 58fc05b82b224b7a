/** Sends alerts to webhooks: chooses the webhooks by severity, queues the messages, and sends test messages. */
import type { IncidentEvent } from '../../shared/alerts/incident-event';
import type { Webhook } from '../../shared/alerts/alert-settings';
import type { WebhookState, WebhookTest } from '../../shared/alerts/webhook';
import { CallError } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { createTransitionLog } from '../engine/log';
import type { Log } from '../engine/log';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Secrets } from './webhook-secrets';
import { toTimelineEvent } from './alert-timeline-events';
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
  /** The webhooks of the settings. */
  readonly webhooks: () => readonly Webhook[];
  readonly hostname: string;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly log: Log;
  readonly record: EventRecorder;
  /** The following are for tests. */
  readonly fetch?: typeof fetch;
  readonly timeout?: number;
  readonly backoff?: Backoff;
  readonly groupWait?: number;
  readonly random?: () => number;
}

/** All webhooks. */
export interface Webhooks {
  /** Sends the messages that an earlier run left in the queue. */
  start(): void;
  /** Queues an event for each webhook that accepts its severity. */
  send(event: IncidentEvent): void;
  /** Sends a test message at once, before queued messages. Rejects with a CallError when there is no such webhook or no URL. */
  test(id: string): Promise<WebhookTest>;
  states(): readonly WebhookState[];
  /** Called when the settings changed: drops the messages of webhooks that were removed or turned off. */
  refresh(): void;
  close(): void;
}

/** Longest duration of an attempt, ms. */
const TIMEOUT = 10_000;
/** Delay before the first message to Slack, so that alerts that fire together are sent as one, ms. */
const GROUP_WAIT = 2000;

/** Creates the workers as they are needed. */
export function createWebhooks(parts: WebhooksParts): Webhooks {
  const { queue, secrets, webhooks, record, clock, timers, hostname } = parts;
  const failures = createTransitionLog(parts.log);
  const workers = new Map<string, WebhookWorker>();
  const workerParts: WebhookWorkerParts = {
    ...parts,
    find: (id) => webhooks().find((webhook) => webhook.id === id && webhook.enabled) ?? null,
    url: (id) => secrets.get(id),
    fetch: parts.fetch ?? fetch,
    timeout: parts.timeout ?? TIMEOUT,
    backoff: parts.backoff ?? BACKOFF,
    groupWait: parts.groupWait ?? GROUP_WAIT,
    random: parts.random ?? Math.random,
    onHealth: (id, problem) => failures.report(`webhook ${id}`, problem),
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
        const dropped = queue.add(id, toMessage(event, id));
        if (dropped !== null) record(toTimelineEvent('webhook_failed', 'warning', `Not delivered to ${label}: ${dropped.title} (too many messages queued)`, { webhook: id }));
        workerOf(id).wake();
      }
    },
    async test(id) {
      const { kind } = find(id);
      const message = toTestMessage(clock.now());
      const never = new AbortController().signal;
      const url = await secrets.get(id);
      const { outcome, status, ms, error } = await post({ ...workerParts, clock, timers }, url, toBody(kind, [message], hostname), message.id, never);
      return { ok: outcome === 'delivered', status, ms, error };
    },
    states: () => webhooks().map(({ id }) => ({ id, address: secrets.hint(id), waiting: queue.waiting(id), ...workerOf(id).state() })),
    refresh: () => queue.keepOnly(new Set(webhooks().flatMap(({ id, enabled }) => (enabled ? [id] : [])))),
    close() {
      workers.forEach((worker) => worker.stop());
      queue.save();
    },
  };
}
