/** The made-up NAS: a ZFS pool at 91 % with datasets and snapshots, its cache in memory, and disks with temperatures. */
import { GIB, MIB } from './machine';
import type { ChipSpec, DiskSpec, MachineSpec, MountSpec } from './machine';

/** What the pool has left, and what is in use of it: 91 %. */
const FREE = 158 * GIB;
const USED = (FREE * 91) / 9;

const PROFILE = [0.05, 0.05, 0.04, 0.04, 0.04, 0.04, 0.04, 0.05, 0.06, 0.06, 0.06, 0.06, 0.07, 0.06, 0.06, 0.06, 0.07, 0.09, 0.12, 0.14, 0.16, 0.15, 0.11, 0.07];

const letters = 'abcd';

const disks: readonly DiskSpec[] = [
  ...Array.from(letters, (letter, index): DiskSpec => ({
    name: `sd${letter}`,
    major: 8,
    minor: 16 * index,
    model: 'Demo NAS HDD 1000',
    size: 1e12,
    isRotating: true,
    partitions: [`sd${letter}1`, `sd${letter}9`],
    read: { idle: 800, base: 20e6, bursts: { scrub: 110e6, stream: 2e6, backup: 4e6 } },
    write: { idle: 2500, base: 9e6, bursts: { backup: 34e6 } },
    request: 140_000,
  })),
  { name: 'nvme0n1', major: 259, minor: 0, model: 'Demo NVMe 128', size: 128e9, isRotating: false, partitions: ['nvme0n1p1', 'nvme0n1p2'], read: { idle: 500, base: 1e6 }, write: { idle: 7000, base: 2e6 }, request: 20_000 },
];

/** A dataset of the pool: what it holds, beside what is free for all. */
const dataset = (id: number, name: string, used: number): MountSpec => ({
  line: `${id} 28 0:${id} / /tank${name} rw,relatime shared:${id} - zfs tank${name} rw,xattr,posixacl`,
  point: `/tank${name}`,
  used,
  available: FREE,
  yearly: 0.2 * used,
  inodes: null,
});

const mounts: readonly MountSpec[] = [
  { line: '28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw', point: '/', used: 31 * GIB, available: 84 * GIB, yearly: 3 * GIB, inodes: [410_000, 7_800_000] },
  dataset(50, '', 96 * 1024),
  dataset(51, '/media', USED),
  dataset(52, '/backup', 0.3 * USED),
  dataset(53, '/photos', 0.12 * USED),
  { ...dataset(54, '/photos/.zfs/snapshot/daily', 0.11 * USED), line: '54 53 0:54 / /tank/photos/.zfs/snapshot/daily ro,relatime shared:54 - zfs tank/photos@daily ro,xattr,posixacl' },
];

const drive = (index: number): ChipSpec => ({
  name: 'sata_temp',
  device: `pci0000:00/0000:00:17.0/ata${index + 1}/host${index}/target${index}:0:0/${index}:0:0:0`,
  inputs: [{ label: `Drive ${letters[index] ?? ''}`, idle: 33 + index, gain: 11, of: 'disk', high: 60, critical: 70 }],
});

export const nas: MachineSpec = {
  name: 'nas',
  summary: 'a ZFS pool at 91 % with 158 GiB free, datasets, snapshots and cache; disks with temperatures',
  cores: 4,
  sockets: 1,
  cpuModel: 'Demo Storage 4-Core Processor',
  frequency: [800_000, 2_900_000],
  os: 'Demo NAS 13',
  kernel: '6.12.0-demo-nas',
  board: null,
  memory: 31.2 * GIB,
  memoryIdle: 4.2 * GIB,
  swap: null,
  arc: { max: 22 * GIB, min: 1 * GIB, pool: 'tank' },
  profile: PROFILE,
  weekend: 1.2,
  bursts: [
    { name: 'backup', cpu: 0.25, memory: 1 * GIB, minutes: [25, 60], when: { minuteOfDay: 60 }, processes: [{ name: 'rsync', command: 'rsync --server -a . /tank/backup/laptop', uid: 1000, cpu: 0.9, memory: 120 * MIB, write: { bursts: { backup: 130e6 } } }] },
    { name: 'scrub', cpu: 0.18, memory: 0.3 * GIB, minutes: [180, 240], when: { window: 7 * 1440, chance: 1, hours: [0, 24] }, processes: [{ name: 'z_rd_int', command: 'z_rd_int', uid: 0, cpu: 0.8, memory: MIB }] },
    { name: 'stream', cpu: 0.3, memory: 1.5 * GIB, minutes: [30, 110], when: { window: 240, chance: 0.7, hours: [17, 23] }, processes: [{ name: 'ffmpeg', command: 'ffmpeg -i /tank/media/film.mkv -c:v h264 pipe:1', uid: 1000, cpu: 0.95, memory: 700 * MIB, read: { bursts: { stream: 8e6 } } }] },
  ],
  processes: [
    { name: 'systemd', command: '/sbin/init', uid: 0, cpu: 0.02, memory: 13 * MIB },
    { name: 'smbd', command: '/usr/sbin/smbd --foreground', uid: 0, cpu: 0.34, memory: 88 * MIB, read: { base: 50e6 }, write: { base: 20e6 } },
    { name: 'jellyfin', command: '/usr/bin/jellyfin --datadir=/var/lib/jellyfin', uid: 1000, cpu: 0.4, memory: 640 * MIB },
    { name: 'nfsd', command: '/usr/sbin/rpc.nfsd', uid: 0, cpu: 0.12, memory: 6 * MIB },
    { name: 'zed', command: '/usr/sbin/zed -F', uid: 0, cpu: 0.02, memory: 7 * MIB },
    { name: 'sshd', command: 'sshd: /usr/sbin/sshd -D', uid: 0, cpu: 0.02, memory: 8 * MIB },
    { name: 'smartd', command: '/usr/sbin/smartd -n', uid: 0, cpu: 0.02, memory: 7 * MIB },
  ],
  disks,
  interfaces: [
    { name: 'lo', rx: { idle: 500 }, tx: { idle: 500 }, address: '127.0.0.1', sysfs: { type: '772\n', ifindex: '1\n', iflink: '1\n' } },
    { name: 'enp1s0', rx: { idle: 900, base: 12e6, bursts: { backup: 105e6 } }, tx: { idle: 900, base: 45e6, bursts: { stream: 5e6 } }, address: '192.0.2.40', sysfs: { type: '1\n', ifindex: '2\n', iflink: '2\n', device: { link: '../../../devices/pci0000:00/0000:01:00.0' } } },
  ],
  mounts,
  chips: [
    { name: 'coretemp', device: 'platform/coretemp.0', inputs: [{ label: 'Package id 0', idle: 37, gain: 30, of: 'cpu', high: 100, critical: 105 }] },
    ...Array.from(letters, (_, index) => drive(index)),
    { name: 'nvme', device: 'pci0000:00/0000:00:1d.0/0000:02:00.0/nvme/nvme0', inputs: [{ label: 'Composite', idle: 39, gain: 8, of: 'disk', high: 80, critical: 85 }] },
  ],
  users: [['media', 1000]],
  connections: 18,
  battery: null,
  sleeps: null,
  uptimeDays: 31,
  clock: null,
};
