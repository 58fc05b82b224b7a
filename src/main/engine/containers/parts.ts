/** What the containers of a machine need, and what they give. */
import type { ContainerAction, ContainerDetails, ContainerList } from '../../../shared/containers/container-schemas';
import type { ContainerSettings } from '../../../shared/containers/container-settings';
import type { Clock, Timers } from '../clock';
import type { Platform } from '../collectors/deps';
import type { Log } from '../log';
import type { EngineCandidate, LookFiles } from './discovery';
import type { DiskEngine } from './disk/disk-types';
import type { CounterReader } from './numbers/counters';
import type { NamedContainer, SeriesNames } from './series-names';
import type { ContainerEventListener } from './timeline';
import type { ContainerSource } from './types';

/** Gives each container, by its id, a series of its own. `held` is what the last call returned; `now` in epoch ms. */
type NameSeries = (containers: readonly NamedContainer[], held: SeriesNames, now: number) => SeriesNames;

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
  engines(): readonly DiskEngine[];
  /** Looks for engines now; after settings have changed. Never rejects. */
  lookAgain(): Promise<void>;
  close(): void;
}

