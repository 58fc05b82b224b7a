/** What a made-up machine is described by. load.ts and tree.ts turn a description into the files of a moment. */

/** Growth of a counter: per second of uptime, per second of full everyday load, and per second of each burst at full strength. */
export interface Growth {
  readonly idle?: number;
  readonly base?: number;
  readonly bursts?: Readonly<Record<string, number>>;
}

/** Kinds of bursts by name, such as `build`. */
export interface BurstSpec {
  readonly name: string;
  /** Share of all cores it takes at full strength, 0–1. */
  readonly cpu: number;
  /** Bytes of memory it takes at full strength. */
  readonly memory: number;
  /** Shortest and longest, minutes. */
  readonly minutes: readonly [number, number];
  /** At the same minute of each day, or by chance: at most one in each window of so many minutes. */
  readonly when: { readonly minuteOfDay: number } | { readonly window: number; readonly chance: number; readonly hours: readonly [number, number] };
  /** Processes that exist while it lasts. */
  readonly processes: readonly ProcessSpec[];
}

/** A process; `cpu`: share of the CPU time of what it belongs to, 0–1. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  /** User id; 0 is root. */
  readonly uid: number;
  readonly cpu: number;
  readonly memory: number;
  /** Bytes read and written. */
  readonly read?: Growth;
  readonly write?: Growth;
}

/** A whole disk as in /proc/diskstats, with its partitions. */
export interface DiskSpec {
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly model: string | null;
  /** Bytes. */
  readonly size: number;
  readonly isRotating: boolean;
  readonly partitions: readonly string[];
  readonly read: Growth;
  readonly write: Growth;
  /** Mean bytes of a request. */
  readonly request: number;
}

/** An interface as in /proc/net/dev; `sysfs`: files and links below /sys/class/net/<name>. */
export interface InterfaceSpec {
  readonly name: string;
  readonly rx: Growth;
  readonly tx: Growth;
  readonly address: string | null;
  readonly sysfs: Readonly<Record<string, string | { readonly link: string }>>;
  /** Counters wrap at 2^32, as on a 32-bit kernel; they begin with this value. */
  readonly wrapsFrom?: number;
}

/** A mount with its space. `used` and `available` are bytes at the moment the machine is made for; `yearly` is its growth a year before. */
export interface MountSpec {
  readonly line: string;
  readonly point: string;
  readonly used: number;
  readonly available: number;
  readonly yearly: number;
  /** Inodes in use and in all; null for a file system that creates them on demand. */
  readonly inodes: readonly [number, number] | null;
}

/** A chip of /sys/class/hwmon with its inputs. */
export interface ChipSpec {
  readonly name: string;
  /** Folder of its device below /sys/devices. */
  readonly device: string;
  readonly inputs: readonly InputSpec[];
  readonly fans?: readonly FanSpec[];
}

/** Revolutions per minute: while idle, and under full load. */
interface FanSpec {
  readonly label: string;
  readonly idle: number;
  readonly full: number;
}

/** Degrees Celsius: while idle, and what full load adds. `of`: what warms it. */
export interface InputSpec {
  readonly label: string | null;
  readonly idle: number;
  readonly gain: number;
  readonly of: 'cpu' | 'disk';
  readonly high?: number;
  readonly critical?: number;
}

/** Graphics that are part of the processor: folder below /sys/devices, which a chip has too, and bytes of memory. */
interface GpuSpec {
  readonly device: string;
  readonly memory: number;
  readonly shared: number;
}

/** One made-up machine. */
export interface MachineSpec {
  readonly name: string;
  /** What `--help` says of it. */
  readonly summary: string;
  readonly cores: number;
  readonly sockets: number;
  readonly cpuModel: string;
  /** Slowest and fastest clock of a core, kHz. */
  readonly frequency: readonly [number, number];
  readonly os: string;
  readonly kernel: string;
  readonly board: string | null;
  /** Bytes. */
  readonly memory: number;
  readonly memoryIdle: number;
  readonly swap: { readonly name: string; readonly total: number; readonly used: number } | null;
  /** The ZFS cache: most and least bytes; null without ZFS. */
  readonly arc: { readonly max: number; readonly min: number; readonly pool: string } | null;
  /** Everyday load by hour of the day, share of all cores, 0–1: 24 numbers. */
  readonly profile: readonly number[];
  readonly weekend: number;
  readonly bursts: readonly BurstSpec[];
  readonly processes: readonly ProcessSpec[];
  readonly disks: readonly DiskSpec[];
  readonly interfaces: readonly InterfaceSpec[];
  readonly mounts: readonly MountSpec[];
  readonly chips: readonly ChipSpec[];
  readonly gpu?: GpuSpec;
  readonly users: readonly (readonly [string, number])[];
  readonly connections: number;
  readonly battery: { readonly model: string; readonly energy: number } | null;
  /** Hours of the night it sleeps, in its history; null: never. */
  readonly sleeps: readonly [number, number] | null;
  /** Days it has run for when the demo starts. */
  readonly uptimeDays: number;
  /** A clock that is wrong when the machine starts: it shows this many ms since 1970 until it is set so many ms later. */
  readonly clock: { readonly starts: number; readonly setAfter: number } | null;
}

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;
