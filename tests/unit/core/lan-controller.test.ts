/** The LAN controller: what it loads, starts and stops as the settings change. */
import { describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../support/log';
import type { LanParts } from '../../../src/main/lan/index';
import { createLanController } from '../../../src/main/core/lan-controller';
import type { LanDeps } from '../../../src/main/core/lan-controller';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { LanSettings } from '../../../src/shared/sharing/lan-settings';
import type { LanState } from '../../../src/shared/sharing/lan-state';
import { FakeTime } from '../../support/collectors';

describe('the LAN controller', () => {
  const CONNECTION = { identity: 'd1', name: 'Phone', role: 'viewer', isToken: false, address: '10.0.0.1', interval: 5, since: 1 } as const;

  /** A core whose settings a test changes, and a server that only records its calls. */
  function createHarness() {
    let lan: LanSettings = DEFAULT_SETTINGS.lan;
    let notify: (settings: { lan: LanSettings }) => void = () => undefined;
    const calls: string[] = [];
    let state: LanParts['onState'] = () => undefined;
    let loads = 0;
    const lanController = createLanController(() => {
      loads += 1;
      const startLan = ({ settings, onState }: LanParts) => {
        calls.push(`start ${settings.port}`);
        state = onState;
        return { push: (name: string) => void calls.push(`push ${name}`), connections: () => [CONNECTION], close: () => Promise.resolve(void calls.push(`close ${settings.port}`)) };
      };
      return Promise.resolve({ startLan, createAuthPlugin: () => ({ authenticator: { authenticate: () => Promise.resolve(null), onRevoked: () => () => undefined } }) });
    });
    const core = { settings: { get: () => ({ lan }), subscribe: (listener: typeof notify) => void (notify = listener) }, hub: {}, store: {}, remoteAccess: {} };
    lanController.connect({ core, folder: '', pages: '', version: '', clock: new FakeTime(), timers: new FakeTime(), log: createCallbackLog(() => undefined) } as unknown as LanDeps);
    const set = (change: Partial<LanSettings>): void => {
      lan = { ...lan, ...change };
      notify({ lan });
    };
    return { lanController, calls, set, settle: () => new Promise((resolve) => setImmediate(resolve)), loads: () => loads, report: (next: LanState) => state(next) };
  }

  it('loads nothing while it is off', async () => {
    const { lanController, set, settle, loads } = createHarness();
    lanController.push('navigate', { path: '' });
    set({ port: 9000 });
    await settle();
    expect(loads()).toBe(0);
    expect(lanController.state()).toEqual({ state: 'off' });
  });

  it('starts, restarts for changed settings, and stops; a late state of a previous server is ignored', async () => {
    const { lanController, calls, set, settle, report } = createHarness();
    const states: string[] = [];
    lanController.onState(({ state }) => states.push(state));
    set({ enabled: true });
    await settle();
    lanController.push('navigate', { path: '' });
    expect(lanController.connections()).toEqual([CONNECTION]);
    set({ enabled: true });
    set({ port: 9000 });
    await settle();
    set({ enabled: false });
    await settle();
    report({ state: 'starting' });
    expect(lanController.connections()).toEqual([]);
    expect(calls).toEqual(['start 8543', 'push navigate', 'close 8543', 'start 9000', 'close 9000']);
    expect(states).toEqual(['starting', 'starting', 'off']);
  });

  it('starts once with the last settings where they change several times at once', async () => {
    const { calls, set, settle, lanController } = createHarness();
    for (const port of [9001, 9002, 9003]) set({ enabled: true, port });
    await settle();
    await lanController.close();
    expect(calls).toEqual(['start 9003', 'close 9003']);
  });
});
