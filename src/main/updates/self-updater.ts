/** What a copy can do that updates itself; the desktop has it, loaded when a download is asked for. */
import type { ReleaseFile } from './update-document';

/** Kinds of files that a copy can be updated with by itself. */
export type SelfUpdateKind = Extract<ReleaseFile['kind'], 'AppImage' | 'nsis' | 'zip'>;

/** One download. */
export interface Download {
  readonly version: string;
  readonly file: ReleaseFile;
  /** Share that is done, 0–100. */
  onProgress(percent: number): void;
  readonly signal: AbortSignal;
}

/** Downloads and installs. */
export interface SelfUpdater {
  /** Resolves when the file is there and is what was released. Rejects with an UpdateError; nothing is changed then. */
  download(download: Download): Promise<void>;
  /** Puts it in the place of this copy and starts it. Throws an UpdateError; this copy is unchanged then. */
  install(): void;
}
