/** Commands on the history as a whole: export, backup, restore, and the estimate of its size. */
import { existsSync, rmSync, statSync } from 'node:fs';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { CallOutput, HandlerInput } from '../../shared/api/contract';
import { FAMILY_IDS, familyOf, parseSeriesKey, seriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import type { MetricSet } from '../../shared/metrics/define';
import { CallError, messageOf } from '../../shared/result';
import { estimateSize } from '../engine/series/size-estimate';
import { intervalOf } from '../engine/series/interval';
import { formatCount, formatValue } from '../../shared/units';
import type { DatabaseWorker } from './database-worker-client';
import { fileStamp, safeName } from '../lib/file-dialogs';
import type { FileDialogs } from '../lib/file-dialogs';
import { fileErrorText } from '../lib/file-error-text';
import { choosePartialFile, partialPath, removeStalePartials } from '../lib/partial-file';
import type { Clock } from '../engine/clock';
import type { Hub } from '../engine/hub';
import { quarantinePath } from '../engine/quarantine';
import { renameTogether } from '../engine/rename-file';
import { makePrivate } from '../engine/store/private-files';
import { readGapMarkers, readSeriesKeys } from '../engine/store/query/read-only-connection';
import { createDeletion } from './deletion';
import { writeExport } from './export';
import type { SwappableStore } from './swappable-store';
import type { TaskHandle, Tasks } from './background-tasks';

const DAY = 86_400_000;

/** What the commands work on. */
export interface HistoryCommandsParts {
  readonly swappable: SwappableStore;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly dialogs: FileDialogs;
  readonly databaseWorker: DatabaseWorker;
  /** The database file; null while the history is in memory only. */
  path(): string | null;
  keepDays(): number;
  /** Pauses sampling while `work` runs; the first batch after it has a gap marker. */
  pauseDuring(work: () => void): void;
}

/** The commands, one per call of the contract. Each resolves to a null path or id when the user cancels the dialog. */
export interface HistoryCommands {
  estimate(limits: HandlerInput<'estimateHistory'>): CallOutput<'estimateHistory'>;
  saveFile(file: HandlerInput<'saveFile'>): Promise<CallOutput<'saveFile'>>;
  exportHistory(input: HandlerInput<'exportHistory'>): Promise<CallOutput<'exportHistory'>>;
  backup(): Promise<CallOutput<'backupHistory'>>;
  restore(): Promise<CallOutput<'restoreHistory'>>;
  previewDeletion(deletion: HandlerInput<'previewDeletion'>): Promise<CallOutput<'previewDeletion'>>;
  delete(deletion: HandlerInput<'deleteHistory'>): CallOutput<'deleteHistory'>;
}

/** Keys of the stored series that the machine has now. */
export function currentSeriesKeys(hub: Hub): readonly SeriesKey[] {
  const stored = (metrics: MetricSet): readonly string[] => Object.entries(metrics).flatMap(([name, metric]) => (metric.stored === false ? [] : [name]));
  return FAMILY_IDS.flatMap((id) => {
    const { metrics, device } = familyOf(id);
    const reading = hub.snapshot().readings[id];
    if (reading === undefined) return [];
    const own = stored(metrics).map((metric) => seriesKey(id, metric));
    const kept = Object.entries(reading.devices).flatMap(([name, one]) => (one.stored === false ? [] : [name]));
    return [...own, ...kept.flatMap((name) => stored(device.metrics).map((metric) => seriesKey(id, metric, name)))];
  });
}

function pathOf(parts: HistoryCommandsParts): string {
  const path = parts.path();
  if (path === null) throw new CallError('Unavailable', 'the history is in memory only: there is no file');
  return path;
}

/** Where the partial file of a chosen one may be. */
function foldersOf(path: string, { spareFolder }: FileDialogs): readonly string[] {
  return spareFolder === undefined ? [dirname(path)] : [dirname(path), spareFolder];
}

async function saveFile(dialogs: FileDialogs, { name, encoding, data }: HandlerInput<'saveFile'>): Promise<{ path: string | null }> {
  const path = await dialogs.save({ title: 'Save', name: safeName(name) });
  if (path === null) return { path };
  let partial = partialPath(path);
  try {
    const chosen = await choosePartialFile(path, dialogs.spareFolder);
    partial = chosen.path;
    await writeFile(partial, Buffer.from(data, encoding));
    await chosen.finish();
  } catch (error) {
    await rm(partial, { force: true });
    throw new CallError('Unavailable', fileErrorText(error));
  }
  return { path };
}

async function exportHistory(parts: HistoryCommandsParts, input: HandlerInput<'exportHistory'>): Promise<{ id: number | null }> {
  const { dialogs, clock, tasks, swappable, hub } = parts;
  const path = await dialogs.save({ title: 'Export history', name: `traywatch-history-${fileStamp(clock.now())}.${input.format}` });
  if (path === null) return { id: null };
  swappable.store.commit();
  const now = clock.now();
  const file = parts.path();
  const requested = input.series ?? [...new Set([...(file === null ? [] : readSeriesKeys(file)), ...currentSeriesKeys(hub)])];
  // Keys without a descriptor are from an older version; they are exported, too, but last.
  const series = requested.toSorted((a, b) => Number(parseSeriesKey(a) === null) - Number(parseSeriesKey(b) === null));
  const oldest = file === null ? null : readGapMarkers(file, now, now + 1).first;
  const from = input.from ?? Math.max(oldest ?? 0, now - parts.keepDays() * DAY);
  const to = Math.max(from + 1, input.to ?? now + 1);
  const id = tasks.start('export', path, async (task) => {
    const { spareFolder } = dialogs;
    for (const folder of foldersOf(path, dialogs)) {
      task.owns(join(folder, basename(partialPath(path))));
      await removeStalePartials(folder);
    }
    const bytes = await writeExport(swappable.store, { path, spareFolder, format: input.format, series, from, to, now }, task);
    return `${formatCount(series.length)} series, ${formatValue(bytes, 'bytes')}.`;
  });
  return { id };
}

async function backup(parts: HistoryCommandsParts): Promise<{ id: number | null }> {
  const source = pathOf(parts);
  const path = await parts.dialogs.save({ title: 'Back up history', name: `traywatch-backup-${fileStamp(parts.clock.now())}.sqlite` });
  if (path === null) return { id: null };
  if (path === source) throw new CallError('BadInput', 'this is the history itself; choose another file');
  const id = parts.tasks.start('backup', path, async (task) => {
    for (const folder of foldersOf(path, parts.dialogs)) await removeStalePartials(folder);
    parts.swappable.store.commit();
    return copyAndValidate(parts, source, path, task);
  });
  return { id };
}

/** Copies to a partial file, validates the copy, and gives it its place at `path`; resolves to the task's message. */
async function copyAndValidate({ databaseWorker, dialogs }: HistoryCommandsParts, source: string, path: string, { signal, report, owns }: TaskHandle): Promise<string> {
  const chosen = await choosePartialFile(path, dialogs.spareFolder);
  const partial = chosen.path;
  owns(partial);
  owns(`${partial}-journal`);
  try {
    await rm(partial, { force: true });
    await databaseWorker.copy(source, partial, signal, report);
    const problem = await databaseWorker.validateBackup(partial, signal);
    if (problem !== null) throw new Error(`the copy is not valid: ${problem}`);
    await chosen.finish();
  } catch (error) {
    await Promise.all([partial, `${partial}-journal`].map((name) => rm(name, { force: true })));
    throw error;
  }
  return `${formatValue(statSync(path).size, 'bytes')}, verified.`;
}

/** Moves a database with its write-ahead log: all of it, or nothing. */
function moveDatabase(from: string, to: string): void {
  const there = ['', '-wal', '-shm'].filter((suffix) => existsSync(from + suffix));
  renameTogether(there.map((suffix) => [from + suffix, to + suffix] as const));
}

/** The path at which a backup is validated before it replaces the history. */
function restorePath(target: string): string {
  return `${target}.restore`;
}

/** The files of a database: itself and what SQLite may write beside it. */
function databaseFiles(path: string): readonly string[] {
  return ['', '-wal', '-shm', '-journal'].map((suffix) => path + suffix);
}

async function restore(parts: HistoryCommandsParts): Promise<{ id: number | null }> {
  const target = pathOf(parts);
  const path = await parts.dialogs.open({ title: 'Restore history', extension: extname(target).slice(1) });
  if (path === null) return { id: null };
  if (path === target) throw new CallError('BadInput', 'this is the history itself; choose a backup of it');
  const id = parts.tasks.start('restore', path, async ({ signal, report, owns }) => {
    const copy = restorePath(target);
    const leftovers = databaseFiles(copy);
    leftovers.forEach(owns);
    try {
      await copyFile(path, copy);
      makePrivate(copy);
      report(0.5, statSync(copy).size);
      const problem = await parts.databaseWorker.validateBackup(copy, signal);
      if (problem !== null) throw new Error(`${basename(path)} was not restored: ${problem}. The history is unchanged.`);
      signal.throwIfAborted();
      const previous = quarantinePath(target, parts.clock.now(), 'before-restore');
      parts.pauseDuring(() => replaceDatabase(parts.swappable, copy, target, previous));
      return `The previous history was kept as ${basename(previous)}.`;
    } finally {
      await Promise.all(leftovers.map((name) => rm(name, { force: true })));
    }
  });
  return { id };
}

/** Moves the history to `previous` and the validated copy to its path; where that fails, the history is moved back. */
function replaceDatabase(swappable: SwappableStore, copy: string, target: string, previous: string): void {
  swappable.replace(() => {
    moveDatabase(target, previous);
    try {
      moveDatabase(copy, target);
    } catch (error) {
      moveDatabase(previous, target);
      throw new Error(`the backup could not replace the history: ${messageOf(error)}`, { cause: error });
    }
  });
}

/** Creates the commands, and removes what an interrupted restore left. */
export function createHistoryCommands(parts: HistoryCommandsParts): HistoryCommands {
  const path = parts.path();
  if (path !== null) for (const name of databaseFiles(restorePath(path))) rmSync(name, { force: true });
  return {
    estimate: (limits) => {
      const measured = parts.swappable.store.estimate(limits);
      if (measured !== null && measured.series > 0) return measured;
      // Nothing is sealed in the first hours, so there are no measurements of this machine to estimate from.
      const intervals = currentSeriesKeys(parts.hub).flatMap((key) => intervalOf(key)?.usual ?? []);
      return estimateSize(intervals, limits.keepDays, limits.maxBytes);
    },
    saveFile: (file) => saveFile(parts.dialogs, file),
    exportHistory: (input) => exportHistory(parts, input),
    backup: () => backup(parts),
    restore: () => restore(parts),
    ...createDeletion({ ...parts, path: () => pathOf(parts) }),
  };
}
