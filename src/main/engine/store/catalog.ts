/** Catalog of the stored series: key and resolution of each, and its number in the database. */
import type { Database, Statement } from 'better-sqlite3';
import type { SeriesKey } from '../../../shared/metrics/index';
import type { StoredSeries } from './flatten';
import { scaleOf } from './codec/scale';
import type { Scale } from './codec/scale';
import { DeviceLimit } from './device-limit';
import type { LimitReached, Surplus } from './device-limit';
import { renameSeries } from './rename-series';
import type { SeriesRename } from './rename-series';

/** A row of the table `series`. A key has more than one row where its descriptor's resolution changed. */
export interface CatalogSeries {
  readonly id: number;
  readonly key: SeriesKey;
  readonly resolution: number;
  /** Day of its newest sealed sample, epoch ms; 0 while there is none. */
  readonly last: number;
}

/** What is needed to read a series: its number, and the scale of its values. */
export interface ReadSeries {
  readonly id: number;
  readonly scale: Scale;
}

/** Callbacks to the rest of the app. */
export interface CatalogHooks {
  /** More devices of a family have come and gone than are kept. */
  readonly onDeviceLimit?: (reached: LimitReached) => void;
  /** After a commit: series have other keys now. Once also where nothing is stored under the former ones. */
  readonly onRenamed?: (renamed: ReadonlyMap<SeriesKey, SeriesKey>) => void;
}

const COLUMNS = 'SELECT id, key, resolution, last FROM series';

/** Looks up, adds and removes series. */
export class Catalog {
  /** Numbers of the series seen so far; valid for this database only. */
  #ids = new WeakMap<StoredSeries, number>();
  #added: StoredSeries[] = [];
  /** Series of devices that are not stored, with the number of devices there were at most when that was decided. */
  #refused = new WeakMap<StoredSeries, number>();
  #renamed: SeriesRename[] = [];
  /** Renamed series that were reported, by the key that must not be in use. */
  readonly #reported = new Set<SeriesKey>();
  readonly #db: Database;
  readonly #hooks: CatalogHooks;
  readonly #limit: DeviceLimit;
  /** Cached series by key; cleared whenever a series is added or removed. */
  readonly #byKey = new Map<SeriesKey, readonly ReadSeries[]>();
  readonly #find: Statement<[string, number], { id: number }>;
  readonly #add: Statement<[string, number]>;
  readonly #ofKey: Statement<[string], Pick<CatalogSeries, 'id' | 'resolution'>>;
  readonly #from: Statement<[number, number], CatalogSeries>;
  readonly #touch: Statement<[number, number, number]>;
  readonly #stale: Statement<[number], CatalogSeries>;
  readonly #drop: Statement<[number]>;

  constructor(db: Database, hooks: CatalogHooks = {}) {
    this.#db = db;
    this.#hooks = hooks;
    this.#limit = new DeviceLimit(db, (reached) => hooks.onDeviceLimit?.(reached));
    this.#find = db.prepare('SELECT id FROM series WHERE key = ? AND resolution = ?');
    this.#add = db.prepare('INSERT INTO series (key, resolution) VALUES (?, ?)');
    this.#ofKey = db.prepare('SELECT id, resolution FROM series WHERE key = ?');
    this.#from = db.prepare(`${COLUMNS} WHERE id >= ? ORDER BY id LIMIT ?`);
    this.#touch = db.prepare('UPDATE series SET last = ? WHERE id = ? AND last < ?');
    this.#stale = db.prepare(`${COLUMNS} WHERE last > 0 AND last < ?`);
    this.#drop = db.prepare('DELETE FROM series WHERE id = ?');
  }

  /**
   * Number of a series, which is added if it is new; null if too many devices of its family are stored. Call inside a
   * transaction, then `onCommit` or `onRollback`.
   */
  idOf(series: StoredSeries): number | null {
    const cached = this.#ids.get(series);
    if (cached !== undefined) return cached;
    const { device } = series;
    if (device !== undefined && this.#refused.get(series) === device.presence.most) return null;
    const known = this.#find.get(series.key, series.scale.resolution);
    if (device !== undefined) this.#limit.note(device);
    if (known === undefined && device !== undefined && !this.#limit.admits(device)) {
      this.#refused.set(series, device.presence.most);
      return null;
    }
    const id = known?.id ?? Number(this.#add.run(series.key, series.scale.resolution).lastInsertRowid);
    this.#ids.set(series, id);
    this.#added.push(series);
    this.#byKey.clear();
    return id;
  }

  /** Continues series under other keys where that is unambiguous. Call inside a transaction, then `onCommit` or `onRollback`. */
  rename(rename: SeriesRename): void {
    const result = renameSeries(this.#db, rename);
    if (result === 'renamed') this.#forget();
    if (result === 'renamed' || (result === 'unused' && !this.#reported.has(rename.unless))) this.#renamed.push(rename);
  }

  /** Call after the transaction was committed. */
  onCommit(): void {
    this.#added = [];
    const renamed = this.#renamed;
    this.#renamed = [];
    for (const { renamed: keys, unless } of renamed) {
      this.#reported.add(unless);
      this.#hooks.onRenamed?.(keys);
    }
  }

  /** Call after the transaction failed: the numbers assigned in it are void. */
  onRollback(): void {
    for (const series of this.#added) this.#ids.delete(series);
    this.#added = [];
    this.#renamed = [];
    this.#byKey.clear();
    this.#limit.reset();
  }

  /** Series of a key, one per resolution. */
  ofKey(key: SeriesKey): readonly ReadSeries[] {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const found = this.#ofKey.all(key).map(({ id, resolution }) => ({ id, scale: scaleOf(resolution) }));
    if (found.length > 0) this.#byKey.set(key, found);
    return found;
  }

  /** At most `limit` series, by number, ascending, from `id` on. */
  from(id: number, limit: number): CatalogSeries[] {
    return this.#from.all(id, limit);
  }

  /** Records the day (epoch ms) of a sealed sample. */
  touch(id: number, day: number): void {
    this.#touch.run(day, id, day);
  }

  /** Series whose newest sealed sample is older than `day` (epoch ms). */
  stale(day: number): CatalogSeries[] {
    return this.#stale.all(day);
  }

  /** Removes series. A key that appears again gets another number. */
  remove(ids: readonly number[]): void {
    for (const id of ids) this.#drop.run(id);
    this.#forget();
  }

  /** Devices that are kept beyond the limit of their family, without a sample since `since` (epoch ms). */
  surplus(since: number): Surplus[] {
    return this.#limit.surplus(since);
  }

  /** Removes the series of devices beyond the limit of their family, and reports that. */
  removeSurplus({ family, limit, devices }: Surplus): void {
    this.remove(devices.flat());
    this.#hooks.onDeviceLimit?.({ family, limit, removed: devices.length });
  }

  #forget(): void {
    this.#ids = new WeakMap();
    this.#refused = new WeakMap();
    this.#byKey.clear();
    this.#limit.reset();
  }
}
