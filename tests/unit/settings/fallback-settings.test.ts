/** Settings that cannot be read, or whose file changes while Traywatch runs: nothing is opened, and nothing is lost. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { ownFile } from '../../../src/main/lib/owned-file';
import { FALLBACK_SETTINGS } from '../../../src/main/settings/fallback-settings';
import { openSettings } from '../../../src/main/settings/open-settings';
import { createSettings } from '../../../src/main/settings/settings';
import type { CreatedSettings, SettingsOptions } from '../../../src/main/settings/settings';
import { createNotices } from '../../../src/main/timeline/notices';
import { DEFAULT_SETTINGS, settingsSchema } from '../../../src/shared/settings/settings-schema';
import type { Settings } from '../../../src/shared/settings/settings-schema';
import { FakeTime } from '../../support/collectors';
import { createFolder, ODD_FILES, putLinked } from '../../support/odd-files';

const log = createCallbackLog(() => undefined);
const NOW = Date.UTC(2026, 10, 21, 3, 45);
const create = (path: string, extra: Partial<SettingsOptions> = {}): CreatedSettings => createSettings({ path, clock: { now: () => NOW }, log, ...extra });
const place = (): string => join(createFolder(), 'settings.json');

/** Every single setting with its value. */
function leavesOf(value: unknown, key = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[key, value]];
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, key === '' ? name : `${key}.${name}`));
}

/**
 * Settings that open something or remove something, with the value that does so least. Every other setting is named below:
 * a new one belongs to one of the two lists.
 */
const CLOSED: Readonly<Record<string, unknown>> = {
  networkMounts: false,
  driveHealth: false,
  keepDays: 3650,
  maxHistoryMb: null,
  'alerts.keepEvents': 100_000,
  'alerts.pruneEventsAt': 200_000,
  'alerts.webhooks': [],
  'lan.enabled': false,
  checkForUpdates: false,
  'lan.addresses': ['127.0.0.1'],
  'lan.tls': 'self-signed',
  'lan.certFile': null,
  'lan.keyFile': null,
  'lan.mdns': false,
  'lan.allowLoopbackMetrics': false,
  'lan.trustedProxies': [],
  'lan.publicUrls': [],
  'powerControl.enabled': false,
  'containers.enabled': false,
  'containers.endpoints': [],
  'containers.logLines': false,
  'containers.actions': false,
  services: [],
};
const HARMLESS = ['version', 'theme', 'devices', 'environment', 'openAtStart', 'gettingStarted', 'alerts.rules', 'alerts.quietHours', 'alerts.criticalBypassesQuietHours', 'alerts.digest', 'lan.port', 'lan.intervalSeconds', 'powerControl.countdown'];

/** Open in every way, and then some. */
const OPEN: Settings = settingsSchema.parse({
  version: DEFAULT_SETTINGS.version,
  networkMounts: true,
  driveHealth: true,
  keepDays: 3000,
  lan: { enabled: true, addresses: ['192.0.2.7'], tls: 'off', mdns: true, allowLoopbackMetrics: true, trustedProxies: ['10.0.0.0/24'], publicUrls: ['https://monitor.example'] },
  powerControl: { enabled: true },
});
const GOOD = JSON.stringify(OPEN);

describe('the fallback settings', () => {
  it('are classified to the last one, and closed wherever a setting opens or removes something', () => {
    expect([...Object.keys(CLOSED), ...HARMLESS].sort()).toEqual(leavesOf(DEFAULT_SETTINGS).map(([key]) => key).sort());
    const all = Object.fromEntries(leavesOf(FALLBACK_SETTINGS));
    expect(Object.fromEntries(Object.keys(CLOSED).map((key) => [key, all[key]]))).toEqual(CLOSED);
    expect(Object.fromEntries(HARMLESS.map((key) => [key, all[key]]))).toEqual(Object.fromEntries(leavesOf(DEFAULT_SETTINGS).filter(([key]) => HARMLESS.includes(key))));
    expect(settingsSchema.parse(FALLBACK_SETTINGS)).toEqual(FALLBACK_SETTINGS);
  });
});

/** Files without valid settings, which once had some. */
const INVALID: readonly (readonly [string, string | Buffer])[] = [
  ['empty', ''],
  ['cut short', GOOD.slice(0, GOOD.length / 2)],
  ['a byte order mark and garbage', '\uFEFFnot settings'],
  ['UTF-16', Buffer.from(`\uFEFF${GOOD}`, 'utf16le')],
  ['bytes of another encoding', Buffer.concat([Buffer.from(GOOD.slice(0, -1)), Buffer.from(',"environment":"B\u00FCro"}', 'latin1')])],
  ['null bytes, as after a power cut', Buffer.alloc(GOOD.length)],
  ['an unknown key', GOOD.replace('{', '{"colour":"red",')],
  ['a value out of bounds', GOOD.replace('3000', '4000')],
  ['a list', `[${GOOD}]`],
  ['no version', '{}'],
];

describe('settings whose file is invalid', () => {
  it.each(INVALID)('(%s) are closed, also at the next starts, and in what is saved then', (_, content) => {
    const path = place();
    writeFileSync(path, content);
    const first = create(path);
    expect(first.settings.get()).toEqual(FALLBACK_SETTINGS);
    expect(first.settings.isComplete).toBe(false);
    expect(readFileSync(first.quarantined?.path ?? '')).toEqual(Buffer.from(content));
    // The file is gone now, as on a first start.
    const second = create(path);
    expect([second.settings.get(), second.quarantined, second.refusal]).toEqual([FALLBACK_SETTINGS, { path: first.quarantined?.path, reason: null }, null]);
    expect(second.settings.update({ theme: 'dark' }).ok).toBe(true);
    const third = create(path);
    expect([third.settings.get(), third.quarantined]).toEqual([{ ...FALLBACK_SETTINGS, theme: 'dark' }, null]);
    expect(third.settings.isComplete).toBe(false);
  });

  it('are those of the file again once it is put right', () => {
    const path = place();
    writeFileSync(path, `${GOOD},`);
    const { quarantined } = create(path);
    writeFileSync(path, GOOD);
    rmSync(quarantined?.path ?? '');
    const { settings } = create(path);
    expect([settings.get(), settings.isComplete]).toEqual([OPEN, true]);
  });

  it('are left where a link leads to them: closed, and nothing is saved', () => {
    const path = place();
    const target = putLinked(path, '{');
    const { settings, quarantined, refusal } = create(path);
    expect([settings.get(), quarantined]).toEqual([FALLBACK_SETTINGS, null]);
    expect(refusal).toMatch(/settings\.json is not valid \(not JSON: .*\) and could not be moved: .* is a link/);
    expect(settings.update({ theme: 'dark' })).toMatchObject({ ok: false, message: refusal });
    expect([lstatSync(path).isSymbolicLink(), readFileSync(target, 'utf8')]).toEqual([true, '{']);
  });
});

describe('settings whose file cannot be read', () => {
  it.each(ODD_FILES)('($name) are closed, nothing is saved, and what is there stays', async ({ put, named }) => {
    const path = place();
    await put(path);
    const { ino } = lstatSync(path);
    for (const { settings, quarantined, refusal } of [create(path), create(path)]) {
      expect([settings.get(), settings.isComplete, quarantined]).toEqual([FALLBACK_SETTINGS, false, null]);
      expect(refusal).toMatch(named);
      expect(settings.update({ theme: 'dark' })).toMatchObject({ ok: false, code: 'Unavailable', message: refusal });
    }
    expect(lstatSync(path).ino).toBe(ino);
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });

  it.each(['EACCES', 'EIO', 'EMFILE', 'EPERM'])('(%s) are closed, and nothing is saved', (code) => {
    const path = place();
    writeFileSync(path, GOOD);
    const file = ownFile(path, () => {
      throw Object.assign(new Error(`${code}: cannot, open`), { code });
    });
    const { settings, refusal } = create(path, { file });
    expect(settings.get()).toEqual(FALLBACK_SETTINGS);
    expect(refusal).toBe(`${path} cannot be read: ${code}: cannot, open`);
    expect(settings.update({ lan: { enabled: true } }).ok).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(GOOD);
  });

  it('(a newer version) are closed, and nothing is saved', () => {
    const path = place();
    writeFileSync(path, GOOD.replace('"version":3', '"version":9'));
    const { settings, refusal } = create(path);
    expect([settings.get(), settings.isComplete]).toEqual([FALLBACK_SETTINGS, false]);
    expect(refusal).toMatch(/newer version/);
  });
});

describe('settings', () => {
  it('with a byte order mark are read, and saved without it', () => {
    const path = place();
    writeFileSync(path, `\uFEFF${GOOD}`);
    const { settings, quarantined } = create(path);
    expect([settings.get(), quarantined]).toEqual([OPEN, null]);
    expect(settings.update({ theme: 'dark' }).ok).toBe(true);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ ...OPEN, theme: 'dark' });
  });

  it('behind a link are changed behind it', () => {
    const path = place();
    const target = putLinked(path, GOOD);
    expect(create(path).settings.update({ theme: 'dark' }).ok).toBe(true);
    expect([lstatSync(path).isSymbolicLink(), (JSON.parse(readFileSync(target, 'utf8')) as Settings).theme]).toEqual([true, 'dark']);
  });

  it('of a first start are the defaults', () => {
    const { settings, quarantined, refusal } = create(place());
    expect([settings.get(), settings.isComplete, quarantined, refusal]).toEqual([DEFAULT_SETTINGS, true, null, null]);
  });
});

describe('a settings file that changes while Traywatch runs', () => {
  function open(path: string) {
    const time = new FakeTime();
    const notices = createNotices(() => 0, () => undefined);
    return { settings: openSettings(path, time, log, notices), notices };
  }

  it.each<[string, (path: string) => void, string]>([
    ['edited', (path) => writeFileSync(path, '{"version":3,"keepDays":90}'), '{"version":3,"keepDays":90}'],
    ['edited to the same length', (path) => writeFileSync(path, GOOD.replace('3000', '3001')), GOOD.replace('3000', '3001')],
    ['cut short', (path) => writeFileSync(path, '{'), '{'],
    [
      'replaced by another file',
      (path) => {
        writeFileSync(`${path}.new`, '{"version":9}');
        renameSync(`${path}.new`, path);
      },
      '{"version":9}',
    ],
  ])('(%s) is not overwritten, which shows as a notice until it is as it was', (_, change, content) => {
    const path = place();
    writeFileSync(path, GOOD);
    const { settings, notices } = open(path);
    change(path);
    const result = settings.update({ theme: 'dark' });
    expect(result).toMatchObject({ ok: false, code: 'Unavailable' });
    expect(!result.ok && result.message).toBe(`${path} was changed by another program while Traywatch was running. Nothing was saved. Restart Traywatch to use that file`);
    expect([settings.get(), readFileSync(path, 'utf8')]).toEqual([OPEN, content]);
    expect(notices.list()).toMatchObject([{ id: 'settings-changed-outside', severity: 'warning', body: expect.stringContaining('Restart Traywatch') as string }]);
    writeFileSync(path, GOOD);
    expect(settings.update({ theme: 'dark' }).ok).toBe(true);
    expect(notices.list()).toEqual([]);
  });

  it('appears after a first start, and is not overwritten either', () => {
    const path = place();
    const { settings } = open(path);
    writeFileSync(path, GOOD);
    expect(settings.update({ theme: 'dark' }).ok).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(GOOD);
  });

  it.each(ODD_FILES)('($name in its place) is not replaced', async ({ put, named }) => {
    const path = place();
    writeFileSync(path, GOOD);
    const { settings } = open(path);
    rmSync(path);
    await put(path);
    expect(settings.update({ theme: 'dark' })).toMatchObject({ ok: false, message: expect.stringMatching(named) as string });
    expect(settings.get()).toEqual(OPEN);
  });

  it('is written again where it was removed, or replaced by a copy of itself', () => {
    const path = place();
    writeFileSync(path, GOOD);
    const { settings, notices } = open(path);
    rmSync(path);
    expect(settings.update({ theme: 'dark' }).ok).toBe(true);
    writeFileSync(`${path}.copy`, readFileSync(path));
    renameSync(`${path}.copy`, path);
    expect(settings.update({ theme: 'light' }).ok).toBe(true);
    rmSync(join(path, '..'), { recursive: true });
    expect(settings.update({ theme: 'system' }).ok).toBe(true);
    expect([readdirSync(join(path, '..')), notices.list()]).toEqual([['settings.json'], []]);
  });
});

describe('notices about the settings', () => {
  it.each<[string, (path: string) => void, string, RegExp]>([
    ['invalid now', (path) => writeFileSync(path, '{'), 'settings-quarantined', /^Moved to .*corrupt.* this machine only, and no history is removed\. \(not JSON/],
    ['invalid before', (path) => writeFileSync(path.replace('.json', '.corrupt-20260101T000000Z.json'), '{'), 'settings-quarantined', /at an earlier start, and no settings were saved since\. .*this machine only/],
    ['unreadable', (path) => mkdirSync(path), 'settings-refused', /is a folder, not a file\. .*this machine only.* Your file was not changed/],
    ['newer', (path) => writeFileSync(path, '{"version":9}'), 'settings-refused', /newer version .*this machine only/],
  ])('say what is in effect where the file is %s', (_, put, id, body) => {
    const path = place();
    put(path);
    const notices = createNotices(() => 0, () => undefined);
    openSettings(path, new FakeTime(), log, notices);
    expect(notices.list()).toMatchObject([{ id, body: expect.stringMatching(body) as string }]);
  });
});
