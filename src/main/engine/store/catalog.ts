/** Catalog of the stored series: key and resolution of each, and its number in the database. */
import type { Database, Statement } from 'better-sqlite3';
import type { SeriesKey } from '../../../shared/metrics/index';
import type { StoredSeries } from './flatten';
import { scaleOf } from './codec/scale';
import type { Scale } from './codec/scale';

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

const COLUMNS = 'SELECT id, key, resolution, last FROM series';

/** Looks up, adds and removes series. */
export class Catalog {
  /** Numbers of the series seen so far; valid for this database only. */
  #ids = new WeakMap<StoredSeries, number>();
  #added: StoredSeries[] = [];
  /** Cached series by key; cleared whenever a series is added or removed. */
  readonly #byKey = new Map<SeriesKey, readonly ReadSeries[]>();
  readonly #find: Statement<[string, number], { id: number }>;
  readonly #add: Statement<[string, number]>;
  readonly #ofKey: Statement<[string], Pick<CatalogSeries, 'id' | 'resolution'>>;
  readonly #from: Statement<[number, number], CatalogSeries>;
  readonly #touch: Statement<[number, number, number]>;
  readonly #stale: Statement<[number], CatalogSeries>;
  readonly #drop: Statement<[number]>;

  constructor(db: Database) {
    this.#find = db.prepare('SELECT id FROM series WHERE key = ? AND resolution = ?');
    this.#add = db.prepare('INSERT INTO series (key, resolution) VALUES (?, ?)');
    this.#ofKey = db.prepare('SELECT id, resolution FROM series WHERE key = ?');
    this.#from = db.prepare(`${COLUMNS} WHERE id >= ? ORDER BY id LIMIT ?`);
    this.#touch = db.prepare('UPDATE series SET last = ? WHERE id = ? AND last < ?');
    this.#stale = db.prepare(`${COLUMNS} WHERE last > 0 AND last < ?`);
    this.#drop = db.prepare('DELETE FROM series WHERE id = ?');
  }

  /** Number of a series, which is added if it is new. Call inside a transaction, then `onCommit` or `onRollback`. */
  idOf(series: StoredSeries): number {
    const cached = this.#ids.get(series);
    if (cached !== undefined) return cached;
    const known = this.#find.get(series.key, series.scale.resolution);
    const id = known?.id ?? Number(this.#add.run(series.key, series.scale.resolution).lastInsertRowid);
    this.#ids.set(series, id);
    this.#added.push(series);
    this.#byKey.clear();
    return id;
  }

  /** Call after the transaction was committed. */
  onCommit(): void {
    this.#added = [];
  }

  /** Call after the transaction failed: the numbers assigned in it are void. */
  onRollback(): void {
    for (const series of this.#added) this.#ids.delete(series);
    this.#added = [];
    this.#byKey.clear();
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
    this.#ids = new WeakMap();
    this.#byKey.clear();
  }
}
