/**
 * Reads rows after a row, for a copy of the history that is continued elsewhere. What is not sealed is read in the order in
 * which it was added, so that a clock that was set back loses nothing and repeats nothing; what is sealed is in the order of
 * time, and what is older than the samples is a row for each minute, with its mean.
 */
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { GapReason } from '../../../../shared/metrics/reading';
import { FrameCursor } from '../codec/frame';
import type { OpenDatabase } from '../open-database';
import type { PendingRows } from '../pending-rows';
import { CHUNK_KINDS } from '../tiers';
import { holdsRow, readMinutes, readSealed } from './sealed-rows';
import { RowsDraft, seriesById } from './stored-rows';
import type { RowsQuery, SeriesById, StoredRows } from './stored-rows';

/** Blocks read between two yields. */
const BLOCKS = 10;

/** Rows that were added one after the other: those of a frame, or those not committed yet. */
interface Block {
  readonly times: readonly number[];
  /** Puts the rows [from, to) of the block after those of the draft. */
  fill(draft: RowsDraft, from: number, to: number): void;
}

/** A row among the blocks. */
interface Place {
  readonly block: number;
  readonly row: number;
}

const NO_TIMES: readonly number[] = [];

function frameBlocks(database: OpenDatabase, series: SeriesById): Block[] {
  return database.head.frames.map((frame): Block => {
    const open = (): FrameCursor | null => {
      try {
        return new FrameCursor(database.head.data(frame) ?? Buffer.alloc(0));
      } catch (error) {
        database.onDamage(error);
        return null;
      }
    };
    let times: readonly number[] | null = null;
    return {
      get times() {
        return (times ??= open()?.times ?? NO_TIMES);
      },
      fill(draft, from, to) {
        const cursor = open();
        const base = draft.times.length - from;
        draft.times.push(...(cursor?.times.slice(from, to) ?? []));
        if (cursor !== null) fillColumns(cursor, series, database, (row, key, value) => (row >= from && row < to ? draft.put(base + row, key, value) : undefined));
      },
    };
  });
}

function fillColumns(cursor: FrameCursor, series: SeriesById, { onDamage }: Pick<OpenDatabase, 'onDamage'>, put: (row: number, key: SeriesKey, value: number) => void): void {
  try {
    for (let id = cursor.series; id !== null; id = cursor.series) {
      const one = series.get(id);
      cursor.read(one === undefined ? null : { push: (_time, steps, row) => put(row, one.key, one.scale.toValue(steps)) });
    }
  } catch (error) {
    onDamage(error);
  }
}

function pendingBlock({ rows: kept }: PendingRows): Block {
  const rows = kept.slice();
  return {
    times: rows.map(({ time }) => time),
    fill(draft, from, to) {
      for (const { time, series, steps } of rows.slice(from, to)) {
        const at = draft.times.push(time) - 1;
        series.forEach(({ key, scale }, i) => draft.put(at, key, scale.toValue(steps[i] ?? 0)));
      }
    },
  };
}

/** The place of the row of a time that was added last; null where there is none. */
function placeOf(blocks: readonly Block[], time: number): Place | null {
  for (let block = blocks.length - 1; block >= 0; block -= 1) {
    const row = blocks[block]?.times.lastIndexOf(time) ?? -1;
    if (row >= 0) return { block, row };
  }
  return null;
}

/** The first row after a time; null where there is none. */
function firstAfter(blocks: readonly Block[], time: number): Place | null {
  for (const [block, { times }] of blocks.entries()) {
    const row = times.findIndex((one) => one > time);
    if (row >= 0) return { block, row };
  }
  return null;
}

/** Most that is lost by a program that is killed, ms: while the disk cannot be written an hour waits in memory. */
const MOST_LOST = 3_600_000;

/** The start of a run that fits, and otherwise the first that is later, or the last; each null for none. */
interface Starts {
  readonly fitting: Place | null;
  readonly otherwise: Place | null;
}

/**
 * The start of the run that followed the loss of the row of a time: by the row before it, of which the lost one came soon
 * after. That may be the end of all, where the run has no row yet.
 */
function startsAfterLost(blocks: readonly Block[], starts: ReadonlySet<number>, time: number, first: number | null): Starts {
  let [found, later, last, nearest]: [Place | null, Place | null, Place | null, number] = [null, null, null, MOST_LOST];
  let before: number | null = null;
  for (const [block, { times }] of blocks.entries()) {
    for (const [row, one] of times.entries()) {
      const distance = before === null ? Infinity : time - before;
      if (starts.has(one)) last = { block, row };
      if (starts.has(one) && one > time) later ??= last;
      if (starts.has(one) && distance >= 0 && distance < nearest) [found, nearest] = [{ block, row }, distance];
      before = one;
    }
  }
  if (first !== null && placeOf(blocks, first) !== null) return { fitting: found, otherwise: later ?? last };
  const end = { block: blocks.length, row: 0 };
  const isNew = before !== null && time >= before && time - before < nearest;
  return { fitting: isNew ? end : found, otherwise: later ?? (last === null ? null : end) };
}

/** Times of the rows among blocks with which a run began. */
function startsOf(blocks: readonly Block[], database: OpenDatabase, pending: PendingRows['rows']): Set<number> {
  const [from, to] = blocks.reduce(([low, high], { times }) => times.reduce(([least, most], time) => [Math.min(least, time), Math.max(most, time)], [low, high]), [Infinity, -Infinity]);
  const stored = database.gapReasons({ from: from - 1, to: to + 1 }).filter(({ reason }) => reason === 'start');
  return new Set([...stored, ...pending.filter(({ gap }) => gap === 'start')].map(({ time }) => time));
}

function* readBlocks(blocks: readonly Block[], start: Place, draft: RowsDraft): Generator<void> {
  for (let i = start.block; i < blocks.length; i += 1) {
    const block = blocks[i];
    if (block === undefined) break;
    const from = i === start.block ? start.row : 0;
    const to = Math.min(block.times.length, from + draft.room);
    if (to > from) block.fill(draft, from, to);
    if (to < block.times.length) {
      draft.hasMore = true;
      return;
    }
    if (i % BLOCKS === BLOCKS - 1) yield;
  }
}

/** Reasons of the gaps before these rows, by time. */
function reasonsOf(times: readonly number[], database: OpenDatabase | null, pending: PendingRows['rows']): Map<number, GapReason> {
  const found = new Map<number, GapReason>();
  if (times.length === 0) return found;
  const stored = database?.gapReasons({ from: Math.min(...times) - 1, to: Math.max(...times) + 1 }) ?? [];
  for (const { time, reason } of stored) found.set(time, reason);
  for (const { time, gap } of pending) if (gap !== null) found.set(time, gap);
  return found;
}

interface Found {
  readonly database: OpenDatabase | null;
  readonly blocks: readonly Block[];
  readonly series: SeriesById;
  readonly unwritten: PendingRows['rows'];
}

/** Reads what is sealed, where the rows begin there; returns where to go on among the blocks, null for nowhere. */
function* findStart({ database, blocks, series, unwritten }: Found, { after, first }: RowsQuery, draft: RowsDraft): Generator<void, Place | null> {
  const known = after === null ? null : placeOf(blocks, after);
  if (known !== null) return { block: known.block, row: known.row + 1 };
  // A row that is not known was lost here, with others, when the program was killed; or it is older than all samples.
  const isLost = after !== null && (database === null || !holdsRow(database, after));
  const isBeforeSealed = database !== null && after !== null && database.chunks.starts(CHUNK_KINDS.samples, after).length > 0;
  const { fitting, otherwise } = isLost && database !== null ? startsAfterLost(blocks, startsOf(blocks, database, unwritten), after, first) : { fitting: null, otherwise: null };
  const start = fitting ?? (isBeforeSealed ? null : otherwise);
  if (start !== null) return start;
  if (database !== null) {
    yield* readMinutes(database, series, after, draft);
    if (!draft.hasMore) yield* readSealed(database, series, after, draft);
  }
  if (!isLost || isBeforeSealed) return { block: 0, row: 0 };
  // A clock that is back where nothing is later any more: what is of this run is new.
  return firstAfter(blocks, after) ?? (first === null ? null : placeOf(blocks, first));
}

/** Rows after a row, at most as many as the query says. Yields between steps, so that other work can run. */
export function* rowsAfter(database: OpenDatabase | null, pending: PendingRows, query: RowsQuery): Generator<void, StoredRows> {
  const draft = new RowsDraft(query);
  const unwritten = pending.rows.slice();
  const series = seriesById(database);
  const blocks = [...(database === null ? [] : frameBlocks(database, series)), pendingBlock(pending)];
  const start = yield* findStart({ database, blocks, series, unwritten }, query, draft);
  if (!draft.hasMore && start !== null) yield* readBlocks(blocks, start, draft);
  return draft.finish(reasonsOf(draft.times, database, unwritten));
}
