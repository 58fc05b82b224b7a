/** What a mount is, by its type and its place: a disk, a network mount, or nothing that fills up. Pure. */
import type { Mount } from './mounts-tree.linux';

/**
 * `disk`: a local file system. `slow`: one whose program or server may hang, but that counts as local. `remote`: served by
 * another machine. `none`: in memory, an image, a snapshot, a layer of a container, or no storage at all.
 */
export type MountKind = 'disk' | 'slow' | 'remote' | 'none';

/** Local file systems, including those without a source under /dev. */
const LOCAL = new Set([
  'ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'bcachefs', 'jfs', 'reiserfs', 'nilfs2', 'ubifs', 'jffs2', 'yaffs', 'yaffs2', 'vfat', 'msdos', 'exfat',
  'ntfs', 'ntfs3', 'apfs', 'hfs', 'hfsplus', 'udf',
]);

/** Read-only images, which are always full. */
const IMAGES = new Set(['squashfs', 'iso9660', 'erofs', 'cramfs', 'romfs', 'composefs']);

/** File systems served by another machine, without those of FUSE. */
const REMOTE = new Set([
  'cifs', 'smb3', 'smbfs', 'ncpfs', '9p', 'virtiofs', 'vboxsf', 'vmhgfs', 'ceph', 'glusterfs', 'lustre', 'beegfs', 'gpfs', 'orangefs', 'pvfs2', 'panfs', 'afs',
  'coda', 'ocfs2', 'gfs2', 'davfs', 'drvfs', 'prl_fs',
]);

/** Those of them that several machines have on one block device, and what a server of one has there: a disk, if it is that. */
const CLUSTERED = new Set(['ocfs2', 'gfs2', 'lustre']);

/** File systems in memory. */
const MEMORY = new Set(['tmpfs', 'ramfs', 'rootfs', 'devtmpfs']);

/** File systems that show folders of others. */
const OVERLAYS = new Set(['overlay', 'overlayfs', 'aufs', 'unionfs', 'shiftfs', 'ecryptfs']);

/** No storage, whatever they give as their source. */
const PSEUDO = new Set([
  'proc', 'sysfs', 'devpts', 'mqueue', 'hugetlbfs', 'cgroup', 'cgroup2', 'debugfs', 'tracefs', 'securityfs', 'pstore', 'bpf', 'configfs', 'fusectl', 'nsfs',
  'binfmt_misc', 'autofs', 'efivarfs', 'rpc_pipefs', 'nfsd', 'selinuxfs', 'smackfs', 'binder', 'resctrl', 'functionfs', 'usbfs', 'usbdevfs', 'none',
]);

/** FUSE programs for a local disk, several disks as one, or an encrypted or mapped folder of one. */
const FUSE_LOCAL =
  /^(?:(?:low)?ntfs(?:-3g)?|(?:mount\.)?exfat(?:-fuse)?|ext[234](?:fuse)?|fuse-?ext2|fuse2fs|apfs(?:-fuse)?|hfs(?:plus|fuse)?|ufs|xfs|btrfs|f2fs|bcachefs|lklfuse|zfs(?:-fuse)?|ltfs|mergerfs|mhddfs|unionfs(?:-fuse)?|shfs|policyfs|posixovl|gocryptfs|cppcryptfs|encfs|cryfs|securefs|bindfs)$/;

/** FUSE programs that show an image or an archive, and those that show no storage. */
const FUSE_NONE =
  /^(?:.*\.AppImage|appimage.*|squashfuse(?:_ll)?|snapfuse|fuse-?iso|erofs-?fuse|dwarfs|archivemount|fuse-archive|(?:fuse|mount)-zip|rar2fs|ratarmount|cdfs|cdemu|lxcfs|sysboxfs|pmxcfs|gvfsd-fuse|gvfs-fuse-daemon|kio-fuse|vmware-vmblock|fuse-overlayfs)$/i;

/** Snapshots: of ZFS, of Timeshift while it works, and of file servers. */
const SNAPSHOT_PLACES = /\/\.zfs\/snapshot\/|^\/run\/timeshift\//;
const SERVER_SNAPSHOTS = /\/\.snapshots?\/|\/@GMT-|\/\.snap\//;

/** Where container engines mount layers and root folders, wherever their data folder is. */
const LAYERS = new RegExp(
  [
    String.raw`/zfs/graph/`,
    String.raw`/btrfs/subvolumes/[0-9a-f]{64}`,
    String.raw`/devicemapper/mnt/`,
    String.raw`/(?:overlay2?|fuse-overlayfs)/[^/]+/merged`,
    String.raw`/aufs/mnt/`,
    String.raw`/vfs/dir/[0-9a-f]{64}`,
    String.raw`/io\.containerd\.`,
    String.raw`/containerd/tmpmounts/`,
    String.raw`^/run/(?:containerd|runc|crio|docker)/`,
    String.raw`/lxc/(?:[^/]+/)?rootfs`,
    String.raw`/storage-pools/[^/]+/(?:containers|images|virtual-machines|[a-z-]+-snapshots)/`,
  ].join('|'),
);
const LAYER_SOURCES = /^\/dev\/mapper\/docker-\d+:\d+-/;

/** The mount point of a running AppImage, and of a database that looks like a file system and does not say its name. */
const NO_STORAGE = /\/\.mount_[^/]*$|^\/etc\/pve$/;

/** Places of the system; a user would call a disk by another name if it has one. */
const SYSTEM_PLACES =
  /^\/(?:bin|boot|dev|etc|gnu|lib(?:32|64|x32)?|opt|ostree|proc|root|run|sbin|snap|sys|tmp|usr)(?:\/|$)|^\/nix\/store(?:\/|$)|^\/var\/(?:cache|lib|log|opt|run|snap|spool|tmp)(?:\/|$)|\/\.snapshots\/|\/\.Trash/;

/** True for places such as /etc and /var/lib. */
export function isSystemPlace(raw: string): boolean {
  return SYSTEM_PLACES.test(raw);
}

/** True for block devices; /dev/fuse is none. */
function isDevice(source: string): boolean {
  return source.startsWith('/dev/') && source !== '/dev/fuse';
}

function isRemote(type: string): boolean {
  return REMOTE.has(type) || /^nfs\d*$/.test(type);
}

function isFuse(type: string): boolean {
  return /^fuse(?:blk)?(?:\.|$)/.test(type);
}

function fuseKind({ type, source, raw }: Mount): MountKind {
  const program = type.replace(/^fuse(?:blk)?\.?/, '');
  if (raw === '/') return 'slow';
  if (FUSE_NONE.test(program) || source.endsWith('.AppImage') || NO_STORAGE.test(raw)) return 'none';
  return type.startsWith('fuseblk') || isDevice(source) || FUSE_LOCAL.test(program) ? 'slow' : 'remote';
}

/** An overlay without a folder to write to, and whatever is read-only and on a loop device. */
function isImage({ type, source, raw, readOnly, options }: Mount): boolean {
  if (IMAGES.has(type)) return true;
  if (!readOnly) return false;
  return type === 'udf' || (type.startsWith('overlay') && options.upperdir === undefined) || (source.startsWith('/dev/loop') && raw !== '/');
}

/** True for what holds data of another mount: snapshots and layers of containers. `/` is the disk of what runs here. */
function isCopy({ type, source, raw }: Mount): boolean {
  if (raw === '/') return false;
  if (type === 'zfs' && source.includes('@')) return true;
  if (SNAPSHOT_PLACES.test(raw) || LAYERS.test(raw) || LAYER_SOURCES.test(source)) return true;
  return isRemote(type) && (SERVER_SNAPSHOTS.test(raw) || SERVER_SNAPSHOTS.test(source) || SNAPSHOT_PLACES.test(source));
}

/**
 * What a mount is. `/` counts whatever its type (an overlay in a container, NFS on a diskless machine), except an image and
 * one in memory.
 */
export function kindOf(mount: Mount): MountKind {
  const { type, source, raw } = mount;
  if (MEMORY.has(type) || PSEUDO.has(type) || isImage(mount) || isCopy(mount)) return 'none';
  if (isFuse(type)) return fuseKind(mount);
  if (isRemote(type)) return raw === '/' || (CLUSTERED.has(type) && isDevice(source)) ? 'slow' : 'remote';
  if (raw === '/') return 'disk';
  return !OVERLAYS.has(type) && (LOCAL.has(type) || isDevice(source)) ? 'disk' : 'none';
}
