/** Tables of the history, made and changed by an ordered list of migrations. */
import type { Database } from 'better-sqlite3';

/** "TRAW": tells this program's databases from others (SQLite header, application_id). */
export const APPLICATION_ID = 0x54524157;

/** One step each; the database's user_version counts those done. Never change a released one: add another. */
const MIGRATIONS: readonly string[] = [
  `
  -- A series is one key at one resolution; a descriptor whose resolution changes starts another series.
  CREATE TABLE series (id INTEGER PRIMARY KEY, key TEXT NOT NULL, resolution REAL NOT NULL, UNIQUE (key, resolution));
  -- position: time of the first row in ms × 1024, plus a number that makes it unique. data: see frame.ts.
  CREATE TABLE frames (position INTEGER PRIMARY KEY, data BLOB NOT NULL);
  -- time: epoch ms of the first sample after a known hole.
  CREATE TABLE gaps (time INTEGER PRIMARY KEY, reason TEXT NOT NULL);
  `,
];

/** Version of the schema this program writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings a database to the present version, one transaction per step. */
export function migrate(db: Database): void {
  const done = Number(db.pragma('user_version', { simple: true }));
  MIGRATIONS.slice(done).forEach((sql, index) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${done + index + 1}`);
    })();
  });
}
