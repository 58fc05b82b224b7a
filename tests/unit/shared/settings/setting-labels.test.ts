import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { changesBetween, describeChanges } from '../../../../src/main/timeline/settings-changes';
import { settingLabel, settingValueText } from '../../../../src/shared/settings/setting-labels';
import { DEFAULT_SETTINGS, settingsSchema } from '../../../../src/shared/settings/settings-schema';
import { schemaLeaves } from '../../../support/schema-leaves';

/** The version is the program's, not the user's. */
const LEAVES = schemaLeaves(settingsSchema).filter(({ path }) => path !== 'version');

describe('labels of settings', () => {
  it('are walked over the whole schema', () => {
    expect(LEAVES.map(({ path }) => path)).toEqual(expect.arrayContaining(['theme', 'maxHistoryMb', 'alerts.rules', 'alerts.criticalBypassesQuietHours', 'lan.addresses', 'powerControl.countdown']));
    expect(LEAVES.length).toBeGreaterThan(20);
  });

  it.each(LEAVES.map(({ path }) => path))('there is one for %s, and it is no path', (path) => {
    const label = settingLabel(path);
    expect(label).toMatch(/^[A-Z]/);
    // A name from the code has a capital or a dot within it.
    if (/[A-Z.]/.test(path)) expect(label).not.toContain(path.split('.').find((name) => /[A-Z]/.test(name)) ?? path);
  });

  it.each(LEAVES.filter(({ schema }) => schema instanceof z.ZodEnum))('of values there is one for each choice of $path', ({ path, schema }) => {
    for (const choice of (schema as z.ZodEnum).options) expect(settingValueText(path, String(choice))).toMatch(/^[A-Z]/);
  });
});

describe('a change of settings in the timeline', () => {
  const after = { ...DEFAULT_SETTINGS, maxHistoryMb: 20, alerts: { ...DEFAULT_SETTINGS.alerts, criticalBypassesQuietHours: false, rules: [] }, lan: { ...DEFAULT_SETTINGS.lan, intervalSeconds: 10, tls: 'off' as const } };

  it('names settings as the window does', () => {
    expect(describeChanges(changesBetween(DEFAULT_SETTINGS, after))).toBe('Always show critical alerts: on → off, Update interval (s): 5 → 10, Encryption: Self-signed → None (HTTP), Maximum size (MB): none → 20');
  });

  it('holds the settings by their paths in its details', () => {
    expect(changesBetween(DEFAULT_SETTINGS, after)[0]).toEqual({ key: 'alerts.criticalBypassesQuietHours', from: true, to: false });
  });
});
