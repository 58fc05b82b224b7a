/** The made-up server: 64 cores in two sockets, twelve disks, twenty interfaces with containers' ends and bridges, 30 sensors. */
import { GIB, MIB } from './machine';
import type { ChipSpec, DiskSpec, InterfaceSpec, MachineSpec, MountSpec } from './machine';

const TB = 1e12;

const PROFILE = [0.12, 0.1, 0.09, 0.09, 0.1, 0.12, 0.16, 0.2, 0.26, 0.32, 0.36, 0.38, 0.37, 0.35, 0.36, 0.37, 0.36, 0.33, 0.3, 0.29, 0.28, 0.25, 0.2, 0.15];

const letters = 'abcdefghijkl';

/** Ten data disks carry the bulk, two the system. */
const disks: readonly DiskSpec[] = Array.from(letters, (letter, index) => {
  const isSystem = index < 2;
  return {
    name: `sd${letter}`,
    major: 8,
    minor: 16 * index,
    model: isSystem ? 'Demo SSD 960' : 'Demo HDD 8000',
    size: isSystem ? 0.96 * TB : 8 * TB,
    isRotating: !isSystem,
    partitions: isSystem ? [`sd${letter}1`, `sd${letter}2`] : [`sd${letter}1`],
    read: isSystem ? { idle: 20_000, base: 30e6 } : { idle: 5000, base: 14e6 * (1 + 0.1 * index), bursts: { backup: 48e6, batch: 22e6 } },
    write: isSystem ? { idle: 60_000, base: 25e6, bursts: { deploy: 60e6 } } : { idle: 8000, base: 9e6, bursts: { batch: 26e6 } },
    request: isSystem ? 16_000 : 120_000,
  };
});

const card = (name: string, index: number, share: number): InterfaceSpec => ({
  name,
  rx: { idle: 20_000 * share, base: 160e6 * share, bursts: { batch: 40e6 * share, deploy: 90e6 * share } },
  tx: { idle: 30_000 * share, base: 210e6 * share, bursts: { backup: 320e6 * share } },
  address: index === 2 ? '198.51.100.10' : null,
  sysfs: { type: '1\n', ifindex: `${index}\n`, iflink: `${index}\n`, device: { link: `../../../devices/pci0000:80/0000:81:00.${index}` } },
});

const bridge = (name: string, index: number, address: string): InterfaceSpec => ({
  name,
  rx: { idle: 3000, base: 20e6 },
  tx: { idle: 3000, base: 28e6 },
  address,
  sysfs: { type: '1\n', ifindex: `${index}\n`, iflink: `${index}\n`, 'bridge/bridge_id': '8000.024200000001\n' },
});

/** Ends of pairs that lead into containers, ports of the two bridges. */
const pairEnds: readonly InterfaceSpec[] = Array.from({ length: 13 }, (_, index) => ({
  name: `veth${(0x3f_a10c + 7919 * index).toString(16)}`,
  rx: { idle: 200, base: 2e6 },
  tx: { idle: 200, base: 2.6e6 },
  address: null,
  sysfs: { type: '1\n', ifindex: `${20 + index}\n`, iflink: `${90 + index}\n`, master: { link: index % 2 === 0 ? '../docker0' : '../br-4c1d7e90aa31' } },
}));

const interfaces: readonly InterfaceSpec[] = [
  { name: 'lo', rx: { idle: 9000, base: 8e6 }, tx: { idle: 9000, base: 8e6 }, address: '127.0.0.1', sysfs: { type: '772\n', ifindex: '1\n', iflink: '1\n' } },
  card('eno1', 2, 0.7),
  card('eno2', 3, 0.3),
  card('eno3', 4, 0.01),
  card('eno4', 5, 0.01),
  bridge('docker0', 10, '172.17.0.1'),
  bridge('br-4c1d7e90aa31', 11, '172.18.0.1'),
  ...pairEnds,
];

const mounts: readonly MountSpec[] = [
  { line: '28 1 8:2 / / rw,relatime shared:1 - xfs /dev/sda2 rw', point: '/', used: 0.41 * 0.95 * TB, available: 0.59 * 0.95 * TB, yearly: 0.05 * TB, inodes: [3_100_000, 464_000_000] },
  { line: '30 28 8:1 / /boot rw,relatime shared:20 - ext4 /dev/sda1 rw', point: '/boot', used: 0.3e9, available: 0.6e9, yearly: 0, inodes: [350, 65_000] },
  ...Array.from(letters.slice(2), (letter, index): MountSpec => {
    const share = 0.38 + 0.055 * index;
    return { line: `${40 + index} 28 8:${16 * (index + 2) + 1} / /srv/data${index + 1} rw,relatime shared:${30 + index} - xfs /dev/sd${letter}1 rw`, point: `/srv/data${index + 1}`, used: share * 7.9 * TB, available: (1 - share) * 7.9 * TB, yearly: 1.1 * TB, inodes: [9_000_000, 780_000_000] };
  }),
];

/** 16 inputs per socket would be more than there are; eleven each, and eight of board and drives. */
const socket = (index: number): ChipSpec => ({
  name: 'coretemp',
  device: `platform/coretemp.${index}`,
  inputs: [
    { label: `Package id ${index}`, idle: 38, gain: 36, of: 'cpu', high: 89, critical: 99 },
    ...Array.from({ length: 10 }, (_, core) => ({ label: `Core ${core}`, idle: 35 + (core % 4), gain: 34, of: 'cpu' as const, high: 89, critical: 99 })),
  ],
});

const chips: readonly ChipSpec[] = [
  socket(0),
  socket(1),
  { name: 'nct6798', device: 'platform/nct6775.656', inputs: ['SYSTIN', 'CPUTIN', 'AUXTIN0', 'AUXTIN1'].map((label, index) => ({ label, idle: 30 + index, gain: 8, of: 'cpu', high: 80 })) },
  { name: 'jc42', device: 'pci0000:00/0000:00:1f.4/i2c-0/0-0018', inputs: [{ label: null, idle: 36, gain: 10, of: 'cpu', high: 85, critical: 95 }] },
  { name: 'bnxt_en', device: 'pci0000:80/0000:81:00.0', inputs: [{ label: 'sensor1', idle: 46, gain: 12, of: 'disk', high: 105 }] },
  { name: 'acpitz', device: 'virtual/thermal/thermal_zone0', inputs: [{ label: null, idle: 28, gain: 2, of: 'cpu' }, { label: null, idle: 30, gain: 2, of: 'cpu' }] },
];

export const server: MachineSpec = {
  name: 'server',
  summary: '64 cores in two sockets, 12 disks, 20 interfaces with containers and bridges, 30 sensors',
  cores: 64,
  sockets: 2,
  cpuModel: 'Demo Server 32-Core Processor',
  frequency: [1_500_000, 3_400_000],
  os: 'Demo Server Linux 12',
  kernel: '6.12.0-demo',
  board: null,
  memory: 503 * GIB,
  memoryIdle: 214 * GIB,
  swap: null,
  arc: null,
  profile: PROFILE,
  weekend: 0.7,
  bursts: [
    { name: 'backup', cpu: 0.06, memory: 6 * GIB, minutes: [70, 110], when: { minuteOfDay: 2 * 60 }, processes: [{ name: 'borg', command: '/usr/bin/borg create ::nightly /srv', uid: 0, cpu: 0.98, memory: 1800 * MIB, read: { bursts: { backup: 480e6 } } }] },
    { name: 'batch', cpu: 0.4, memory: 90 * GIB, minutes: [15, 45], when: { window: 240, chance: 0.75, hours: [0, 24] }, processes: [1, 2, 3].map((n) => ({ name: 'spark-executor', command: `/opt/spark/bin/spark-executor --id ${n}`, uid: 998, cpu: 0.32, memory: 28 * GIB, read: { bursts: { batch: 70e6 } }, write: { bursts: { batch: 85e6 } } })) },
    { name: 'deploy', cpu: 0.12, memory: 8 * GIB, minutes: [3, 7], when: { window: 120, chance: 0.5, hours: [8, 19] }, processes: [{ name: 'dockerd', command: '/usr/bin/dockerd pull', uid: 0, cpu: 0.9, memory: 400 * MIB, write: { bursts: { deploy: 60e6 } } }] },
  ],
  processes: [
    { name: 'systemd', command: '/sbin/init', uid: 0, cpu: 0.005, memory: 18 * MIB },
    ...Array.from({ length: 8 }, (_, n) => ({ name: 'postgres', command: `postgres: shop shop 172.18.0.${5 + n} SELECT`, uid: 999, cpu: 0.045, memory: 6 * GIB, read: { base: 11e6 }, write: { base: 6e6 } })),
    ...Array.from({ length: 12 }, (_, n) => ({ name: 'node', command: `node /app/server.js --worker ${n + 1}`, uid: 1001, cpu: 0.03, memory: 620 * MIB })),
    ...Array.from({ length: 4 }, () => ({ name: 'nginx', command: 'nginx: worker process', uid: 33, cpu: 0.03, memory: 64 * MIB })),
    { name: 'redis-server', command: '/usr/bin/redis-server *:6379', uid: 997, cpu: 0.05, memory: 11 * GIB },
    { name: 'java', command: '/usr/bin/java -Xmx48g -jar /opt/search/search.jar', uid: 996, cpu: 0.09, memory: 51 * GIB, read: { base: 18e6 } },
    { name: 'containerd', command: '/usr/bin/containerd', uid: 0, cpu: 0.012, memory: 90 * MIB },
    { name: 'prometheus', command: '/usr/bin/prometheus --storage.tsdb.retention.time=30d', uid: 995, cpu: 0.02, memory: 3 * GIB, write: { idle: 90_000 } },
  ],
  disks,
  interfaces,
  mounts,
  chips,
  users: [['www-data', 33], ['postgres', 999], ['spark', 998], ['redis', 997], ['search', 996], ['prometheus', 995], ['app', 1001]],
  connections: 2600,
  battery: null,
  sleeps: null,
  uptimeDays: 43,
  clock: null,
};
