/** A core whose files are not files, or cannot be trusted: it starts, says so, and nothing is lost. */
import Database from 'better-sqlite3';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Core } from '../../../src/main/core/core';
import { pathsIn } from '../../../src/main/lib/paths';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { Settings } from '../../../src/shared/settings/settings-schema';
import { openCore } from '../../support/core';
import { createFolder, ODD_FILES } from '../../support/odd-files';

function open(folder: string): Core {
  const core = openCore(folder);
  onTestFinished(() => core.close());
  return core;
}

const LOCAL = { id: 'test', role: 'local' } as const;

describe.each(['settings', 'access', 'alerts', 'webhookQueue', 'secrets'] as const)('a core whose file of %s', (which) => {
  it.each(ODD_FILES)('is $name starts, and leaves it', async ({ put }) => {
    const folder = createFolder();
    const path = pathsIn(folder)[which];
    await put(path);
    const before = lstatSync(path);
    const core = openCore(folder);
    expect(core.appState().settings.lan.enabled).toBe(false);
    expect(core.remoteAccess.access.summary().devices).toEqual([]);
    // Each of these writes one of the files.
    core.settings.update({ theme: 'dark' });
    core.alerts.incidentManager.snooze({ kind: 'all' }, '1h');
    expect(core.settings.get().theme).toBe(which === 'settings' ? 'system' : 'dark');
    if (which === 'access') expect(() => core.remoteAccess.access.tokens.create('script', ['read'], 30)).toThrow('cannot be read');
    core.close();
    expect([lstatSync(path).ino, lstatSync(path).mode]).toEqual([before.ino, before.mode]);
  });
});

describe('the URL of a webhook', () => {
  const SECRETS = JSON.stringify({ version: 1, secrets: { 'hook-1': { host: 'hooks.example', tail: '', kept: 'plain', value: 'http://hooks.example/' } } });
  const SETTINGS: Settings = { ...DEFAULT_SETTINGS, alerts: { ...DEFAULT_SETTINGS.alerts, webhooks: [{ id: 'hook-1', label: 'Team', kind: 'json', severities: ['critical'], enabled: true }] } };

  it.each([
    ['damaged', JSON.stringify(SETTINGS).slice(0, -1)],
    ['of a newer version', JSON.stringify({ ...SETTINGS, version: 99 })],
  ])('survives settings that are %s, and is there when they are put right', async (_, broken) => {
    const folder = createFolder();
    const paths = pathsIn(folder);
    writeFileSync(paths.secrets, SECRETS);
    writeFileSync(paths.settings, broken);
    const first = openCore(folder);
    first.settings.update({ theme: 'dark' });
    first.close();
    openCore(folder).close();
    expect(readFileSync(paths.secrets, 'utf8')).toBe(SECRETS);
    writeFileSync(paths.settings, JSON.stringify(SETTINGS));
    expect(await open(folder).handlers.webhooks({}, LOCAL)).toMatchObject([{ id: 'hook-1', address: { host: 'hooks.example' } }]);
  });

  it('is removed where its webhook is gone from settings that are complete', () => {
    const folder = createFolder();
    const paths = pathsIn(folder);
    writeFileSync(paths.secrets, SECRETS);
    openCore(folder).close();
    expect(JSON.parse(readFileSync(paths.secrets, 'utf8'))).toEqual({ version: 1, secrets: {} });
  });
});

describe('the history', () => {
  it('shows in the status document while it is in memory only', async () => {
    const folder = createFolder();
    const newer = new Database(pathsIn(folder).database);
    newer.exec('CREATE TABLE something (id INTEGER)');
    newer.pragma('user_version = 99');
    newer.close();
    const core = open(folder);
    core.hub.publish({ seq: 1, time: Date.now(), readings: { uptime: { values: { system: 1 }, devices: {} } }, faults: {} });
    const found = await core.handlers.status({}, LOCAL);
    expect(found.status).toBe('PartialData');
    expect(found.status === 'PartialData' && found.errors.map(({ message }) => message)).toContain('history: not being saved, because its file was left unchanged; it is in memory only');
    expect(JSON.stringify(found)).not.toContain(folder);
  });
});
