/**
 * The rules of a new installation. Each speaks only where a person could act: what must hold besides its threshold is in its
 * guards and alternatives (docs/decisions/0007-rules.md). Critical alerts notify, warnings color the tray icon and are in the
 * timeline. Rules for hardware that the machine lacks have no series and no cost.
 */
import { EVERY_DEVICE, ruleSchema } from './rule';
import { WORKLOAD_RULES } from './workload-rules';
import type { conditionSchema } from './rule';
import type { Rule } from './rule';
import type * as z from 'zod';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Guard of critical disk space: less than 5 GiB available, until 6 GiB. */
const LOW_SPACE = { metric: 'available', direction: 'below', threshold: 5 * GIB, recoverAt: 6 * GIB } as const;

/**
 * A disk has little room with less than 20 GiB and less than a tenth of it left: whichever is smaller. A tenth alone is
 * 200 GB of a large disk, and 20 GiB alone is all of a small one.
 */
const LITTLE_ROOM = [
  { metric: 'available', direction: 'below', threshold: 20 * GIB, recoverAt: 24 * GIB },
  { metric: 'usage', direction: 'above', threshold: 90, recoverAt: 88 },
] as const;
/** It will be full within 30 days, as it has grown for up to two weeks. */
const FILLS_UP = [{ metric: 'usage', source: 'timeToFull', direction: 'below', threshold: 30 * 24, recoverAt: 40 * 24 }] as const;

/** Thresholds of memory usage, percent: those of its own rule, and the guards of the rule on swap. */
const MEMORY = { warning: { threshold: 70, recoverAt: 65 }, critical: { threshold: 85, recoverAt: 80 } } as const;
/** Guard of a level of swap usage: memory usage is past its own threshold of that level. */
const shortOfMemory = (level: keyof typeof MEMORY) => ({ metric: 'usage', direction: 'above', ...MEMORY[level] }) as const;

/**
 * Memory is missed: pages are read back from swap all the time, which a hard disk manages at some MiB/s at most, or written to
 * it faster than by tidying up, or tasks wait for memory a tenth of the time.
 */
const MISSED = [
  [{ metric: 'swapIn', direction: 'above', threshold: MIB, recoverAt: MIB / 4 }],
  [{ metric: 'swapOut', direction: 'above', threshold: 4 * MIB, recoverAt: MIB }],
  [{ metric: 'pressure', direction: 'above', threshold: 10, recoverAt: 5 }],
] as const;
/** The same for swap, or memory is nearly full: zram that is full has no traffic, and some machines report no pressure. */
const MISSED_OR_FULL = [...MISSED, [shortOfMemory('critical')]] as const;

/** The machine runs on its battery: no adapter gives power, or too little. Some batteries tell no power, so one of both is enough. */
const DRAINED = [
  [{ metric: 'onMains', direction: 'below', threshold: 0, recoverAt: 1 }],
  [{ metric: 'discharging', direction: 'above', threshold: 0.5, recoverAt: 0.1 }],
] as const;

/** Mutable copies, as the schema wants them. */
const anyOf = (...alternatives: readonly (readonly Condition[])[]): Condition[][] => alternatives.map((conditions) => [...conditions]);
type Condition = z.input<typeof conditionSchema>;

const DEFAULTS: readonly z.input<typeof ruleSchema>[] = [
  {
    id: 'cpu-usage',
    label: 'CPU usage',
    family: 'cpu',
    metric: 'usage',
    warning: { threshold: 70, recoverAt: 60, forSeconds: MINUTE },
    // A build of some minutes must not notify.
    critical: { threshold: 90, recoverAt: 80, forSeconds: 5 * MINUTE },
  },
  {
    id: 'memory-usage',
    label: 'Memory usage',
    family: 'memory',
    metric: 'usage',
    // Memory that is used is no fault: most of a day's use leaves it above 70 %.
    warning: { ...MEMORY.warning, forSeconds: 2 * MINUTE, anyOf: anyOf(...MISSED) },
    critical: { ...MEMORY.critical, forSeconds: 2 * MINUTE, anyOf: anyOf(...MISSED) },
  },
  {
    id: 'memory-pressure',
    label: 'Memory pressure',
    family: 'memory',
    metric: 'pressure',
    // The honest sign of thrashing, whatever is in use; where it is critical, memory usage or swap is as well.
    warning: { threshold: 20, recoverAt: 10, forSeconds: 2 * MINUTE },
    recoverSeconds: MINUTE,
  },
  {
    id: 'swap-usage',
    label: 'Swap usage',
    family: 'memory',
    metric: 'swapUsage',
    // Full swap alone is no fault: pages stay in it long after memory is free again, zram is compressed memory itself, and
    // macOS makes swap files only as it fills them. It matters where memory is short as well.
    warning: { threshold: 80, recoverAt: 70, forSeconds: 5 * MINUTE, guard: shortOfMemory('warning'), anyOf: anyOf(...MISSED_OR_FULL) },
    critical: { threshold: 95, recoverAt: 90, forSeconds: 2 * MINUTE, guard: shortOfMemory('critical') },
    cooldownSeconds: HOUR,
  },
  {
    id: 'disk-space',
    label: 'Disk space',
    family: 'disk',
    metric: 'usage',
    device: EVERY_DEVICE,
    exceptMedia: true,
    warning: { threshold: 70, recoverAt: 68, forSeconds: 2 * MINUTE, anyOf: anyOf(LITTLE_ROOM, FILLS_UP) },
    // 10 % of a large disk is enough space.
    critical: { threshold: 90, recoverAt: 88, forSeconds: MINUTE, guard: LOW_SPACE },
    recoverSeconds: 2 * MINUTE,
    cooldownSeconds: HOUR,
  },
  {
    id: 'disk-inodes',
    label: 'Inodes',
    family: 'disk',
    metric: 'inodeUsage',
    device: EVERY_DEVICE,
    exceptMedia: true,
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
    exceptMedia: true,
    warning: { threshold: 24, recoverAt: 30, forSeconds: 30 * MINUTE },
    critical: { threshold: 4, recoverAt: 6, forSeconds: 10 * MINUTE },
    // The trend is computed every few minutes; a single one without growth does not resolve the alert.
    recoverSeconds: 30 * MINUTE,
    cooldownSeconds: 6 * HOUR,
  },
  {
    id: 'disk-failing',
    label: 'Disk failing',
    family: 'health',
    metric: 'failing',
    device: EVERY_DEVICE,
    // Not at once: an array that is being assembled is not running for a moment.
    warning: { threshold: 1, recoverAt: 0, forSeconds: MINUTE },
    critical: { threshold: 2, recoverAt: 1, forSeconds: MINUTE },
    cooldownSeconds: HOUR,
  },
  {
    id: 'array-degraded',
    label: 'Array degraded',
    family: 'health',
    metric: 'degraded',
    device: EVERY_DEVICE,
    // While it is being repaired there is nothing to do but to wait.
    warning: { threshold: 1, recoverAt: 0, forSeconds: 0 },
    critical: { threshold: 2, recoverAt: 1, forSeconds: MINUTE },
    cooldownSeconds: HOUR,
  },
  {
    id: 'disk-wear',
    label: 'Disk worn out',
    family: 'health',
    metric: 'wear',
    device: EVERY_DEVICE,
    warning: { threshold: 90, recoverAt: 89, forSeconds: 0 },
    cooldownSeconds: HOUR,
  },
  {
    id: 'temperature',
    label: 'Temperature',
    family: 'temperature',
    metric: 'value',
    device: EVERY_DEVICE,
    useDeviceLimits: true,
    // No fixed thresholds: what is hot for a disk is cool for a processor. Sensors without device limits are not evaluated.
    warning: { threshold: null, forSeconds: 2 * MINUTE },
    critical: { threshold: null, forSeconds: 15 },
    recoverSeconds: MINUTE,
    cooldownSeconds: 15 * MINUTE,
  },
  {
    id: 'fan-stalled',
    label: 'Fan stands still',
    family: 'fans',
    metric: 'stalled',
    device: EVERY_DEVICE,
    // Seconds in which a fan that has turned before stands still while its chip is hot, or is said by its chip to have failed; unknown where that cannot be said.
    warning: { threshold: MINUTE, recoverAt: 0, forSeconds: 0 },
    critical: { threshold: 2 * MINUTE, recoverAt: 0, forSeconds: 0 },
    recoverSeconds: MINUTE,
    cooldownSeconds: 15 * MINUTE,
  },
  {
    id: 'battery-low',
    label: 'Battery low',
    family: 'battery',
    metric: 'charge',
    direction: 'below',
    // Not at once: a gauge may give any value for a moment after a plug was pulled.
    warning: { threshold: 20, recoverAt: 25, forSeconds: MINUTE, anyOf: anyOf(...DRAINED) },
    critical: { threshold: 10, recoverAt: 15, forSeconds: MINUTE / 2, anyOf: anyOf(...DRAINED) },
    recoverSeconds: 0,
  },
  {
    id: 'battery-charged',
    label: 'Charge limit reached',
    enabled: false,
    family: 'battery',
    metric: 'charge',
    // For whoever wants to be told when to pull the plug, so this warning notifies.
    warning: { threshold: 80, recoverAt: 75, forSeconds: MINUTE, guard: { metric: 'onMains', direction: 'above', threshold: 1, recoverAt: 0 } },
    cooldownSeconds: HOUR,
    channels: { warning: { notify: true, webhook: false }, critical: { notify: true, webhook: true } },
  },
  ...WORKLOAD_RULES,
  {
    id: 'self-cpu',
    label: 'Traywatch’s own CPU',
    family: 'self',
    metric: 'cpu',
    // Percent of one core. An open window that draws charts without a GPU may use some for a while.
    warning: { threshold: 15, recoverAt: 10, forSeconds: 10 * MINUTE },
    critical: { threshold: 50, recoverAt: 30, forSeconds: 10 * MINUTE },
    recoverSeconds: 2 * MINUTE,
    cooldownSeconds: HOUR,
  },
];

/** The default rules, in the order they are shown. */
export const DEFAULT_RULES: readonly Rule[] = DEFAULTS.map((rule) => ruleSchema.parse(rule));

/**
 * The active rules: the defaults, changed ones in place of theirs, then custom ones. `saved` are the rules in the settings;
 * of two with the same id the later counts.
 */
export function effectiveRules(saved: readonly Rule[]): readonly Rule[] {
  const byId = new Map(saved.map((rule) => [rule.id, rule]));
  const defaults = DEFAULT_RULES.map((rule) => byId.get(rule.id) ?? rule);
  const custom = [...byId.values()].filter(({ id }) => !isDefaultRule(id));
  return [...defaults, ...custom];
}

/** True if `id` is that of a default rule. */
export function isDefaultRule(id: string): boolean {
  return DEFAULT_RULES.some((rule) => rule.id === id);
}

/** A rule as text, with its fields in a fixed order. */
const textOf = (rule: Rule): string => JSON.stringify(ruleSchema.parse(rule));

/** The rules that the settings must store: all except unchanged defaults. Throws on an invalid rule. */
export function rulesToSave(rules: readonly Rule[]): readonly Rule[] {
  const defaults = new Map(DEFAULT_RULES.map((rule) => [rule.id, textOf(rule)]));
  return rules.filter((rule) => defaults.get(rule.id) !== textOf(rule));
}
