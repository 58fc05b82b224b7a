/** Selects the mounts to measure from /proc/self/mountinfo. Pure. */
import { parseFault } from './faults';

const MOUNTINFO = '/proc/self/mountinfo';

/** One line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  /** `major:minor` of the file system; the same for all its mounts. */
  readonly device: string;
  readonly point: string;
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
}

/** A mount to measure; reading a remote one may hang. */
export interface RealMount extends Mount {
  readonly remote: boolean;
}

/** Local file systems, including those without a source under /dev. */
const LOCAL = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'bcachefs', 'jfs', 'nilfs2', 'ubifs', 'jffs2', 'vfat', 'exfat', 'ntfs', 'ntfs3', 'apfs', 'hfsplus']);

/** Read-only images, which are always full. */
const IMAGES = new Set(['squashfs', 'iso9660', 'erofs', 'cramfs', 'romfs']);

/** File systems served by another machine or process. FUSE types (`fuse`, `fuseblk`, `fuse.…`) are recognized by prefix. */
const REMOTE = new Set(['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ncpfs', '9p', 'virtiofs', 'vboxsf', 'ceph', 'glusterfs', 'lustre', 'afs', 'coda', 'ocfs2', 'gfs2', 'davfs', 'drvfs', 'prl_fs']);

/** File systems in memory. */
const MEMORY = new Set(['tmpfs', 'ramfs', 'rootfs', 'devtmpfs']);

/** Single files that container engines mount from the host's disk. */
const SINGLE_FILES = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']);

/** Decodes escapes such as \040; each is one byte of UTF-8. */
export function unescapeMount(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = Buffer.from(text, 'utf8').toString('latin1').replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** One line: id parent major:minor root point options [tags…] - type source super-options. Throws a ParseError. */
function parseLine(line: string): Mount {
  const [left = '', right = ''] = line.split(' - ', 2);
  const [, , device, , point, options] = left.split(' ');
  const [type, source, superOptions] = right.split(' ');
  if (device === undefined || point === undefined || options === undefined || type === undefined || source === undefined) {
    throw parseFault(MOUNTINFO, `cannot read "${line.slice(0, 80)}"`);
  }
  const readOnly = options.split(',').includes('ro') || (superOptions ?? '').split(',').includes('ro');
  return { device, point: unescapeMount(point), type, source: unescapeMount(source), readOnly };
}

/** All mounts, in the order they were made. Throws a ParseError. */
export function parseMountinfo(text: string): Mount[] {
  const mounts = text.split('\n').filter((line) => line !== '').map(parseLine);
  if (mounts.length === 0) throw parseFault(MOUNTINFO, 'is empty');
  return mounts;
}

function isRemote(type: string): boolean {
  return REMOTE.has(type) || type.startsWith('fuse');
}

/** `/` counts whatever its type (an overlay in a container), except a read-only overlay, which is an image. */
function isLocal({ type, source, point, readOnly }: Mount): boolean {
  if (IMAGES.has(type) || (type === 'udf' && readOnly) || MEMORY.has(type) || SINGLE_FILES.has(point)) return false;
  if (point === '/') return !(type === 'overlay' && readOnly);
  return LOCAL.has(type) || (source.startsWith('/dev/') && type !== 'overlay');
}

/**
 * The mounts to measure: local file systems, and remote ones if `withRemote`; without pseudo file systems and images. Each
 * file system counts once, at its shortest mount point (bind mounts, subvolumes); of two mounts at one point the later
 * hides the earlier.
 */
export function realMounts(mounts: readonly Mount[], withRemote: boolean): RealMount[] {
  const visible = new Map(mounts.map((mount) => [mount.point, mount]));
  const byDevice = new Map<string, RealMount>();
  for (const mount of visible.values()) {
    const remote = isRemote(mount.type);
    if (remote ? !withRemote : !isLocal(mount)) continue;
    const other = byDevice.get(mount.device);
    if (other === undefined || mount.point.length < other.point.length) byDevice.set(mount.device, { ...mount, remote });
  }
  return [...byDevice.values()].sort((a, b) => (a.point < b.point ? -1 : 1));
}
