import { describe, expect, it } from 'vitest';
import { levelOf } from '../../../../src/shared/alerts/level';
import { DEFAULT_RULES, effectiveRules, isDefaultRule, rulesToSave } from '../../../../src/shared/alerts/default-rules';
import { ruleSchema, savedRulesSchema } from '../../../../src/shared/alerts/rule';
import { metricOf } from '../../../../src/shared/alerts/rule-validation';
import { describeValidationErrors } from '../../../../src/shared/api/validation-errors';
import { ruleOf } from '../../../support/evaluator';

/** What is said against a rule; empty for a good one. */
function complaints(fields: object): string {
  const base = { id: 'test', label: 'Test', family: 'cpu', metric: 'usage', warning: { threshold: 70, forSeconds: 10 } };
  const { error } = ruleSchema.safeParse({ ...base, ...fields });
  return error === undefined ? '' : describeValidationErrors(error);
}

describe('a rule', () => {
  it('gets its defaults: only a critical notifies, and nothing is repeated', () => {
    expect(ruleSchema.parse({ id: 'a', label: ' A ', family: 'cpu', metric: 'usage', critical: { threshold: 1, forSeconds: 0 } })).toEqual({
      id: 'a',
      label: 'A',
      enabled: true,
      family: 'cpu',
      metric: 'usage',
      device: null,
      source: 'value',
      direction: 'above',
      useDeviceLimits: false,
      exceptMedia: false,
      warning: null,
      critical: { threshold: 1, recoverAt: null, forSeconds: 0, guard: null, anyOf: [] },
      recoverSeconds: 30,
      cooldownSeconds: 300,
      repeatSeconds: null,
      channels: { warning: { notify: false, webhook: false }, critical: { notify: true, webhook: true } },
    });
  });

  const level = { threshold: 70, forSeconds: 10 };
  const scarce = { metric: 'available', direction: 'below', threshold: 5 };
  it.each<[string, object, RegExp | '']>([
    ['as it should be', {}, ''],
    ['below', { direction: 'below', warning: { ...level, recoverAt: 80 }, critical: { threshold: 60, recoverAt: 75, forSeconds: 1 } }, ''],
    ['both levels at one value', { critical: { threshold: 70, forSeconds: 60 } }, ''],
    ['an unknown family', { family: 'weather' }, /^family: /],
    ['an unknown metric', { metric: 'color' }, /^metric: CPU has no metric named "color"$/],
    ['a metric of the machine for a device', { metric: 'load1', device: '*' }, /^metric: CPU has no metric of a core named "load1"$/],
    ['a metric of a device for the machine', { family: 'disk', metric: 'available' }, /^metric: Disk space has no metric named "available"$/],
    ['devices where there are none', { family: 'memory', device: '*' }, /^metric: Memory has no devices$/],
    ['a name every object has', { metric: 'constructor' }, /^metric: /],
    ['no level at all', { warning: null }, /^warning: A rule needs/],
    ['critical before warning', { critical: { threshold: 60, forSeconds: 1 } }, /^critical\.threshold: Must be at or above/],
    ['critical before warning, below', { direction: 'below', critical: { threshold: 80, forSeconds: 1 } }, /^critical\.threshold: Must be at or below/],
    ['a recovery value on the wrong side', { warning: { ...level, recoverAt: 71 } }, /^warning\.recoverAt: Must be below the threshold$/],
    ['a recovery value on the wrong side, below', { direction: 'below', warning: { ...level, recoverAt: 69 } }, /^warning\.recoverAt: Must be above the threshold$/],
    ['critical recovers after warning', { warning: { ...level, recoverAt: 65 }, critical: { threshold: 90, recoverAt: 60, forSeconds: 1 } }, /^critical\.recoverAt: Must not be below/],
    ['an unknown guard', { critical: { threshold: 90, forSeconds: 1, guard: { ...scarce, metric: 'color' } } }, /^critical\.guard\.metric: CPU has no metric named "color"$/],
    ['a guard of the machine for a device', { device: '*', critical: { threshold: 90, forSeconds: 1, guard: { ...scarce, metric: 'load1' } } }, /^critical\.guard\.metric: /],
    ['a guard that recovers on the wrong side', { family: 'disk', device: '*', warning: { ...level, guard: { ...scarce, recoverAt: 4 } } }, /^warning\.guard\.recoverAt: Must be above the threshold$/],
    ['alternatives', { device: '*', family: 'disk', warning: { ...level, anyOf: [[scarce], [{ metric: 'usage', source: 'timeToFull', direction: 'below', threshold: 720 }]] } }, ''],
    ['an unknown metric in an alternative', { warning: { ...level, anyOf: [[{ ...scarce, metric: 'color' }]] } }, /^warning\.anyOf\.0\.0\.metric: CPU has no metric named "color"$/],
    ['an alternative that recovers on the wrong side', { family: 'disk', device: '*', warning: { ...level, anyOf: [[scarce, { ...scarce, recoverAt: 4 }]] } }, /^warning\.anyOf\.0\.1\.recoverAt: Must be above the threshold$/],
    ['a forecast of what is no share in an alternative', { family: 'disk', device: '*', warning: { ...level, anyOf: [[{ ...scarce, source: 'timeToFull' }]] } }, /^warning\.anyOf\.0\.0\.metric: Time until full works for percentages/],
    ['a forecast above in an alternative', { warning: { ...level, anyOf: [[{ metric: 'usage', source: 'timeToFull', direction: 'above', threshold: 9 }]] } }, /^warning\.anyOf\.0\.0\.direction: Must be "below"/],
    ['a forecast of no time in an alternative', { warning: { ...level, anyOf: [[{ metric: 'usage', source: 'timeToFull', direction: 'below', threshold: 0 }]] } }, /^warning\.anyOf\.0\.0\.threshold: Must be more than 0$/],
    ['an alternative without a condition', { warning: { ...level, anyOf: [[]] } }, /^warning\.anyOf\.0: /],
    ['too many alternatives', { warning: { ...level, anyOf: Array.from({ length: 7 }, () => [{ metric: 'load1', direction: 'above', threshold: 1 }]) } }, /^warning\.anyOf: /],
    ['media of the machine', { family: 'disk', exceptMedia: true }, /^exceptMedia: Only disks can be/],
    ['media that are none', { device: '*', exceptMedia: true }, /^exceptMedia: Only disks can be/],
    ['no threshold and no device limits', { warning: { threshold: null, forSeconds: 0 } }, /^warning\.threshold: Enter a number/],
    ['a recovery value and no threshold', { family: 'temperature', metric: 'value', device: '*', useDeviceLimits: true, warning: { threshold: null, recoverAt: 5, forSeconds: 0 } }, /^warning\.recoverAt: Enter a threshold as well/],
    ['device limits of the machine', { useDeviceLimits: true }, /^useDeviceLimits: Only devices/],
    ['lower device limits', { device: '*', useDeviceLimits: true, direction: 'below' }, /^direction: Must be "above"/],
    ['device limits for a forecast', { family: 'disk', device: '*', useDeviceLimits: true, source: 'timeToFull', direction: 'below' }, /useDeviceLimits: .*not to the time until full/],
    ['a forecast of what is no share', { family: 'memory', metric: 'used', source: 'timeToFull', direction: 'below' }, /^metric: Time until full works for percentages/],
    ['a forecast above', { source: 'timeToFull' }, /^direction: Must be "below"/],
    ['a forecast of no time', { source: 'timeToFull', direction: 'below', warning: { threshold: 0, forSeconds: 0 } }, /^warning\.threshold: Must be more than 0 hours$/],
    ['not a number', { warning: { threshold: Number.NaN, forSeconds: 0 } }, /^warning\.threshold: /],
    ['no end', { warning: { threshold: Infinity, forSeconds: 0 } }, /^warning\.threshold: /],
    ['half a second', { warning: { threshold: 1, forSeconds: 0.5 } }, /^warning\.forSeconds: /],
    ['more than a day', { recoverSeconds: 86_401 }, /^recoverSeconds: /],
    ['a wild id', { id: 'My rule' }, /^id: only lower-case/],
    ['an empty label', { label: '  ' }, /^label: /],
    ['a reminder each second', { repeatSeconds: 1 }, /^repeatSeconds: /],
    ['a field nobody knows', { color: 'red' }, /color/],
  ])('%s', (_, fields, expected) => {
    if (expected === '') expect(complaints(fields)).toBe('');
    else expect(complaints(fields)).toMatch(expected);
  });

  it('names every problem at once', () => {
    expect(complaints({ metric: 'color', warning: { threshold: 70, recoverAt: 80, forSeconds: 1 }, critical: { threshold: 60, forSeconds: 1 } })).toMatch(/^metric: .*; warning\.recoverAt: .*; critical\.threshold: /);
  });
});

describe('the default rules', () => {
  it.each(DEFAULT_RULES.map((rule) => [rule.id, rule] as const))('%s names metrics that exist and are kept, so that it can be tried on the past', (_, rule) => {
    expect(ruleSchema.safeParse(rule).error).toBeUndefined();
    expect(metricOf(rule)).not.toBeNull();
    expect(metricOf(rule)?.stored).not.toBe(false);
    for (const level of [rule.warning, rule.critical]) {
      if (level !== null && level.guard !== null) expect(metricOf({ ...rule, metric: level.guard.metric })).not.toBeNull();
      for (const condition of level?.anyOf.flat() ?? []) {
        expect(metricOf({ ...rule, metric: condition.metric })?.stored).not.toBe(false);
        expect(condition.recoverAt).not.toBeNull();
      }
      // Each level has a way back that is not its own threshold, or goes by the device's marks.
      expect(level === null || rule.useDeviceLimits || (level.recoverAt !== null && level.recoverAt !== level.threshold)).toBe(true);
    }
  });

  it.each([
    ['cpu-usage', 'cpu.usage'],
    ['memory-usage', 'memory.usage'],
    ['disk-space', 'disk.usage@/'],
  ])('%s has the levels of the plain table', (id, series) => {
    const rule = DEFAULT_RULES.find((one) => one.id === id);
    const [warning, critical] = [rule?.warning?.threshold ?? Number.NaN, rule?.critical?.threshold ?? Number.NaN];
    expect([warning - 0.1, warning, critical - 0.1, critical].map((value) => levelOf(series, value))).toEqual(['healthy', 'warning', 'warning', 'critical']);
  });

  it('have names of their own, and tell a warning quietly unless someone turns them on to be told', () => {
    expect(new Set(DEFAULT_RULES.map(({ id }) => id)).size).toBe(DEFAULT_RULES.length);
    for (const { enabled, channels } of DEFAULT_RULES) expect(channels).toMatchObject({ warning: { notify: !enabled }, critical: { notify: true } });
  });
});

describe('the rules in force', () => {
  const changed = { ...(DEFAULT_RULES[1] ?? ruleOf()), enabled: false };
  const own = ruleOf({ id: 'mine' });

  it('are the defaults, changed ones in their places, own ones last', () => {
    expect(effectiveRules([])).toEqual(DEFAULT_RULES);
    const rules = effectiveRules([own, changed]);
    expect(rules.map(({ id }) => id)).toEqual([...DEFAULT_RULES.map(({ id }) => id), 'mine']);
    expect(rules[1]?.enabled).toBe(false);
    expect([isDefaultRule('cpu-usage'), isDefaultRule('mine')]).toEqual([true, false]);
  });

  it('keep what a user changed, whole, also where the default rule has changed since', () => {
    const swap = DEFAULT_RULES.find(({ id }) => id === 'swap-usage') ?? ruleOf();
    const unguarded = { ...swap, warning: { threshold: 60, recoverAt: 50, forSeconds: 60, guard: null, anyOf: [] }, critical: { threshold: 95, recoverAt: 90, forSeconds: 120, guard: null, anyOf: [] } };
    expect(effectiveRules([unguarded]).filter(({ id }) => id === 'swap-usage')).toEqual([unguarded]);
    expect(rulesToSave(effectiveRules([unguarded]))).toEqual([unguarded]);
  });

  it('that were saved before there were alternatives mean what they meant', () => {
    // The rule on disks of the version before, with one threshold changed, as its settings and export files have it.
    const guard = { metric: 'available', direction: 'below', threshold: 5 * 2 ** 30, recoverAt: 6 * 2 ** 30 };
    const saved = {
      id: 'disk-space',
      label: 'Disk space',
      enabled: true,
      family: 'disk',
      metric: 'usage',
      device: '*',
      source: 'value',
      direction: 'above',
      useDeviceLimits: false,
      recoverSeconds: 120,
      cooldownSeconds: 3600,
      repeatSeconds: null,
      channels: { warning: { notify: true, webhook: false }, critical: { notify: true, webhook: true } },
      warning: { threshold: 60, recoverAt: 58, forSeconds: 120, guard: null },
      critical: { threshold: 90, recoverAt: 88, forSeconds: 60, guard },
    };
    const [opened] = savedRulesSchema.parse([saved]);
    expect(opened).toEqual({ ...saved, exceptMedia: false, warning: { ...saved.warning, anyOf: [] }, critical: { ...saved.critical, anyOf: [] } });
    expect(effectiveRules(opened === undefined ? [] : [opened]).find(({ id }) => id === 'disk-space')).toEqual(opened);
    expect(rulesToSave(effectiveRules(opened === undefined ? [] : [opened]))).toEqual([opened]);
  });

  it('are saved as what differs from the defaults, whatever the order of fields', () => {
    const shuffled = DEFAULT_RULES.map((rule) => Object.fromEntries(Object.entries(rule).toReversed()) as typeof rule);
    expect(rulesToSave(shuffled)).toEqual([]);
    expect(rulesToSave(effectiveRules([own, changed]))).toEqual([changed, own]);
    expect(effectiveRules(rulesToSave(effectiveRules([own, changed])))).toEqual(effectiveRules([own, changed]));
  });

  it('are refused as a whole where two have one id, naming the second', () => {
    const { error } = savedRulesSchema.safeParse([own, changed, own]);
    expect(error === undefined ? '' : describeValidationErrors(error)).toBe('2.id: there is another rule "mine"');
    expect(savedRulesSchema.safeParse([own, changed]).success).toBe(true);
  });
});
