/** What the history of a measured program says of its ticks and series. */
import Database from 'better-sqlite3';
import { openStore } from '../../../src/main/engine/store/open-store';
import { silentLog } from '../quiet-log';

/** A tick this long after the one before, ms, is late: half an interval. */
const LATE_AFTER = 1500;

/** Ticks of a while. */
export interface Ticks {
  readonly count: number;
  /** Those that came half an interval late or more. */
  readonly late: number;
  /** Gaps that the sampler itself noted as a stall. */
  readonly stalls: number;
}

/** Ticks from `from` to `to` (epoch ms), of a program that has ended. `file`: its database. */
export function ticksIn(file: string, from: number, to: number): Ticks {
  const stalls = ask(file, "SELECT count(*) AS count FROM gaps WHERE reason = 'stall' AND time BETWEEN ? AND ?", [from, to]);
  const { store } = openStore({ path: file, clock: { now: () => to, mono: () => performance.now() }, log: silentLog, keepDays: 730 });
  try {
    const { series } = store.query({ series: ['cpu.usage'], from, to, points: Math.ceil((to - from) / 1000) + 10 });
    const [usage] = series;
    const times = (usage?.time ?? []).filter((_, at) => usage?.count[at] !== 0);
    const late = times.filter((time, at) => at > 0 && time - (times[at - 1] ?? time) >= LATE_AFTER).length;
    return { count: times.length, late, stalls };
  } finally {
    store.close();
  }
}

/** Containers by name in the history of a program that has ended, and their series. */
export function containerSeries(file: string): { readonly names: number; readonly series: number } {
  const where = "FROM series WHERE key LIKE 'container.%@%'";
  return { names: ask(file, `SELECT count(DISTINCT substr(key, instr(key, '@') + 1)) AS count ${where}`, []), series: ask(file, `SELECT count(*) AS count ${where}`, []) };
}

function ask(file: string, sql: string, values: readonly number[]): number {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare<number[], { readonly count: number }>(sql).get(...values)?.count ?? 0;
  } finally {
    db.close();
  }
}
