/** A history of the benchmark that is written in the order of life. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { liveThrough } from '../../bench/store/life';
import { readRecording } from '../../bench/store/recording';
import { writeHistory } from '../../bench/store/two-years';

const DAY = 86_400_000;
const END = Date.UTC(2026, 10, 20);
/** One long chunk of hours, another that was there before the first day, and days of which none is over yet. */
const DAYS = 45;
const recording = readRecording(resolve('tests/fixtures/recordings/mixed-load.json.gz'));

/** Every row of a history as text, in the order of their numbers, and how the pages are used. */
function look(path: string): { rows: string[]; free: number; integrity: unknown } {
  const db = new Database(path, { readonly: true });
  const text = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('base64') : String(value));
  const rowsOf = (table: string): string[] => db.prepare<[], unknown[]>(`SELECT * FROM ${table} ORDER BY 1`).raw().all().map((row) => `${table} ${row.map(text).join()}`);
  const found = { rows: ['chunks', 'series', 'state', 'head', 'gaps'].flatMap(rowsOf), free: Number(db.pragma('freelist_count', { simple: true })), integrity: db.pragma('integrity_check', { simple: true }) };
  db.close();
  return found;
}

describe('a history that is lived through', () => {
  it('has the rows of its content, and free pages where others were', { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-life-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [content, path] = [join(folder, 'content'), join(folder, 'lived')];
    writeHistory({ path: content, recording, seriesCount: 3, end: END, days: DAYS });
    liveThrough({ content, path, begin: END - DAYS * DAY, end: END });
    const [wanted, lived] = [look(content), look(path)];
    expect(lived.integrity).toBe('ok');
    expect(lived.rows.length).toBeGreaterThan(500);
    expect(lived.rows.filter((row, i) => row !== wanted.rows[i])).toEqual([]);
    expect(lived.rows).toHaveLength(wanted.rows.length);
    // Those of the samples and fresh minutes that are gone.
    expect(wanted.free).toBe(0);
    expect(lived.free).toBeGreaterThan(0);
  });
});
