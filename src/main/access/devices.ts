/** Paired and signed-in browsers ("devices"): name, role, when and from where they were last seen. */
import { accountKey } from '../../shared/sharing/auth-policy';
import type { Device } from '../../shared/sharing/access-schemas';
import type { Clock } from '../engine/clock';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import type { Role } from './identity';
import { givesWay } from './device-places';
import { isIdle } from './expiry';
import type { StoredDevice, StoredCredentials } from './credential-schema';
import { withTokenFamily } from './sessions';
import type { Sessions, SessionTokens } from './sessions';
import type { CredentialChange, CredentialStore } from './credential-store';

/** Requests closer together than this update `lastSeen` once, ms: an open page must not keep writing to the disk. */
const SEEN_STEP = 60_000;

/** A device to add. */
interface NewDevice {
  readonly name: string;
  readonly role: Role;
  readonly address: string;
  /** The account it signed in with; null for a paired browser. */
  readonly account: string | null;
}

/** The devices with access. Each has exactly one family of refresh tokens. */
export interface Devices {
  list(): readonly Device[];
  find(id: string): StoredDevice | null;
  /** Another device may have to give its place. Throws a CallError when there is no place, or when it cannot be saved. */
  add(device: NewDevice): { readonly id: string; readonly tokens: SessionTokens; readonly removed: readonly StoredDevice[] };
  /** Starts a new token family, for a device that never received the first one. Throws a CallError when it cannot be saved. */
  restartSession(id: string): SessionTokens;
  /**
   * Removes all devices that match but `id`, which gets a new token family: copies of its old tokens become useless.
   * Saved together with the change `also`, or nothing is done and a CallError is thrown.
   */
  replaceSessions(id: string, matches: (device: StoredDevice) => boolean, also: CredentialChange): { readonly removed: readonly StoredDevice[]; readonly tokens: SessionTokens };
  recordSeen(device: StoredDevice, address: string): void;
  rename(id: string, name: string): boolean;
  /** Returns the ids of the devices whose role has changed. */
  setRole(ids: readonly string[], role: Role): readonly string[];
  /** Returns the removed devices. */
  remove(matches: (device: StoredDevice) => boolean): readonly StoredDevice[];
}

/** What the devices are built from. */
export interface DeviceParts {
  readonly credentials: CredentialStore;
  readonly sessions: Sessions;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
}

/** A predicate for devices signed in with an account. */
export function isOfAccount(name: string): (device: Pick<Device, 'account'>) => boolean {
  return ({ account }) => account !== null && accountKey(account) === accountKey(name);
}

function toDevice({ refresh: _refresh, ...device }: StoredDevice): Device {
  return device;
}

const changed = (ids: readonly string[], change: Partial<StoredDevice>) => (credentials: StoredCredentials): StoredCredentials => ({
  ...credentials,
  devices: credentials.devices.map((device) => (ids.includes(device.id) ? { ...device, ...change } : device)),
});

/** The devices that stay beside a new one, and those that give it their place. */
function placesFor(device: StoredDevice, current: readonly StoredDevice[]): { readonly kept: readonly StoredDevice[]; readonly removed: readonly StoredDevice[] } {
  const place = givesWay(current, device);
  return place === null || place === 'full' ? { kept: current, removed: [] } : { kept: current.filter((one) => one !== place), removed: [place] };
}

/** Creates the devices over a credential store. */
export function createDevices({ credentials, sessions, clock, random }: DeviceParts): Devices {
  const isCurrent = ({ refresh }: StoredDevice): boolean => !isIdle(refresh, credentials.runTime());
  return {
    list: () => credentials.get().devices.filter(isCurrent).map(toDevice),
    find: (id) => credentials.get().devices.find((device) => device.id === id) ?? null,

    add({ name, role, address, account }) {
      const id = newId('d', random);
      const [now, { family, tokens }] = [clock.now(), sessions.start(id)];
      const device: StoredDevice = { id, name, role, createdAt: now, lastSeen: now, lastAddress: address, account, refresh: family };
      const { kept, removed } = placesFor(device, credentials.get().devices.filter(isCurrent));
      credentials.update((all) => ({ ...all, devices: [...kept, device] }));
      removed.forEach((one) => sessions.forget(one.id));
      return { id, tokens, removed };
    },

    restartSession(id) {
      sessions.forget(id);
      const { family, tokens } = sessions.start(id);
      credentials.update(withTokenFamily(id, family));
      return tokens;
    },

    replaceSessions(id, matches, also) {
      const removed = credentials.get().devices.filter((device) => device.id !== id && matches(device));
      const ids = new Set(removed.map((device) => device.id));
      sessions.forget(id);
      const { family, tokens } = sessions.start(id);
      try {
        credentials.update((all) => withTokenFamily(id, family)(also({ ...all, devices: all.devices.filter((device) => !ids.has(device.id)) })));
      } catch (error) {
        // The family in the file stays valid, and the browser's refresh token with it.
        sessions.forget(id);
        throw error;
      }
      for (const one of ids) sessions.forget(one);
      return { removed, tokens };
    },

    recordSeen(device, address) {
      const now = clock.now();
      if (device.lastAddress === address && Math.abs(now - device.lastSeen) < SEEN_STEP) return;
      credentials.updateLazily(changed([device.id], { lastSeen: now, lastAddress: address }));
    },

    rename(id, name) {
      if (!credentials.get().devices.some((device) => device.id === id)) return false;
      credentials.update(changed([id], { name }));
      return true;
    },

    setRole(ids, role) {
      const affected = credentials.get().devices.filter((device) => ids.includes(device.id) && device.role !== role).map(({ id }) => id);
      if (affected.length === 0) return affected;
      // An admin made a viewer loses a right, which takes effect whether or not it can be saved.
      if (role === 'viewer') credentials.revoke(changed(affected, { role }));
      else credentials.update(changed(affected, { role }));
      return affected;
    },

    remove(matches) {
      const removed = credentials.get().devices.filter(matches);
      if (removed.length === 0) return removed;
      credentials.revoke((all) => ({ ...all, devices: all.devices.filter((device) => !removed.some(({ id }) => id === device.id)) }));
      removed.forEach(({ id }) => sessions.forget(id));
      return removed;
    },
  };
}
