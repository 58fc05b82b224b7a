/** Browsers that were let in: their names, roles, and when they were last seen. */
import { accountKey } from '../../shared/sharing/auth-policy';
import type { Device } from '../../shared/sharing/access-schemas';
import type { Clock } from '../engine/clock';
import type { Role } from './identity';
import { IDLE_LIMIT } from './refresh-token-rotation';
import type { KeptDevice, Rights } from './credential-schema';
import { newId } from './secrets';
import type { RandomBytes } from './secrets';
import { withFamily } from './sessions';
import type { Sessions, SessionTokens } from './sessions';
import type { RightsChange, RightsStore } from './credential-store';

/** Sightings nearer together than this are one, ms: being watched must not mean writing to the disk. */
const SEEN_STEP = 60_000;

/** A browser that is to be let in. */
export interface NewDevice {
  readonly name: string;
  readonly role: Role;
  readonly address: string;
  /** The account it signed in with; null for one that was paired. */
  readonly account: string | null;
}

/** Keeps the devices. Each has exactly one family of refresh tokens. */
export interface Devices {
  list(): readonly Device[];
  find(id: string): KeptDevice | null;
  /** Throws a CallError when it cannot be saved. */
  add(device: NewDevice): { readonly id: string; readonly tokens: SessionTokens };
  /** A new family for a device whose first one never arrived. Throws a CallError. */
  renew(id: string): SessionTokens;
  /**
   * Puts out all of `which` but one, which gets a new family: what was copied of its session is worth nothing afterwards.
   * Saved together with `also`, or none of it is done: throws a CallError then.
   */
  keepOnly(id: string, which: (device: KeptDevice) => boolean, also: RightsChange): { readonly gone: readonly KeptDevice[]; readonly tokens: SessionTokens };
  seen(device: KeptDevice, address: string): void;
  rename(id: string, name: string): boolean;
  /** The devices whose role is another one now. */
  setRole(ids: readonly string[], role: Role): readonly string[];
  /** The devices that are gone. */
  remove(which: (device: KeptDevice) => boolean): readonly KeptDevice[];
}

/** What the devices are built from. */
export interface DeviceParts {
  readonly rights: RightsStore;
  readonly sessions: Sessions;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
}

/** True for the devices of an account. */
export function isOfAccount(name: string): (device: Pick<Device, 'account'>) => boolean {
  return ({ account }) => account !== null && accountKey(account) === accountKey(name);
}

function toDevice({ refresh: _refresh, ...device }: KeptDevice): Device {
  return device;
}

const changed = (ids: readonly string[], change: Partial<KeptDevice>) => (rights: Rights): Rights => ({
  ...rights,
  devices: rights.devices.map((device) => (ids.includes(device.id) ? { ...device, ...change } : device)),
});

/** Makes the keeper. */
export function createDevices({ rights, sessions, clock, random }: DeviceParts): Devices {
  const isCurrent = ({ refresh }: KeptDevice): boolean => clock.now() - refresh.rotatedAt <= IDLE_LIMIT;
  return {
    list: () => rights.get().devices.filter(isCurrent).map(toDevice),
    find: (id) => rights.get().devices.find((device) => device.id === id) ?? null,

    add({ name, role, address, account }) {
      const id = newId('d', random);
      const now = clock.now();
      const { family, tokens } = sessions.begin(id);
      const device: KeptDevice = { id, name, role, createdAt: now, lastSeen: now, lastAddress: address, account, refresh: family };
      // Those that were away too long make room.
      rights.update((all) => ({ ...all, devices: [...all.devices.filter(isCurrent), device] }));
      return { id, tokens };
    },

    renew(id) {
      sessions.forget(id);
      const { family, tokens } = sessions.begin(id);
      rights.update(withFamily(id, family));
      return tokens;
    },

    keepOnly(id, which, also) {
      const gone = rights.get().devices.filter((device) => device.id !== id && which(device));
      const ids = new Set(gone.map((device) => device.id));
      sessions.forget(id);
      const { family, tokens } = sessions.begin(id);
      try {
        rights.update((all) => withFamily(id, family)(also({ ...all, devices: all.devices.filter((device) => !ids.has(device.id)) })));
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
      rights.touch(changed([device.id], { lastSeen: now, lastAddress: address }));
    },

    rename(id, name) {
      if (!rights.get().devices.some((device) => device.id === id)) return false;
      rights.update(changed([id], { name }));
      return true;
    },

    setRole(ids, role) {
      const other = rights.get().devices.filter((device) => ids.includes(device.id) && device.role !== role).map(({ id }) => id);
      if (other.length === 0) return other;
      // An admin made a viewer loses a right, and that holds whatever the disk says.
      if (role === 'viewer') rights.withdraw(changed(other, { role }));
      else rights.update(changed(other, { role }));
      return other;
    },

    remove(which) {
      const gone = rights.get().devices.filter(which);
      if (gone.length === 0) return gone;
      const ids = new Set(gone.map(({ id }) => id));
      rights.withdraw((all) => ({ ...all, devices: all.devices.filter(({ id }) => !ids.has(id)) }));
      for (const id of ids) sessions.forget(id);
      return gone;
    },
  };
}
