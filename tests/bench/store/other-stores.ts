/** Sizes of the same samples and points in other stores: rows in SQLite, and rrdtool and Prometheus where they are installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { recordedSeries } from './planned';
import { valuesByRow } from './recording';
import type { Recording } from './recording';

/** A rollup point as a row; numbers in the metric's unit. */
export interface PointRow {
  readonly series: number;
  readonly time: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

function columns(recording: Recording): { key: string; values: readonly (number | null)[] }[] {
  return recordedSeries(recording).map(({ key, model }) => ({ key, values: valuesByRow(recording, model) }));
}

/** Path of a file, which is deleted if it exists. */
function newFile(folder: string, name: string): string {
  const file = path.join(folder, name);
  rmSync(file, { force: true });
  return file;
}

/** Bytes of a database with a row per tick and a column per series, in one transaction. */
export function wideRowsInSqlite(folder: string, recording: Recording): number {
  const file = newFile(folder, 'wide.sqlite');
  const db = new Database(file);
  const all = columns(recording);
  db.exec(`CREATE TABLE samples (time INTEGER PRIMARY KEY, ${all.map((_, i) => `c${i} REAL`).join(', ')})`);
  const insert = db.prepare(`INSERT INTO samples VALUES (?, ${all.map(() => '?').join(', ')})`);
  db.transaction(() => recording.time.forEach((time, row) => insert.run(time, ...all.map(({ values }) => values[row] ?? null))))();
  db.close();
  return statSync(file).size;
}

/** Bytes of a database with a row per sample, by series and time, without a second index. */
export function narrowRowsInSqlite(folder: string, recording: Recording): number {
  const file = newFile(folder, 'narrow.sqlite');
  const db = new Database(file);
  db.exec('CREATE TABLE samples (series INTEGER, time INTEGER, value REAL, PRIMARY KEY (series, time)) WITHOUT ROWID');
  const insert = db.prepare('INSERT INTO samples VALUES (?, ?, ?)');
  db.transaction(() => {
    for (const [i, { values }] of columns(recording).entries()) {
      values.forEach((value, row) => value !== null && insert.run(i, recording.time[row], value));
    }
  })();
  db.close();
  return statSync(file).size;
}

/** Bytes of a database with a row per rollup point, by series and time. */
export function pointRowsInSqlite(folder: string, points: Iterable<PointRow>): number {
  const file = newFile(folder, 'points.sqlite');
  const db = new Database(file);
  db.exec('CREATE TABLE points (series INTEGER, time INTEGER, count INTEGER, sum REAL, min REAL, max REAL, PRIMARY KEY (series, time)) WITHOUT ROWID');
  const insert = db.prepare('INSERT INTO points VALUES (?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (const { series, time, count, sum, min, max } of points) insert.run(series, time, count, sum, min, max);
  })();
  db.close();
  return statSync(file).size;
}

/** True if a program can be started. */
function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Bytes of one file of rrdtool with a round-robin archive of `length` rows for each kind; all rows exist from the start. */
function roundRobin(folder: string, step: number, kinds: readonly string[], length: number): number {
  const file = newFile(folder, 'one.rrd');
  const robins = kinds.map((kind) => `RRA:${kind}:0.5:1:${length}`);
  execFileSync('rrdtool', ['create', file, '--step', String(step), `DS:value:GAUGE:${2 * step}:U:U`, ...robins]);
  return statSync(file).size;
}

/** Bytes of a file per series with a row for each second of the recording; null where rrdtool is not installed. */
export function samplesInRrdtool(folder: string, recording: Recording): number | null {
  if (!isInstalled('rrdtool')) return null;
  return roundRobin(folder, 1, ['AVERAGE'], recording.time.length) * recordedSeries(recording).length;
}

/** Bytes of a file per series with mean, minimum and maximum of `buckets` buckets of `width` ms; null where rrdtool is not installed. */
export function pointsInRrdtool(folder: string, series: number, width: number, buckets: number): number | null {
  return isInstalled('rrdtool') ? roundRobin(folder, width / 1000, ['AVERAGE', 'MIN', 'MAX'], buckets) * series : null;
}

/** Bytes of Prometheus blocks of the recording, index included; null where promtool is not installed. */
export function samplesInPrometheus(folder: string, recording: Recording): number | null {
  if (!isInstalled('promtool')) return null;
  const source = path.join(folder, 'samples.om');
  writeFileSync(source, '');
  for (const [i, { key, values }] of columns(recording).entries()) {
    const name = `s${i}{key="${key.replaceAll(/[\\"]/g, '_')}"}`;
    const lines = values.flatMap((value, row) => (value === null ? [] : [`${name} ${value} ${((recording.time[row] ?? 0) / 1000).toFixed(3)}`]));
    appendFileSync(source, `# TYPE s${i} gauge\n${lines.join('\n')}\n`);
  }
  appendFileSync(source, '# EOF\n');
  const out = path.join(folder, 'prometheus');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', source, out], { stdio: 'ignore' });
  rmSync(source);
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}
