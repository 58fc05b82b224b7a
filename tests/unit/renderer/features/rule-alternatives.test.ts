import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionSubjects, newCondition, takesAlternative, takesCondition, withAlternative, withAnother, withCondition, withSubject } from '../../../../src/renderer/features/alerts/alternatives-draft';
import type { AlternativesDraft } from '../../../../src/renderer/features/alerts/alternatives-draft';
import { checkDraft, toDraft, withDevice, withFamily, withGuardAsAlternative, withMetric } from '../../../../src/renderer/features/alerts/rule-draft';
import { formatRuleLevel, formatTarget } from '../../../../src/renderer/features/alerts/rule-text';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { MAX_ALTERNATIVES, MAX_CONDITIONS, ruleSchema } from '../../../../src/shared/alerts/rule';
import type { Rule } from '../../../../src/shared/alerts/rule';

function ruleNamed(id: string): Rule {
  const found = DEFAULT_RULES.find((rule) => rule.id === id);
  if (found === undefined) throw new Error(`no default rule ${id}`);
  return found;
}
const plain = (text: string): string => text.replaceAll('\u202f', ' ');
const space = ruleNamed('disk-space');
const DISK = { family: 'disk', device: '*', metric: 'usage' } as const;

const condition = fc.oneof(
  fc.record({ metric: fc.constantFrom('usage', 'inodeUsage'), source: fc.constant('timeToFull' as const), direction: fc.constant('below' as const), threshold: fc.integer({ min: 1, max: 60 }).map((days) => days * 24), recoverAt: fc.constant(null) }),
  fc.record({ metric: fc.constantFrom('usage', 'inodesUsed', 'available'), source: fc.constant('value' as const), direction: fc.constantFrom('above' as const, 'below' as const), threshold: fc.integer({ min: 0, max: 1000 }), recoverAt: fc.constant(null) }),
);
const anyOf = fc.array(fc.array(condition, { minLength: 1, maxLength: MAX_CONDITIONS }), { maxLength: MAX_ALTERNATIVES });

describe('a rule with alternatives in the form', () => {
  it.each(DEFAULT_RULES.map((rule) => [rule.id, rule] as const))('%s is the same rule after it was shown', (_, rule) => {
    expect(checkDraft(toDraft(rule), { name: '', stored: rule })).toEqual({ rule, problems: null });
  });

  it('is the same rule after it was shown, whatever its conditions', () => {
    fc.assert(
      fc.property(anyOf, fc.boolean(), (alternatives, exceptMedia) => {
        const rule = ruleSchema.parse({ ...space, exceptMedia, warning: { ...space.warning, anyOf: alternatives.map((all) => all.map((one) => (one.metric === 'available' ? { ...one, threshold: one.threshold * 1024 ** 3 } : one))) } });
        expect(checkDraft(toDraft(rule), { name: '', stored: rule })).toEqual({ rule, problems: null });
      }),
    );
  });

  it('has each error beside its field, and sentences', () => {
    const draft = toDraft(space);
    const [first = [], ...others] = draft.warning.anyOf;
    const broken = first.map((one, at) => ({ ...one, threshold: at === 0 ? 'much' : '95', recoverAt: at === 0 ? '' : '99' }));
    const problemsOf = (alternatives: AlternativesDraft): object => checkDraft({ ...draft, warning: { ...draft.warning, anyOf: alternatives } }, { name: '', stored: space }).problems ?? {};
    expect(problemsOf([broken, ...others])).toEqual({ 'warning.anyOf.0.0.threshold': 'Enter a number.' });
    const beyond = first.map((one) => ({ ...one, recoverAt: '99' }));
    const never = others.map((all) => all.map((one) => ({ ...one, threshold: '0', recoverAt: '' })));
    expect(problemsOf([beyond, ...never])).toEqual({ 'warning.anyOf.0.1.recoverAt': 'Must be below the threshold.', 'warning.anyOf.1.0.threshold': 'Must be more than 0.' });
  });

  it('loses what another metric group or the whole machine does not have', () => {
    const draft = toDraft(space);
    expect(withFamily(draft, 'memory')).toMatchObject({ exceptMedia: false, warning: { anyOf: [] } });
    expect(withDevice(draft, null)).toMatchObject({ exceptMedia: false, warning: { anyOf: [] } });
    expect(withDevice(draft, '/home')).toMatchObject({ exceptMedia: true });
    expect(withMetric(draft, 'inodeUsage').warning.anyOf).toHaveLength(2);
    expect(withMetric(draft, 'available').warning.anyOf).toEqual([]);
  });
});

describe('the fields of alternatives', () => {
  const draft = toDraft(space).warning.anyOf;

  it('begin with a condition that a level has: it becomes the first of two', () => {
    const critical = withGuardAsAlternative(toDraft(space).critical, DISK);
    expect(critical).toMatchObject({ guard: null, anyOf: [[{ metric: 'available', source: 'value', threshold: '5', recoverAt: '6' }], [{ metric: 'used', threshold: '' }]] });
    expect(withGuardAsAlternative(toDraft(space).warning, DISK)).toEqual(toDraft(space).warning);
  });

  it('are removed one by one, and an alternative with its last condition', () => {
    expect(withCondition(draft, 0, 1, null).map((all) => all.length)).toEqual([1, 1]);
    expect(withCondition(withCondition(draft, 0, 1, null), 0, 0, null).map((all) => all.map(({ source }) => source))).toEqual([['timeToFull']]);
    expect(withCondition(draft, 1, 0, null)).toHaveLength(1);
  });

  it('are added up to what a rule takes', () => {
    let more: AlternativesDraft = draft;
    while (takesAlternative(more)) more = withAlternative(more, DISK);
    expect(more).toHaveLength(MAX_ALTERNATIVES);
    while (takesCondition(more[0] ?? [])) more = withAnother(more, 0, DISK);
    expect(more[0]).toHaveLength(MAX_CONDITIONS);
    const ids = more.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('offer each metric, and the time until full of percentages; a change of unit clears the numbers', () => {
    expect(conditionSubjects(DISK)).toContainEqual(['timeToFull usage', 'Usage: time until full']);
    expect(conditionSubjects(DISK).map(([value]) => value)).not.toContain('timeToFull available');
    const available = draft[0]?.[0] ?? newCondition(DISK, []);
    expect(withSubject(available, 'timeToFull inodeUsage')).toEqual({ id: available.id, metric: 'inodeUsage', source: 'timeToFull', direction: 'below', threshold: '', recoverAt: '' });
    expect(withSubject({ ...available, direction: 'above' }, 'value used')).toMatchObject({ metric: 'used', direction: 'above', threshold: '' });
  });
});

describe('the text of a rule', () => {
  const textOf = (id: string, severity: 'warning' | 'critical'): string => {
    const rule = ruleNamed(id);
    const level = rule[severity];
    return level === null ? '' : plain(formatRuleLevel(rule, level));
  };

  it('names its alternatives', () => {
    expect(textOf('disk-space', 'warning')).toBe('≥ 70 % for 2 min, if less than 20 GiB available and more than 90 % usage, or full within 30 d');
    expect(textOf('disk-space', 'critical')).toBe('≥ 90 % with less than 5 GiB available for 1 min');
    expect(textOf('memory-usage', 'critical')).toBe('≥ 85 % for 2 min, if more than 1 MiB/s swapped in, or more than 4 MiB/s swapped out, or more than 10 % pressure');
  });

  it('names what is left out', () => {
    expect(formatTarget(space)).toBe('Disk space, every mount but removable and read-only media: Usage');
    expect(formatTarget(ruleNamed('memory-usage'))).toBe('Memory: Usage');
  });
});
