/** The made-up board: no battery for its clock, which begins in 1970, swap in memory, counters of 32 bits, an SD card. */
import { GIB, MIB } from './machine';
import type { MachineSpec } from './machine';

const PROFILE = Array.from({ length: 24 }, (_, hour) => (hour >= 7 && hour < 23 ? 0.16 : 0.09));

export const board: MachineSpec = {
  name: 'board',
  summary: 'a small board without a clock: it starts in 1970 until its time is set; swap in memory, an SD card',
  cores: 4,
  sockets: 1,
  cpuModel: 'Demo Board Model B',
  frequency: [600_000, 1_500_000],
  os: 'Demo Board OS 13',
  kernel: '6.12.0-demo-v7l',
  board: 'Demo Board Model B',
  memory: 0.91 * GIB,
  memoryIdle: 0.47 * GIB,
  swap: { name: '/dev/zram0', total: 0.45 * GIB, used: 0.21 * GIB },
  arc: null,
  profile: PROFILE,
  weekend: 1,
  bursts: [
    { name: 'update', cpu: 0.5, memory: 0.2 * GIB, minutes: [6, 14], when: { minuteOfDay: 6 * 60 + 10 }, processes: [{ name: 'apt-get', command: '/usr/bin/apt-get -qq upgrade', uid: 0, cpu: 0.8, memory: 90 * MIB, write: { bursts: { update: 3e6 } } }] },
    { name: 'camera', cpu: 0.62, memory: 0.12 * GIB, minutes: [3, 12], when: { window: 60, chance: 0.6, hours: [7, 22] }, processes: [{ name: 'motion', command: '/usr/bin/motion -c /etc/motion.conf', uid: 101, cpu: 0.95, memory: 110 * MIB, write: { bursts: { camera: 1.2e6 } } }] },
  ],
  processes: [
    { name: 'systemd', command: '/sbin/init', uid: 0, cpu: 0.03, memory: 9 * MIB },
    { name: 'python3', command: 'python3 /opt/home/assistant.py', uid: 101, cpu: 0.55, memory: 240 * MIB, write: { idle: 4000 } },
    { name: 'mosquitto', command: '/usr/sbin/mosquitto -c /etc/mosquitto.conf', uid: 102, cpu: 0.12, memory: 8 * MIB },
    { name: 'pihole-FTL', command: '/usr/bin/pihole-FTL -f', uid: 103, cpu: 0.2, memory: 31 * MIB },
    { name: 'sshd', command: 'sshd: /usr/sbin/sshd -D', uid: 0, cpu: 0.02, memory: 6 * MIB },
  ],
  disks: [
    { name: 'mmcblk0', major: 179, minor: 0, model: null, size: 31.9e9, isRotating: false, partitions: ['mmcblk0p1', 'mmcblk0p2'], read: { idle: 200, base: 900_000, bursts: { update: 4e6 } }, write: { idle: 5000, base: 300_000, bursts: { update: 5e6, camera: 1.3e6 } }, request: 24_000 },
    { name: 'zram0', major: 254, minor: 0, model: null, size: 0.45 * GIB, isRotating: false, partitions: [], read: { idle: 300 }, write: { idle: 400 }, request: 4096 },
  ],
  interfaces: [
    { name: 'lo', rx: { idle: 400 }, tx: { idle: 400 }, address: '127.0.0.1', sysfs: { type: '772\n', ifindex: '1\n', iflink: '1\n' }, wrapsFrom: 0 },
    { name: 'eth0', rx: { idle: 4000, base: 700_000, bursts: { update: 2e6 } }, tx: { idle: 3000, base: 250_000, bursts: { camera: 900_000 } }, address: '192.0.2.77', sysfs: { type: '1\n', ifindex: '2\n', iflink: '2\n', device: { link: '../../../devices/platform/soc/fd580000.ethernet' } }, wrapsFrom: 2 ** 32 - 25_000_000 },
  ],
  mounts: [
    { line: '28 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw', point: '/', used: 17.8e9, available: 12.1e9, yearly: 4e9, inodes: [196_000, 1_880_000] },
    { line: '30 28 179:1 / /boot/firmware rw,relatime shared:20 - vfat /dev/mmcblk0p1 rw', point: '/boot/firmware', used: 0.07e9, available: 0.46e9, yearly: 0, inodes: null },
  ],
  chips: [{ name: 'cpu_thermal', device: 'virtual/thermal/thermal_zone0', inputs: [{ label: null, idle: 44, gain: 26, of: 'cpu', critical: 110 }] }],
  users: [['home', 101], ['mosquitto', 102], ['pihole', 103]],
  connections: 11,
  battery: null,
  sleeps: null,
  uptimeDays: 0.002,
  clock: { starts: 37_000, setAfter: 45_000 },
};
