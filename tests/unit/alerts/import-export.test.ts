import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportAlerts, importAlerts } from '../../../src/main/alerts/import-export';
import { createCallbackLog } from '../../support/log';
import { createSettings } from '../../../src/main/settings/settings';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import { NOON, ruleOf } from '../../support/alert-samples';

/** Settings in a temporary folder, with dialogs that return what a test sets in `chosen`. */
function createRig() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-alert-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { settings } = createSettings({ path: join(folder, 'settings.json'), clock: { now: () => NOON }, log: createCallbackLog(() => undefined) });
  const chosen: { save: string | null; open: string | null } = { save: null, open: null };
  const dialogs = { save: () => Promise.resolve(chosen.save), open: () => Promise.resolve(chosen.open) };
  const file = join(folder, 'alerts.json');
  const write = (text: string): void => {
    writeFileSync(file, text);
    chosen.open = file;
  };
  return { folder, file, settings, chosen, write, parts: { settings, dialogs, clock: { now: () => NOON } } };
}

const rule = ruleOf({ id: 'mine' });
const text = (alerts: unknown): string => JSON.stringify({ kind: 'traywatch-alerts', version: 1, alerts });

describe('exported alert settings', () => {
  it('are imported as they were, and the import can be undone', async () => {
    const { folder, file, settings, chosen, parts } = createRig();
    settings.update({ alerts: { rules: [rule], quietHours: [{ days: ['sat', 'sun'], from: '22:00', to: '08:30' }], webhooks: [{ id: 'a', label: 'Team', kind: 'slack', severities: ['critical'], enabled: true }] } });
    const saved = settings.get().alerts;
    chosen.save = file;
    expect(await exportAlerts(parts)).toEqual({ path: file });
    expect(readdirSync(folder).toSorted()).toEqual(['alerts.json', 'settings.json']);
    settings.update({ alerts: { ...DEFAULT_SETTINGS.alerts, digest: false } });
    const other = settings.get().alerts;
    chosen.open = file;
    const imported = await importAlerts(parts);
    expect([imported, settings.get().alerts]).toEqual([{ path: file, before: other }, saved]);
    if (imported.before !== null) settings.update({ alerts: imported.before });
    expect(settings.get().alerts).toEqual(other);
  });

  it.each([
    ['{', /it is not JSON/],
    ['[]', /does not contain alert settings/],
    ['{"version":2,"theme":"dark"}', /does not contain alert settings/],
    [JSON.stringify({ kind: 'traywatch-alerts', version: 9, holograms: [] }), /version: .*newer version of Traywatch \(9/],
    [text({ rules: [{ ...rule, critical: { threshold: 'high', forSeconds: 5 } }] }), /alerts\.rules\.0\.critical\.threshold: /],
    [text({ rules: [rule, { ...rule, id: 'other', metric: 'colour' }] }), /alerts\.rules\.1\.metric: CPU has no metric named "colour"/],
    [text({ rules: [rule, rule] }), /alerts\.rules\.1\.id: there is another rule "mine"/],
    [text({ keepEvents: 5000 }), /alerts\.pruneEventsAt: must be above keepEvents/],
    [text({ webhooks: [{ id: 'a', label: 'x', kind: 'slack', severities: [], enabled: true, url: 'https://x' }] }), /alerts\.webhooks\.0: /],
    [`"${'x'.repeat(2_000_001)}"`, /too large/],
  ])('that are invalid are refused with the field, and nothing changes: %#', async (wrong, expected) => {
    const { settings, parts, write } = createRig();
    const before = settings.get();
    write(wrong);
    const error = await importAlerts(parts).then(() => '', (reason: Error) => reason.message);
    expect(error).toMatch(/^alerts\.json was not imported, and nothing has changed: /);
    expect(error).toMatch(expected);
    expect(settings.get()).toBe(before);
  });

  it('get the defaults for fields that are not in the file', async () => {
    const { settings, parts, write } = createRig();
    settings.update({ alerts: { digest: false } });
    write(text({ keepEvents: 300 }));
    await importAlerts(parts);
    expect(settings.get().alerts).toEqual({ ...DEFAULT_SETTINGS.alerts, keepEvents: 300 });
  });

  it('change nothing when the dialog is cancelled or the file is missing', async () => {
    const { folder, chosen, parts } = createRig();
    expect(await exportAlerts(parts)).toEqual({ path: null });
    expect(await importAlerts(parts)).toEqual({ path: null, before: null });
    chosen.open = join(folder, 'gone.json');
    await expect(importAlerts(parts)).rejects.toThrow('ENOENT');
    chosen.save = join(folder, 'no', 'such', 'folder.json');
    await expect(exportAlerts(parts)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(existsSync(chosen.save)).toBe(false);
  });

  it('contain no URLs of webhooks', async () => {
    const { file, settings, chosen, parts } = createRig();
    settings.update({ alerts: { webhooks: [{ id: 'a', label: 'Team', kind: 'json', severities: ['warning'], enabled: true }] } });
    chosen.save = file;
    await exportAlerts(parts);
    expect(readFileSync(file, 'utf8')).not.toMatch(/https?:/);
  });
});
