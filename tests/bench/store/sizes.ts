/**
 * `sizes <folder> <recording>`: bytes of the same recorded samples here, as plain rows in SQLite, in rrdtool and in
 * Prometheus' own blocks. The last two are left out, and said so, where they are not installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../../src/main/engine/store/open';
import type { Log } from '../../../src/main/engine/log';
import { parseSeriesKey } from '../../../src/shared/metrics/index';
import { readRecording } from './recording';
import type { Recording } from './recording';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (message, facts) => console.error(message, facts), scoped: () => silent };

const [folder = '', file = ''] = process.argv.slice(2);
const recording = readRecording(file);
const samples = recording.series.reduce((sum, series) => sum + series.steps.length, 0);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const bytesUnder = (where: string): number => readdirSync(where, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);

/** Values by row of the recording. */
function columns({ series }: Recording): { key: string; values: Map<number, number> }[] {
  return series.map(({ key, resolution, rows, steps }) => ({ key, values: new Map(rows.map((row, i) => [row, (steps[i] ?? 0) * resolution])) }));
}

function here(): Record<string, number> {
  const clock = { wall: 0, mono: 0 };
  const database = path.join(folder, 'history.sqlite');
  const { store } = openStore({ path: database, clock: { now: () => clock.wall, mono: () => clock.mono }, log: silent, keepDays: 730 });
  const wanted = columns(recording).map(({ key, values }) => ({ parsed: parseSeriesKey(key), values }));
  const upkeep = (): void => {
    while (store.maintain(clock.wall)) clock.mono += 1;
  };
  recording.time.forEach((time, row) => {
    const readings: Record<string, { values: Record<string, number>; devices: Record<string, { label: string; values: Record<string, number> }> }> = {};
    for (const { parsed, values } of wanted) {
      const value = values.get(row);
      if (value === undefined || parsed === null) continue;
      const reading = (readings[parsed.family] ??= { values: {}, devices: {} });
      if (parsed.device === null) reading.values[parsed.metric] = value;
      else (reading.devices[parsed.device] ??= { label: '', values: {} }).values[parsed.metric] = value;
    }
    clock.wall = time;
    clock.mono += 1000;
    store.append({ seq: row + 1, time, readings, faults: {} });
  });
  const kindsNow = (): Record<string, number> => {
    const db = new Database(database, { readonly: true });
    const rows = db.prepare<[], { kind: number; bytes: number }>('SELECT id / 562949953421312 AS kind, sum(length(data) + 9) AS bytes FROM chunks GROUP BY kind').all();
    db.close();
    return Object.fromEntries(rows.map(({ kind, bytes }) => [kind, bytes]));
  };
  const tickAfter = (ms: number): void => {
    clock.wall = (recording.time.at(-1) ?? 0) + ms;
    store.append({ seq: recording.time.length + 1, time: clock.wall, readings: {}, faults: {}, gap: 'pause' });
    store.commit();
    upkeep();
  };
  // A tick later everything is sealed, a day later everything is rolled.
  tickAfter(1_800_000);
  const sealed = kindsNow();
  tickAfter(86_400_000);
  const stats = store.stats({ series: wanted.map((_, i) => recording.series[i]?.key ?? ''), from: 0, to: clock.wall - 1000 });
  const kept = stats.reduce((sum, one) => sum + one.count, 0);
  if (kept !== samples) throw new Error(`${kept} of ${samples} samples were kept`);
  store.close();
  return { ...kindsNow(), 0: sealed[0] ?? 0 };
}

function rowsInSqlite(isWide: boolean): number {
  const database = path.join(folder, isWide ? 'wide.sqlite' : 'narrow.sqlite');
  const db = new Database(database);
  const all = columns(recording);
  db.exec(isWide ? `CREATE TABLE samples (time INTEGER PRIMARY KEY, ${all.map((_, i) => `c${i} REAL`).join(', ')})` : 'CREATE TABLE samples (series INTEGER, time INTEGER, value REAL, PRIMARY KEY (series, time)) WITHOUT ROWID');
  const wide = isWide ? db.prepare(`INSERT INTO samples VALUES (?, ${all.map(() => '?').join(', ')})`) : null;
  const narrow = isWide ? null : db.prepare('INSERT INTO samples VALUES (?, ?, ?)');
  db.transaction(() => {
    recording.time.forEach((time, row) => wide?.run(time, ...all.map(({ values }) => values.get(row) ?? null)));
    if (narrow !== null) all.forEach(({ values }, i) => values.forEach((value, row) => narrow.run(i, recording.time[row], value)));
  })();
  db.close();
  return statSync(database).size;
}

/** A round robin of the same seconds, double per step, as rrdtool keeps them; the same rows for slow series. */
function inRrdtool(): number | null {
  if (spawnSync('rrdtool', ['--version']).error !== undefined) return null;
  const start = Math.floor((recording.time[0] ?? 0) / 1000);
  const one = path.join(folder, 'one.rrd');
  execFileSync('rrdtool', ['create', one, '--start', String(start - 1), '--step', '1', 'DS:v:GAUGE:60:U:U', `RRA:AVERAGE:0.5:1:${recording.time.length}`]);
  return statSync(one).size * recording.series.length;
}

function inPrometheus(): number | null {
  if (spawnSync('promtool', ['--version']).error !== undefined) return null;
  const text: string[] = [];
  columns(recording).forEach(({ key, values }, i) => {
    text.push(`# TYPE s${i} gauge`);
    for (const [row, value] of values) text.push(`s${i}{key="${key.replaceAll(/[\\"]/g, '_')}"} ${value} ${((recording.time[row] ?? 0) / 1000).toFixed(3)}`);
  });
  const source = path.join(folder, 'samples.om');
  writeFileSync(source, `${text.join('\n')}\n# EOF\n`);
  const out = path.join(folder, 'prometheus');
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', source, out], { stdio: 'ignore' });
  return bytesUnder(out);
}

const kinds = here();
const each = (bytes: number | null): string => (bytes === null ? 'not installed' : `${(bytes / samples).toFixed(2)} bytes`);
const points = (seconds: number): number => {
  let count = 0;
  for (const { rows } of recording.series) count += new Set(rows.map((row) => Math.floor((recording.time[row] ?? 0) / 1000 / seconds))).size;
  return count;
};
console.log(`${recording.series.length} series, ${recording.time.length} ticks, ${samples} samples`);
console.log(`  here: samples ${each(kinds[0] ?? 0)}`);
for (const [name, kind, seconds] of [['1 min', 4, 60], ['15 min', 6, 900], ['1 h', 8, 3600]] as const) {
  console.log(`  here: ${name} ${((kinds[kind] ?? 0) / points(seconds)).toFixed(2)} bytes a point and ${((kinds[kind + 1] ?? 0) / points(seconds)).toFixed(1)} for its sketch`);
}
console.log(`  plain rows in SQLite: wide ${each(rowsInSqlite(true))}, narrow ${each(rowsInSqlite(false))}`);
console.log(`  rrdtool ${each(inRrdtool())}, Prometheus ${each(inPrometheus())}`);
