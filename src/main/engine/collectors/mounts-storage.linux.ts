/** What a mount is stored on: which mounts are one storage, and whether one shows it as a whole. Pure. */
import type { Mount } from './mounts-tree.linux';

/** File systems whose volumes share all space, each with a device number of its own. */
const VOLUMES = new Set(['btrfs', 'bcachefs', 'apfs']);

/** The pool of a dataset such as `rpool/home@daily`. */
function poolOf(source: string): string {
  return source.replace(/[/@].*$/s, '');
}

/** A name of the storage besides its device number; null if it has none. */
function storageName({ type, source }: Mount): string | null {
  if (type === 'zfs') return `zfs:${poolOf(source)}`;
  return VOLUMES.has(type) && source.startsWith('/dev/') ? `${type}:${source}` : null;
}

/**
 * The storage of each mount: that of its device number, or of its pool or volume group; so volumes with numbers of their own
 * are one storage, and so are those of one number whose sources differ.
 */
export function storagesOf(mounts: readonly Mount[]): Map<Mount, string> {
  const nameByDevice = new Map<string, string>();
  for (const mount of mounts) {
    const name = storageName(mount);
    const other = nameByDevice.get(mount.device);
    if (name !== null && (other === undefined || name < other)) nameByDevice.set(mount.device, name);
  }
  return new Map(mounts.map((mount) => [mount, nameByDevice.get(mount.device) ?? mount.device]));
}

/** True if a mount shows all of its file system or subvolume, which is a folder in any case. */
export function showsRoot(mount: Mount): boolean {
  return mount.root === '/' || (mount.type === 'btrfs' && mount.root === mount.options.subvol);
}

/** True if a mount shows the root of its storage: not a folder of it, nor a dataset below the pool's own. */
export function isWhole(mount: Mount): boolean {
  return showsRoot(mount) && !(mount.type === 'zfs' && mount.source.includes('/'));
}

/** Network mounts that name their server: `server:/path`, `//server/share` or `user@server:/path`. */
const SERVED = /^(?:nfs\d*|cifs|smb3|smbfs|ceph|fuse\.sshfs)$/;

/** Folders that a virtual machine gets from its host. */
const OF_HOST = /^(?:9p|virtiofs|drvfs|vboxsf|vmhgfs|prl_fs)$/;

/** The server of a network mount: two of its shares may be on one disk. Null if nothing is known about that. */
export function serverOf({ type, source }: Mount): string | null {
  if (OF_HOST.test(type)) return `${type}://`;
  if (!SERVED.test(type)) return null;
  const host = /^(?:\/\/|\\\\)([^/\\]+)/.exec(source) ?? /^(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*):/.exec(source);
  return `${type.startsWith('nfs') ? 'nfs' : type}://${host?.[1] ?? ''}`;
}

/** FUSE programs that show one folder, encrypted or with other owners. They report the space of the disk it is on. */
const SHOWN = /^fuse\.(?:gocryptfs|cppcryptfs|encfs|cryfs|securefs|bindfs)$/;

/** The folder that a mount stores its data in: the upper layer of an overlay, the source of an encrypted folder; null for others. */
export function backingPathOf(mount: Mount): string | null {
  if (mount.type.startsWith('overlay')) return mount.options.upperdir ?? null;
  const path = SHOWN.test(mount.type) ? mount.source.replace(/^\w+@/, '') : '';
  return path.startsWith('/') ? path : null;
}

/** What a volume named as a snapshot is called without that: `home-snap2`, `snap_home`, `home_snapshot_2026-10-01`, `snap1`. */
const SNAPSHOT_NAMES = [/^(.+?)[-_.]snap(?:shot)?(?:[-_.]?\d[\d_.:T-]*)?$/i, /^snap(?:shot)?[-_.](.*?[a-z].*?)(?:[-_.]\d[\d_.:T-]*)?$/i, /^snap(?:shot)?[-_.]?[\d_.:T-]*()$/i];

/** Volume group and volume: /dev/mapper/vg-lv, hyphens within names doubled, or /dev/vg/lv. */
function volumeOf(source: string): { group: string; volume: string } | null {
  const mapped = /^\/dev\/mapper\/((?:[^-]|--)+)-(?!-)(.+)$/.exec(source);
  if (mapped !== null) return { group: (mapped[1] ?? '').replaceAll('--', '-'), volume: (mapped[2] ?? '').replaceAll('--', '-') };
  const direct = /^\/dev\/([^/]+)\/([^/]+)$/.exec(source);
  return direct === null ? null : { group: direct[1] ?? '', volume: direct[2] ?? '' };
}

/** The sources that a volume named as a snapshot may be one of; null if it is not named like that. */
export function lvmOrigins(source: string): string[] | null {
  const parts = volumeOf(source);
  if (parts === null) return null;
  const { group, volume } = parts;
  const origin = SNAPSHOT_NAMES.map((pattern) => pattern.exec(volume)?.[1]).find((name) => name !== undefined);
  if (origin === undefined) return null;
  const escape = (name: string): string => name.replaceAll('-', '--');
  return origin === '' ? [] : [`/dev/mapper/${escape(group)}-${escape(origin)}`, `/dev/${group}/${origin}`];
}
