/** One measurement by walking: by this program where it may read the data folder, by the engine where it may not. */
import { codeOf } from '../../../../shared/result';
import { formatValue } from '../../../../shared/units';
import type { Log } from '../../log';
import { knowsTypes, readCheapUsage, readWalkedUsage } from './answers';
import type { CheapUsage, DataPlace } from './answers';
import type { EngineDiskState } from './disk-state';
import type { DiskEngine, FolderSpace } from './disk-types';
import type { WalkFolder } from './walk-client';
import type { WalkResult } from './walk.linux';

/** Longest time an engine may take for its own walk, ms. */
const ENGINE_WALK = 30 * 60_000;

/** Deadline of an answer that costs the engine little, ms. */
const QUICK = 10_000;

/** The share of a walk that its used inodes tell is not believed beyond this: files come while it goes on. */
const MAX_SHARE = 0.99;

/** What a measurement is given by who runs it. */
export interface MeasureTask {
  readonly signal: AbortSignal;
  /** `done` 0–1, 0 while it is not known; bytes and files so far. */
  report(done: number, bytes: number, files: number): void;
}

/** What a measurement needs. */
export interface MeasureParts {
  readonly place: DataPlace | null;
  ownSpace(folder: string): Promise<FolderSpace | null>;
  readonly walk: WalkFolder;
  readonly log: Log;
}

/** What was measured. `cheap` is set where an engine told of its images as well. */
export interface Measured {
  readonly walked: NonNullable<EngineDiskState['walked']>;
  readonly cheap: CheapUsage | null;
  /** The result as text for the user. */
  readonly text: string;
}

const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** What is to be said of a walk; null where it is complete. */
function noteOf({ denied, failed, isCapped, containers }: WalkResult): string | null {
  const notes = [
    ...(denied === 0 ? [] : [`Traywatch may not read ${counted(denied, 'file or folder', 'files and folders')} in the data folder, so the sums are too low.`]),
    ...(failed === 0 ? [] : [`${counted(failed, 'file or folder', 'files and folders')} could not be read because of errors of the disk.`]),
    ...(isCapped ? ['There are very many files with several names; some of them are counted more than once.'] : []),
    ...(containers === null ? ['Which files are those of containers could not be told.'] : []),
  ];
  return notes.length === 0 ? null : notes.join(' ');
}

function textOf({ folder, containers, volumes }: Measured['walked']): string {
  const parts = ([['All', folder], ['containers', containers], ['volumes', volumes]] as const).flatMap(([name, size]) => (size === null ? [] : [`${name} ${formatValue(size, 'bytes')}`]));
  const [first = '', ...others] = parts;
  return `${[first.charAt(0).toUpperCase() + first.slice(1), ...others].join(', ')}.`;
}

const measuredOf = (walked: Measured['walked'], cheap: CheapUsage | null): Measured => ({ walked, cheap, text: textOf(walked) });

/** Walks through the data folder. Null where it may not be read. */
async function walkHere(folder: string, { ownSpace, walk, log }: MeasureParts, { signal, report }: MeasureTask): Promise<Measured | null> {
  const all = (await ownSpace(folder))?.files ?? null;
  try {
    const result = await walk(folder, {
      signal,
      onProgress: ({ files, bytes }) => report(all === null || all === 0 ? 0 : Math.min(MAX_SHARE, files / all), bytes, files),
      onWarning: (reason) => log.warn('the walk through a data folder goes on at normal priority', { reason }),
    });
    return measuredOf({ folder: result.bytes, containers: result.containers, volumes: result.volumes, note: noteOf(result) }, null);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

/** Lets the engine walk. Where it cannot leave anything out, it tells of its images as well. */
async function walkThere(engine: DiskEngine, note: string | null, { signal, report }: MeasureTask): Promise<Measured> {
  const hasTypes = engine.kind === 'docker' && knowsTypes(await engine.ask('/version', { deadline: QUICK, signal }));
  report(0, 0, 0);
  const answer = await engine.ask(hasTypes ? '/system/df?type=container&type=volume' : '/system/df', { deadline: ENGINE_WALK, signal });
  signal.throwIfAborted();
  const cheap = hasTypes ? null : readCheapUsage(answer);
  // Podman has no build cache of its own: what it builds are images.
  return measuredOf({ folder: null, ...readWalkedUsage(answer), note }, cheap !== null && engine.kind === 'podman' ? { ...cheap, buildCache: null } : cheap);
}

/** Measures one engine. Rejects with the reason, and with the signal's when cancelled. */
export async function measureEngine(engine: DiskEngine, parts: MeasureParts, task: MeasureTask): Promise<Measured> {
  task.signal.throwIfAborted();
  const folder = parts.place === null || parts.place.isElsewhere ? null : parts.place.folder;
  const here = folder === null ? null : await walkHere(folder, parts, task);
  if (here !== null) return here;
  return walkThere(engine, folder === null ? null : `Traywatch may not read the data folder; containers and volumes are as ${engine.label} counts them.`, task);
}
