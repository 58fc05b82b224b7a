/** Progress of maintenance as numbers by name; written in the same transaction as the data they describe. */
import type { Database, Statement } from 'better-sqlite3';

/** The table `state`, cached in memory. */
export class MaintenanceState {
  readonly #values = new Map<string, number>();
  readonly #put: Statement<[string, number]>;
  readonly #drop: Statement<[string]>;
  readonly #inTransaction: (work: () => void) => void;

  constructor(db: Database) {
    this.#inTransaction = db.transaction((work: () => void) => work());
    this.#put = db.prepare('INSERT INTO state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value');
    this.#drop = db.prepare('DELETE FROM state WHERE name = ?');
    for (const { name, value } of db.prepare<[], { name: string; value: number }>('SELECT name, value FROM state').all()) this.#values.set(name, value);
  }

  get(name: string): number | null {
    return this.#values.get(name) ?? null;
  }

  /** Removes a number that other means removed from the table. */
  forget(name: string): void {
    this.#values.delete(name);
  }

  /** Sets numbers, removes those that are null, and runs `work`, in one transaction: all of it or, if it throws, nothing. */
  save(values: Readonly<Record<string, number | null>>, work: () => void = () => undefined): void {
    this.#inTransaction(() => {
      work();
      for (const [name, value] of Object.entries(values)) {
        if (value === null) this.#drop.run(name);
        else this.#put.run(name, value);
      }
    });
    for (const [name, value] of Object.entries(values)) {
      if (value === null) this.#values.delete(name);
      else this.#values.set(name, value);
    }
  }
}
