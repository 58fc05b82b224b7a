/** Space of mounts through systeminformation, for macOS and Windows; inodes are not told there. */
import { diskReading } from './disk';
import type { DiskRaw } from './disk';
import { atLeast } from './systeminformation';
import type { LoadSystemInformation, SiFileSystem } from './systeminformation';
import type { Collector } from './collector';

/** Answered by another machine or another process. */
const REMOTE = /^(?:nfs|smbfs|cifs|afpfs|webdav|ftp|autofs|macfuse|osxfuse|fuse|network)/i;

/** Disk images, devices and the system's own helper volumes of macOS. */
const HELPERS = /^\/(?:dev$|System\/Volumes\/(?!Data$))/;

function isReal({ type, mount, size }: SiFileSystem, withRemote: boolean): boolean {
  return size > 0 && !HELPERS.test(mount) && (withRemote || !REMOTE.test(type));
}

/** Reads `fsSize`. */
export function portableDisk(load: LoadSystemInformation, networkMounts: () => boolean): Collector<'disk', DiskRaw> {
  return {
    family: 'disk',
    read: async () => {
      const all = await (await load()).fsSize();
      const withRemote = networkMounts();
      return {
        mounts: all.filter((one) => isReal(one, withRemote)).map((one) => ({
          point: one.mount,
          detail: `${one.type} · ${one.fs}`,
          space: { total: atLeast(0, one.size), used: atLeast(0, one.used), available: atLeast(0, one.available), inodesTotal: null, inodesUsed: null },
          fault: null,
        })),
      };
    },
    toReading: diskReading,
  };
}
