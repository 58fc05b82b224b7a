/** The calls about access and remote restart, as the window and remote clients make them. */
import { describe, expect, it } from 'vitest';
import { createRemoteAccess } from '../../../src/main/access/remote-access';
import { refuseLocalSections } from '../../../src/main/settings/local-sections';
import { callsOf } from '../../../src/shared/api/capabilities';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { Caller } from '../../../src/shared/api/dispatch';
import { createCallbackLog } from '../../support/log';
import type { EventInput } from '../../../src/shared/timeline/event-schemas';
import { FakeTime } from '../../support/collectors';
import { temporaryFolder } from '../../support/access';
import { askToReport, MACHINES } from '../../support/machines';

const LOCAL: Caller = { id: 'window:1', role: 'local' };
const PASSWORD = 'correct horse battery';

function openRemoteAccess() {
  const time = new FakeTime();
  const events: EventInput[] = [];
  const revoked: string[] = [];
  const ran: unknown[] = [];
  const remoteAccess = createRemoteAccess({
    path: `${temporaryFolder()}/access.json`,
    clock: time,
    timers: time,
    log: createCallbackLog(() => undefined),
    record: (event) => void events.push(event),
    platform: 'linux',
    env: {},
    run: (command) => {
      ran.push(command);
      return Promise.resolve(null);
    },
    derive: (password, { salt }) => Promise.resolve(`${salt}${password}`.slice(0, 200)),
    settings: () => ({ ...DEFAULT_SETTINGS, powerControl: { enabled: true, countdown: 10 } }),
  });
  remoteAccess.access.onRevoked((id) => revoked.push(id));
  const add = (role: 'viewer' | 'admin', account: string | null = null) => remoteAccess.access.devices.add({ name: 'Phone', role, address: '10.0.0.1', account }).id;
  return { ...remoteAccess, time, events, revoked, ran, add };
}

describe('the calls about access', () => {
  it('changing a role ends the streams opened with the old one, and revoking removes the device', async () => {
    const { handlers, add, revoked, events } = openRemoteAccess();
    const id = add('viewer');
    expect(await handlers.lanSetRole({ id, role: 'admin' }, LOCAL)).toMatchObject({ devices: [{ role: 'admin' }] });
    await handlers.lanSetRole({ id, role: 'admin' }, LOCAL);
    expect(revoked).toEqual([id]);
    expect(await handlers.lanRenameDevice({ id, name: 'Tablet' }, LOCAL)).toMatchObject({ devices: [{ name: 'Tablet' }] });
    expect(await handlers.lanRevoke({ id }, LOCAL)).toMatchObject({ devices: [] });
    expect(revoked).toEqual([id, id]);
    expect(events.map(({ type }) => type)).toEqual(['lan_role_changed', 'lan_device_revoked']);
    expect(() => handlers.lanRevoke({ id }, LOCAL)).toThrow(/not found/);
  });

  it('a request of a machine is approved without a role, and one of a browser with one', () => {
    const { handlers, access } = openRemoteAccess();
    const { id, ticket } = askToReport({ access });
    expect(() => handlers.lanApprove({ id, role: 'viewer' }, LOCAL)).toThrow(/request not found/);
    expect(handlers.lanApprove({ id, role: null }, LOCAL)).toMatchObject({ requests: [], devices: [] });
    expect(access.machines.claim(id, ticket)).toMatchObject({ state: 'approved' });
    const denied = askToReport({ access }, MACHINES[1]);
    void handlers.lanDeny({ id: denied.id }, LOCAL);
    expect(access.machines.claim(denied.id, denied.ticket)).toMatchObject({ state: 'denied' });
    const browser = access.pairing.redeem({ code: access.pairing.createCode().code }, 'Phone', '10.0.0.1');
    if (browser.kind !== 'pending') throw new Error(browser.kind);
    expect(() => handlers.lanApprove({ id: browser.ticket.id, role: null }, LOCAL)).toThrow(/request not found/);
    expect(handlers.lanApprove({ id: browser.ticket.id, role: 'viewer' }, LOCAL)).toMatchObject({ requests: [] });
  });

  it('devices of an account have its role, and are signed out when its password changes or it is removed', async () => {
    const { handlers, access, revoked } = openRemoteAccess();
    await handlers.lanSetAccount({ name: 'anna', role: 'viewer', password: PASSWORD }, LOCAL);
    const signedIn = await access.login('anna', PASSWORD, 'Firefox', '10.0.0.1');
    if (signedIn.kind !== 'ok') throw new Error(signedIn.kind);
    const { id } = signedIn.identity;
    expect(() => handlers.lanSetRole({ id, role: 'admin' }, LOCAL)).toThrow(/role of its account/);
    expect(await handlers.lanSetAccount({ name: 'Anna', role: 'admin' }, LOCAL)).toMatchObject({ devices: [{ role: 'admin' }], accounts: [{ name: 'anna', role: 'admin' }] });
    expect(revoked).toEqual([id]);
    expect(await handlers.lanSetAccount({ name: 'anna', role: 'admin', password: 'another long phrase' }, LOCAL)).toMatchObject({ devices: [] });
    await access.login('anna', 'another long phrase', '', '10.0.0.1');
    expect(await handlers.lanRemoveAccount({ name: 'anna' }, LOCAL)).toMatchObject({ devices: [], accounts: [] });
    expect(revoked).toHaveLength(3);
  });

  it('a token is returned once, and is invalid at once when removed', async () => {
    const { handlers, access, revoked } = openRemoteAccess();
    const { token, access: summary } = await handlers.lanCreateToken({ label: 'prometheus', scopes: ['metrics:read'], days: 30 }, LOCAL);
    expect(JSON.stringify(summary)).not.toContain(token.split('.')[2]);
    expect(JSON.stringify(summary)).not.toContain('hash');
    const [{ id } = { id: '' }] = summary.tokens;
    await handlers.lanRemoveToken({ id }, LOCAL);
    expect(revoked).toEqual([id]);
    expect(await access.authenticate({ cookies: {}, authorization: `Bearer ${token}`, address: '10.0.0.1' })).toBeNull();
  });

  it('a paired admin requests a restart that is approved on the machine; an API token cannot request one', async () => {
    const { handlers, add, time, ran } = openRemoteAccess();
    const phone: Caller = { id: `lan:${add('admin')}:tab1`, role: 'admin' };
    const state = await handlers.powerRequest({ action: 'reboot' }, phone);
    if (state.state !== 'pending') throw new Error(state.state);
    expect(state.by).toBe('Phone');
    await expect(handlers.powerConfirm({ id: state.id, password: 'x' }, phone)).rejects.toThrow(/on the machine/);
    await handlers.powerConfirm({ id: state.id }, LOCAL);
    await time.pass(10_000);
    expect(ran).toHaveLength(1);
    expect(() => handlers.powerRequest({ action: 'reboot' }, { id: 'lan:t0123456789abcdef:api', role: 'admin' })).toThrow(/signed-in browser/);
  });

  it('an account confirms with its password, from another tab too, and guessing is rate limited', async () => {
    const { handlers, access, time, ran } = openRemoteAccess();
    await handlers.lanSetAccount({ name: 'anna', role: 'admin', password: PASSWORD }, LOCAL);
    const signedIn = await access.login('anna', PASSWORD, '', '10.0.0.1');
    if (signedIn.kind !== 'ok') throw new Error(signedIn.kind);
    const tab = (name: string): Caller => ({ id: `lan:${signedIn.identity.id}:${name}`, role: 'admin' });
    const state = await handlers.powerRequest({ action: 'shutdown' }, tab('a'));
    if (state.state !== 'pending') throw new Error(state.state);
    await expect(handlers.powerConfirm({ id: state.id, password: 'wrong password' }, tab('b'))).rejects.toThrow(/incorrect/);
    await handlers.powerConfirm({ id: state.id, password: PASSWORD }, tab('b'));
    expect(handlers.powerCancel({ id: state.id }, LOCAL)).toMatchObject({ state: 'idle' });
    for (let n = 0; n < 5; n += 1) await access.login('anna', 'wrong password', '', '10.0.0.1');
    const restart = await handlers.powerRequest({ action: 'shutdown' }, tab('a'));
    await expect(handlers.powerConfirm({ id: restart.state === 'pending' ? restart.id : '', password: PASSWORD }, tab('a'))).rejects.toThrow(/too many/);
    await time.pass(600_000);
    expect(ran).toEqual([]);
  });

  it('local calls and sections of the settings are out of reach for remote callers', () => {
    expect(callsOf('admin').filter((name) => name.startsWith('lan'))).toEqual([]);
    expect(callsOf('viewer')).not.toContain('powerRequest');
    expect(callsOf('admin')).toContain('powerRequest');
    for (const patch of [{ powerControl: { enabled: true } }, { lan: { tls: 'off' as const } }]) {
      expect(() => refuseLocalSections(patch, { id: 'lan:d1:x', role: 'admin' })).toThrow(/Only changeable on the machine itself/);
      refuseLocalSections(patch, LOCAL);
    }
    refuseLocalSections({ theme: 'dark' }, { id: 'lan:d1:x', role: 'admin' });
  });
});
