/** One measurement by walking: by this program where it may read the data folder, by the engine where it may not. */
import { codeOf } from '../../../../shared/result';
import { formatValue } from '../../../../shared/units';
import type { Log } from '../../log';
import { isKeptByContainerd, knowsTypes, readCheapUsage, readWalkedUsage } from './answers';
import type { CheapUsage } from './answers';
import type { EngineDiskState } from './disk-state';
import type { DiskEngine, FolderSpace } from './disk-types';
import type { WalkFolder } from './walk-client';
import type { WalkResult } from './walk.linux';

/** Limits of an engine's own walk, and of an answer that costs it little; ms and bytes. */
const ENGINE_WALK = { deadline: 30 * 60_000, most: 64_000_000 } as const;
export const QUICK = { deadline: 10_000 } as const;

/** The share of a walk that its used inodes tell is not believed beyond this: files come while it goes on. */
const MAX_SHARE = 0.99;

/** What a measurement is given by who runs it. */
export interface MeasureTask {
  readonly signal: AbortSignal;
  /** `done` 0–1, 0 while it is not known; bytes and files so far. */
  report(done: number, bytes: number, files: number): void;
}

/** A data folder on this machine's own disks. */
export interface MeasurePlace {
  readonly folder: string;
  /** The space of its file system; null if it has none of its own. */
  space(): Promise<FolderSpace | null>;
  readonly walk: WalkFolder;
}

/** What a measurement needs. */
interface MeasureParts {
  readonly place: MeasurePlace | null;
  readonly log: Log;
}

/** What was measured. `cheap` is set where an engine told of its images as well. */
interface Measured {
  readonly walked: NonNullable<EngineDiskState['walked']>;
  readonly cheap: CheapUsage | null;
  /** The result as text for the user. */
  readonly text: string;
}

const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** What is to be said of a walk; null where it is complete. */
function noteOf({ denied, failed, isCapped, containers }: WalkResult): string | null {
  const notes = [
    ...(denied === 0 ? [] : [`Traywatch may not read ${counted(denied, 'file or folder', 'files and folders')} in the data folder, so its sum is too low.`]),
    ...(failed === 0 ? [] : [`${counted(failed, 'file or folder', 'files and folders')} could not be read because of errors of the disk.`]),
    ...(isCapped ? ['There are very many files with several names; some of them are counted more than once.'] : []),
    ...(containers === null && denied === 0 ? ['Which files are those of containers could not be told.'] : []),
  ];
  return notes.length === 0 ? null : notes.join(' ');
}

function textOf({ folder, containers, volumes }: Measured['walked']): string {
  const parts = ([['All', folder], ['containers', containers], ['volumes', volumes]] as const).flatMap(([name, size]) => (size === null ? [] : [`${name} ${formatValue(size, 'bytes')}`]));
  const [first = '', ...others] = parts;
  return `${[first.charAt(0).toUpperCase() + first.slice(1), ...others].join(', ')}.`;
}

const measuredOf = (walked: Measured['walked'], cheap: CheapUsage | null): Measured => ({ walked, cheap, text: textOf(walked) });

const CLOSED = new Set<string | null>(['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR']);

/** Walks through the data folder. Null where it may not be read, or is not there after all. */
async function walkHere({ folder, space, walk }: MeasurePlace, log: Log, { signal, report }: MeasureTask): Promise<WalkResult | null> {
  const all = (await space())?.files ?? null;
  try {
    return await walk(folder, {
      signal,
      onProgress: ({ files, bytes }) => report(all === null || all === 0 ? 0 : Math.min(MAX_SHARE, files / all), bytes, files),
      onWarning: (reason) => log.warn('the walk through a data folder goes on at normal priority', { reason }),
    });
  } catch (error) {
    if (CLOSED.has(codeOf(error))) return null;
    throw error;
  }
}

/** The engine's answer; rejects at once when cancelled. */
async function ask(engine: DiskEngine, path: string, limits: Parameters<DiskEngine['json']>[1], signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([engine.json(path, { ...limits, signal }), cancelled]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Lets the engine walk. Where it cannot leave anything out, it tells of its images as well. `folder`: what was counted of the data folder. */
async function walkThere(engine: DiskEngine, { folder, note }: Pick<Measured['walked'], 'folder' | 'note'>, { signal, report }: MeasureTask): Promise<Measured> {
  const hasTypes = engine.kind === 'docker' && knowsTypes(await ask(engine, '/version', QUICK, signal));
  report(0, 0, 0);
  const answer = await ask(engine, hasTypes ? '/system/df?type=container&type=volume' : '/system/df', ENGINE_WALK, signal);
  const told = hasTypes ? null : readCheapUsage(answer);
  // Podman before 5 tells its images apart less well here than in their list; what it builds are images, not a cache.
  const cheap = told === null || told.isApproximate ? null : { ...told, buildCache: engine.kind === 'podman' ? null : told.buildCache };
  return measuredOf({ folder, ...readWalkedUsage(answer), note }, cheap);
}

/** Measures one engine. Rejects with the reason, and with the signal's when cancelled. */
export async function measureEngine(engine: DiskEngine, { place, log }: MeasureParts, task: MeasureTask): Promise<Measured> {
  if (place === null) return walkThere(engine, { folder: null, note: null }, task);
  const isElsewhere = engine.kind === 'docker' && isKeptByContainerd(await ask(engine, '/info', QUICK, task.signal));
  const here = isElsewhere ? null : await walkHere(place, log, task);
  if (here?.denied === 0) return measuredOf({ folder: here.bytes, containers: here.containers, volumes: here.volumes, note: noteOf(here) }, null);
  // Data of other users lies in the folder of a rootless engine, too: the engine sees all of it.
  const part = here === null ? null : noteOf(here);
  const why = isElsewhere ? 'Images and containers are kept by containerd, outside of the data folder.' : (part ?? 'Traywatch may not read the data folder.');
  return walkThere(engine, { folder: here?.bytes ?? null, note: `${why} Containers and volumes are as ${engine.label} counts them.` }, task);
}
