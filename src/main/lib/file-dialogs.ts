/** Save and open dialogs as the rooms use them, without Electron, and names for the files that are proposed in them. */

/** Lets the user choose a file; resolves to its path, or to null when the dialog is cancelled. */
export interface FileDialogs {
  /** Where a file is written first if the system allows nothing beside the chosen one (macOS); absent elsewhere. */
  readonly spareFolder?: string;
  /** `name` is the proposed file name. */
  save(options: { title: string; name: string }): Promise<string | null>;
  /** `extension` has no dot. */
  open(options: { title: string; extension: string }): Promise<string | null>;
}

/** A file name that every file system accepts, without folders: at most 120 characters, never empty. */
export function safeName(name: string): string {
  const plain = name.replace(/[<>:"/\\|?*\p{Cc}]/gu, '-');
  const trimmed = plain.replace(/^[.\s-]+|[.\s]+$/g, '').slice(0, 120);
  return trimmed === '' ? 'traywatch' : trimmed;
}

/** 20261121-034500, local time: sorts by time in a folder. `now` in epoch ms. */
export function fileStamp(now: number): string {
  const date = new Date(now);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
