/** A history of the benchmark that is written in the order of maintenance. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { replayMaintenance } from '../../bench/store/maintenance-replay';
import { readRecording } from '../../bench/store/recording';
import { writeHistory } from '../../bench/store/two-years';

const DAY = 86_400_000;
const END = Date.UTC(2026, 10, 20);
/** One full chunk of old hours, another that began before the first day, and days of an unfinished one. */
const DAYS = 45;
const recording = readRecording(resolve('tests/fixtures/recordings/mixed-load.json.gz'));

/** Every row of a history as text, in the order of their numbers; number of free pages; integrity. */
function contentsOf(path: string): { rows: string[]; free: number; integrity: unknown } {
  const db = new Database(path, { readonly: true });
  const text = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('base64') : String(value));
  const rowsOf = (table: string): string[] => db.prepare<[], unknown[]>(`SELECT * FROM ${table} ORDER BY 1`).raw().all().map((row) => `${table} ${row.map(text).join()}`);
  const found = { rows: ['chunks', 'series', 'state', 'head', 'gaps'].flatMap(rowsOf), free: Number(db.pragma('freelist_count', { simple: true })), integrity: db.pragma('integrity_check', { simple: true }) };
  db.close();
  return found;
}

describe('a history written by replaying maintenance', () => {
  it('has the rows of its content, and free pages where others were', { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-replay-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [content, path] = [join(folder, 'content'), join(folder, 'replayed')];
    writeHistory({ path: content, recording, seriesCount: 3, end: END, days: DAYS });
    replayMaintenance({ content, path, begin: END - DAYS * DAY, end: END });
    const [wanted, replayed] = [contentsOf(content), contentsOf(path)];
    expect(replayed.integrity).toBe('ok');
    expect(replayed.rows.length).toBeGreaterThan(500);
    expect(replayed.rows.filter((row, i) => row !== wanted.rows[i])).toEqual([]);
    expect(replayed.rows).toHaveLength(wanted.rows.length);
    // Those of deleted samples and fresh minutes.
    expect(wanted.free).toBe(0);
    expect(replayed.free).toBeGreaterThan(0);
  });
});
