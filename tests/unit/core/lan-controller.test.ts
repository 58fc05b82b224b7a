/** The switch: what it loads, starts and ends as the settings change. */
import { describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../../src/main/engine/log';
import type { LanParts } from '../../../src/main/lan/index';
import { createLanController } from '../../../src/main/core/lan-controller';
import type { LanDeps } from '../../../src/main/core/lan-controller';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { LanSettings } from '../../../src/shared/sharing/lan-settings';
import type { LanState } from '../../../src/shared/sharing/lan-state';
import { FakeTime } from '../../support/collectors';

describe('the switch', () => {
  const WATCHING = { identity: 'd1', name: 'Phone', role: 'viewer', isToken: false, address: '10.0.0.1', interval: 5, since: 1 } as const;

  /** A core whose settings a test changes, and a server that only says what it was told to do. */
  function createSwitch() {
    let lan: LanSettings = DEFAULT_SETTINGS.lan;
    let told: (settings: { lan: LanSettings }) => void = () => undefined;
    const calls: string[] = [];
    let state: LanParts['onState'] = () => undefined;
    let loads = 0;
    const lanController = createLanController(() => {
      loads += 1;
      const startLan = ({ settings, onState }: LanParts) => {
        calls.push(`start ${settings.port}`);
        state = onState;
        return { push: (name: string) => void calls.push(`push ${name}`), connections: () => [WATCHING], close: () => Promise.resolve(void calls.push(`close ${settings.port}`)) };
      };
      return Promise.resolve({ startLan, createAuthPlugin: () => ({ authenticator: { authenticate: () => Promise.resolve(null), onRevoked: () => () => undefined } }) });
    });
    const core = { settings: { get: () => ({ lan }), subscribe: (listener: typeof told) => void (told = listener) }, hub: {}, store: {}, remoteAccess: {} };
    lanController.connect({ core, folder: '', pages: '', version: '', clock: new FakeTime(), timers: new FakeTime(), log: createCallbackLog(() => undefined) } as unknown as LanDeps);
    const set = (change: Partial<LanSettings>): void => {
      lan = { ...lan, ...change };
      told({ lan });
    };
    return { lanController, calls, set, settle: () => new Promise((resolve) => setImmediate(resolve)), loads: () => loads, tell: (next: LanState) => state(next) };
  }

  it('loads nothing while it is off', async () => {
    const { lanController, set, settle, loads } = createSwitch();
    lanController.push('navigate', { path: '' });
    set({ port: 9000 });
    await settle();
    expect(loads()).toBe(0);
    expect(lanController.state()).toEqual({ state: 'off' });
  });

  it('starts, restarts with other settings, and ends; a late word of an earlier server is not heard', async () => {
    const { lanController, calls, set, settle, tell } = createSwitch();
    const heard: string[] = [];
    lanController.onState(({ state }) => heard.push(state));
    set({ enabled: true });
    await settle();
    lanController.push('navigate', { path: '' });
    expect(lanController.connections()).toEqual([WATCHING]);
    set({ enabled: true });
    set({ port: 9000 });
    await settle();
    set({ enabled: false });
    await settle();
    tell({ state: 'starting' });
    expect(lanController.connections()).toEqual([]);
    expect(calls).toEqual(['start 8543', 'push navigate', 'close 8543', 'start 9000', 'close 9000']);
    expect(heard).toEqual(['starting', 'starting', 'off']);
  });

  it('changed several times at once starts what was wanted last only', async () => {
    const { calls, set, settle, lanController } = createSwitch();
    for (const port of [9001, 9002, 9003]) set({ enabled: true, port });
    await settle();
    await lanController.close();
    expect(calls).toEqual(['start 9003', 'close 9003']);
  });
});
