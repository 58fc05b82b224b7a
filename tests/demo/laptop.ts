/** The made-up laptop: eight cores, a battery, Wi-Fi, one large NVMe drive. It sleeps at night. */
import { GIB, MIB } from './machine';
import type { MachineSpec } from './machine';

const GB = 1e9;
const GPU = 'pci0000:00/0000:00:08.1/0000:04:00.0';

/** Everyday load by hour: work from nine to six, a little in the evening. */
const PROFILE = [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.03, 0.06, 0.12, 0.15, 0.16, 0.11, 0.1, 0.14, 0.16, 0.15, 0.12, 0.08, 0.07, 0.08, 0.09, 0.08, 0.04];

export const laptop: MachineSpec = {
  name: 'laptop',
  summary: '8 cores, graphics and a battery, Wi-Fi, one NVMe drive of 1.9 TB at 73 %; asleep at night',
  cores: 8,
  sockets: 1,
  cpuModel: 'Demo Mobile 8-Core Processor',
  frequency: [800_000, 4_700_000],
  os: 'Demo Linux 26.04',
  kernel: '6.17.0-demo',
  board: null,
  memory: 15.4 * GIB,
  memoryIdle: 5.6 * GIB,
  swap: { name: '/dev/nvme0n1p3', total: 8 * GIB, used: 0.4 * GIB },
  arc: null,
  profile: PROFILE,
  weekend: 0.5,
  bursts: [
    {
      name: 'build',
      cpu: 0.78,
      memory: 3.6 * GIB,
      minutes: [2, 9],
      when: { window: 60, chance: 0.55, hours: [9, 18] },
      processes: [1, 2, 3, 4].map((n) => ({ name: 'cc1plus', command: `/usr/libexec/gcc/cc1plus -quiet src/part${n}.cpp`, uid: 1000, cpu: 0.22, memory: 420 * MIB, write: { bursts: { build: 2.5e6 } } })),
    },
    {
      name: 'call',
      cpu: 0.22,
      memory: 1.1 * GIB,
      minutes: [20, 50],
      when: { window: 180, chance: 0.6, hours: [9, 17] },
      processes: [{ name: 'meet', command: '/opt/meet/meet --type=renderer', uid: 1000, cpu: 0.9, memory: 900 * MIB }],
    },
    {
      name: 'stream',
      cpu: 0.12,
      memory: 0.6 * GIB,
      minutes: [40, 100],
      when: { window: 240, chance: 0.7, hours: [19, 23] },
      processes: [{ name: 'mpv', command: '/usr/bin/mpv --fs evening.mkv', uid: 1000, cpu: 0.95, memory: 380 * MIB }],
    },
    {
      name: 'backup',
      cpu: 0.18,
      memory: 0.5 * GIB,
      minutes: [12, 18],
      when: { minuteOfDay: 12 * 60 + 20 },
      processes: [{ name: 'restic', command: '/usr/bin/restic backup /home/ada', uid: 1000, cpu: 0.97, memory: 310 * MIB, read: { bursts: { backup: 85e6 } } }],
    },
  ],
  processes: [
    { name: 'systemd', command: '/sbin/init', uid: 0, cpu: 0.01, memory: 14 * MIB },
    { name: 'gnome-shell', command: '/usr/bin/gnome-shell', uid: 1000, cpu: 0.14, memory: 420 * MIB },
    { name: 'firefox', command: '/usr/lib/firefox/firefox', uid: 1000, cpu: 0.26, memory: 1100 * MIB, write: { base: 400_000 } },
    { name: 'Isolated Web Co', command: '/usr/lib/firefox/firefox -contentproc -childID 4', uid: 1000, cpu: 0.22, memory: 780 * MIB },
    { name: 'code', command: '/usr/share/code/code --type=renderer', uid: 1000, cpu: 0.17, memory: 690 * MIB, write: { base: 200_000 } },
    { name: 'pipewire', command: '/usr/bin/pipewire', uid: 1000, cpu: 0.04, memory: 38 * MIB },
    { name: 'NetworkManager', command: '/usr/sbin/NetworkManager --no-daemon', uid: 0, cpu: 0.01, memory: 22 * MIB },
    { name: 'thunderbird', command: '/usr/bin/thunderbird', uid: 1000, cpu: 0.08, memory: 460 * MIB, read: { base: 150_000 } },
    { name: 'dbus-daemon', command: '/usr/bin/dbus-daemon --session', uid: 1000, cpu: 0.02, memory: 9 * MIB },
    { name: 'systemd-journald', command: '/usr/lib/systemd/systemd-journald', uid: 0, cpu: 0.02, memory: 46 * MIB, write: { idle: 900 } },
    { name: 'Xwayland', command: '/usr/bin/Xwayland :0', uid: 1000, cpu: 0.03, memory: 120 * MIB },
  ],
  disks: [
    {
      name: 'nvme0n1',
      major: 259,
      minor: 0,
      model: 'Demo NVMe 2TB',
      size: 2e12,
      isRotating: false,
      partitions: ['nvme0n1p1', 'nvme0n1p2'],
      read: { idle: 4000, base: 9e6, bursts: { build: 14e6, backup: 85e6, stream: 3e6 } },
      write: { idle: 9000, base: 5e6, bursts: { build: 24e6, call: 150_000 } },
      request: 28_000,
    },
  ],
  interfaces: [
    { name: 'lo', rx: { idle: 900 }, tx: { idle: 900 }, address: '127.0.0.1', sysfs: { type: '772\n', ifindex: '1\n', iflink: '1\n' } },
    {
      name: 'wlp2s0',
      rx: { idle: 700, base: 2.2e6, bursts: { call: 420_000, stream: 1.9e6, build: 60_000 } },
      tx: { idle: 300, base: 180_000, bursts: { call: 380_000, backup: 6.5e6, stream: 30_000 } },
      address: '192.0.2.23',
      sysfs: { type: '1\n', ifindex: '2\n', iflink: '2\n', device: { link: '../../../devices/pci0000:00/0000:02:00.0' }, 'wireless/status': '0\n' },
    },
  ],
  mounts: [
    { line: '28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw', point: '/', used: 0.73 * 1.9e12, available: 0.27 * 1.9e12, yearly: 260 * GB, inodes: [2_400_000, 122_000_000] },
    { line: '31 28 259:1 / /boot/efi rw,relatime shared:20 - vfat /dev/nvme0n1p1 rw,fmask=0077', point: '/boot/efi', used: 0.04 * GB, available: 0.5 * GB, yearly: 0, inodes: null },
  ],
  chips: [
    { name: 'coretemp', device: 'platform/coretemp.0', inputs: [{ label: 'Package id 0', idle: 43, gain: 42, of: 'cpu', high: 100, critical: 105 }, ...[0, 1, 2, 3].map((core) => ({ label: `Core ${core}`, idle: 41 + core, gain: 40, of: 'cpu' as const, high: 100, critical: 105 }))] },
    { name: 'nvme', device: 'pci0000:00/0000:00:1d.0/0000:03:00.0/nvme/nvme0', inputs: [{ label: 'Composite', idle: 38, gain: 16, of: 'disk', high: 82, critical: 85 }] },
    { name: 'demo_ec', device: 'platform/demo_ec', inputs: [], fans: [{ label: 'CPU fan', idle: 1900, full: 4600 }, { label: 'System fan', idle: 1700, full: 3900 }] },
    { name: 'amdgpu', device: GPU, inputs: [{ label: 'edge', idle: 39, gain: 26, of: 'cpu' }] },
    { name: 'iwlwifi_1', device: 'virtual/thermal/thermal_zone3', inputs: [{ label: null, idle: 44, gain: 8, of: 'cpu' }] },
  ],
  gpu: { device: GPU, memory: 512 * MIB, shared: 7.5 * GIB },
  users: [['ada', 1000]],
  connections: 46,
  battery: { model: 'DEMO-57', energy: 57_000_000 },
  sleeps: [23.6, 7.2],
  uptimeDays: 6,
  clock: null,
};

