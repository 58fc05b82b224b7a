import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../../support/log';
import { createSettings } from '../../../../src/main/settings/settings';
import { alertsSettingsSchema } from '../../../../src/shared/alerts/alert-settings';
import { DEFAULT_SETTINGS } from '../../../../src/shared/settings/settings-schema';
import { ruleSchema } from '../../../../src/shared/alerts/rule';
import { describeValidationErrors } from '../../../../src/shared/api/validation-errors';
import { settingsPatchSchema } from '../../../../src/shared/settings/settings-schema';

const RULE = { id: 'mine', label: 'Mine', family: 'cpu', metric: 'usage', critical: { threshold: 90, forSeconds: 60 } } as const;
const HOOK = { id: 'a1', label: 'Team', kind: 'slack', severities: ['critical'], enabled: true } as const;

function holder(text?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'settings.json');
  if (text !== undefined) writeFileSync(path, text);
  return { path, ...createSettings({ path, clock: { now: () => 0 }, log: createCallbackLog(() => undefined) }) };
}

/** The validation error of a section as shown to the user. */
function complaint(section: unknown): string {
  const checked = alertsSettingsSchema.safeParse(section);
  return checked.success ? '' : describeValidationErrors(checked.error);
}

describe('alert settings', () => {
  it('have defaults for everything', () => {
    expect(DEFAULT_SETTINGS.alerts).toEqual({ rules: [], quietHours: [], criticalBypassesQuietHours: true, digest: true, keepEvents: 1000, pruneEventsAt: 1100, webhooks: [] });
  });

  it.each([
    [{ rules: [RULE, RULE] }, /^rules\.1\.id: there is another rule "mine"$/],
    [{ webhooks: [HOOK, HOOK] }, /^webhooks\.1\.id: /],
    [{ rules: [{ ...RULE, critical: { threshold: 'high', forSeconds: 1 } }] }, /^rules\.0\.critical\.threshold: /],
    [{ quietHours: [{ days: ['mon'], from: '25:00', to: '07:00' }] }, /^quietHours\.0\.from: a time of day/],
    [{ keepEvents: 1200 }, /^pruneEventsAt: must be above keepEvents$/],
    [{ webhooks: [{ ...HOOK, url: 'https://hooks.example/secret' }] }, /^webhooks\.0: .*url/],
    [{ surprise: 1 }, /surprise/],
  ])('are rejected with the name of the field: %j', (section, expected) => {
    expect(complaint(section)).toMatch(expected);
  });

  it('are added to older settings with their defaults', () => {
    const { settings, quarantined } = holder('{"version":1,"keepDays":90}');
    expect(quarantined).toBeNull();
    expect(settings.get()).toMatchObject({ version: 3, keepDays: 90, alerts: DEFAULT_SETTINGS.alerts });
  });

  it('change field by field, and are saved', () => {
    const { path, settings } = holder();
    expect(settings.update({ alerts: { digest: false, rules: [ruleSchema.parse(RULE)] } }).ok).toBe(true);
    settings.update({ alerts: { keepEvents: 500 }, theme: 'dark' });
    expect(settings.get().alerts).toMatchObject({ digest: false, keepEvents: 500, pruneEventsAt: 1100, rules: [{ id: 'mine', cooldownSeconds: 300 }] });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(settings.get());
  });

  it('are unchanged after an invalid change, whose field is named', () => {
    const { settings } = holder();
    const before = settings.get();
    expect(settings.update({ alerts: { keepEvents: 5000 } })).toEqual({ ok: false, code: 'BadInput', message: 'alerts.pruneEventsAt: must be above keepEvents' });
    expect(settings.get()).toBe(before);
  });

  it.each([
    [{ metric: 'colour' }, /^alerts\.rules\.0\.metric: CPU has no metric named "colour"$/],
    [{ device: '*', metric: 'load1' }, /^alerts\.rules\.0\.metric: CPU has no metric of a core named "load1"$/],
  ])('reject a rule on an unknown metric: %j', (change, expected) => {
    const checked = settingsPatchSchema.safeParse({ alerts: { rules: [{ ...RULE, ...change }] } });
    expect(checked.success ? '' : describeValidationErrors(checked.error)).toMatch(expected);
  });
});
