import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDraft, newRule, toDraft, withDevice, withDraftDirection, withFamily, withMetric, withSource } from '../../../../src/renderer/features/alerts/rule-draft';
import type { DraftContext, LevelDraft, RuleDraft } from '../../../../src/renderer/features/alerts/rule-draft';
import { ruleName } from '../../../../src/renderer/features/alerts/rule-name';
import { followingRecovery, USUAL, withRecoverAt, withThreshold } from '../../../../src/renderer/features/alerts/rule-recovery';
import { thresholdUnit } from '../../../../src/renderer/features/alerts/threshold-units';
import { EVERY_DEVICE } from '../../../../src/shared/alerts/rule';
import { metricsOf } from '../../../../src/shared/alerts/rule-validation';
import { FAMILY_IDS } from '../../../../src/shared/metrics/index';
import { ruleOf } from '../../../support/alert-samples';

const TYPED = { kind: 'typed' } as const;
const LEVEL: LevelDraft = { on: true, threshold: '90', recoverAt: '80', recovery: TYPED, forText: '1 min', guard: null, anyOf: [] };
const GUARD = { metric: 'load1', direction: 'above', threshold: '2', recoverAt: '', recovery: USUAL } as const;
const NEW: DraftContext = { name: 'CPU ≥ 90 %', stored: null };

function problemsOf(change: Partial<RuleDraft>, context = NEW): object {
  return checkDraft({ ...toDraft(ruleOf()), warning: { ...LEVEL, on: false }, critical: LEVEL, ...change }, context).problems ?? {};
}

describe('what is wrong with a rule while it is edited', () => {
  it('is nothing for a good one', () => {
    expect(problemsOf({})).toEqual({});
  });

  it.each<[Partial<RuleDraft>, object]>([
    [{ label: 'x'.repeat(81) }, { label: 'Enter at most 80 characters.' }],
    [{ critical: { ...LEVEL, threshold: '' } }, { 'critical.threshold': 'Enter a number.', 'critical.recoverAt': 'Enter a threshold as well, or leave this empty.' }],
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
    [{ critical: { ...LEVEL, guard: { ...GUARD, recoverAt: '3', recovery: TYPED } } }, 'critical.guard.recoverAt'],
    [{ useDeviceLimits: true }, 'useDeviceLimits'],
    [{ critical: { ...LEVEL, on: false } }, 'warning'],
    [{ metric: 'none' }, 'metric'],
  ])('that the rule itself finds is one, too: %#', (change, field) => {
    expect(problemsOf(change)).toHaveProperty([field], expect.stringMatching(/^[A-Z][^]*\.$/));
  });

  it('is always a sentence in plain words, whatever is typed into any field', () => {
    const text = fc.oneof(fc.constantFrom('', ' ', '0', '-1', '90', '1e999', 'NaN', 'soon', '5 min', '9 d', '٣', 'x'.repeat(500)), fc.string());
    // Chosen from lists, and quoted in the sentence.
    const name = fc.constantFrom('', ' ', 'usage', 'load1', 'none', '/home', 'x'.repeat(500));
    const guard = fc.record({ metric: name, direction: fc.constantFrom('above', 'below'), threshold: text, recoverAt: text, recovery: fc.constantFrom(TYPED, USUAL) });
    const condition = fc.record({ id: fc.integer(), metric: name, source: fc.constantFrom('value', 'timeToFull'), direction: fc.constantFrom('above', 'below'), threshold: text, recoverAt: text });
    const level = fc.record({ on: fc.boolean(), threshold: text, recoverAt: text, recovery: fc.constantFrom(TYPED, USUAL, { kind: 'threshold' as const }), forText: text, guard: fc.option(guard), anyOf: fc.array(fc.array(condition, { minLength: 1, maxLength: 2 }), { maxLength: 2 }) });
    const draft = fc.record({ label: text, metric: name, device: fc.option(name), useDeviceLimits: fc.boolean(), warning: level, critical: level, recoverText: text, cooldownText: text, repeatText: text });
    fc.assert(
      fc.property(draft, (change) => {
        for (const sentence of Object.values(problemsOf(change as Partial<RuleDraft>))) {
          expect(sentence).toMatch(/^[A-Z“][^]*\.$/);
          expect(sentence).not.toMatch(/NaN|expected|received|invalid|undefined|null|string|object|regex|finite|Too (?:small|big)/i);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a recovery value', () => {
  it.each([
    ['90', 'above', 'percent', '85'],
    ['80', 'above', 'percent', '75'],
    ['8', 'above', 'percent', '7.2'],
    ['0', 'above', 'percent', ''],
    ['98', 'below', 'percent', '100'],
    ['0', 'below', 'percent', '0.1'],
    ['70', 'above', 'celsius', '65'],
    ['-2', 'above', 'celsius', '-7'],
    ['1', 'above', 'count', '0'],
    ['50', 'below', 'count', '55'],
    ['10', 'above', 'bytes', '9'],
    ['1,5', 'above', 'load', '1.35'],
    ['x', 'above', 'load', ''],
  ] as const)('follows a threshold of %s %s %s: %s', (threshold, direction, unit, recoverAt) => {
    expect(followingRecovery(threshold, null, direction, thresholdUnit(unit, 'value'))).toBe(recoverAt);
  });

  it('that follows is past the threshold, and never makes the order of two levels wrong', () => {
    const unit = fc.constantFrom('percent', 'bytes', 'bytesPerSecond', 'count', 'load', 'celsius', 'hertz', 'milliseconds' as const);
    const direction = fc.constantFrom('above', 'below' as const);
    const number = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 10_000 }).map((tenths) => tenths / 10));
    fc.assert(
      fc.property(unit, direction, number, number, (of, towards, a, b) => {
        const shown = thresholdUnit(of, 'value');
        const thresholds = [a, b].map((value) => (of === 'percent' ? Math.min(value, 100) : value)).toSorted((x, y) => x - y);
        const found = thresholds.map((threshold) => ({ threshold, text: followingRecovery(String(threshold), null, towards, shown) })).filter(({ text }) => text !== '');
        const wrong = found.filter(({ threshold, text }) => (towards === 'above' ? Number(text) >= threshold : Number(text) <= threshold));
        expect(wrong).toEqual([]);
        const values = found.map(({ text }) => Number(text));
        expect(values).toEqual(values.toSorted((x, y) => x - y));
      }),
    );
  });

  it('follows the threshold of a new rule until it is typed, and again once it is emptied', () => {
    const unit = thresholdUnit('percent', 'value');
    const { critical } = newRule();
    const lower = withThreshold(critical, '80', 'above', unit);
    expect([critical.recoverAt, lower.recoverAt]).toEqual(['85', '75']);
    const typed = withThreshold(withRecoverAt(lower, '60'), '70', 'above', unit);
    expect([typed.threshold, typed.recoverAt]).toEqual(['70', '60']);
    const emptied = withRecoverAt(typed, '');
    expect(withThreshold(emptied, '50', 'above', unit).recoverAt).toBe('45');
    expect(checkDraft({ ...newRule(), critical: emptied }, NEW).rule?.critical).toMatchObject({ threshold: 70, recoverAt: 65 });
  });

  it('keeps the distance of a stored rule, whatever is typed in between', () => {
    const unit = thresholdUnit('percent', 'value');
    const stored = toDraft(ruleOf({ critical: { threshold: 90, recoverAt: 78, forSeconds: 0, guard: null } })).critical;
    const edited = ['9', '', '8', '80'].reduce((level, text) => withThreshold(level, text, 'above', unit), stored);
    expect(edited.recoverAt).toBe('68');
  });

  it('changes its side with the direction', () => {
    expect(withDraftDirection({ ...newRule(), critical: withThreshold(newRule().critical, '10', 'above', thresholdUnit('percent', 'value')) }, 'below').critical.recoverAt).toBe('11');
  });

  it('of a stored rule without one stays so until its threshold is changed', () => {
    const stored = ruleOf({ critical: { threshold: 90, recoverAt: null, forSeconds: 0, guard: null } });
    expect(checkDraft({ ...toDraft(stored), label: 'New' }, { ...NEW, stored }).rule?.critical).toMatchObject({ recoverAt: null });
    expect(withThreshold(toDraft(stored).critical, '80', 'above', thresholdUnit('percent', 'value')).recoverAt).toBe('75');
  });

  it('that is the threshold is refused with the reason, except where it was stored so', () => {
    const equal: LevelDraft = { ...LEVEL, threshold: '80', recoverAt: '80' };
    const reason = { 'critical.recoverAt': 'Must be below the threshold, or the alert keeps firing again.' };
    expect(problemsOf({ critical: equal })).toEqual(reason);
    expect(problemsOf({ critical: { ...LEVEL, guard: { ...GUARD, recoverAt: '2', recovery: TYPED } } })).toHaveProperty(['critical.guard.recoverAt']);
    const stored = ruleOf({ critical: { threshold: 80, recoverAt: 80, forSeconds: 0, guard: null } });
    expect(checkDraft({ ...toDraft(stored), label: 'Renamed' }, { ...NEW, stored }).problems).toBeNull();
    expect(problemsOf({ critical: { ...equal, threshold: '81', recoverAt: '81' } }, { ...NEW, stored })).toEqual(reason);
  });
});

describe('the name of a rule without one', () => {
  const level = (threshold: string): LevelDraft => ({ ...LEVEL, threshold });
  const off: LevelDraft = { ...LEVEL, on: false };
  const disk = { ...withFamily(newRule(), 'disk'), warning: off };

  it.each<[RuleDraft, string | null, string]>([
    [{ ...withDevice(disk, '/home'), critical: level('80') }, '/home', 'Disk space /home ≥ 80 %'],
    [{ ...withDevice(disk, EVERY_DEVICE), critical: level('80') }, null, 'Disk space every mount ≥ 80 %'],
    [{ ...withMetric(withDevice(disk, '/home'), 'available'), direction: 'below', critical: level('20') }, '/home', 'Disk space /home available ≤ 20 GiB'],
    [{ ...withSource(withDevice(disk, '/home'), 'timeToFull'), critical: level('24') }, '/home', 'Disk space /home full within 24 h'],
    [{ ...newRule(), warning: level('70'), critical: level('90') }, null, 'CPU ≥ 70 %'],
    [{ ...newRule(), critical: level('') }, null, 'CPU'],
  ])('says what it watches and from when: %#', (draft, device, name) => {
    expect(ruleName(draft, device).replaceAll('\u202f', ' ')).toBe(name);
  });

  it('is filled in when the rule is saved, and is valid for every metric and device', () => {
    expect(checkDraft({ ...newRule(), label: '  ' }, NEW).rule?.label).toBe('CPU ≥ 90 %');
    const label = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), fc.constant('x'.repeat(300)));
    fc.assert(
      fc.property(fc.constantFrom(...FAMILY_IDS), fc.nat(), label, fc.integer({ min: 1, max: 99 }), (family, at, device, threshold) => {
        const scoped = withFamily(newRule(), family);
        const names = Object.keys(metricsOf({ family, device: null }));
        const draft = { ...withMetric(scoped, names[at % names.length] ?? ''), critical: withThreshold({ ...LEVEL, recovery: USUAL }, String(threshold), 'above', thresholdUnit('load', 'value')) };
        const name = ruleName(draft, device.trim() === '' ? null : device);
        expect(checkDraft(draft, { name, stored: null }).problems).toBeNull();
      }),
    );
  });
});
