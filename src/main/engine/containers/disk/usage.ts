/**
 * The disk space of container engines: the file system of the data folder, what engines answer without walking through files
 * (seldom, and remembered over restarts), and measurements by walking, which a person starts.
 */
import type { EngineDisk } from '../../../../shared/containers/container-schemas';
import { messageOf } from '../../../../shared/result';
import type { Clock, Timers } from '../../clock';
import { LATE, within } from '../../deadline';
import { createTransitionLog } from '../../log';
import type { Log, TransitionLog } from '../../log';
import { knowsTypes, readCheapUsage, readImageList } from './answers';
import type { CheapUsage } from './answers';
import { NEW_ENGINE, withEngine } from './disk-state';
import type { DiskState, EngineDiskState } from './disk-state';
import type { DiskEngine, Folders, FolderSpace } from './disk-types';
import { measureEngine, QUICK } from './measure';
import type { MeasurePlace, MeasureTask } from './measure';
import { isAskDue, nextAsk } from './pace';
import { reasonOf } from './reasons';

/** How long after the start engines are asked first, and how often it is looked whether one is due, ms. */
const START_DELAY = 60_000;
const LOOK = 10 * 60_000;

/** Limits of the sums of images and build cache, and of statfs; ms and bytes. Until 1.51 the sums come with a list of all records. */
const CHEAP = { deadline: 120_000, most: 64_000_000 } as const;
const STATFS = 2000;

/** What the disk space is read from. */
export interface DiskUsageParts {
  /** Engines that answer now. */
  engines(): readonly DiskEngine[];
  /** Null where data folders are never on this machine's own disks. */
  readonly folders: Folders | null;
  readonly state: { get(): DiskState; put(state: DiskState): unknown };
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  /** 0–1. */
  random(): number;
  readonly log: Log;
}

/** The disk space of container engines. */
export interface DiskUsage {
  /** What is known now, of engines that answered once, too. Asks no engine. */
  read(): Promise<EngineDisk[]>;
  /** Measures containers and volumes by walking; resolves to the result as a sentence. Rejects when it fails or is cancelled. */
  measure(engine: string, task: MeasureTask): Promise<string>;
  close(): void;
}

/** Asks an engine for what costs it little. Podman walks through all files for its sums, and Docker did before `type`: of these, the list of images. */
async function askCheap(engine: DiskEngine): Promise<CheapUsage> {
  const hasTypes = engine.kind === 'docker' && knowsTypes(await engine.json('/version', QUICK));
  return hasTypes
    ? readCheapUsage(await engine.json('/system/df?type=image&type=build-cache', CHEAP))
    : readImageList(await engine.json('/images/json?all=1', CHEAP));
}

/** What is remembered, by engine. */
interface Memory {
  of(id: string): EngineDiskState;
  change(id: string, changes: Partial<EngineDiskState>): void;
}

const memoryIn = (state: DiskUsageParts['state']): Memory => ({
  of: (id) => state.get().engines[id] ?? NEW_ENGINE,
  change: (id, changes) => void state.put(withEngine(state.get(), id, changes)),
});

/** Asks every engine that is due. `isOver`: nobody wants to know any more. */
async function askDue({ engines, clock, random }: DiskUsageParts, memory: Memory, health: TransitionLog, isOver: () => boolean): Promise<void> {
  for (const engine of engines()) {
    const { id, label } = engine;
    const { nextAt, failures } = memory.of(id);
    if (isOver() || !isAskDue(clock.now(), nextAt)) continue;
    // Written before it is asked: a program that ends meanwhile does not ask again at once.
    memory.change(id, { nextAt: nextAsk(clock.now(), 0, random()) });
    try {
      const cheap = await askCheap(engine);
      memory.change(id, { cheap, cheapAt: clock.now(), failures: 0, problem: null });
      health.report(`disk space of ${label}`, null);
    } catch (error) {
      const problem = messageOf(error).slice(0, 500);
      memory.change(id, { nextAt: nextAsk(clock.now(), failures + 1, random()), failures: failures + 1, problem });
      health.report(`disk space of ${label}`, problem);
    }
  }
}

/** The data folder of an engine on this machine's own disks, and its space; null where it has none there. A statfs that hangs is not waited for. */
function placeOf({ isHere, folder }: DiskEngine, { folders, timers }: DiskUsageParts): MeasurePlace | null {
  if (folders === null || !isHere || folder === null) return null;
  const space = async (): Promise<FolderSpace | null> => {
    const told = await within(timers, STATFS, folders.ownSpace(folder).catch(() => null));
    return told === LATE ? null : told;
  };
  return { folder, space, walk: folders.walk };
}

/** What is known of an engine; `engine` is undefined for one that does not answer now. */
async function describe(id: string, engine: DiskEngine | undefined, known: EngineDiskState, parts: DiskUsageParts): Promise<EngineDisk> {
  const place = engine === undefined ? null : placeOf(engine, parts);
  const space = place === null ? null : await place.space();
  const { cheap, cheapAt, walked, walkedAt } = known;
  return {
    engine: id,
    folder: place?.folder ?? null,
    fileSystem: space === null ? null : { total: space.total, used: space.used, available: space.available },
    images: cheap?.images ?? null,
    buildCache: cheap?.buildCache ?? null,
    reclaimable: cheap?.reclaimable ?? null,
    cheapAt,
    measured: walked?.folder ?? null,
    containers: walked?.containers ?? null,
    volumes: walked?.volumes ?? null,
    walkedAt,
    reason: reasonOf(engine === undefined ? null : { label: engine.label, isHere: parts.folders !== null && engine.isHere }, known),
  };
}

/** Creates it, and asks engines from then on as seldom as said. */
export function createDiskUsage(parts: DiskUsageParts): DiskUsage {
  const { state, clock, timers, log } = parts;
  const memory = memoryIn(state);
  const health = createTransitionLog(log);
  let isClosed = false;
  let cancel = timers.after(START_DELAY, function look() {
    void askDue(parts, memory, health, () => isClosed).finally(() => {
      if (!isClosed) cancel = timers.after(LOOK, look);
    });
  });
  return {
    read() {
      const answering = new Map(parts.engines().map((engine) => [engine.id, engine]));
      const ids = new Set([...answering.keys(), ...Object.keys(state.get().engines)]);
      return Promise.all([...ids].map((id) => describe(id, answering.get(id), memory.of(id), parts)));
    },
    async measure(id, task) {
      const engine = parts.engines().find((one) => one.id === id);
      if (engine === undefined) throw new Error('the engine does not answer any more');
      const { cheap, walked, text } = await measureEngine(engine, { place: placeOf(engine, parts), log }, task);
      memory.change(id, { ...(cheap === null ? {} : { cheap, cheapAt: clock.now(), problem: null }), walked, walkedAt: clock.now() });
      return text;
    },
    close() {
      isClosed = true;
      cancel();
    },
  };
}
