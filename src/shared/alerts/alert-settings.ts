/** How alerts are set: rules, quiet hours, and where alerts go. A section of the settings, and what a file of them holds. */
import * as z from 'zod';
import { quietRangeSchema } from './quiet-hours';
import { incidentSeveritySchema, savedRulesSchema } from './rule';

/**
 * A webhook. Its address is a secret (whoever knows a Slack webhook's may post there) and is kept elsewhere under the
 * webhook's id; it never appears here.
 */
export const webhookSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'only lower-case letters, digits and dashes'),
  label: z.string().trim().min(1).max(60),
  /** slack: what Slack's incoming webhooks take, and many others with them. json: the incident as it is. */
  kind: z.enum(['slack', 'json']),
  severities: z.array(incidentSeveritySchema).max(2),
  enabled: z.boolean(),
});
/** A webhook without its address. */
export type Webhook = z.infer<typeof webhookSchema>;

/** Calls back with each id that stands twice. */
function uniqueIds(list: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  list.forEach(({ id }, index) => {
    if (seen.has(id)) context.addIssue({ code: 'custom', path: [index, 'id'], message: `"${id}" stands twice` });
    seen.add(id);
  });
}

/** Without defaults: what is absent from a change stays as it is. */
const fields = {
  /** Rules a person changed or made; a default rule of the same id gives way. */
  rules: savedRulesSchema,
  /** Nothing is shown in these hours. */
  quietHours: z.array(quietRangeSchema).max(20),
  /** Critical alerts are shown in quiet hours all the same. */
  criticalBypassesQuietHours: z.boolean(),
  /** After quiet hours, one notification of what was missed. */
  digest: z.boolean(),
  /** Events kept in the activity timeline, and how many there may be before the oldest are removed. */
  keepEvents: z.int().min(100).max(100_000),
  pruneEventsAt: z.int().min(101).max(200_000),
  webhooks: z.array(webhookSchema).max(20).superRefine(uniqueIds),
};

/** The whole section. */
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
/** How alerts are set. */
export type AlertsSettings = z.infer<typeof alertsSettingsSchema>;

/** A change: whole fields; those that are absent stay. */
export const alertsPatchSchema = z.strictObject({
  rules: fields.rules.optional(),
  quietHours: fields.quietHours.optional(),
  criticalBypassesQuietHours: fields.criticalBypassesQuietHours.optional(),
  digest: fields.digest.optional(),
  keepEvents: fields.keepEvents.optional(),
  pruneEventsAt: fields.pruneEventsAt.optional(),
  webhooks: fields.webhooks.optional(),
});
