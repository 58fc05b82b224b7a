/** Browsers that were let in: their names, roles, and when they were last seen. */
import { accountKey } from '../../shared/sharing/auth-policy';
import type { Device } from '../../shared/sharing/access-schemas';
import type { Clock } from '../engine/clock';
import type { Role } from './identity';
import { IDLE_LIMIT } from './refresh-token-rotation';
import type { StoredDevice, StoredCredentials } from './credential-schema';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import { withTokenFamily } from './sessions';
import type { Sessions, SessionTokens } from './sessions';
import type { CredentialChange, CredentialStore } from './credential-store';

/** Sightings nearer together than this are one, ms: being watched must not mean writing to the disk. */
const SEEN_STEP = 60_000;

/** A browser that is to be let in. */
interface NewDevice {
  readonly name: string;
  readonly role: Role;
  readonly address: string;
  /** The account it signed in with; null for one that was paired. */
  readonly account: string | null;
}

/** Keeps the devices. Each has exactly one family of refresh tokens. */
export interface Devices {
  list(): readonly Device[];
  find(id: string): StoredDevice | null;
  /** Throws a CallError when it cannot be saved. */
  add(device: NewDevice): { readonly id: string; readonly tokens: SessionTokens };
  /** A new family for a device whose first one never arrived. Throws a CallError. */
  renew(id: string): SessionTokens;
  /**
   * Puts out all of `which` but one, which gets a new family: what was copied of its session is worth nothing afterwards.
   * Saved together with `also`, or none of it is done: throws a CallError then.
   */
  keepOnly(id: string, which: (device: StoredDevice) => boolean, also: CredentialChange): { readonly gone: readonly StoredDevice[]; readonly tokens: SessionTokens };
  seen(device: StoredDevice, address: string): void;
  rename(id: string, name: string): boolean;
  /** The devices whose role is another one now. */
  setRole(ids: readonly string[], role: Role): readonly string[];
  /** The devices that are gone. */
  remove(which: (device: StoredDevice) => boolean): readonly StoredDevice[];
}

/** What the devices are built from. */
export interface DeviceParts {
  readonly credentials: CredentialStore;
  readonly sessions: Sessions;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
}

/** True for the devices of an account. */
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

/** Makes the keeper. */
export function createDevices({ credentials, sessions, clock, random }: DeviceParts): Devices {
  const isCurrent = ({ refresh }: StoredDevice): boolean => clock.now() - refresh.rotatedAt <= IDLE_LIMIT;
  return {
    list: () => credentials.get().devices.filter(isCurrent).map(toDevice),
    find: (id) => credentials.get().devices.find((device) => device.id === id) ?? null,

    add({ name, role, address, account }) {
      const id = newId('d', random);
      const now = clock.now();
      const { family, tokens } = sessions.begin(id);
      const device: StoredDevice = { id, name, role, createdAt: now, lastSeen: now, lastAddress: address, account, refresh: family };
      // Those that were away too long make room.
      credentials.update((all) => ({ ...all, devices: [...all.devices.filter(isCurrent), device] }));
      return { id, tokens };
    },

    renew(id) {
      sessions.forget(id);
      const { family, tokens } = sessions.begin(id);
      credentials.update(withTokenFamily(id, family));
      return tokens;
    },

    keepOnly(id, which, also) {
      const gone = credentials.get().devices.filter((device) => device.id !== id && which(device));
      const ids = new Set(gone.map((device) => device.id));
      sessions.forget(id);
      const { family, tokens } = sessions.begin(id);
      try {
        credentials.update((all) => withTokenFamily(id, family)(also({ ...all, devices: all.devices.filter((device) => !ids.has(device.id)) })));
      } catch (error) {
        // The family on the disk stands, and the browser's refresh token with it.
        sessions.forget(id);
        throw error;
      }
      for (const one of ids) sessions.forget(one);
      return { gone, tokens };
    },

    seen(device, address) {
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
      const other = credentials.get().devices.filter((device) => ids.includes(device.id) && device.role !== role).map(({ id }) => id);
      if (other.length === 0) return other;
      // An admin made a viewer loses a right, and that holds whatever the disk says.
      if (role === 'viewer') credentials.revoke(changed(other, { role }));
      else credentials.update(changed(other, { role }));
      return other;
    },

    remove(which) {
      const gone = credentials.get().devices.filter(which);
      if (gone.length === 0) return gone;
      const ids = new Set(gone.map(({ id }) => id));
      credentials.revoke((all) => ({ ...all, devices: all.devices.filter(({ id }) => !ids.has(id)) }));
      for (const id of ids) sessions.forget(id);
      return gone;
    },
  };
}
