import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportAlerts, importAlerts } from '../../../src/main/alerts/import-export';
import { createCallbackLog } from '../../support/log';
import { createSettings } from '../../../src/main/settings/settings';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import { NOON, ruleOf } from '../../support/alert-samples';

/** Settings in a folder of their own, with a dialog that answers what it is told. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-transfer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { settings } = createSettings({ path: join(folder, 'settings.json'), clock: { now: () => NOON }, log: createCallbackLog(() => undefined) });
  const answer: { save: string | null; open: string | null } = { save: null, open: null };
  const dialogs = { save: () => Promise.resolve(answer.save), open: () => Promise.resolve(answer.open) };
  const file = join(folder, 'alerts.json');
  const write = (text: string): void => {
    writeFileSync(file, text);
    answer.open = file;
  };
  return { folder, file, settings, answer, write, parts: { settings, dialogs, clock: { now: () => NOON } } };
}

const rule = ruleOf({ id: 'mine' });
const text = (alerts: unknown): string => JSON.stringify({ kind: 'traywatch-alerts', version: 1, alerts });

describe('alert settings as a file', () => {
  it('come back as they went, and the import can be undone', async () => {
    const { folder, file, settings, answer, parts } = place();
    settings.update({ alerts: { rules: [rule], quietHours: [{ days: ['sat', 'sun'], from: '22:00', to: '08:30' }], webhooks: [{ id: 'a', label: 'Team', kind: 'slack', severities: ['critical'], enabled: true }] } });
    const saved = settings.get().alerts;
    answer.save = file;
    expect(await exportAlerts(parts)).toEqual({ path: file });
    expect(readdirSync(folder).toSorted()).toEqual(['alerts.json', 'settings.json']);
    settings.update({ alerts: { ...DEFAULT_SETTINGS.alerts, digest: false } });
    const other = settings.get().alerts;
    answer.open = file;
    const imported = await importAlerts(parts);
    expect([imported, settings.get().alerts]).toEqual([{ path: file, before: other }, saved]);
    if (imported.before !== null) settings.update({ alerts: imported.before });
    expect(settings.get().alerts).toEqual(other);
  });

  it.each([
    ['{', /it is not JSON/],
    ['[]', /does not hold alert settings/],
    ['{"version":2,"theme":"dark"}', /does not hold alert settings/],
    [JSON.stringify({ kind: 'traywatch-alerts', version: 9, holograms: [] }), /version: .*newer version of Traywatch \(9/],
    [text({ rules: [{ ...rule, critical: { threshold: 'high', forSeconds: 5 } }] }), /alerts\.rules\.0\.critical\.threshold: /],
    [text({ rules: [rule, { ...rule, id: 'other', metric: 'colour' }] }), /alerts\.rules\.1\.metric: CPU has no metric named "colour"/],
    [text({ rules: [rule, rule] }), /alerts\.rules\.1\.id: there is another rule "mine"/],
    [text({ keepEvents: 5000 }), /alerts\.pruneEventsAt: must be above keepEvents/],
    [text({ webhooks: [{ id: 'a', label: 'x', kind: 'slack', severities: [], enabled: true, url: 'https://x' }] }), /alerts\.webhooks\.0: /],
    [`"${'x'.repeat(2_000_001)}"`, /too large/],
  ])('that are wrong name the field and change nothing: %#', async (wrong, expected) => {
    const { settings, parts, write } = place();
    const before = settings.get();
    write(wrong);
    const error = await importAlerts(parts).then(() => '', (reason: Error) => reason.message);
    expect(error).toMatch(/^alerts\.json was not imported, and nothing has changed: /);
    expect(error).toMatch(expected);
    expect(settings.get()).toBe(before);
  });

  it('take what the file leaves out as in a new installation', async () => {
    const { settings, parts, write } = place();
    settings.update({ alerts: { digest: false } });
    write(text({ keepEvents: 300 }));
    await importAlerts(parts);
    expect(settings.get().alerts).toEqual({ ...DEFAULT_SETTINGS.alerts, keepEvents: 300 });
  });

  it('stay as they are when the person thinks better of it, or the file is gone', async () => {
    const { folder, answer, parts } = place();
    expect(await exportAlerts(parts)).toEqual({ path: null });
    expect(await importAlerts(parts)).toEqual({ path: null, before: null });
    answer.open = join(folder, 'gone.json');
    await expect(importAlerts(parts)).rejects.toThrow('ENOENT');
    answer.save = join(folder, 'no', 'such', 'folder.json');
    await expect(exportAlerts(parts)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(existsSync(answer.save)).toBe(false);
  });

  it('carry no address of a webhook', async () => {
    const { file, settings, answer, parts } = place();
    settings.update({ alerts: { webhooks: [{ id: 'a', label: 'Team', kind: 'json', severities: ['warning'], enabled: true }] } });
    answer.save = file;
    await exportAlerts(parts);
    expect(readFileSync(file, 'utf8')).not.toMatch(/https?:/);
  });
});
