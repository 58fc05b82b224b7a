import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { parseSettings } from '../../../src/main/settings/settings-file';
import { migrateSettings } from '../../../src/main/settings/migrations';
import { createSettings } from '../../../src/main/settings/settings';
import type { CreatedSettings } from '../../../src/main/settings/settings';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';

function place(): { folder: string; path: string; lines: string[]; create: () => CreatedSettings } {
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
    const { folder, path, create } = place();
    const { settings, quarantined, refusal } = create();
    expect([settings.get(), quarantined, refusal]).toEqual([DEFAULT_SETTINGS, null, null]);
    expect(existsSync(path)).toBe(false);
    expect(settings.update({ theme: 'dark', keepDays: undefined })).toEqual({ ok: true, value: { ...DEFAULT_SETTINGS, theme: 'dark' } });
    expect(create().settings.get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('tell subscribers after saving, until they leave', () => {
    const { path, create } = place();
    const { settings } = create();
    const seen: unknown[] = [];
    const leave = settings.subscribe((now, before) => seen.push([before.keepDays, now.keepDays, settings.get().keepDays, existsSync(path)]));
    settings.update({ keepDays: 30 });
    leave();
    settings.update({ keepDays: 31 });
    expect(seen).toEqual([[730, 30, 30, true]]);
  });

  it('take the defaults for fields an older program did not write', () => {
    const { folder, create } = place();
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
  ])('of a file that %s are the defaults, and the file is set aside', (_, text, reason) => {
    const { folder, path, lines, create } = place();
    write(folder, text);
    const { settings, quarantined, refusal } = create();
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(refusal).toBeNull();
    expect(quarantined?.path).toBe(join(folder, 'settings.corrupt-20261121T034500Z.json'));
    expect(quarantined?.reason).toMatch(reason);
    expect(readFileSync(quarantined?.path ?? '', 'utf8')).toBe(text);
    expect(existsSync(path)).toBe(false);
    expect(lines).toEqual(['error the settings file was not valid and has been set aside']);
    write(folder, text);
    expect(create().quarantined?.path).toBe(join(folder, 'settings.corrupt-20261121T034500Z-2.json'));
    expect(settings.update({ theme: 'light' }).ok).toBe(true);
  });

  it('of a newer version are left alone: defaults, and nothing is saved', () => {
    const { folder, path, create } = place();
    const text = '{"version":7,"holograms":true}';
    write(folder, text);
    const { settings, quarantined, refusal } = create();
    expect(quarantined).toBeNull();
    expect(refusal).toMatch(/newer version of Traywatch \(version 7/);
    expect(settings.update({ theme: 'dark' })).toMatchObject({ ok: false, code: 'Unavailable', message: refusal });
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('that break a rule are refused by field, and the old ones stand', () => {
    const { path, create } = place();
    const { settings } = create();
    expect(settings.update({ keepDays: 4000 })).toMatchObject({ ok: false, code: 'BadInput', message: expect.stringMatching(/^keepDays: /) as string });
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(existsSync(path)).toBe(false);
  });

  it('that cannot be saved are not in force, and nobody is told', () => {
    const { folder, lines, create } = place();
    const { settings } = create();
    writeFileSync(folder, 'a file where the folder should be');
    let told = 0;
    settings.subscribe(() => (told += 1));
    expect(settings.update({ theme: 'dark' })).toMatchObject({ ok: false, code: 'Unavailable' });
    expect([settings.get().theme, told]).toEqual(['system', 0]);
    expect(lines).toEqual(['error the settings could not be saved']);
    rmSync(folder);
    expect(settings.update({ theme: 'dark' }).ok).toBe(true);
    expect([settings.get().theme, told]).toEqual(['dark', 1]);
  });

  it('that cannot be read are neither guessed nor written over', () => {
    const { path, create } = place();
    mkdirSync(path, { recursive: true });
    const { settings, refusal } = create();
    expect(refusal).toMatch(/cannot be read/);
    expect(settings.update({ theme: 'dark' }).ok).toBe(false);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('replace a draft that a crash left, whatever its rights', () => {
    const { folder, path, create } = place();
    write(folder, '{"version":1}');
    writeFileSync(`${path}.tmp`, 'half a fi');
    chmodSync(`${path}.tmp`, 0o666);
    expect(create().settings.update({ theme: 'light' }).ok).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('of an older version go through every step they lack, in order', () => {
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
