/** What may be known of webhooks, and how one is set: its address goes in and never comes out. */
import * as z from 'zod';
import { webhookSchema } from './alert-settings';

/** A webhook as a person sets it. */
export const webhookInputSchema = z.strictObject({
  /** Absent for a new one. */
  id: webhookSchema.shape.id.exactOptional(),
  label: webhookSchema.shape.label,
  kind: webhookSchema.shape.kind,
  severities: webhookSchema.shape.severities,
  enabled: webhookSchema.shape.enabled,
  /** Its address; absent where the one that is kept stays. */
  url: z.string().min(1).max(2000).exactOptional(),
});
/** A webhook as a person sets it. */
export type WebhookInput = z.infer<typeof webhookInputSchema>;

/** How a webhook stands. Times are epoch milliseconds. */
export const webhookStateSchema = z.strictObject({
  id: z.string(),
  /** What may be shown of its address; null where none is known on this machine. */
  address: z.strictObject({ host: z.string(), tail: z.string(), kept: z.enum(['encrypted', 'plain']) }).nullable(),
  /** Messages that are not delivered yet. */
  waiting: z.int(),
  /** Why the last attempt failed; null when it did not. */
  error: z.string().nullable(),
  retryAt: z.number().nullable(),
  deliveredAt: z.number().nullable(),
});
/** How a webhook stands. */
export type WebhookState = z.infer<typeof webhookStateSchema>;

/** What a server really answered to a test message. */
export const webhookTestSchema = z.strictObject({
  ok: z.boolean(),
  /** HTTP status; null when there was no answer. */
  status: z.int().nullable(),
  ms: z.number(),
  /** Empty when it worked. */
  error: z.string(),
});
/** What a server really answered to a test message. */
export type WebhookTest = z.infer<typeof webhookTestSchema>;
