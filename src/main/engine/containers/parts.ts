/** What the containers of a machine need, and what they give. */
import type { ContainerAction, ContainerDetails, ContainerList, EngineStatus } from '../../../shared/containers/container-schemas';
import type { ContainerSettings } from '../../../shared/containers/container-settings';
import type { Clock, Timers } from '../clock';
import type { Platform } from '../collectors/deps';
import type { Log } from '../log';
import type { EngineCandidate, LookFiles } from './discovery';
import type { ContainerEventListener } from './timeline';
import type { ContainerCounters, ContainerSource } from './types';

/** A container that runs, for the reader of counters. */
export interface RunningContainer {
  readonly id: string;
  /** On this machine's kernel; null where it is another's. */
  readonly pid: number | null;
  readonly engine: 'docker' | 'podman';
  /** Asks the engine for its statistics. Rejects with an EngineError. */
  stats(): Promise<unknown>;
}

/** Reads counters of running containers, by id; those of which nothing can be read are left out. */
interface CounterReader {
  read(running: readonly RunningContainer[]): Promise<ReadonlyMap<string, ContainerCounters>>;
}

/** A container as the naming of series sees it. */
export interface NamedContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly engine: string;
  readonly restartPolicy: string | null;
  readonly isRunning: boolean;
  readonly startedAt: number | null;
}

/** Name of a container's series. */
export interface SeriesName {
  readonly device: string;
  readonly label: string;
  readonly project: string | null;
  readonly service: string | null;
  readonly isStored: boolean;
}

/** Gives each container, by its id, a series of its own. `held` is what the last call returned; `now` in epoch ms. */
type NameSeries = (containers: readonly NamedContainer[], held: ReadonlyMap<string, SeriesName>, now: number) => ReadonlyMap<string, SeriesName>;

/** What the containers of a machine need. */
export interface ContainersParts {
  readonly platform: Platform;
  /** `/`, or a folder with recorded trees. */
  readonly root: string;
  readonly uid: number | null;
  readonly files: LookFiles;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly log: Log;
  /** Where engines may be now. Never rejects. */
  look(): Promise<readonly EngineCandidate[]>;
  settings(): Pick<ContainerSettings, 'logLines'>;
  readonly counters: CounterReader;
  readonly nameSeries: NameSeries;
  /** Gets the events for the timeline. */
  readonly onEvent: ContainerEventListener;
}

/** An engine that answers, for what goes beyond its containers. */
export interface AskableEngine extends Pick<EngineStatus, 'id' | 'kind' | 'label'> {
  /** Its data folder as it names it; null while unknown. */
  readonly folder: string | null;
  readonly isHere: boolean;
  /** JSON from one of its addresses. Rejects with an EngineError, or as aborted; `deadline` in ms, `most` bytes. */
  json(path: string, limits: { readonly deadline: number; readonly most?: number; readonly signal?: AbortSignal }): Promise<unknown>;
}

/** Containers of all engines. */
export interface Containers extends ContainerSource {
  list(): Promise<ContainerList>;
  /** Throws a CallError. */
  details(id: string): Promise<ContainerDetails>;
  /** Throws a CallError. */
  act(id: string, action: ContainerAction): Promise<ContainerList>;
  /** Display name of a container; null for one that is not known. */
  nameOf(id: string): string | null;
  /** Engines that answer now. */
  engines(): readonly AskableEngine[];
  /** Looks for engines now; after settings have changed. Never rejects. */
  lookAgain(): Promise<void>;
  close(): void;
}

