/** Alert settings: rules, quiet hours, webhooks. A section of the settings, and the content of an exported file. */
import * as z from 'zod';
import { quietRangeSchema } from './quiet-hours';
import { incidentSeveritySchema, savedRulesSchema } from './rule';

/**
 * A webhook. Its URL is a secret (it permits posting to a Slack channel) and is stored elsewhere under the webhook's id;
 * it is never part of the settings.
 */
export const webhookSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'only lower-case letters, digits and dashes'),
  label: z.string().trim().min(1).max(60),
  /** Message format. slack: for Slack-compatible incoming webhooks; json: the incident as JSON. */
  kind: z.enum(['slack', 'json']),
  severities: z.array(incidentSeveritySchema).max(2),
  enabled: z.boolean(),
});
/** A webhook without its URL. */
export type Webhook = z.infer<typeof webhookSchema>;

/** Reports each duplicate id. */
function uniqueIds(list: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  list.forEach(({ id }, index) => {
    if (seen.has(id)) context.addIssue({ code: 'custom', path: [index, 'id'], message: `"${id}" is used twice` });
    seen.add(id);
  });
}

/** Without defaults, because fields missing in a change are not changed. */
const fields = {
  /** Changed and custom rules; they replace default rules with the same id. */
  rules: savedRulesSchema,
  /** Times without notifications. */
  quietHours: z.array(quietRangeSchema).max(20),
  /** Critical alerts are notified in quiet hours, too. */
  criticalBypassesQuietHours: z.boolean(),
  /** After quiet hours, one summary notification of missed alerts. */
  digest: z.boolean(),
  /** Number of events kept in the timeline, and the number at which the oldest are removed. */
  keepEvents: z.int().min(100).max(100_000),
  pruneEventsAt: z.int().min(101).max(200_000),
  webhooks: z.array(webhookSchema).max(20).superRefine(uniqueIds),
};

/** The section of the settings. */
export const alertsSettingsSchema = z
  .strictObject({
    rules: fields.rules.default([]),
    quietHours: fields.quietHours.default([]),
    criticalBypassesQuietHours: fields.criticalBypassesQuietHours.default(true),
    digest: fields.digest.default(true),
    keepEvents: fields.keepEvents.default(1000),
    pruneEventsAt: fields.pruneEventsAt.default(1100),
    webhooks: fields.webhooks.default([]),
  })
  .refine(({ keepEvents, pruneEventsAt }) => pruneEventsAt > keepEvents, { path: ['pruneEventsAt'], message: 'must be above keepEvents' });
/** Alert settings. */
export type AlertsSettings = z.infer<typeof alertsSettingsSchema>;

/** A change of the section; missing fields are not changed. */
export const alertsPatchSchema = z.strictObject({
  rules: fields.rules.optional(),
  quietHours: fields.quietHours.optional(),
  criticalBypassesQuietHours: fields.criticalBypassesQuietHours.optional(),
  digest: fields.digest.optional(),
  keepEvents: fields.keepEvents.optional(),
  pruneEventsAt: fields.pruneEventsAt.optional(),
  webhooks: fields.webhooks.optional(),
});
