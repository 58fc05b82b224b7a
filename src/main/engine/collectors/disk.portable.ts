/** Space of mounts through systeminformation, for macOS and Windows; inodes are unknown there. */
import { diskReading } from './disk';
import type { DiskRaw } from './disk';
import { atLeast } from './systeminformation';
import type { LoadSystemInformation, SiFileSystem } from './systeminformation';
import type { Collector } from './collector';

/** File systems served by another machine or another process. */
const REMOTE = /^(?:nfs|smbfs|cifs|afpfs|webdav|ftp|autofs|macfuse|osxfuse|fuse|network)/i;

/** Device file system and helper volumes of macOS. */
const SYSTEM_VOLUMES = /^\/(?:dev$|System\/Volumes\/(?!Data$))/;

function isMeasured({ type, mount, size }: SiFileSystem, withRemote: boolean): boolean {
  return size > 0 && !SYSTEM_VOLUMES.test(mount) && (withRemote || !REMOTE.test(type));
}

/** Reads `fsSize`. */
export function portableDisk(load: LoadSystemInformation, networkMounts: () => boolean): Collector<'disk', DiskRaw> {
  return {
    family: 'disk',
    read: async () => {
      const all = await (await load()).fsSize();
      const withRemote = networkMounts();
      return {
        mounts: all.filter((one) => isMeasured(one, withRemote)).map((one) => ({
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
