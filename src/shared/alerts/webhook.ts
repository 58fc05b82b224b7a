/** Schemas of webhook input, state and test result. The URL of a webhook is only ever input. */
import * as z from 'zod';
import { webhookSchema } from './alert-settings';

/** Input to create or change a webhook. */
export const webhookInputSchema = z.strictObject({
  /** Absent for a new one. */
  id: webhookSchema.shape.id.exactOptional(),
  label: webhookSchema.shape.label,
  kind: webhookSchema.shape.kind,
  severities: webhookSchema.shape.severities,
  enabled: webhookSchema.shape.enabled,
  /** Its URL; absent to keep the stored one. */
  url: z.string().min(1).max(2000).exactOptional(),
});
/** Input to create or change a webhook. */
export type WebhookInput = z.infer<typeof webhookInputSchema>;

/** State of a webhook. Times are epoch milliseconds. */
export const webhookStateSchema = z.strictObject({
  id: z.string(),
  /** The part of its URL that may be shown; null if no URL is stored on this machine. */
  address: z.strictObject({ host: z.string(), tail: z.string(), kept: z.enum(['encrypted', 'plain']) }).nullable(),
  /** Number of messages in the queue. */
  waiting: z.int(),
  /** Error of the last attempt; null if it succeeded. */
  error: z.string().nullable(),
  retryAt: z.number().nullable(),
  deliveredAt: z.number().nullable(),
});
/** State of a webhook. */
export type WebhookState = z.infer<typeof webhookStateSchema>;

/** Result of a test message. */
export const webhookTestSchema = z.strictObject({
  ok: z.boolean(),
  /** HTTP status; null without a response. */
  status: z.int().nullable(),
  ms: z.number(),
  /** Empty on success. */
  error: z.string(),
});
/** Result of a test message. */
export type WebhookTest = z.infer<typeof webhookTestSchema>;
