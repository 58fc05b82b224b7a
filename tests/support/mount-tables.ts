/** Generates machines with mounts: the table as the kernel writes it, and what each mount really is. */
import * as fc from 'fast-check';

/** What is behind a mount. */
type Nature = 'disk' | 'remote' | 'memory' | 'image' | 'snapshot' | 'layer';

/** One mount of the table, with what the table does not say. */
interface TrueMount {
  readonly line: string;
  /** The mount point, one character per byte. */
  readonly point: string;
  /** Number of the storage; two mounts of one storage have the same. */
  readonly storage: number;
  readonly nature: Nature;
  readonly isFile: boolean;
}

/** The storages of a machine, before anything is mounted. `n` makes device numbers and sources unique. */
const STORAGES: Record<string, { nature: Nature; device(n: number, volume: number): string; rest(n: number, volume: number, root: string): string; volumes?: boolean }> = {
  ext4: { nature: 'disk', device: (n) => `8:${n}`, rest: (n) => `ext4 /dev/sd${n} rw` },
  ntfs: { nature: 'disk', device: (n) => `0:${200 + n}`, rest: (n) => `fuseblk /dev/sd${n} rw,user_id=0` },
  btrfs: { nature: 'disk', device: (n) => `0:${300 + n}`, rest: (n, _, root) => `btrfs /dev/sd${n} rw,subvol=${root}`, volumes: true },
  btrfsNumbered: { nature: 'disk', device: (n, volume) => `0:${1000 + n * 10 + volume}`, rest: (n, _, root) => `btrfs /dev/sd${n} rw,subvol=${root}`, volumes: true },
  zfs: { nature: 'disk', device: (n, volume) => `0:${2000 + n * 10 + volume}`, rest: (n, volume) => `zfs pool${n}${volume === 0 ? '' : `/data${volume}`} rw,xattr` },
  lvm: { nature: 'disk', device: (n) => `253:${n}`, rest: (n) => `xfs /dev/mapper/vg-data${n} rw` },
  nfs: { nature: 'remote', device: (n) => `0:${400 + n}`, rest: (n) => `nfs4 nas${n}:/vol rw` },
  sshfs: { nature: 'remote', device: (n) => `0:${500 + n}`, rest: (n) => `fuse.sshfs ann@host${n}:/ rw` },
  tmpfs: { nature: 'memory', device: (n) => `0:${600 + n}`, rest: () => 'tmpfs none rw' },
  squashfs: { nature: 'image', device: (n) => `7:${n}`, rest: (n) => `squashfs /dev/loop${n} ro` },
  appImage: { nature: 'image', device: (n) => `0:${700 + n}`, rest: () => 'fuse.Tool.AppImage Tool.AppImage ro' },
  zfsSnapshot: { nature: 'snapshot', device: (n) => `0:${800 + n}`, rest: (n) => `zfs pool${n}x/home@daily-${n} ro` },
  overlay: { nature: 'layer', device: (n) => `0:${900 + n}`, rest: () => 'overlay overlay rw,lowerdir=/l,upperdir=/none/u' },
};

const NAMES = ['a', 'b', 'data', 'etc', 'home', 'mnt', 'run', 'srv disk', 'var', 'lib', 'caf\xE9', 'caf\xE8', 'd\xC3\xBC'];

const point = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`);

interface Mounting {
  readonly storage: number;
  readonly volume: number;
  readonly part: 'whole' | 'folder' | 'file';
  readonly point: string;
}

/** Numbers of storages are chosen from these. */
const COUNT = 6;

const machine = fc.record({
  kinds: fc.array(fc.constantFrom(...Object.keys(STORAGES)), { minLength: COUNT, maxLength: COUNT }),
  rootKind: fc.constantFrom('ext4', 'btrfs', 'zfs', 'lvm', 'nfs', 'overlay', 'tmpfs', 'squashfs', 'overlayImage'),
  mountings: fc.array(
    fc.record<Mounting>({
      storage: fc.nat({ max: COUNT - 1 }),
      volume: fc.nat({ max: 2 }),
      part: fc.constantFrom('whole', 'whole', 'folder', 'file'),
      point,
    }),
    { maxLength: 14 },
  ),
});

const escaped = (bytes: string): string => bytes.replaceAll(/[\s\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);

function lineOf(id: number, parent: number, kind: string, { storage, volume, part, point }: Mounting): string {
  const of = STORAGES[kind];
  if (of === undefined) throw new Error(`no storage ${kind}`);
  const top = of.volumes === true ? `/@${volume}` : '/';
  const root = part === 'whole' ? top : `${top === '/' ? '' : top}/${part}-${storage}`;
  const options = of.rest(storage, volume, top);
  return `${id} ${parent} ${of.device(storage, of.volumes === true || kind === 'zfs' ? volume : 0)} ${root} ${escaped(point)} ${options.endsWith(' ro') ? 'ro' : 'rw'},relatime shared:${id} - ${options}`;
}

/** The mount that a path leads to: the last one made on the longest part of it that is reached. */
function mountAt(path: string, mounts: readonly { id: number; parent: number; point: string }[], root: number): number {
  let current = root;
  const steps = path === '/' ? ['/'] : ['/', ...path.split('/').slice(1).map((_, index, all) => `/${all.slice(0, index + 1).join('/')}`)];
  for (const step of steps) {
    for (let next = mounts.find((one) => one.parent === current && one.point === step && one.id !== current); next !== undefined; next = mounts.find((one) => one.parent === current && one.point === step)) current = next.id;
  }
  return current;
}

/** A machine's mounts in the order they were made, those that a path still leads to marked. */
export const mountTables = machine.map(({ kinds, rootKind, mountings }) => {
  const image = rootKind === 'overlayImage';
  const rootOf = image ? 'overlay' : rootKind;
  const root: Mounting = { storage: COUNT, volume: 0, part: 'whole', point: '/' };
  const rootLine = image ? '20 1 0:33 / / ro - overlay composefs ro,lowerdir=/run/x' : lineOf(20, 1, rootOf, root);
  const rootNature = image ? 'image' : rootOf === 'tmpfs' ? 'memory' : rootOf === 'squashfs' ? 'image' : 'disk';
  const made: { id: number; parent: number; point: string; is: TrueMount }[] = [{ id: 20, parent: 1, point: '/', is: { line: rootLine, point: '/', storage: COUNT, nature: rootNature, isFile: false } }];
  for (const [index, mounting] of mountings.entries()) {
    const kind = kinds[mounting.storage] ?? 'ext4';
    const id = 21 + index;
    const parent = mountAt(mounting.point, made, 20);
    // Nothing can be mounted below a file.
    if (made.find((one) => one.id === parent)?.is.isFile === true && made.find((one) => one.id === parent)?.point !== mounting.point) continue;
    const nature = STORAGES[kind]?.nature ?? 'disk';
    made.push({ id, parent, point: mounting.point, is: { line: lineOf(id, parent, kind, mounting), point: mounting.point, storage: mounting.storage, nature, isFile: mounting.part === 'file' } });
  }
  return made.map(({ id, point, is }) => ({ ...is, isVisible: mountAt(point, made, 20) === id }));
});
