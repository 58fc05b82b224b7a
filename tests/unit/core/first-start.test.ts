/** Who gets the card of the first start: a new user at a desktop, and nobody else; and for whom it stays hidden. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Core } from '../../../src/main/core/core';
import type { Installation } from '../../../src/main/diagnostics/installation';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import { fixedAutostart } from '../../../src/main/lib/autostart';
import { GETTING_STARTED_STEPS } from '../../../src/shared/settings/getting-started';
import { openCore } from '../../support/core';

const LOCAL = { id: 'window:1', role: 'local' } as const;
const desktop: Installation = { kind: 'package', autostart: fixedAutostart('checkout'), sandbox: () => 'unknown', tray: () => ({ state: 'present', desktop: 'xfce' }) };

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'first-start-'));
  const open: Core[] = [];
  onTestFinished(() => {
    open.forEach((core) => core.close());
    rmSync(folder, { recursive: true });
  });
  const start = (changes: Parameters<typeof openCore>[1] = {}): Core => {
    open.splice(0).forEach((core) => core.close());
    const core = openCore(folder, { installation: desktop, ...changes });
    open.push(core);
    return core;
  };
  return { settings: join(folder, 'settings.json'), database: join(folder, 'history.sqlite'), folder, start };
}

const stepsOf = (core: Core): readonly string[] => core.settings.get().gettingStarted;

describe('the card of the first start', () => {
  it('has every step with a new folder, and what is left of them at later starts', async () => {
    const { start } = openFolder();
    expect(stepsOf(start())).toEqual(GETTING_STARTED_STEPS);
    const core = start();
    expect(stepsOf(core)).toEqual(GETTING_STARTED_STEPS);
    await core.handlers.updateSettings({ gettingStarted: ['autostart'] }, LOCAL);
    expect(stepsOf(start())).toEqual(['autostart']);
    start().settings.update({ gettingStarted: [] });
    expect(stepsOf(start())).toEqual([]);
  });

  it('is not there after an update: with a history, or with settings, of an earlier version', () => {
    const withHistory = openFolder();
    withHistory.start({ installation: { ...desktop, tray: () => null } });
    expect([existsSync(withHistory.database), existsSync(withHistory.settings)]).toEqual([true, false]);
    expect(stepsOf(withHistory.start())).toEqual([]);
    const withSettings = openFolder();
    writeFileSync(withSettings.settings, '{"version":2,"theme":"dark"}');
    expect(stepsOf(withSettings.start())).toEqual([]);
    rmSync(withSettings.settings);
    expect(stepsOf(withSettings.start())).toEqual([]);
  });

  it('is not there where the settings were damaged', () => {
    const { settings, start } = openFolder();
    writeFileSync(settings, 'no JSON');
    expect(stepsOf(start())).toEqual([]);
    expect(stepsOf(start())).toEqual([]);
  });

  it('is for a desktop and for the real machine: headless and demo have none, and write no settings', () => {
    const system = systemDeps();
    for (const changes of [{ installation: { ...desktop, tray: () => null } }, { system: { ...system, demo: { hostname: 'demo-x', own: system } } }]) {
      const { settings, start } = openFolder();
      expect([stepsOf(start(changes)), existsSync(settings)]).toEqual([[], false]);
    }
  });

  it('is nothing that happened to the machine: neither the card nor a step that is done is in the timeline', async () => {
    const core = openFolder().start();
    await core.handlers.updateSettings({ gettingStarted: ['icon'] }, LOCAL);
    await core.handlers.updateSettings({ gettingStarted: [], theme: 'dark' }, LOCAL);
    const { events } = core.store.activity.events({ types: ['settings_changed'], limit: 10 });
    expect(events.map(({ message }) => message)).toEqual(['Settings changed: Theme: System → Dark']);
  });

  it('is changed at the machine itself alone', async () => {
    const core = openFolder().start();
    await expect(async () => core.handlers.updateSettings({ gettingStarted: [] }, { id: 'browser', role: 'admin' })).rejects.toThrow('Only changeable on the machine itself.');
    expect(stepsOf(core)).toEqual(GETTING_STARTED_STEPS);
  });

  it('is told by the tray what is known of it', async () => {
    const { start } = openFolder();
    expect(await start().handlers.trayStatus({}, LOCAL)).toEqual({ state: 'present', desktop: 'xfce' });
    expect(await start({ installation: { ...desktop, tray: () => null } }).handlers.trayStatus({}, LOCAL)).toEqual({ state: 'unknown', desktop: 'other' });
  });
});
