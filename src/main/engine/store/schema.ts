/**
 * Tables of the database, created and changed by an ordered list of migrations. Their names in the code: head → Head and its
 * frames (head.ts), chunks → Chunks (chunks.ts), spans → the index of chunk starts (chunks.ts), gaps → GapMarker, series →
 * Catalog, state → MaintenanceState, events, incidents and top_processes (process snapshots) → ActivityTables, salvage →
 * damaged databases still being salvaged (salvage.ts).
 */
import type { Database } from 'better-sqlite3';

/** "TRAW": identifies this program's databases (application_id in the SQLite header). */
export const APPLICATION_ID = 0x54524157;

/**
 * Renames the event types written before schema 6 to their present names. One type had two meanings, because a restore wrote
 * it as well; only damage is critical. Also run on events salvaged from an older file.
 */
export const RENAME_EVENT_TYPES = `
  UPDATE events SET type = CASE type
    WHEN 'alert_cleared' THEN 'alert_resolved'
    WHEN 'alert_eased' THEN 'alert_deescalated'
    WHEN 'alert_worsened' THEN 'alert_escalated'
    WHEN 'database_set_aside' THEN iif(severity = 'critical', 'history_quarantined', 'history_restored')
    WHEN 'lan_token_reused' THEN 'lan_refresh_token_reused'
    ELSE replace(type, 'control_', 'power_') END
  WHERE type IN ('alert_cleared', 'alert_eased', 'alert_worsened', 'database_set_aside', 'lan_token_reused',
    'control_requested', 'control_confirmed', 'control_cancelled', 'control_started', 'control_failed');
`;

/** One migration each; the database's user_version is the number of those done. Never change a released one: add another. */
const MIGRATIONS: readonly string[] = [
  `
  -- A series is one key at one resolution; a descriptor whose resolution changes starts another series.
  CREATE TABLE series (id INTEGER PRIMARY KEY, key TEXT NOT NULL, resolution REAL NOT NULL, UNIQUE (key, resolution));
  -- position: time of the first row in ms × 1024, plus a number that makes it unique. data: see frame.ts.
  CREATE TABLE frames (position INTEGER PRIMARY KEY, data BLOB NOT NULL);
  -- time: epoch ms of the first sample after a known gap.
  CREATE TABLE gaps (time INTEGER PRIMARY KEY, reason TEXT NOT NULL);
  `,
  `
  -- Frames not sealed yet, in the order of commits. first, last: epoch ms that include all its rows. data: see frame.ts.
  CREATE TABLE head (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL);
  INSERT INTO head (first, last, data) SELECT position / 1024, position / 1024 + 60000, data FROM frames ORDER BY position;
  DROP TABLE frames;
  -- id: kind, time and series, see tiers.ts. data: see sample-chunk.ts and rollup-chunk.ts.
  CREATE TABLE chunks (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  -- Progress of maintenance.
  CREATE TABLE state (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
  -- Day (epoch ms) of the newest sealed sample.
  ALTER TABLE series ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Events of the timeline. id increases with each event and is never reused; time: epoch ms; details: a JSON object.
  CREATE TABLE events (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, type TEXT NOT NULL, severity TEXT NOT NULL, message TEXT NOT NULL, user TEXT, details TEXT);
  CREATE INDEX events_by_time ON events (time);
  CREATE INDEX events_by_type ON events (type);
  -- opened, cleared: epoch ms; cleared is null while the incident is open. data: the incident as JSON.
  CREATE TABLE incidents (id TEXT NOT NULL UNIQUE, opened INTEGER NOT NULL, cleared INTEGER, rule TEXT NOT NULL, series TEXT NOT NULL, data TEXT NOT NULL);
  CREATE INDEX incidents_by_time ON incidents (opened);
  CREATE INDEX incidents_open ON incidents (opened) WHERE cleared IS NULL;
  -- Process snapshots: a row per minute until an hour is over (packed is 0), then a row per hour; a row each for those of an
  -- incident. first, last: epoch ms of the snapshots in it. data: see process-snapshot-block.ts.
  CREATE TABLE top_processes (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, incident TEXT, packed INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX top_by_time ON top_processes (last);
  CREATE INDEX top_unpacked ON top_processes (id) WHERE packed = 0;
  CREATE INDEX top_of_incident ON top_processes (incident) WHERE incident IS NOT NULL;
  -- Damaged databases that are still being salvaged. name: of the file, in the same folder. next: row of the table chunks to
  -- continue with, or -1 while not even the series are copied.
  CREATE TABLE salvage (name TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- Frames get a number of their own, so that a row can be reused: see head.ts.
  ALTER TABLE head RENAME TO head_before;
  CREATE TABLE head (place INTEGER PRIMARY KEY, id INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL);
  INSERT INTO head (place, id, first, last, data) SELECT id, id, first, last, data FROM head_before ORDER BY id;
  DROP TABLE head_before;
  -- Minutes of windows (kinds 2 and 3) were rolled up a day at a time; now they are merged first. Of an unfinished rollup the
  -- chunks that were rolled up are removed now, and the rest is as if it had never begun. Row numbers: tiers.ts.
  DELETE FROM chunks WHERE id IN (
    SELECT chunks.id FROM state CROSS JOIN (SELECT 2 AS code UNION SELECT 3) CROSS JOIN chunks
    WHERE state.name = 'roll.2'
    AND chunks.id >= (code * 16777216 + CAST(value AS INTEGER) / 900000) * 33554432
    AND chunks.id < (code * 16777216 + CAST(value AS INTEGER) / 900000 + 96) * 33554432
    AND chunks.id % 33554432 < (SELECT value FROM state WHERE name = 'roll.next'));
  DELETE FROM state WHERE name = 'roll.next' AND EXISTS (SELECT 1 FROM state WHERE name = 'roll.2');
  DELETE FROM state WHERE name = 'roll.2';
  `,
  `
  -- Starts of the chunks of each kind: finding them in chunks takes reading a page for each. start: epoch ms.
  CREATE TABLE spans (kind INTEGER NOT NULL, start INTEGER NOT NULL, PRIMARY KEY (kind, start)) WITHOUT ROWID;
  -- From each chunk found to the first one of the next window, over kinds of points and samples (even) and sketches (odd).
  WITH RECURSIVE found (id) AS (
    SELECT min(id) FROM chunks
    UNION ALL
    SELECT (SELECT min(id) FROM chunks WHERE id >= (found.id / 33554432 + 1) * 33554432) FROM found WHERE found.id IS NOT NULL)
  INSERT INTO spans SELECT id / 562949953421312, id / 33554432 % 16777216 * 900000 FROM found
  WHERE id IS NOT NULL AND id / 562949953421312 % 2 = 0;
  `,
  RENAME_EVENT_TYPES,
  `
  -- since: epoch ms of the last sample before the gap, 0 where there is none; null in rows of earlier versions. Points are as
  -- long as an hour, so it cannot be read from them later.
  ALTER TABLE gaps ADD COLUMN since INTEGER;
  `,
];

/** Version of the schema this program writes: the database's user_version. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Migrates a database to the present version, one transaction per migration. */
export function migrate(db: Database): void {
  const done = Number(db.pragma('user_version', { simple: true }));
  MIGRATIONS.slice(done).forEach((sql, index) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${done + index + 1}`);
    })();
  });
}
