/** The calls about who may watch, and about restarting the machine: thin, each passes the question to the part that knows. */
import type { AccessSummary } from '../../shared/sharing/access-schemas';
import type { CallName } from '../../shared/api/contract';
import type { Caller, Handlers } from '../../shared/api/dispatch';
import { CallError } from '../../shared/result';
import type { PowerControl, PowerUser } from '../power/power-control';
import { orNotFound } from './access-control';
import type { AccessControl } from './access-control';
import type { EventRecorder } from '../timeline/event-recorder';
import { isOfAccount } from './devices';

/** What whoever sits at the machine is called. */
const DESKTOP = 'The desktop';

/** The calls answered here. */
export type LanCall = Exclude<Extract<CallName, `lan${string}`>, 'lanState' | 'lanConnections' | 'lanInterfaces'> | Extract<CallName, `power${string}`>;

/** What the handlers are built from. */
export interface LanHandlerParts {
  readonly access: AccessControl;
  readonly powerControl: PowerControl;
  readonly record: EventRecorder;
}

/** The id of the device or token behind a caller of the LAN server, whose ids read `lan:<id>:<tab>`. */
function identityOf(caller: Caller): string {
  return /^lan:([^:]+)/.exec(caller.id)?.[1] ?? caller.id;
}

/** Who asks for a restart. */
function toPowerUser(access: AccessControl, caller: Caller): PowerUser {
  if (caller.role === 'local') return { id: caller.id, name: DESKTOP, desktop: true, verify: null };
  const id = identityOf(caller);
  const device = access.devices.find(id);
  const account = device?.account ?? null;
  // A script has nobody who could confirm; whoever is not known has no right to ask.
  if (device === null) throw new CallError('Forbidden', 'this is for people who have been let in');
  if (account === null) return { id, name: device.name, desktop: false, verify: null };
  const verify = async (password: string): Promise<boolean> => {
    const came = await access.accounts.login(account, password, device.lastAddress);
    if (came.kind === 'wait') throw new CallError('TooMany', 'too many tries; wait a while');
    return came.kind === 'ok';
  };
  return { id, name: device.name, desktop: false, verify };
}

/** Devices: name, role, end. */
function deviceHandlers({ access, record }: LanHandlerParts): Pick<Handlers, 'lanRenameDevice' | 'lanSetRole' | 'lanRevoke'> {
  return {
    lanRenameDevice: ({ id, name }): AccessSummary => {
      if (!access.devices.rename(id, name)) throw new CallError('NotFound', 'this device is gone');
      return access.view();
    },
    lanSetRole: ({ id, role }): AccessSummary => {
      const device = orNotFound(access.devices.find(id), 'this device');
      if (device.account !== null) throw new CallError('BadInput', 'role: this device has the role of its account');
      const changed = access.devices.setRole([id], role);
      if (changed.length > 0) record({ type: 'lan_role_changed', message: `“${device.name}” is ${role} now`, user: device.name, details: { role } });
      access.announce(changed);
      return access.view();
    },
    lanRevoke: ({ id }): AccessSummary => {
      if (!access.revoke((device) => device.id === id, 'it was revoked at the desktop')) throw new CallError('NotFound', 'this device is gone');
      return access.view();
    },
  };
}

/** Accounts: their devices have their role, and end with their password. */
function accountHandlers({ access, record }: LanHandlerParts): Pick<Handlers, 'lanSetAccount' | 'lanRemoveAccount'> {
  return {
    lanSetAccount: async ({ name, role, password }): Promise<AccessSummary> => {
      const isNew = access.accounts.find(name) === null;
      const passwordChanged = await access.accounts.set(name, role, password);
      if (passwordChanged && !isNew) access.revoke(isOfAccount(name), 'the password of its account was changed');
      else {
        const own = access.devices.list().filter(isOfAccount(name));
        access.announce(access.devices.setRole(own.map(({ id }) => id), role));
      }
      record({ type: 'lan_account_set', message: `The account ${name} was ${isNew ? 'made' : 'changed'}: ${role}${passwordChanged && !isNew ? ', another password' : ''}`, user: name, details: { role } });
      return access.view();
    },
    lanRemoveAccount: ({ name }): AccessSummary => {
      if (!access.accounts.remove(name)) throw new CallError('NotFound', 'this account is gone');
      access.revoke(isOfAccount(name), 'its account was removed');
      record({ type: 'lan_account_removed', message: `The account ${name} was removed`, user: name });
      return access.view();
    },
  };
}

/** Tokens of scripts. */
function tokenHandlers({ access, record }: LanHandlerParts): Pick<Handlers, 'lanCreateToken' | 'lanRemoveToken'> {
  return {
    lanCreateToken: ({ label, scopes, days }) => {
      const { token, kept } = access.tokens.create(label, scopes, days);
      record({ type: 'lan_token_created', message: `The token “${label}” was made, for ${days} days: ${kept.scopes.join(', ')}`, user: label, details: { scopes: [...kept.scopes], days } });
      return { token, access: access.view() };
    },
    lanRemoveToken: ({ id }): AccessSummary => {
      const { label } = orNotFound(access.tokens.remove(id), 'this token');
      access.announce([id]);
      record({ type: 'lan_token_removed', message: `The token “${label}” was removed`, user: label });
      return access.view();
    },
  };
}

/** Builds them. */
export function createLanHandlers(parts: LanHandlerParts): Pick<Handlers, LanCall> {
  const { access, powerControl } = parts;
  const answer = (id: string, given: Parameters<typeof access.pairing.answer>[1]): AccessSummary => {
    orNotFound(access.pairing.answer(id, given), 'this request');
    return access.view();
  };
  return {
    lanAccess: () => access.view(),
    lanPairingStart: () => {
      access.pairing.start();
      return access.view();
    },
    lanPairingCancel: () => {
      access.pairing.cancel();
      return access.view();
    },
    lanApprove: ({ id, role }) => answer(id, role),
    lanDeny: ({ id }) => answer(id, 'denied'),
    ...deviceHandlers(parts),
    ...accountHandlers(parts),
    ...tokenHandlers(parts),
    powerState: () => powerControl.state(),
    powerRequest: ({ action }, caller) => powerControl.request(action, toPowerUser(access, caller)),
    powerConfirm: ({ id, password }, caller) => powerControl.confirm(id, password, toPowerUser(access, caller)),
    powerCancel: ({ id }, caller) => powerControl.cancel(id, caller.role === 'local' ? DESKTOP : (access.devices.find(identityOf(caller))?.name ?? 'A script')),
  };
}
