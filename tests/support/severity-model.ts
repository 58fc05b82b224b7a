/**
 * What open alerts there must be, in a model so small that it cannot be wrong: rules without durations and recovery values,
 * so that a level holds exactly while the value is past it, and stays as it was while there is no value.
 */
import * as fc from 'fast-check';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import { ruleSchema } from '../../src/shared/alerts/rule';
import type { Rule } from '../../src/shared/alerts/rule';
import type { RuleThreshold } from '../../src/shared/alerts/severity';
import type { FamilyId } from '../../src/shared/metrics/index';
import type { DeviceReading, SampleBatch } from '../../src/shared/metrics/reading';

/** A rule that may exist: at most one at a time. */
const SLOTS = {
  cpu: { family: 'cpu', metric: 'usage', device: null, direction: 'above', useDeviceLimits: false },
  memory: { family: 'memory', metric: 'available', device: null, direction: 'below', useDeviceLimits: false },
  disks: { family: 'disk', metric: 'usage', device: '*', direction: 'above', useDeviceLimits: false },
  data: { family: 'disk', metric: 'usage', device: '/data', direction: 'above', useDeviceLimits: false },
  sensors: { family: 'temperature', metric: 'value', device: '*', direction: 'above', useDeviceLimits: true },
} as const;
/** Name of a slot. */
export type Slot = keyof typeof SLOTS;
const SLOT_NAMES = Object.keys(SLOTS) as readonly Slot[];

/** The series of the machine: those on which a rule can be. */
export const SERIES = ['cpu.usage', 'memory.available', 'disk.usage@/', 'disk.usage@/data', 'temperature.value@plain', 'temperature.value@limited'] as const;
/** Key of one of them. */
export type Series = (typeof SERIES)[number];
/** Limits of the sensor that reports any. */
const LIMITS = { warning: 50, critical: 80 } as const;

/** The families of the model. */
export const FAMILIES = ['cpu', 'memory', 'disk', 'temperature'] as const satisfies readonly FamilyId[];

/** Levels of a rule, and whether it is turned on. */
export interface SlotRule {
  readonly enabled: boolean;
  readonly warning: number | null;
  readonly critical: number | null;
}

/** One thing that happens. */
export type Step =
  | { readonly kind: 'rule'; readonly slot: Slot; readonly rule: SlotRule | null }
  | { readonly kind: 'value'; readonly series: Series; readonly value: number | null }
  | { readonly kind: 'remove'; readonly device: Series }
  | { readonly kind: 'acknowledge'; readonly at: number };

const level = fc.integer({ min: 1, max: 9 }).map((tenth) => tenth * 10);
const levels: fc.Arbitrary<Omit<SlotRule, 'enabled'>> = fc.oneof(
  fc.tuple(level, level).map(([a, b]) => ({ warning: Math.min(a, b), critical: Math.max(a, b) })),
  level.map((warning) => ({ warning, critical: null })),
  level.map((critical) => ({ warning: null, critical })),
);
const slotRule = fc.record({ enabled: fc.boolean(), levels }).map(({ enabled, levels: both }): SlotRule => ({ enabled, ...both }));

/** Any step; values are most frequent. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('rule' as const), slot: fc.constantFrom(...SLOT_NAMES), rule: fc.option(slotRule, { freq: 5 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('value' as const), series: fc.constantFrom(...SERIES), value: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), device: fc.constantFrom(...SERIES.filter((series) => series.includes('@'))) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), at: fc.nat(3) }) },
);

/** Steps that reach every state of an alert: firing, easing, acknowledged, escalating, turned off, removed. */
export const EVERY_STATE: readonly Step[] = [
  { kind: 'value', series: 'cpu.usage', value: 50 },
  { kind: 'acknowledge', at: 0 },
  { kind: 'value', series: 'disk.usage@/data', value: 95 },
  { kind: 'value', series: 'cpu.usage', value: 90 },
  { kind: 'acknowledge', at: 0 },
  { kind: 'acknowledge', at: 1 },
  { kind: 'value', series: 'memory.available', value: 20 },
  { kind: 'value', series: 'temperature.value@limited', value: 60 },
  { kind: 'rule', slot: 'data', rule: { enabled: true, warning: 97, critical: null } },
  { kind: 'rule', slot: 'disks', rule: { enabled: false, warning: 40, critical: 70 } },
  { kind: 'value', series: 'disk.usage@/data', value: 98 },
  { kind: 'value', series: 'cpu.usage', value: null },
  { kind: 'remove', device: 'disk.usage@/data' },
  { kind: 'rule', slot: 'cpu', rule: null },
  { kind: 'value', series: 'memory.available', value: 100 },
];

/** The bound of a level of a slot on a series; below: the mirror image, so that the same numbers serve. */
function boundOf(slot: Slot, rule: SlotRule, series: Series, severity: 'warning' | 'critical'): number | null {
  const at = rule[severity];
  if (at === null) return null;
  if (SLOTS[slot].direction === 'below') return 100 - at;
  return SLOTS[slot].useDeviceLimits && series.endsWith('limited') ? LIMITS[severity] : at;
}

const isOn = (slot: Slot, series: Series): boolean => {
  const { family, metric, device } = SLOTS[slot];
  const [name, id] = series.split('@');
  return name === `${family}.${metric}` && (device === null ? id === undefined : device === '*' ? id !== undefined : device === id);
};

/** The machine and its rules, and which alerts must be open. */
export class SeverityModel {
  readonly #rules = new Map<Slot, SlotRule>(SLOT_NAMES.filter((slot) => slot !== 'data').map((slot) => [slot, { enabled: true, warning: 40, critical: 70 }]));
  readonly #values = new Map<Series, number | null>(SERIES.map((series) => [series, series === 'memory.available' ? 100 : 0]));
  readonly #gone = new Set<Series>();
  /** Severity by slot and series. */
  readonly #open = new Map<string, 'warning' | 'critical'>();

  /** The rules as the settings store them: all defaults turned off, because they wait for minutes. */
  rules(): Rule[] {
    const off = DEFAULT_RULES.map((rule): Rule => ({ ...rule, enabled: false }));
    const own = [...this.#rules].map(([slot, { enabled, ...rule }]): Rule => {
      const bound = (severity: 'warning' | 'critical') => (rule[severity] === null ? null : { threshold: SLOTS[slot].direction === 'below' ? 100 - rule[severity] : rule[severity], forSeconds: 0 });
      const all = { notify: true, webhook: false };
      return ruleSchema.parse({ id: slot, label: slot, ...SLOTS[slot], enabled, warning: bound('warning'), critical: bound('critical'), recoverSeconds: 0, cooldownSeconds: 0, channels: { warning: all, critical: all } });
    });
    return [...off, ...own];
  }

  setRule(slot: Slot, rule: SlotRule | null): void {
    const before = this.#rules.get(slot);
    if (rule === null) this.#rules.delete(slot);
    else this.#rules.set(slot, rule);
    const isSame = before !== undefined && rule !== null && JSON.stringify(before) === JSON.stringify(rule);
    if (!isSame) for (const series of SERIES) this.#open.delete(`${slot} ${series}`);
  }

  setValue(series: Series, value: number | null): void {
    this.#gone.delete(series);
    this.#values.set(series, value);
  }

  /** The device is taken out; its alerts end once it has been gone for long enough. */
  removeDevice(series: Series): void {
    this.#gone.add(series);
  }

  endOfRemoved(): void {
    for (const series of this.#gone) for (const slot of SLOT_NAMES) this.#open.delete(`${slot} ${series}`);
  }

  /** Takes one sample of every series. */
  sample(): void {
    for (const series of SERIES) {
      const value = this.valueOf(series);
      if (value === null) continue;
      for (const [slot, rule] of this.#rules) {
        if (!rule.enabled || !isOn(slot, series)) continue;
        const isPast = (severity: 'warning' | 'critical'): boolean => {
          const bound = boundOf(slot, rule, series, severity);
          return bound !== null && (SLOTS[slot].direction === 'above' ? value >= bound : value <= bound);
        };
        const severity = isPast('critical') ? 'critical' : isPast('warning') ? 'warning' : null;
        if (severity === null) this.#open.delete(`${slot} ${series}`);
        else this.#open.set(`${slot} ${series}`, severity);
      }
    }
  }

  valueOf(series: Series): number | null {
    return this.#gone.has(series) ? null : (this.#values.get(series) ?? null);
  }

  /** "slot series severity", sorted. */
  open(): readonly string[] {
    return [...this.#open].map(([key, severity]) => `${key} ${severity}`).toSorted((a, b) => a.localeCompare(b));
  }

  /** The thresholds of a series: of all rules on it, those that are passed first. */
  thresholdsOf(series: Series): readonly RuleThreshold[] {
    const present = this.#gone.has(series) ? (series.replace('limited', 'plain') as Series) : series;
    const found = new Map<string, RuleThreshold>();
    for (const slot of SLOT_NAMES) {
      const rule = this.#rules.get(slot);
      if (rule?.enabled !== true || !isOn(slot, series)) continue;
      const { direction } = SLOTS[slot];
      for (const severity of ['warning', 'critical'] as const) {
        const at = boundOf(slot, rule, present, severity);
        const other = found.get(`${severity} ${direction}`)?.at;
        if (at === null || (other !== undefined && (direction === 'above' ? other <= at : other >= at))) continue;
        found.set(`${severity} ${direction}`, { severity, at, direction });
      }
    }
    return [...found.values()];
  }

  batch(seq: number, time: number): SampleBatch {
    const device = (series: Series): Record<string, DeviceReading> => {
      const [name = '', id = ''] = series.split('@');
      const metric = name.slice(name.indexOf('.') + 1);
      if (this.#gone.has(series)) return {};
      return { [id]: { label: id, values: { [metric]: this.valueOf(series) }, ...(id === 'limited' ? { limits: LIMITS } : {}) } };
    };
    const value = (series: Series): number | null => this.valueOf(series);
    return {
      seq,
      time,
      readings: {
        cpu: { values: { usage: value('cpu.usage'), cores: 4 }, devices: {} },
        memory: { values: { available: value('memory.available'), total: 100 }, devices: {} },
        disk: { values: { usage: 1 }, devices: { ...device('disk.usage@/'), ...device('disk.usage@/data') } },
        temperature: { values: { hottest: 1 }, devices: { ...device('temperature.value@plain'), ...device('temperature.value@limited') } },
      },
      faults: {},
    };
  }
}
