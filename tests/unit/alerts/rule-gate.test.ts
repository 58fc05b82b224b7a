import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settingsUpdater } from '../../../src/main/core/core-setup';
import { createSettings } from '../../../src/main/settings/settings';
import type { Rule } from '../../../src/shared/alerts/rule';
import { createCallbackLog } from '../../support/log';
import { NOON, ruleOf } from '../../support/alert-samples';

function createRig(stored: readonly Rule[]) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-rule-gate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const open = () => createSettings({ path: join(folder, 'settings.json'), clock: { now: () => NOON }, log: createCallbackLog(() => undefined) }).settings;
  // As an older version or an import stored them.
  open().update({ alerts: { rules: [...stored] } });
  const settings = open();
  const update = settingsUpdater(settings);
  return { settings, put: (...rules: readonly Rule[]) => update({ alerts: { rules: [...rules] } }) };
}

const withValues = (threshold: number, recoverAt: number, change: Partial<Rule> = {}): Rule => ruleOf({ id: 'mine', label: 'Mine', critical: { threshold, recoverAt, forSeconds: 0, guard: null }, ...change });
const REASON = /alerts\.rules\.\d\.critical\.recoverAt: “Mine”: Must be below the threshold/;

describe('a recovery value that is the threshold', () => {
  it('is refused in a new rule, also of a script, and nothing changes', () => {
    const { settings, put } = createRig([]);
    expect(() => put(withValues(80, 80))).toThrow(REASON);
    expect(settings.get().alerts.rules).toEqual([]);
  });

  it('is refused in a changed default rule', () => {
    const { put } = createRig([]);
    expect(() => put(ruleOf({ id: 'cpu-usage', label: 'Mine', critical: { threshold: 80, recoverAt: 80, forSeconds: 0, guard: null } }))).toThrow(REASON);
  });

  it('that was stored stays: the rule opens, can be turned off and renamed, and only new values are refused', () => {
    const { settings, put } = createRig([withValues(80, 80)]);
    expect(settings.get().alerts.rules).toHaveLength(1);
    put(withValues(80, 80, { enabled: false, label: 'Renamed' }));
    expect(settings.get().alerts.rules).toMatchObject([{ enabled: false, label: 'Renamed' }]);
    expect(() => put(withValues(70, 70))).toThrow(REASON);
  });

  it('comes back with Undo', () => {
    const { settings, put } = createRig([withValues(80, 80)]);
    put(withValues(80, 75));
    put();
    put(withValues(80, 80));
    expect(settings.get().alerts.rules).toEqual([withValues(80, 80)]);
  });

  it('is imported as the file says', () => {
    const { settings, put } = createRig([]);
    settings.update({ alerts: { rules: [withValues(80, 80)] } });
    put(withValues(80, 80, { enabled: false }));
    expect(settings.get().alerts.rules).toMatchObject([{ enabled: false }]);
  });
});
