/** The messages sent to webhooks, as JSON and in Slack's format. Pure. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { IncidentEvent } from '../../shared/alerts/incident-event';
import { incidentSchema } from '../../shared/alerts/incident';
import type { Webhook } from '../../shared/alerts/alert-settings';
import { toGroupText, toAlertText } from '../../shared/alerts/alert-text';

/** Event names in queues written before 0.1. To be removed once no such queue can exist. */
const FORMER_EVENTS = new Map<unknown, string>([['worsened', 'escalated'], ['eased', 'deescalated'], ['cleared', 'resolved']]);

const toPresentEvent = (event: unknown): unknown => FORMER_EVENTS.get(event) ?? event;

/** One message, as it is stored in the queue. */
export const messageSchema = z.strictObject({
  /** Idempotency key: the same for the same event of the same incident to the same webhook, also after a restart. */
  id: z.string(),
  event: z.preprocess(toPresentEvent, z.enum(['fired', 'escalated', 'deescalated', 'resolved', 'reminder', 'test'])),
  /** Epoch milliseconds. */
  at: z.number(),
  severity: z.enum(['info', 'warning', 'critical']),
  title: z.string(),
  body: z.string(),
  /** Null for a test. */
  incident: incidentSchema.nullable(),
});
/** One message, as it is stored in the queue. */
export type WebhookMessage = z.infer<typeof messageSchema>;

/** A key of 32 hex digits for any texts, valid in an HTTP header. */
export function toKey(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

/** The message for an event. */
export function toMessage(event: IncidentEvent, webhookId: string): WebhookMessage {
  const { kind, incident, at } = event;
  // An incident fires once; its other events may repeat.
  const id = toKey(webhookId, incident.id, kind, kind === 'fired' ? '' : String(at));
  return { id, event: kind, at, severity: kind === 'resolved' ? 'info' : incident.severity, ...toAlertText(event), incident };
}

/** The message of the Test button. */
export function toTestMessage(at: number): WebhookMessage {
  return { id: toKey('test', String(at)), event: 'test', at, severity: 'info', title: 'Test message', body: 'This webhook works.', incident: null };
}

const COLORS = { critical: 'danger', warning: 'warning', info: 'good' } as const;

/** Slack reads these three characters as the start of a link or a mention. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Title, body and severity of one message, or of several as a group. */
function combined(messages: readonly WebhookMessage[]): Pick<WebhookMessage, 'title' | 'body' | 'severity'> | undefined {
  const [first] = messages;
  if (first === undefined || messages.length === 1) return first;
  const listed = messages.map(({ title, severity }) => ({ title, severity: severity === 'critical' ? ('critical' as const) : ('warning' as const), clearedAt: null }));
  const severity = messages.some((each) => each.severity === 'critical') ? 'critical' : messages.some((each) => each.severity === 'warning') ? 'warning' : 'info';
  return { ...toGroupText(listed), severity };
}

/** The format of Slack's incoming webhooks, which Mattermost, Rocket.Chat and Discord (at …/slack) accept, too; several messages become one. */
function toSlack(messages: readonly WebhookMessage[], hostname: string): string {
  const summary = combined(messages);
  const text = escapeSlack(`${summary?.title ?? ''} · ${hostname}`);
  const last = messages.at(-1)?.at ?? 0;
  const attachment = { color: COLORS[summary?.severity ?? 'info'], text: escapeSlack(summary?.body ?? ''), fallback: text, footer: 'Traywatch', ts: Math.floor(last / 1000) };
  return JSON.stringify({ text, attachments: [attachment] });
}

/** One message with its incident. Times are ISO 8601, except for those in the incident, which are epoch ms. */
function toJson({ id, event, at, severity, title, body, incident }: WebhookMessage, hostname: string): string {
  return JSON.stringify({ app: 'traywatch', version: 1, id, event, at: new Date(at).toISOString(), host: hostname, severity, title, body, incident });
}

/** The body of one request. Several messages are possible for Slack only. */
export function toBody(kind: Webhook['kind'], messages: readonly WebhookMessage[], hostname: string): string {
  const [first] = messages;
  return kind === 'json' && first !== undefined ? toJson(first, hostname) : toSlack(messages, hostname);
}
