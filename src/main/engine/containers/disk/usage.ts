/**
 * The disk space of container engines: the file system of the data folder, what engines answer without walking through files
 * (seldom, and remembered over restarts), and measurements by walking, which a person starts.
 */
import type { EngineDisk } from '../../../../shared/containers/container-schemas';
import { messageOf } from '../../../../shared/result';
import type { Clock, Timers } from '../../clock';
import { LATE, within } from '../../deadline';
import { createTransitionLog } from '../../log';
import type { Log } from '../../log';
import { knowsTypes, readCheapUsage, readDataPlace, readImageList } from './answers';
import type { CheapUsage, DataPlace } from './answers';
import { NEW_ENGINE, withEngine } from './disk-state';
import type { DiskState, EngineDiskState } from './disk-state';
import type { DiskEngine, Folders, FolderSpace } from './disk-types';
import { measureEngine } from './measure';
import type { MeasureTask } from './measure';
import { isAskDue, nextAsk } from './pace';
import { reasonOf } from './reasons';

/** How long after the start engines are asked first, and how often it is looked whether one is due, ms. */
const START_DELAY = 60_000;
const LOOK = 10 * 60_000;

/** How long the place of a data folder is believed, ms. */
const PLACE_AGE = 3_600_000;

/** Deadlines, ms: of an answer that costs the engine little, of its sums of images and build cache, and of statfs. */
const QUICK = 10_000;
const CHEAP = 120_000;
const STATFS = 2000;

/** What the disk space is read from. */
export interface DiskUsageParts {
  engines(): readonly DiskEngine[];
  readonly folders: Folders;
  readonly state: { get(): DiskState; put(state: DiskState): unknown };
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  /** 0–1. */
  random(): number;
  readonly log: Log;
}

/** The disk space of container engines. */
export interface DiskUsage {
  /** What is known now. Engines are asked for nothing but their data folder, once an hour. */
  read(): Promise<EngineDisk[]>;
  /** Measures containers and volumes by walking; resolves to the result as a sentence. Rejects when it fails or is cancelled. */
  measure(engine: string, task: MeasureTask): Promise<string>;
  close(): void;
}

const isAnswering = ({ state }: Pick<DiskEngine, 'state'>): boolean => state === 'answering';

/** Asks an engine for what costs it little. Podman walks through all files for its sums, and Docker did before `type`: of these, the list of images. */
async function askCheap(engine: DiskEngine): Promise<CheapUsage> {
  const hasTypes = engine.kind === 'docker' && knowsTypes(await engine.ask('/version', { deadline: QUICK }));
  return hasTypes
    ? readCheapUsage(await engine.ask('/system/df?type=image&type=build-cache', { deadline: CHEAP }))
    : readImageList(await engine.ask('/images/json?all=1', { deadline: CHEAP }));
}

/** Where engines keep their data, asked for once an hour. */
function createPlaces({ folders, clock }: Pick<DiskUsageParts, 'folders' | 'clock'>): (engine: DiskEngine) => Promise<DataPlace | null> {
  const known = new Map<string, { readonly place: Promise<DataPlace | null>; readonly at: number }>();
  return async (engine) => {
    const key = `${engine.id} ${engine.endpoint}`;
    const last = known.get(key);
    if (last !== undefined && clock.mono() - last.at < PLACE_AGE) return last.place;
    if (!isAnswering(engine)) return null;
    const place = engine.ask('/info', { deadline: QUICK }).then((answer) => readDataPlace(answer, folders.machine), () => null);
    known.set(key, { place, at: clock.mono() });
    // What failed is asked again next time.
    if ((await place) === null) known.delete(key);
    return place;
  };
}

/** Creates it, and asks engines from then on as seldom as said. */
export function createDiskUsage(parts: DiskUsageParts): DiskUsage {
  const { folders, state, clock, timers, random, log } = parts;
  const health = createTransitionLog(log);
  const placeOf = createPlaces(parts);
  const stateOf = (id: string): EngineDiskState => state.get().engines[id] ?? NEW_ENGINE;
  const change = (id: string, changes: Partial<EngineDiskState>): void => void state.put(withEngine(state.get(), id, changes));
  const ownSpace = async (folder: string): Promise<FolderSpace | null> => {
    const space = await within(timers, STATFS, folders.ownSpace(folder).catch(() => null));
    return space === LATE ? null : space;
  };

  const ask = async (engine: DiskEngine): Promise<void> => {
    const { id, label } = engine;
    const { failures } = stateOf(id);
    // Written before it is asked: a program that ends meanwhile does not ask again at once.
    change(id, { nextAt: nextAsk(clock.now(), 0, random()) });
    try {
      const cheap = await askCheap(engine);
      change(id, { cheap, cheapAt: clock.now(), failures: 0, problem: null });
      health.report(`disk space of ${label}`, null);
    } catch (error) {
      const problem = messageOf(error).slice(0, 500);
      change(id, { nextAt: nextAsk(clock.now(), failures + 1, random()), failures: failures + 1, problem });
      health.report(`disk space of ${label}`, problem);
    }
  };

  const askDue = async (): Promise<void> => {
    for (const engine of parts.engines()) {
      if (!isClosed && isAnswering(engine) && isAskDue(clock.now(), stateOf(engine.id).nextAt)) await ask(engine);
    }
  };
  let isClosed = false;
  let cancel = timers.after(START_DELAY, function look() {
    void askDue().finally(() => {
      if (!isClosed) cancel = timers.after(LOOK, look);
    });
  });

  const diskOf = async (engine: DiskEngine): Promise<EngineDisk> => {
    const place = await placeOf(engine);
    const folder = place?.folder ?? null;
    const space = folder === null ? null : await ownSpace(folder);
    const known = stateOf(engine.id);
    const { cheap, cheapAt, walked, walkedAt } = known;
    return {
      engine: engine.id,
      folder,
      fileSystem: space === null ? null : { total: space.total, used: space.used, available: space.available },
      images: cheap?.images ?? null,
      buildCache: cheap?.buildCache ?? null,
      reclaimable: cheap?.reclaimable ?? null,
      cheapAt,
      measured: walked?.folder ?? null,
      containers: walked?.containers ?? null,
      volumes: walked?.volumes ?? null,
      walkedAt,
      reason: reasonOf(engine, place, known),
    };
  };

  return {
    read: () => Promise.all(parts.engines().map(diskOf)),
    async measure(id, task) {
      const engine = parts.engines().find((one) => one.id === id && isAnswering(one));
      if (engine === undefined) throw new Error('the engine does not answer any more');
      const measured = await measureEngine(engine, { place: await placeOf(engine), ownSpace, walk: folders.walk, log }, task);
      change(id, { ...(measured.cheap === null ? {} : { cheap: measured.cheap, cheapAt: clock.now(), problem: null }), walked: measured.walked, walkedAt: clock.now() });
      return measured.text;
    },
    close() {
      isClosed = true;
      cancel();
    },
  };
}
