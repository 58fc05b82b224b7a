/**
 * A big machine as folders of files: 128 cores, 8 GPUs, 40 sensors, 24 disks, 60 mounts, 40 interfaces. Files on a disk are
 * cheaper to read than those the kernel makes at each read, and these never change: what is measured is what Traywatch itself
 * does with so many, opening and reading included.
 */
import fs from 'node:fs';
import path from 'node:path';

const CORES = 128;
const GPUS = 8;
const CHIPS = 10;
const SENSORS_PER_CHIP = 4;
const DISKS = 24;
const MOUNTS = 60;
const INTERFACES = 40;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function statText(): string {
  const times = (factor: number): string => [4_511_231, 1021, 1_203_344, 88_113_442, 23_114, 0, 33_211, 0, 0, 0].map((time) => time * factor).join(' ');
  return [`cpu  ${times(CORES)}`, ...range(CORES).map((core) => `cpu${core} ${times(1)}`), 'intr 1', 'ctxt 9', 'btime 1700000000', 'processes 5', 'procs_running 3', 'procs_blocked 0', ''].join('\n');
}

const cpuinfoText = (): string => range(CORES).map((core) => `processor\t: ${core}\nmodel name\t: Big CPU\ncpu MHz\t\t: ${2400 + core}.000\nphysical id\t: ${core >> 6}\ncore id\t\t: ${core & 63}\n`).join('\n');
const meminfoText = (): string => 'MemTotal: 1056784512 kB\nMemFree: 301278464 kB\nMemAvailable: 812345678 kB\nBuffers: 10240 kB\nCached: 401278464 kB\nSReclaimable: 20480 kB\nShmem: 4096 kB\nSwapTotal: 8388604 kB\nSwapFree: 8388604 kB\n';
const diskstatsText = (): string => range(DISKS).map((disk) => ` 259 ${disk * 4} nvme${disk}n1 912212 211 81222133 211221 412211 99121 51221133 812211 0 412211 1023432 0 0 0 0 8211 1222\n`).join('');
const netText = (): string => ['Inter-|   Receive |  Transmit', ' face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed', ...range(INTERFACES).map((at) => `  eth${at}: 9122122211 8122113 0 12 0 0 0 912 8122211332 7122113 0 0 0 0 0 0`), ''].join('\n');

const mountinfoText = (): string => range(MOUNTS).map((at) => `${at + 30} 1 259:${at} / ${at === 0 ? '/' : `/data/${at}`} rw,relatime shared:${at} - ext4 /dev/nvme${at % DISKS}n1p${at} rw\n`).join('');
const mountstatsText = (): string => range(MOUNTS).map((at) => `device /dev/nvme${at % DISKS}n1p${at} mounted on ${at === 0 ? '/' : `/data/${at}`} with fstype ext4\n`).join('');
const pressureText = (): string => 'some avg10=1.22 avg60=0.91 avg300=0.44 total=812211332\nfull avg10=0.10 avg60=0.05 avg300=0.01 total=8122113\n';

/** Files of a chip with temperatures and one fan, below /sys/class/hwmon. */
function chipFiles(chip: number): [string, string][] {
  const at = `sys/class/hwmon/hwmon${chip}`;
  const sensors = range(SENSORS_PER_CHIP).flatMap((sensor): [string, string][] => [
    [`${at}/temp${sensor + 1}_input`, `${41_000 + sensor * 1000}\n`],
    [`${at}/temp${sensor + 1}_label`, `Sensor ${sensor}\n`],
    [`${at}/temp${sensor + 1}_max`, '90000\n'],
    [`${at}/temp${sensor + 1}_crit`, '100000\n'],
  ]);
  return [[`${at}/name`, `chip${chip}\n`], [`${at}/fan1_input`, '1210\n'], [`${at}/fan1_label`, `Fan ${chip}\n`], ...sensors];
}

/** An AMD card that is awake and cannot sleep, as a server's. */
function gpuFiles(gpu: number): [string, string][] {
  const card = `sys/class/drm/card${gpu}/device`;
  const hwmon = `${card}/hwmon/hwmon${100 + gpu}`;
  const entries: Readonly<Record<string, string | number>> = {
    vendor: '0x1002', device: '0x740f', revision: '0x02', product_name: `Accelerator ${gpu}`, unique_id: `e0${gpu}`, uevent: `DRIVER=amdgpu\nPCI_SLOT_NAME=0000:${gpu}3:00.0`,
    'power/runtime_status': 'active', 'power/control': 'on', power_state: 'D0',
    gpu_busy_percent: 37, mem_busy_percent: 12, mem_info_vram_total: 68_702_699_520, mem_info_vram_used: 12_702_699_520, mem_info_gtt_total: 540_702_699_520, mem_info_gtt_used: 122_699_520,
  };
  const sensors: Readonly<Record<string, string | number>> = { name: 'amdgpu', temp1_input: 44_000, temp1_label: 'edge', temp2_input: 51_000, temp2_label: 'junction', power1_average: 221_000_000, freq1_input: 1_700_000_000, freq1_label: 'sclk', fan1_input: 0 };
  const list = (folder: string, files: typeof entries): [string, string][] => Object.entries(files).map(([name, value]) => [`${folder}/${name}`, `${value}\n`]);
  return [...list(card, entries), ...list(hwmon, sensors)];
}

const interfaceFiles = (at: number): [string, string][] => [[`sys/class/net/eth${at}/type`, '1\n'], [`sys/class/net/eth${at}/device/uevent`, 'DRIVER=ixgbe\n'], [`sys/class/net/eth${at}/operstate`, 'up\n'], [`sys/class/net/eth${at}/flags`, '0x1003\n'], [`sys/class/net/eth${at}/uevent`, `INTERFACE=eth${at}\n`]];
const diskFiles = (disk: number): [string, string][] => [[`sys/block/nvme${disk}n1/size`, '7501476528\n'], [`sys/block/nvme${disk}n1/removable`, '0\n'], [`sys/block/nvme${disk}n1/device/model`, `Big Disk ${disk}\n`], [`sys/block/nvme${disk}n1/device/serial`, `S${disk}\n`]];

/** Writes the machine below a folder. */
export function writeBigMachine(root: string): void {
  const files: readonly (readonly [string, string])[] = [
    ['proc/stat', statText()], ['proc/cpuinfo', cpuinfoText()], ['proc/loadavg', '12.11 10.21 9.88 5/1822 91222\n'], ['proc/meminfo', meminfoText()], ['proc/vmstat', 'pswpin 0\npswpout 0\n'],
    ['proc/diskstats', diskstatsText()], ['proc/net/dev', netText()], ['proc/self/mountinfo', mountinfoText()], ['proc/self/mountstats', mountstatsText()], ['proc/uptime', '912211.21 81222111.10\n'],
    ['proc/mdstat', 'Personalities : [raid1]\nmd0 : active raid1 nvme1n1[1] nvme0n1[0]\n      3750605120 blocks super 1.2 [2/2] [UU]\n      \nunused devices: <none>\n'],
    ...['cpu', 'memory', 'io'].map((kind): [string, string] => [`proc/pressure/${kind}`, pressureText()]),
    ...range(CORES).flatMap((core): [string, string][] => [[`sys/devices/system/cpu/cpu${core}/cpufreq/scaling_cur_freq`, `${2_400_000 + core}\n`], [`sys/devices/system/cpu/cpu${core}/cpufreq/cpuinfo_max_freq`, '3700000\n']]),
    ...range(CHIPS).flatMap(chipFiles),
    ...range(GPUS).flatMap(gpuFiles),
    ...range(INTERFACES).flatMap(interfaceFiles),
    ...range(DISKS).flatMap(diskFiles),
  ];
  for (const [name, text] of files) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  // A card's chip is a chip like any other, too.
  for (const gpu of range(GPUS)) fs.symlinkSync(`../drm/card${gpu}/device/hwmon/hwmon${100 + gpu}`, path.join(root, `sys/class/hwmon/hwmon${100 + gpu}`));
}
