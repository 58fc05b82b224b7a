import { describe, expect, it } from 'vitest';
import { checkDraft, toDraft } from '../../../../src/renderer/features/alerts/rule-draft';
import type { LevelDraft, RuleDraft } from '../../../../src/renderer/features/alerts/rule-draft';
import { ruleOf } from '../../../support/alert-samples';

const LEVEL: LevelDraft = { on: true, threshold: '90', recoverAt: '80', forText: '1 min', guard: null, anyOf: [] };
const GUARD = { metric: 'load1', direction: 'above', threshold: '2', recoverAt: '' } as const;

function problemsOf(change: Partial<RuleDraft>): object {
  return checkDraft({ ...toDraft(ruleOf()), warning: { ...LEVEL, on: false }, critical: LEVEL, ...change }).problems ?? {};
}

describe('what is wrong with a rule while it is edited', () => {
  it('is nothing for a good one', () => {
    expect(problemsOf({})).toEqual({});
  });

  it.each<[Partial<RuleDraft>, object]>([
    [{ label: '  ' }, { label: 'Enter a name.' }],
    [{ label: 'x'.repeat(81) }, { label: 'Enter at most 80 characters.' }],
    [{ critical: { ...LEVEL, threshold: 'high' } }, { 'critical.threshold': 'Enter a number.' }],
    [{ critical: { ...LEVEL, recoverAt: 'low' } }, { 'critical.recoverAt': 'Enter a number.' }],
    [{ critical: { ...LEVEL, forText: 'soon' } }, { 'critical.forSeconds': 'Enter a duration, e.g. 90 s, 5 min, 1 h.' }],
    [{ critical: { ...LEVEL, forText: '9 d' } }, { 'critical.forSeconds': 'Enter a duration from 0 s to 1 d.' }],
    [{ recoverText: '' }, { recoverSeconds: 'Enter a duration, e.g. 90 s, 5 min, 1 h.' }],
    [{ cooldownText: 'x' }, { cooldownSeconds: 'Enter a duration, e.g. 90 s, 5 min, 1 h.' }],
    [{ repeatText: '5 s' }, { repeatSeconds: 'Enter a duration from 1 min to 7 d.' }],
    [{ critical: { ...LEVEL, guard: { ...GUARD, threshold: '' } } }, { 'critical.guard.threshold': 'Enter a number.' }],
  ])('is a sentence beside its field: %#', (change, problems) => {
    expect(problemsOf(change)).toEqual(problems);
  });

  it.each<[Partial<RuleDraft>, string]>([
    [{ critical: { ...LEVEL, recoverAt: '95' } }, 'critical.recoverAt'],
    [{ critical: { ...LEVEL, guard: { ...GUARD, recoverAt: '3' } } }, 'critical.guard.recoverAt'],
    [{ useDeviceLimits: true }, 'useDeviceLimits'],
    [{ critical: { ...LEVEL, on: false } }, 'warning'],
    [{ metric: 'none' }, 'metric'],
  ])('that the rule itself finds is one, too: %#', (change, field) => {
    expect(problemsOf(change)).toHaveProperty([field], expect.stringMatching(/^[A-Z][^]*\.$/));
  });
});
