/**
 * Schema of an alert rule: series, levels, durations and channels, as stored in the settings and in exported files.
 *
 * src/shared/alerts has the data of alerts and their rules that engine, main and renderer share, with their texts and pure
 * functions. Like all of src/shared it imports src/shared and zod only. Evaluation is in src/main/engine/alerts.
 */
import * as z from 'zod';
import { FAMILY_IDS } from '../metrics/index';
import type { FamilyId } from '../metrics/index';
import { validateRule } from './rule-validation';

export { EVERY_DEVICE } from './every-device';

/** Severity of an incident. */
export const incidentSeveritySchema = z.enum(['warning', 'critical']);
/** Severity of an incident. */
export type IncidentSeverity = z.infer<typeof incidentSeveritySchema>;

const finite = z.number().refine(Number.isFinite, 'must be a finite number');

/**
 * Guard: a condition on another metric of the same device (or the machine) that must hold as well. A disk is critical at
 * 90 % only with less than 5 GB available.
 */
const guardSchema = z.strictObject({
  metric: z.string().min(1).max(60),
  direction: z.enum(['above', 'below']),
  /** In that metric's unit; the guard holds at or past it. */
  threshold: finite,
  /** Recovery value: at or back past it the guard no longer holds; null: the threshold. */
  recoverAt: finite.nullable().default(null),
});
/** A condition on another metric that must hold as well. */
export type RuleGuard = z.infer<typeof guardSchema>;

/**
 * One condition of an alternative. value: on a metric of the same device (or the machine). timeToFull: on the hours until the
 * metric, a percentage, reaches 100 at the trend of the last two weeks; the direction is below.
 */
export const conditionSchema = guardSchema.extend({ source: z.enum(['value', 'timeToFull']).default('value') });
/** One condition of an alternative. */
export type RuleCondition = z.infer<typeof conditionSchema>;

/** Most alternatives of a level, and most conditions of one. */
export const MAX_ALTERNATIVES = 6;
export const MAX_CONDITIONS = 3;

/** One level of a rule. The condition must hold in the whole window, with enough samples in it. */
const levelSchema = z.strictObject({
  /** In the metric's unit; the level counts at or past it. Null: the device limit; devices without limits do not have the level. */
  threshold: finite.nullable(),
  /**
   * Recovery value (hysteresis): the level ends at or back past it. Null: the threshold; with device limits, 5 % below the
   * limit.
   */
  recoverAt: finite.nullable().default(null),
  /** Seconds the condition must hold; 0 fires with the first sample. */
  forSeconds: z.int().min(0).max(86_400),
  guard: guardSchema.nullable().default(null),
  /**
   * Alternatives, each a list of conditions: the level counts only while all conditions of at least one of them hold. Empty:
   * no such restriction. While none of them can be known, because the machine has no such values, the level counts without.
   */
  anyOf: z.array(z.array(conditionSchema).min(1).max(MAX_CONDITIONS)).max(MAX_ALTERNATIVES).default([]),
});
/** One level of a rule. */
export type RuleLevel = z.infer<typeof levelSchema>;

const channelsSchema = z.strictObject({
  /** Desktop notification. */
  notify: z.boolean(),
  /** Webhooks enabled for this severity. */
  webhook: z.boolean(),
});

/** A rule without validation across its fields. */
const rawRuleSchema = z.strictObject({
  /** Identifies the rule in incidents and settings; default rules have fixed ids. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'only lower-case letters, digits and dashes'),
  label: z.string().trim().min(1).max(80),
  enabled: z.boolean().default(true),
  family: z.enum(FAMILY_IDS as readonly [FamilyId, ...FamilyId[]]),
  metric: z.string().min(1).max(60),
  /** Null: the machine. EVERY_DEVICE: each device separately. Else the id of one device. */
  device: z.string().min(1).max(300).nullable().default(null),
  /**
   * value: the metric itself. timeToFull: predicted hours until the metric, a percentage, reaches 100; thresholds are hours
   * then, and the direction is below.
   */
  source: z.enum(['value', 'timeToFull']).default('value'),
  direction: z.enum(['above', 'below']).default('above'),
  /** Use device limits as thresholds where reported; the rule's thresholds apply to other devices. */
  useDeviceLimits: z.boolean().default(false),
  /** Leaves out removable and read-only media: what fills up there is full on purpose, or cannot be changed. */
  exceptMedia: z.boolean().default(false),
  warning: levelSchema.nullable().default(null),
  critical: levelSchema.nullable().default(null),
  /** Seconds the value must stay recovered before a level ends; 0: it ends with the first sample. */
  recoverSeconds: z.int().min(0).max(86_400).default(30),
  /** Seconds after a recovery in which a new incident of the same series that is no worse is not notified. */
  cooldownSeconds: z.int().min(0).max(86_400).default(300),
  /** Seconds between reminders of an open incident; null: none. */
  repeatSeconds: z.int().min(60).max(604_800).nullable().default(null),
  channels: z.strictObject({ warning: channelsSchema, critical: channelsSchema }).default({
    warning: { notify: false, webhook: false },
    critical: { notify: true, webhook: true },
  }),
});

/** A valid rule: its metrics exist, and its levels can begin and end. */
export const ruleSchema = rawRuleSchema.superRefine((rule, context) => {
  for (const { path, message } of validateRule(rule)) context.addIssue({ code: 'custom', path: [...path], message });
});

/** An alert rule. */
export type Rule = z.infer<typeof rawRuleSchema>;

/** Maximum number of changed and custom rules. */
const MAX_RULES = 200;

/** The rules stored in the settings: changed default rules and custom ones. */
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
