/** Facts about a history file, for diagnostics: its schema, and how far each tier reaches. */
import Database from 'better-sqlite3';
import { sizeOnDisk } from '../database';
import { CHUNK_KINDS, CHUNK_WINDOW, TIERS } from '../tiers';

/** Milliseconds to wait for a lock of the process that writes. */
const BUSY_TIMEOUT = 250;

/** Times that a tier covers, epoch ms; null where it is empty. */
interface TierReach {
  readonly name: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** Facts about a file. */
export interface HistoryFileFacts {
  readonly schema: number;
  /** Bytes on disk, write-ahead log included. */
  readonly bytes: number;
  /** Finest first. Of samples what is sealed, and what is not. */
  readonly tiers: readonly TierReach[];
}

/** Version of the SQLite library. */
export function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    return String(db.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get()?.version);
  } finally {
    db.close();
  }
}

/** Minutes of a day that is not over serve several tiers; they are counted with the minutes alone. */
const SHARED: ReadonlySet<number> = new Set([CHUNK_KINDS.mergedMinutes.code, CHUNK_KINDS.freshMinutes.code]);

const smallest = (values: readonly (number | null)[]): number | null => values.reduce((least, value) => (value === null ? least : Math.min(value, least ?? value)), null);
const largest = (values: readonly (number | null)[]): number | null => values.reduce((most, value) => (value === null ? most : Math.max(value, most ?? value)), null);

/** Reads them over a connection of its own. Throws what SQLite throws; a file of a newer version may have other tables. */
export function readFileFacts(path: string): HistoryFileFacts {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
  try {
    const spans = db.prepare<[], { kind: number; first: number; last: number }>('SELECT kind, min(start) AS first, max(start) AS last FROM spans GROUP BY kind').all();
    const head = db.prepare<[], { first: number | null; last: number | null }>('SELECT min(first) AS first, max(last) AS last FROM head').get() ?? { first: null, last: null };
    const tiers = TIERS.map(({ name, kinds }): TierReach => {
      const own = kinds.filter(({ code }) => name === 'minutes' || !SHARED.has(code));
      const found = spans.flatMap(({ kind, first, last }) => {
        const chunk = own.find(({ code }) => code === kind);
        return chunk === undefined ? [] : [{ from: first, to: last + Math.max(chunk.span, CHUNK_WINDOW) }];
      });
      const pending = name === 'samples' ? [head] : [];
      return { name, from: smallest([...found.map(({ from }) => from), ...pending.map(({ first }) => first)]), to: largest([...found.map(({ to }) => to), ...pending.map(({ last }) => last)]) };
    });
    return { schema: Number(db.pragma('user_version', { simple: true })), bytes: sizeOnDisk(path), tiers };
  } finally {
    db.close();
  }
}
