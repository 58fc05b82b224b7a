import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { demoNotifier } from '../../../src/main/alerts/demo-notifier';
import type { Core } from '../../../src/main/core/core';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import { appStateSchema } from '../../../src/shared/api/schemas';
import { FakeTime } from '../../support/collectors';
import { openCore } from '../../support/core';

const LOCAL = { id: 'window', role: 'local' } as const;

function open(isDemo: boolean): { core: Core; time: FakeTime; done: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'demo-core-'));
  const time = new FakeTime();
  const done: string[] = [];
  const real = systemDeps();
  const core = openCore(folder, {
    clock: time,
    timers: time,
    system: isDemo ? { ...real, demo: { hostname: 'demo-x', own: real } } : real,
    updates: null,
    showFolder: () => Promise.resolve(done.push('showed a folder') === 0 ? '' : ''),
    runPowerCommand: (command) => {
      done.push(command.join(' '));
      return Promise.resolve(null);
    },
  });
  onTestFinished(() => {
    core.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { core, time, done };
}

async function restart({ core, time }: { core: Core; time: FakeTime }): Promise<void> {
  core.settings.update({ powerControl: { enabled: true } });
  const asked = await core.handlers.powerRequest({ action: 'reboot' }, LOCAL);
  if (asked.state !== 'pending') throw new Error(asked.state);
  await core.handlers.powerConfirm({ id: asked.id }, LOCAL);
  await time.pass(30_000);
}

describe('a demo machine', () => {
  it('says what it is in the state of the app and in the facts about the host, under its own name', async () => {
    const { core } = open(true);
    expect(appStateSchema.parse(core.appState())).toMatchObject({ demo: 'demo-x' });
    expect(await core.host()).toMatchObject({ hostname: 'demo-x', environment: 'demo' });
    expect(open(false).core.appState()).not.toHaveProperty('demo');
  });

  it('says when it was started, by a clock that is set meanwhile, without its jitter', async () => {
    const { core, time } = open(true);
    const started = time.wall;
    await time.pass(60_000);
    time.wall += 900;
    expect((await core.host()).startTime).toBe(started);
    time.wall += 3_600_000;
    expect((await core.host()).startTime).toBe(started + 3_600_900);
  });

  it('opens no folder and restarts no machine, where a real one does both', async () => {
    const demo = open(true);
    await expect(async () => demo.core.handlers.showDataFolder({}, LOCAL)).rejects.toThrow(/demo machine/);
    await restart(demo);
    expect(demo.done).toEqual([]);
    expect(demo.core.remoteAccess.powerControl.state()).toMatchObject({ state: 'idle', outcome: { reason: expect.stringContaining('demo machine') } });
    const real = open(false);
    await real.core.handlers.showDataFolder({}, LOCAL);
    await restart(real);
    expect(real.done).toHaveLength(2);
  });

  it('says so in every notification', async () => {
    const titles: string[] = [];
    const notifier = demoNotifier({ show: ({ title }) => Promise.resolve(titles.push(title) > 0 ? 'shown' : 'shown'), close: (key) => void titles.push(`closed ${key}`) });
    expect(await notifier.show({ key: 'a', kind: 'alert', severity: 'critical', title: 'CPU usage', body: '97 %', incident: null })).toBe('shown');
    notifier.close('a');
    expect(titles).toEqual(['Demo: CPU usage', 'closed a']);
  });
});
