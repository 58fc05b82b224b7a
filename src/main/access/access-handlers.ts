/** Handlers of the calls about access (pairing, devices, accounts, tokens) and about remote restart; each delegates to its part. */
import type { AccessSummary } from '../../shared/sharing/access-schemas';
import type { CallName } from '../../shared/api/contract';
import type { Caller, Handlers } from '../../shared/api/dispatch';
import { CallError } from '../../shared/result';
import { LOCAL_USER_NAME } from '../power/power-control';
import type { PowerControl, PowerUser } from '../power/power-control';
import type { EventRecorder } from '../timeline/event-recorder';
import { orNotFound } from './access-control';
import type { AccessControl } from './access-control';
import { isOfAccount } from './devices';

/** The calls handled here. */
export type AccessCall = Exclude<Extract<CallName, `lan${string}`>, 'lanState' | 'lanConnections' | 'lanInterfaces'> | Extract<CallName, `power${string}`>;

/** What the handlers are built from. */
export interface AccessHandlerParts {
  readonly access: AccessControl;
  readonly powerControl: PowerControl;
  readonly record: EventRecorder;
}

/** The id of the device or token behind a remote caller, whose ids have the form `lan:<id>:<tab>`. */
function identityOf(caller: Caller): string {
  return /^lan:([^:]+)/.exec(caller.id)?.[1] ?? caller.id;
}

/** The caller as a user of power control. Throws a CallError for API tokens. */
function toPowerUser(access: AccessControl, caller: Caller): PowerUser {
  if (caller.role === 'local') return { id: caller.id, name: LOCAL_USER_NAME, isLocal: true, verify: null };
  const id = identityOf(caller);
  const device = access.devices.find(id);
  const account = device?.account ?? null;
  // A script has no user who could confirm the request.
  if (device === null) throw new CallError('Forbidden', 'only a signed-in browser can request this');
  if (account === null) return { id, name: device.name, isLocal: false, verify: null };
  const verify = async (password: string): Promise<boolean> => {
    const checked = await access.accounts.checkPassword(account, password, device.lastAddress);
    if (checked.kind === 'wait') throw new CallError('TooMany', 'too many attempts; try again later');
    return checked.kind === 'ok';
  };
  return { id, name: device.name, isLocal: false, verify };
}

/** Paired and signed-in browsers: rename, change the role, revoke. */
function deviceHandlers({ access, record }: AccessHandlerParts): Pick<Handlers, 'lanRenameDevice' | 'lanSetRole' | 'lanRevoke'> {
  return {
    lanRenameDevice: ({ id, name }): AccessSummary => {
      if (!access.devices.rename(id, name)) throw new CallError('NotFound', 'browser not found');
      return access.summary();
    },
    lanSetRole: ({ id, role }): AccessSummary => {
      const device = orNotFound(access.devices.find(id), 'browser');
      if (device.account !== null) throw new CallError('BadInput', 'role: this browser has the role of its account');
      const changed = access.devices.setRole([id], role);
      if (changed.length > 0) record({ type: 'lan_role_changed', message: `Role of “${device.name}” changed to ${role}`, user: device.name, details: { role } });
      access.emitRevoked(changed);
      return access.summary();
    },
    lanRevoke: ({ id }): AccessSummary => {
      if (!access.revoke((device) => device.id === id, 'access revoked')) throw new CallError('NotFound', 'browser not found');
      return access.summary();
    },
  };
}

/** Accounts. Devices signed in with one have its role and are signed out when its password changes. */
function accountHandlers({ access, record }: AccessHandlerParts): Pick<Handlers, 'lanSetAccount' | 'lanRemoveAccount'> {
  return {
    lanSetAccount: async ({ name, role, password }): Promise<AccessSummary> => {
      const isNew = access.accounts.find(name) === null;
      const passwordChanged = await access.accounts.set(name, role, password);
      if (passwordChanged && !isNew) access.revoke(isOfAccount(name), 'the password of the account was changed');
      else {
        const own = access.devices.list().filter(isOfAccount(name));
        access.emitRevoked(access.devices.setRole(own.map(({ id }) => id), role));
      }
      record({ type: 'lan_account_set', message: `Account ${name} ${isNew ? 'created' : 'changed'}: ${role}${passwordChanged && !isNew ? ', new password' : ''}`, user: name, details: { role } });
      return access.summary();
    },
    lanRemoveAccount: ({ name }): AccessSummary => {
      if (!access.accounts.remove(name)) throw new CallError('NotFound', 'account not found');
      access.revoke(isOfAccount(name), 'the account was removed');
      record({ type: 'lan_account_removed', message: `Account ${name} removed`, user: name });
      return access.summary();
    },
  };
}

/** API tokens. */
function tokenHandlers({ access, record }: AccessHandlerParts): Pick<Handlers, 'lanCreateToken' | 'lanRemoveToken'> {
  return {
    lanCreateToken: ({ label, scopes, days }) => {
      const { token, stored } = access.tokens.create(label, scopes, days);
      record({ type: 'lan_token_created', message: `API token “${label}” created for ${days} days: ${stored.scopes.join(', ')}`, user: label, details: { scopes: [...stored.scopes], days } });
      return { token, access: access.summary() };
    },
    lanRemoveToken: ({ id }): AccessSummary => {
      const { label } = orNotFound(access.tokens.remove(id), 'token');
      access.emitRevoked([id]);
      record({ type: 'lan_token_removed', message: `API token “${label}” revoked`, user: label });
      return access.summary();
    },
  };
}

/** Creates the handlers. */
export function createAccessHandlers(parts: AccessHandlerParts): Pick<Handlers, AccessCall> {
  const { access, powerControl } = parts;
  const decided = (request: object | null): AccessSummary => {
    orNotFound(request, 'request');
    return access.summary();
  };
  return {
    lanAccess: () => access.summary(),
    lanPairingStart: () => {
      access.pairing.createCode();
      return access.summary();
    },
    lanPairingCancel: () => {
      access.pairing.cancelCode();
      return access.summary();
    },
    // A machine gets no role, and a browser nothing else.
    lanApprove: ({ id, role }) => decided(role === null ? access.pairing.decideMachine(id, 'report') : access.pairing.decide(id, role)),
    lanDeny: ({ id }) => decided(access.pairing.decide(id, 'denied') ?? access.pairing.decideMachine(id, 'denied')),
    ...deviceHandlers(parts),
    ...accountHandlers(parts),
    ...tokenHandlers(parts),
    powerState: () => powerControl.state(),
    powerRequest: ({ action }, caller) => powerControl.request(action, toPowerUser(access, caller)),
    powerConfirm: ({ id, password }, caller) => powerControl.confirm(id, password, toPowerUser(access, caller)),
    powerCancel: ({ id }, caller) => powerControl.cancel(id, caller.role === 'local' ? LOCAL_USER_NAME : (access.devices.find(identityOf(caller))?.name ?? 'An API token')),
  };
}
