/** Space of mounts through systeminformation, for macOS and Windows; inodes are unknown there. */
import { diskReading } from './disk';
import type { DiskRaw, MeasuredSpace } from './disk';
import { DiskPools } from './disk-pools';
import type { MeasuredMount } from './disk-pools';
import { atLeast } from './systeminformation';
import type { LoadSystemInformation, SiFileSystem } from './systeminformation';
import type { Collector } from './collector';

/** File systems served by another machine or another process. */
const REMOTE = /^(?:nfs|smbfs|cifs|afpfs|webdav|ftp|autofs|macfuse|osxfuse|fuse|network)/i;

/** Device file system and helper volumes of macOS. */
const SYSTEM_VOLUMES = /^\/(?:dev$|System\/Volumes\/(?!Data$))/;

/** Snapshots of Time Machine and of ZFS; a sealed system volume is one, too, but it is the root. */
function isSnapshot({ fs, type, mount }: SiFileSystem): boolean {
  return mount !== '/' && fs.includes('@') && (fs.startsWith('com.apple.') || /^zfs$/i.test(type));
}

/** File systems of optical media and images. */
const IMAGES = /^(?:cd9660|cdfs|iso9660|squashfs|erofs)$/i;

/** Discs and mounted images, which are always full. A system volume is sealed as well, and is the root. */
function isImage({ type, mount, available, rw }: SiFileSystem): boolean {
  return mount !== '/' && available === 0 && (rw === false || IMAGES.test(type) || /^udf$/i.test(type));
}

function isMeasured(one: SiFileSystem, withRemote: boolean): boolean {
  return one.size > 0 && !SYSTEM_VOLUMES.test(one.mount) && !isSnapshot(one) && !isImage(one) && (withRemote || !REMOTE.test(one.type));
}

/** What shares its free space with others: the container of an APFS volume, the pool of a ZFS dataset. A disk of its own otherwise. */
function poolOf({ fs, type, mount }: SiFileSystem): string {
  if (/^apfs$/i.test(type)) return /^\/dev\/disk\d+/.exec(fs)?.[0] ?? mount;
  return /^zfs$/i.test(type) ? `zfs:${fs.replace(/[/@].*$/s, '')}` : mount;
}

/** Images, and what the system calls read-only; of other sources the package says so too where it does not know. */
function isReadOnly({ fs, type, rw }: SiFileSystem): boolean {
  return IMAGES.test(type) || (rw === false && /^(?:\/dev\/|[A-Za-z]:)/.test(fs));
}

function rawOf(one: SiFileSystem): MeasuredSpace & { readonly id: string } {
  const { fs, type, mount, size, used, available } = one;
  const space = { total: atLeast(0, size), used: atLeast(0, used), available: atLeast(0, available), inodesTotal: null, inodesUsed: null };
  const media = isReadOnly(one) ? 'readOnly' : null;
  return { id: mount, point: mount, detail: `${type} · ${fs}`, space, media, fault: null };
}

/** One mount per pool, that with the shortest name, which stands for the others. */
function poolsOf(mounts: readonly SiFileSystem[]): MeasuredMount[] {
  const pools = new Map<string, SiFileSystem[]>();
  for (const one of mounts) pools.set(poolOf(one), [...(pools.get(poolOf(one)) ?? []), one]);
  return [...pools.values()].flatMap((pool) => {
    const [named, ...others] = pool.sort((a, b) => a.mount.length - b.mount.length || (a.mount < b.mount ? -1 : 1)).map(rawOf);
    // The system volume of macOS is sealed, but shares its space with the one that is written.
    if (named === undefined) return [];
    const media = others.every((one) => one.media !== null) ? named.media : null;
    return [{ ...named, media, alike: null, sharing: others }];
  });
}

/** Reads `fsSize`. */
export function portableDisk(load: LoadSystemInformation, networkMounts: () => boolean): Collector<'disk', DiskRaw> {
  const pools = new DiskPools();
  return {
    family: 'disk',
    read: async () => {
      const all = await (await load()).fsSize();
      const withRemote = networkMounts();
      const disks = pools.join(poolsOf(all.filter((one) => isMeasured(one, withRemote))));
      // A mount that cannot be read is not listed at all.
      return { mounts: disks.map((mount) => ({ ...mount, fault: null })) };
    },
    toReading: diskReading,
  };
}
