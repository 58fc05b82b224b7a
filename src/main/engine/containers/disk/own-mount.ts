/** Whether a folder is a file system of its own. Pure. */

/** What the table of mounts says of one. */
export interface MountPlace {
  /** Where it is mounted. */
  readonly point: string;
  /** The folder of its file system that is shown there; `/` for all of it. */
  readonly root: string;
  /** major:minor of the file system. */
  readonly device: string;
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);

/**
 * True if a folder is a mount whose file system is used for nothing else: its space then is that of the folder. A subvolume,
 * or a folder of another file system mounted there, shares its space with the rest. Mounts in the order of the table.
 */
export function isOwnMount(folder: string, mounts: readonly MountPlace[]): boolean {
  const own = mounts.findLast(({ point }) => point === folder);
  return own !== undefined && mounts.every(({ device, root }) => device !== own.device || isWithin(root, own.root));
}
