/**
 * How many devices of a family are stored. Devices come and go, some without end (mounts, interfaces, drives of a dock), and
 * each that was there once is a set of series for as long as history is kept. So of those that are gone a limited number is
 * kept; maintenance removes the others, those that are gone for longest first. Where so many come in a day that maintenance
 * cannot follow, new ones are not stored.
 */
import type { Database } from 'better-sqlite3';
import { parseSeriesKey } from '../../../shared/metrics/index';
import type { SeriesKey } from '../../../shared/metrics/index';

/** Devices of a family that are kept beyond those that are there at once. */
export const KEPT_GONE = 128;

/** Most devices of a family that are stored beyond those, until maintenance has removed some. */
export const MAX_GONE = 4000;

/** The limit of a family was reached. */
export interface LimitReached {
  readonly family: string;
  /** Devices that are kept, or stored at most. */
  readonly limit: number;
  /** Devices whose history was removed; 0 where a new one is not stored. */
  readonly removed: number;
}

/** Series to remove, device by device, and what to report of it. */
export interface Surplus {
  readonly family: string;
  readonly limit: number;
  readonly devices: readonly (readonly number[])[];
}

/** The devices of a family in this run. */
export interface FamilyPresence {
  readonly family: string;
  /** Most that were there at once. */
  most: number;
}

/** A device with stored series. */
export interface StoredDevice {
  readonly id: string;
  readonly presence: FamilyPresence;
}

/** A row of the table of series. */
interface SeriesRow {
  readonly id: number;
  readonly key: SeriesKey;
  /** Day of its newest sealed sample, epoch ms; 0 while there is none. */
  readonly last: number;
}

/** Counts the stored devices of one database. */
export class DeviceLimit {
  readonly #db: Database;
  readonly #onLimit: (reached: LimitReached) => void;
  /** Stored devices by family; null until they are needed. */
  #stored: Map<string, Set<string>> | null = null;
  readonly #presence = new Map<string, FamilyPresence>();
  readonly #full = new Set<string>();

  /** `onLimit` is called when a device of a family is not stored, once until there is room again. */
  constructor(db: Database, onLimit: (reached: LimitReached) => void) {
    this.#db = db;
    this.#onLimit = onLimit;
  }

  /** Call for each device that has samples. */
  note({ presence }: StoredDevice): void {
    this.#presence.set(presence.family, presence);
  }

  /** True if a device is stored already, or may be from now on. */
  admits({ id, presence }: StoredDevice): boolean {
    const { family, most } = presence;
    const stored = this.#devicesOf(family);
    if (stored.has(id)) return true;
    if (stored.size >= most + MAX_GONE) {
      if (!this.#full.has(family)) this.#onLimit({ family, limit: most + MAX_GONE, removed: 0 });
      this.#full.add(family);
      return false;
    }
    stored.add(id);
    return true;
  }

  /** Call after rows were added, renamed or removed by other means. */
  reset(): void {
    this.#stored = null;
    this.#full.clear();
  }

  /** What to remove: devices without a sample since `since` (epoch ms), the oldest first. */
  surplus(since: number): Surplus[] {
    const devices = this.#allDevices(since);
    return [...this.#presence.values()].flatMap(({ family, most }) => {
      const stored = devices.filter((device) => device.family === family);
      const limit = most + KEPT_GONE;
      const gone = stored.filter(({ isGone }) => isGone).sort((a, b) => a.last - b.last || (a.ids[0] ?? 0) - (b.ids[0] ?? 0));
      const surplus = gone.slice(0, Math.max(0, stored.length - limit));
      return surplus.length === 0 ? [] : [{ family, limit, devices: surplus.map(({ ids }) => ids) }];
    });
  }

  #allDevices(since: number): { readonly family: string; readonly last: number; readonly isGone: boolean; readonly ids: readonly number[] }[] {
    const devices = new Map<string, { family: string; last: number; isGone: boolean; ids: number[] }>();
    for (const { id, key, last } of this.#db.prepare<[], SeriesRow>('SELECT id, key, last FROM series ORDER BY id').all()) {
      const parts = parseSeriesKey(key);
      if (parts === null || parts.device === null) continue;
      const name = `${parts.family}@${parts.device}`;
      const device = devices.get(name) ?? { family: parts.family, last: 0, isGone: true, ids: [] };
      device.ids.push(id);
      device.last = Math.max(device.last, last);
      if (last === 0 || last >= since) device.isGone = false;
      devices.set(name, device);
    }
    return [...devices.values()];
  }

  #devicesOf(family: string): Set<string> {
    if (this.#stored === null) {
      this.#stored = new Map();
      for (const key of this.#db.prepare<[], SeriesKey>('SELECT DISTINCT key FROM series').pluck().all()) {
        const parts = parseSeriesKey(key);
        if (parts !== null && parts.device !== null) this.#setOf(this.#stored, parts.family).add(parts.device);
      }
    }
    return this.#setOf(this.#stored, family);
  }

  #setOf(stored: Map<string, Set<string>>, family: string): Set<string> {
    const devices = stored.get(family) ?? new Set();
    stored.set(family, devices);
    return devices;
  }
}
