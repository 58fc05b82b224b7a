import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { PRIVATE_MODE } from '../../support/odd-files';
import { parseSettings } from '../../../src/main/settings/settings-file';
import { migrateSettings } from '../../../src/main/settings/migrations';
import { FALLBACK_SETTINGS } from '../../../src/main/settings/fallback-settings';
import { createSettings } from '../../../src/main/settings/settings';
import type { CreatedSettings } from '../../../src/main/settings/settings';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';

function createFolder(): { folder: string; path: string; lines: string[]; create: () => CreatedSettings } {
  const root = mkdtempSync(join(tmpdir(), 'traywatch-settings-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'traywatch');
  const path = join(folder, 'settings.json');
  const lines: string[] = [];
  const log = createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`));
  return { folder, path, lines, create: () => createSettings({ path, clock: { now: () => Date.UTC(2026, 10, 21, 3, 45) }, log }) };
}

function write(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), text);
}

describe('settings', () => {
  it('are the defaults where there is no file, and are saved when changed', () => {
    const { folder, path, create } = createFolder();
    const { settings, quarantined, refusal } = create();
    expect([settings.get(), quarantined, refusal]).toEqual([DEFAULT_SETTINGS, null, null]);
    expect(existsSync(path)).toBe(false);
    expect(settings.update({ theme: 'dark', keepDays: undefined })).toEqual({ ok: true, value: { ...DEFAULT_SETTINGS, theme: 'dark' } });
    expect(create().settings.get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
    expect(statSync(path).mode & 0o777).toBe(PRIVATE_MODE);
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('call subscribers after saving, until they unsubscribe', () => {
    const { path, create } = createFolder();
    const { settings } = create();
    const seen: unknown[] = [];
    const unsubscribe = settings.subscribe((now, before) => seen.push([before.keepDays, now.keepDays, settings.get().keepDays, existsSync(path)]));
    settings.update({ keepDays: 30 });
    unsubscribe();
    settings.update({ keepDays: 31 });
    expect(seen).toEqual([[730, 30, 30, true]]);
  });

  it('take the defaults for fields that an older version did not write', () => {
    const { folder, create } = createFolder();
    // From before there was a size limit, which then is none.
    write(folder, '{"version":1,"keepDays":90}');
    expect(DEFAULT_SETTINGS.maxHistoryMb).toBeNull();
    expect(create().settings.get()).toEqual({ ...DEFAULT_SETTINGS, keepDays: 90 });
  });

  it.each([
    ['is no JSON', '{"version":1,', /not JSON/],
    ['is empty', '', /not JSON/],
    ['is a list', '[]', /not an object/],
    ['has no version', '{"theme":"dark"}', /^version: /],
    ['has a field out of bounds', '{"version":1,"keepDays":0}', /^keepDays: /],
    ['has fields of the wrong kind', '{"version":1,"theme":"pink","openAtStart":"yes"}', /theme: .*; openAtStart: /],
    ['has an unknown field', '{"version":1,"colour":"red"}', /colour/],
  ])('of a file that %s are the fallback settings, and the file is quarantined', (_, text, reason) => {
    const { folder, path, lines, create } = createFolder();
    write(folder, text);
    const { settings, quarantined, refusal } = create();
    expect(settings.get()).toEqual(FALLBACK_SETTINGS);
    expect(refusal).toBeNull();
    expect(quarantined?.path).toBe(join(folder, 'settings.corrupt-20261121T034500Z.json'));
    expect(quarantined?.reason).toMatch(reason);
    expect(readFileSync(quarantined?.path ?? '', 'utf8')).toBe(text);
    expect(existsSync(path)).toBe(false);
    expect(lines).toEqual(['error the settings file was not valid and was quarantined']);
    write(folder, text);
    expect(create().quarantined?.path).toBe(join(folder, 'settings.corrupt-20261121T034500Z-2.json'));
    expect(settings.update({ theme: 'light' }).ok).toBe(true);
  });

  it('of a newer version are left alone: fallback settings, and nothing is saved', () => {
    const { folder, path, create } = createFolder();
    const text = '{"version":7,"holograms":true}';
    write(folder, text);
    const { settings, quarantined, refusal } = create();
    expect(quarantined).toBeNull();
    expect(refusal).toMatch(/newer version of Traywatch \(version 7/);
    expect(settings.update({ theme: 'dark' })).toMatchObject({ ok: false, code: 'Unavailable', message: refusal });
    expect(settings.get()).toEqual(FALLBACK_SETTINGS);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('that are invalid are refused by field, and the old ones stay in effect', () => {
    const { path, create } = createFolder();
    const { settings } = create();
    expect(settings.update({ keepDays: 4000 })).toMatchObject({ ok: false, code: 'BadInput', message: expect.stringMatching(/^keepDays: /) as string });
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(existsSync(path)).toBe(false);
  });

  it('that cannot be saved are not applied, and no subscriber is called', () => {
    const { folder, lines, create } = createFolder();
    const { settings } = create();
    writeFileSync(folder, 'a file where the folder should be');
    let calls = 0;
    settings.subscribe(() => (calls += 1));
    expect(settings.update({ theme: 'dark' })).toMatchObject({ ok: false, code: 'Unavailable' });
    expect([settings.get().theme, calls]).toEqual(['system', 0]);
    expect(lines).toEqual(['error the settings could not be saved']);
    rmSync(folder);
    expect(settings.update({ theme: 'dark' }).ok).toBe(true);
    expect([settings.get().theme, calls]).toEqual(['dark', 1]);
  });

  it('that cannot be read are the fallback settings, and the file is never overwritten', () => {
    const { path, create } = createFolder();
    mkdirSync(path, { recursive: true });
    const { settings, refusal } = create();
    expect(refusal).toMatch(/cannot be read/);
    expect(settings.get()).toEqual(FALLBACK_SETTINGS);
    expect(settings.update({ theme: 'dark' }).ok).toBe(false);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('replace a temporary file that a crash left, whatever its permissions', () => {
    const { folder, path, create } = createFolder();
    write(folder, '{"version":1}');
    writeFileSync(`${path}.tmp`, 'half a fi');
    chmodSync(`${path}.tmp`, 0o666);
    expect(create().settings.update({ theme: 'light' }).ok).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(PRIVATE_MODE);
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('of an older version are migrated step by step', () => {
    const steps = [
      (old: object) => ({ ...old, version: 2, a: 1 }),
      (old: object) => ({ ...old, version: 3, b: 2 }),
    ];
    expect(migrateSettings({ version: 1 }, 1, steps)).toEqual({ version: 3, a: 1, b: 2 });
    expect(migrateSettings({ version: 2 }, 2, steps)).toEqual({ version: 3, b: 2 });
    expect(migrateSettings({ version: 3 }, 3, steps)).toEqual({ version: 3 });
    expect(parseSettings('{"version":1}')).toEqual({ kind: 'good', settings: DEFAULT_SETTINGS });
  });
});
