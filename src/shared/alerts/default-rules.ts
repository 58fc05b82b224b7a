/**
 * The rules of a new installation. Levels are those at which the cards change colour; a critical one notifies, a warning
 * colours the tray and goes to the timeline. Rules about hardware this machine lacks never meet a series, so they cost
 * nothing and say nothing.
 */
import { EVERY_DEVICE, ruleSchema } from './rule';
import type { Rule } from './rule';
import type * as z from 'zod';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const GIB = 1024 ** 3;

/** A critical disk has less than this to give, and is let go with a little more, bytes. */
const SCARCE = { metric: 'available', direction: 'below', threshold: 5 * GIB, recoverAt: 6 * GIB } as const;

const DEFAULTS: readonly z.input<typeof ruleSchema>[] = [
  {
    id: 'cpu-usage',
    label: 'CPU usage',
    family: 'cpu',
    metric: 'usage',
    warning: { threshold: 70, recoverAt: 60, forSeconds: MINUTE },
    // A build of some minutes is work, not trouble.
    critical: { threshold: 90, recoverAt: 80, forSeconds: 5 * MINUTE },
  },
  {
    id: 'memory-usage',
    label: 'Memory usage',
    family: 'memory',
    metric: 'usage',
    warning: { threshold: 70, recoverAt: 65, forSeconds: 2 * MINUTE },
    critical: { threshold: 85, recoverAt: 80, forSeconds: 2 * MINUTE },
  },
  {
    id: 'swap-usage',
    label: 'Swap usage',
    family: 'memory',
    metric: 'swapUsage',
    // The system is slow to take swap back, so it may stay long after the need has gone: a longer look.
    warning: { threshold: 80, recoverAt: 70, forSeconds: 5 * MINUTE },
    critical: { threshold: 95, recoverAt: 90, forSeconds: 2 * MINUTE },
    cooldownSeconds: HOUR,
  },
  {
    id: 'disk-space',
    label: 'Disk space',
    family: 'disk',
    metric: 'usage',
    device: EVERY_DEVICE,
    warning: { threshold: 70, recoverAt: 68, forSeconds: 2 * MINUTE },
    // A tenth of a large disk is plenty.
    critical: { threshold: 90, recoverAt: 88, forSeconds: MINUTE, guard: SCARCE },
    recoverSeconds: 2 * MINUTE,
    cooldownSeconds: HOUR,
  },
  {
    id: 'disk-inodes',
    label: 'Inodes',
    family: 'disk',
    metric: 'inodeUsage',
    device: EVERY_DEVICE,
    warning: { threshold: 80, recoverAt: 78, forSeconds: 2 * MINUTE },
    critical: { threshold: 90, recoverAt: 88, forSeconds: MINUTE },
    recoverSeconds: 2 * MINUTE,
    cooldownSeconds: HOUR,
  },
  {
    id: 'disk-forecast',
    label: 'Disk full soon',
    family: 'disk',
    metric: 'usage',
    device: EVERY_DEVICE,
    source: 'timeToFull',
    direction: 'below',
    warning: { threshold: 24, recoverAt: 30, forSeconds: 30 * MINUTE },
    critical: { threshold: 4, recoverAt: 6, forSeconds: 10 * MINUTE },
    // A trend is looked at anew every few minutes; one look that sees none is no end of it.
    recoverSeconds: 30 * MINUTE,
    cooldownSeconds: 6 * HOUR,
  },
  {
    id: 'temperature',
    label: 'Temperature',
    family: 'temperature',
    metric: 'value',
    device: EVERY_DEVICE,
    useDeviceLimits: true,
    // No degrees of our own: what is hot for a disk is cool for a processor. A sensor without marks is not judged.
    warning: { threshold: null, forSeconds: 2 * MINUTE },
    critical: { threshold: null, forSeconds: 15 },
    recoverSeconds: MINUTE,
    cooldownSeconds: 15 * MINUTE,
  },
  {
    id: 'self-cpu',
    label: 'Traywatch’s own CPU',
    family: 'self',
    metric: 'cpu',
    // Of one core. An open window drawing charts without a graphics card may take some for a while.
    warning: { threshold: 15, recoverAt: 10, forSeconds: 10 * MINUTE },
    critical: { threshold: 50, recoverAt: 30, forSeconds: 10 * MINUTE },
    recoverSeconds: 2 * MINUTE,
    cooldownSeconds: HOUR,
  },
];

/** The default rules, in the order a person sees them. */
export const DEFAULT_RULES: readonly Rule[] = DEFAULTS.map((rule) => ruleSchema.parse(rule));

/**
 * The rules in force: the defaults, those that were changed standing in their places, then own ones. `saved` is what
 * the settings hold; of two with one id the later stands.
 */
export function effectiveRules(saved: readonly Rule[]): readonly Rule[] {
  const byId = new Map(saved.map((rule) => [rule.id, rule]));
  const defaults = DEFAULT_RULES.map((rule) => byId.get(rule.id) ?? rule);
  const own = [...byId.values()].filter(({ id }) => !isDefaultRule(id));
  return [...defaults, ...own];
}

/** True when `id` is that of a default rule. */
export function isDefaultRule(id: string): boolean {
  return DEFAULT_RULES.some((rule) => rule.id === id);
}

/** A rule as text, its fields in one order whatever order they came in. */
const textOf = (rule: Rule): string => JSON.stringify(ruleSchema.parse(rule));

/** What the settings need to hold of the rules in force: a default put back as it was is forgotten. Throws on a rule that is none. */
export function rulesToSave(rules: readonly Rule[]): readonly Rule[] {
  const defaults = new Map(DEFAULT_RULES.map((rule) => [rule.id, textOf(rule)]));
  return rules.filter((rule) => defaults.get(rule.id) !== textOf(rule));
}
