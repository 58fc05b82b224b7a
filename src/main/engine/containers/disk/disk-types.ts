/** What the disk space of engines is read from: engines that answer, and folders of this machine. */
import type { EngineStatus } from '../../../../shared/containers/container-schemas';
import type { WalkFolder } from './walk-client';

/** An engine that answers. */
export interface DiskEngine extends Pick<EngineStatus, 'id' | 'kind' | 'label'> {
  /** Its data folder as it names it; null while unknown. */
  readonly folder: string | null;
  /** False for one that runs on another machine, a virtual one included. */
  readonly isHere: boolean;
  /** JSON from one of its addresses. Rejects with the reason; `deadline` in ms, `most` bytes. */
  json(path: string, limits: { readonly deadline: number; readonly most?: number; readonly signal?: AbortSignal }): Promise<unknown>;
}

/** Space of a file system, bytes; `files`: its used inodes, null where it does not count them. */
export interface FolderSpace {
  readonly total: number;
  readonly used: number;
  readonly available: number;
  readonly files: number | null;
}

/** Data folders on this machine. */
export interface Folders {
  /** The space of the file system that a folder is; null where it is a part of a larger one, or its space is not known. */
  ownSpace(folder: string): Promise<FolderSpace | null>;
  readonly walk: WalkFolder;
}
