/** What the disk space of engines is read from: engines that can be asked, and folders of this machine. */
import type { EngineStatus } from '../../../../shared/containers/container-schemas';
import type { Machine } from './answers';
import type { WalkFolder } from './walk-client';

/** An engine that can be asked. */
export interface DiskEngine extends Pick<EngineStatus, 'id' | 'kind' | 'label' | 'endpoint' | 'state' | 'reason'> {
  /** GET of a path of its API, without a version; resolves to the answer's JSON. Rejects with the reason, also when aborted or after `deadline` ms. */
  ask(path: string, options: { readonly deadline: number; readonly signal?: AbortSignal }): Promise<unknown>;
}

/** Space of a file system, bytes; `files`: its used inodes, null where it does not count them. */
export interface FolderSpace {
  readonly total: number;
  readonly used: number;
  readonly available: number;
  readonly files: number | null;
}

/** What this machine tells about folders. */
export interface Folders {
  /** Null where data folders are never on this machine. */
  readonly machine: Machine | null;
  /** The space of the file system that a folder is; null where it is a part of a larger one, or its space is not known. */
  ownSpace(folder: string): Promise<FolderSpace | null>;
  readonly walk: WalkFolder;
}
