/** A rule: which series, which levels, for how long, and what then. What a person sets and a file holds. */
import * as z from 'zod';
import { FAMILY_IDS } from '../metrics/index';
import type { FamilyId } from '../metrics/index';
import { validateRule } from './rule-validation';

/** Stands in a target for "every device of the family": each mount, each core, each sensor. */
export const EVERY_DEVICE = '*';

/** How bad an incident is. */
export const incidentSeveritySchema = z.enum(['warning', 'critical']);
/** How bad an incident is. */
export type IncidentSeverity = z.infer<typeof incidentSeveritySchema>;

const finite = z.number().refine(Number.isFinite, 'must be a finite number');

/**
 * Another metric of the same device (or of the machine) that must also hold before a level counts: a disk is
 * critical at 90 % only with less than 5 GB free.
 */
const guardSchema = z.strictObject({
  metric: z.string().min(1).max(60),
  direction: z.enum(['above', 'below']),
  /** In that metric's unit; at or past it counts. */
  threshold: finite,
  /** At or back past this the guard holds no more; the threshold itself where null. */
  recoverAt: finite.nullable().default(null),
});
/** Another metric that must also hold. */
export type RuleGuard = z.infer<typeof guardSchema>;

/** One level of a rule. The condition must hold over the whole window, with enough samples in it. */
const levelSchema = z.strictObject({
  /** In the metric's unit; at or past it counts. Null: the device's own mark, and no such level for a device without marks. */
  threshold: finite.nullable(),
  /**
   * The value must be back at or past this before the level is left (hysteresis); the threshold itself where null, and
   * 5 % below a device's own mark.
   */
  recoverAt: finite.nullable().default(null),
  /** Seconds the condition must hold; 0 fires with the first sample. */
  forSeconds: z.int().min(0).max(86_400),
  guard: guardSchema.nullable().default(null),
});
/** One level of a rule. */
export type RuleLevel = z.infer<typeof levelSchema>;

const channelsSchema = z.strictObject({
  /** A native notification. */
  notify: z.boolean(),
  /** The webhooks that take this severity. */
  webhook: z.boolean(),
});

/** A rule by its fields alone. */
const rawRuleSchema = z.strictObject({
  /** Names the rule in incidents and overrides; defaults have fixed ones. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'only lower-case letters, digits and dashes'),
  label: z.string().trim().min(1).max(80),
  enabled: z.boolean().default(true),
  family: z.enum(FAMILY_IDS as readonly [FamilyId, ...FamilyId[]]),
  metric: z.string().min(1).max(60),
  /** Null: the machine's own value. EVERY_DEVICE: each device by itself. Else the device's id. */
  device: z.string().min(1).max(300).nullable().default(null),
  /**
   * value: the metric itself. timeToFull: hours until the metric, a share in percent, reaches 100 at its present
   * trend; levels are hours then, and the direction below.
   */
  source: z.enum(['value', 'timeToFull']).default('value'),
  direction: z.enum(['above', 'below']).default('above'),
  /** Levels come from the device's own marks where it has them; the rule's own levels stand for devices without. */
  useDeviceLimits: z.boolean().default(false),
  warning: levelSchema.nullable().default(null),
  critical: levelSchema.nullable().default(null),
  /** Seconds the value must stay back before a level is left; 0 leaves it with the first sample. */
  recoverSeconds: z.int().min(0).max(86_400).default(30),
  /** Seconds after a recovery during which a new incident of the same series, no worse than the one before, is not announced. */
  cooldownSeconds: z.int().min(0).max(86_400).default(300),
  /** Seconds between reminders while an incident lasts; null for none. */
  repeatSeconds: z.int().min(60).max(604_800).nullable().default(null),
  channels: z.strictObject({ warning: channelsSchema, critical: channelsSchema }).default({
    warning: { notify: false, webhook: false },
    critical: { notify: true, webhook: true },
  }),
});

/** A rule as it stands in the settings: every metric it names exists, and its levels can be reached and left again. */
export const ruleSchema = rawRuleSchema.superRefine((rule, context) => {
  for (const { path, message } of validateRule(rule)) context.addIssue({ code: 'custom', path: [...path], message });
});

/** A rule as it stands in the settings. */
export type Rule = z.infer<typeof rawRuleSchema>;

/** Most rules a person may have changed or made. */
const MAX_RULES = 200;

/** What the settings hold: default rules that were changed, and own ones. */
export const savedRulesSchema = z
  .array(ruleSchema)
  .max(MAX_RULES)
  .superRefine((rules, context) => {
    const seen = new Set<string>();
    rules.forEach(({ id }, at) => {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: [at, 'id'], message: `there is another rule "${id}"` });
      seen.add(id);
    });
  });
