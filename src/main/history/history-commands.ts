/** What a person can do with the history as a whole: export it, back it up, put a backup in its place, ask what it costs. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import type { CallOutput, HandlerInput } from '../../shared/api/contract';
import { FAMILY_IDS, familyOf, parseSeriesKey, seriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import type { MetricSet } from '../../shared/metrics/define';
import { CallError, messageOf } from '../../shared/result';
import { estimate } from '../engine/series/size-estimate';
import { intervalOf } from '../engine/series/interval';
import { formatValue } from '../../shared/units';
import type { DatabaseWorker } from './database-worker-client';
import { partialPath, removeStalePartials } from '../lib/partial-file';
import type { Clock } from '../engine/clock';
import type { Hub } from '../engine/hub';
import { quarantinePath } from '../engine/quarantine';
import { makePrivate } from '../engine/store/private-files';
import { readGapMarkers, readSeriesKeys } from '../engine/store/query/read-only-connection';
import { writeExport } from './export';
import type { SwappableStore } from './swappable-store';
import { failureText } from './background-tasks';
import type { TaskHandle, Tasks } from './background-tasks';

const DAY = 86_400_000;

/** Asks the person for a file; resolves to null when they close the dialog. */
export interface Dialogs {
  save(options: { title: string; name: string }): Promise<string | null>;
  open(options: { title: string; extension: string }): Promise<string | null>;
}

/** What the tools work on. */
export interface HistoryCommandsParts {
  readonly swappable: SwappableStore;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly dialogs: Dialogs;
  readonly databaseWorker: DatabaseWorker;
  /** Where the database is, or null while it is kept in memory only. */
  path(): string | null;
  keepDays(): number;
  /** Nothing is read while `work` runs; the first batch after it is marked. */
  hold(work: () => void): void;
}

/** The tools, one per call of the contract. */
export interface HistoryCommands {
  estimate(limits: HandlerInput<'estimateHistory'>): CallOutput<'estimateHistory'>;
  saveFile(file: HandlerInput<'saveFile'>): Promise<CallOutput<'saveFile'>>;
  exportHistory(wish: HandlerInput<'exportHistory'>): Promise<CallOutput<'exportHistory'>>;
  backup(): Promise<CallOutput<'backupHistory'>>;
  restore(): Promise<CallOutput<'restoreHistory'>>;
}

/** A name that every file system takes, with no folder in it. */
export function safeName(name: string): string {
  const plain = name.replace(/[<>:"/\\|?*\p{Cc}]/gu, '-');
  const trimmed = plain.replace(/^[.\s-]+|[.\s]+$/g, '').slice(0, 120);
  return trimmed === '' ? 'traywatch' : trimmed;
}

/** 20261121-034500, local: sorts by time in a folder. */
export function fileStamp(now: number): string {
  const date = new Date(now);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** Keys of what is stored of the machine as it is now. */
export function presentKeys(hub: Hub): readonly SeriesKey[] {
  const stored = (metrics: MetricSet): readonly string[] => Object.entries(metrics).flatMap(([name, metric]) => (metric.stored === false ? [] : [name]));
  return FAMILY_IDS.flatMap((id) => {
    const { metrics, device } = familyOf(id);
    const reading = hub.snapshot().readings[id];
    if (reading === undefined) return [];
    const own = stored(metrics).map((metric) => seriesKey(id, metric));
    return [...own, ...Object.keys(reading.devices).flatMap((name) => stored(device.metrics).map((metric) => seriesKey(id, metric, name)))];
  });
}

function pathOf(parts: HistoryCommandsParts): string {
  const path = parts.path();
  if (path === null) throw new CallError('Unavailable', 'the history is kept in memory only: there is no file to back up or to replace');
  return path;
}

async function saveFile(dialogs: Dialogs, { name, encoding, data }: HandlerInput<'saveFile'>): Promise<{ path: string | null }> {
  const path = await dialogs.save({ title: 'Save', name: safeName(name) });
  if (path === null) return { path };
  try {
    await writeFile(partialPath(path), Buffer.from(data, encoding));
    await rename(partialPath(path), path);
  } catch (error) {
    await rm(partialPath(path), { force: true });
    throw new CallError('Unavailable', failureText(error));
  }
  return { path };
}

async function exportHistory(parts: HistoryCommandsParts, wish: HandlerInput<'exportHistory'>): Promise<{ id: number | null }> {
  const { dialogs, clock, tasks, swappable, hub } = parts;
  const path = await dialogs.save({ title: 'Export history', name: `traywatch-history-${fileStamp(clock.now())}.${wish.format}` });
  if (path === null) return { id: null };
  swappable.store.commit();
  const now = clock.now();
  const file = parts.path();
  const asked = wish.series ?? [...new Set([...(file === null ? [] : readSeriesKeys(file)), ...presentKeys(hub)])];
  // Keys no descriptor knows are an older version's; they are exported all the same.
  const series = asked.toSorted((a, b) => Number(parseSeriesKey(a) === null) - Number(parseSeriesKey(b) === null));
  const oldest = file === null ? null : readGapMarkers(file, now, now + 1).first;
  const from = wish.from ?? Math.max(oldest ?? 0, now - parts.keepDays() * DAY);
  const to = Math.max(from + 1, wish.to ?? now + 1);
  const id = tasks.start('export', path, async (task) => {
    task.owns(partialPath(path));
    await removeStalePartials(dirname(path));
    const bytes = await writeExport(swappable.store, { path, format: wish.format, series, from, to, now }, task);
    return `${series.length} series, ${formatValue(bytes, 'bytes')}.`;
  });
  return { id };
}

async function backup(parts: HistoryCommandsParts): Promise<{ id: number | null }> {
  const source = pathOf(parts);
  const path = await parts.dialogs.save({ title: 'Back up history', name: `traywatch-backup-${fileStamp(parts.clock.now())}.sqlite` });
  if (path === null) return { id: null };
  if (path === source) throw new CallError('BadInput', 'this is the history itself; choose another place');
  const id = parts.tasks.start('backup', path, async (task) => {
    await removeStalePartials(dirname(path));
    parts.swappable.store.commit();
    return copyChecked(parts.databaseWorker, source, path, task);
  });
  return { id };
}

async function copyChecked(databaseWorker: DatabaseWorker, source: string, path: string, { signal, report, owns }: TaskHandle): Promise<string> {
  const draft = partialPath(path);
  owns(draft);
  owns(`${draft}-journal`);
  try {
    await rm(draft, { force: true });
    await databaseWorker.copy(source, draft, signal, report);
    const problem = await databaseWorker.validateBackup(draft, signal);
    if (problem !== null) throw new Error(`the copy was not good: ${problem}`);
    await rename(draft, path);
  } catch (error) {
    await Promise.all([draft, `${draft}-journal`].map((name) => rm(name, { force: true })));
    throw error;
  }
  return `${formatValue(statSync(path).size, 'bytes')}, checked.`;
}

/** Moves a database with what lies beside it. */
function moveDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}

/** Where a backup is checked before it takes the history's place. */
function restoreDraft(target: string): string {
  return `${target}.restore`;
}

/** A database and what SQLite may write beside it. */
function besides(path: string): readonly string[] {
  return ['', '-wal', '-shm', '-journal'].map((suffix) => path + suffix);
}

async function restore(parts: HistoryCommandsParts): Promise<{ id: number | null }> {
  const target = pathOf(parts);
  const path = await parts.dialogs.open({ title: 'Restore history', extension: extname(target).slice(1) });
  if (path === null) return { id: null };
  if (path === target) throw new CallError('BadInput', 'this is the history itself; choose a backup of it');
  const id = parts.tasks.start('restore', path, async ({ signal, report, owns }) => {
    const draft = restoreDraft(target);
    const leftovers = besides(draft);
    leftovers.forEach(owns);
    try {
      await copyFile(path, draft);
      makePrivate(draft);
      report(0.5, statSync(draft).size);
      const problem = await parts.databaseWorker.validateBackup(draft, signal);
      if (problem !== null) throw new Error(`${basename(path)} was not restored: ${problem}. The history is as it was.`);
      signal.throwIfAborted();
      const aside = quarantinePath(target, parts.clock.now(), 'before-restore');
      parts.hold(() => putInPlace(parts.swappable, draft, target, aside));
      return `The history before is kept as ${basename(aside)}.`;
    } finally {
      await Promise.all(leftovers.map((name) => rm(name, { force: true })));
    }
  });
  return { id };
}

/** Sets the history aside and puts the draft in its place; where that fails, the history comes back. */
function putInPlace(swappable: SwappableStore, draft: string, target: string, aside: string): void {
  swappable.swap(() => {
    moveDatabase(target, aside);
    try {
      moveDatabase(draft, target);
    } catch (error) {
      moveDatabase(aside, target);
      throw new Error(`the backup could not be put in place: ${messageOf(error)}`, { cause: error });
    }
  });
}

/** Builds the tools. */
export function createHistoryCommands(parts: HistoryCommandsParts): HistoryCommands {
  const path = parts.path();
  // A restore that was cut off by the machine's end.
  if (path !== null) for (const name of besides(restoreDraft(path))) rmSync(name, { force: true });
  return {
    estimate: (limits) => {
      const measured = parts.swappable.store.estimate(limits);
      if (measured !== null && measured.series > 0) return measured;
      // Nothing is sealed in the first hours, so there is nothing of this machine's own to reckon from.
      const intervals = presentKeys(parts.hub).flatMap((key) => intervalOf(key)?.usual ?? []);
      return estimate(intervals, limits.keepDays, limits.maxBytes);
    },
    saveFile: (file) => saveFile(parts.dialogs, file),
    exportHistory: (wish) => exportHistory(parts, wish),
    backup: () => backup(parts),
    restore: () => restore(parts),
  };
}
