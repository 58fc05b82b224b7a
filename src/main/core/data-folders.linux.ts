/** Data folders of container engines on Linux: the space of their file systems, and the walk through them. */
import { readFile } from 'node:fs/promises';
import { spaceOf } from '../engine/collectors/disk.linux';
import { parseMountinfo } from '../engine/collectors/mounts.linux';
import type { SystemDeps } from '../engine/collectors/deps';
import type { Folders } from '../engine/containers/disk/disk-types';
import { isOwnMount } from '../engine/containers/disk/own-mount';

/** The folders of this machine. */
export function linuxDataFolders({ statfs }: Pick<SystemDeps, 'statfs'>, walk: Folders['walk']): Folders {
  return {
    walk,
    async ownSpace(folder) {
      if (!isOwnMount(folder, parseMountinfo(await readFile('/proc/self/mountinfo')))) return null;
      const { total, used, available, inodesUsed } = spaceOf(await statfs(folder));
      return total === null || used === null || available === null ? null : { total, used, available, files: inodesUsed };
    },
  };
}
