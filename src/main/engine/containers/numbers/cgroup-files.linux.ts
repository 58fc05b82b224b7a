/**
 * What the files of a container's cgroup say, of version 1 and 2 alike: see the kernel's admin-guide/cgroup-v2.rst, and
 * cgroup-v1/cpuacct.rst, memory.rst and blkio-controller.rst. Pure.
 */
import type { Value } from '../../../../shared/metrics/reading';
import { ownCgroup, parseCgroupPaths } from '../../cgroup-paths';
import { maxOf, sumOf } from '../../collectors/numbers';
import type { ContainerCounters } from '../types';
import { believed, believedLimit, believedMemory, inUnits, withoutCache } from './believed';

/** Contents of the files; null: absent. */
export interface CgroupTexts {
  /** `cpu.stat`: of version 2 with `usage_usec`, of version 1 without. */
  readonly cpuStat: string | null;
  /** `cpuacct.usage`, nanoseconds; version 1. */
  readonly cpuUsage: string | null;
  /** `memory.current` or `memory.usage_in_bytes`. */
  readonly memoryUsage: string | null;
  readonly memoryStat: string | null;
  /** `memory.max`; version 2. Of version 1 `memory.stat` tells the lowest limit up to the root. */
  readonly memoryMax: string | null;
  /** `io.stat` or `blkio.throttle.io_service_bytes_recursive`. */
  readonly io: string | null;
  /** `pids.current`. */
  readonly pids: string | null;
}

/** Path of each file; null where the hierarchy has none. */
export type CgroupFiles = Readonly<Record<keyof CgroupTexts | 'procs', string | null>>;

/** A whole number; null for `max`, and for anything else. */
function wholeNumber(text: string | null): Value {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** The number behind a key, of lines such as `usage_usec 812`. */
function keyed(text: string | null, key: string): Value {
  if (text === null) return null;
  const start = text.startsWith(`${key} `) ? 0 : text.indexOf(`\n${key} `) + 1;
  if (start === 0 && !text.startsWith(`${key} `)) return null;
  const end = text.indexOf('\n', start);
  return wholeNumber(text.slice(start + key.length + 1, end < 0 ? undefined : end));
}

/** `8:0 rbytes=1 wbytes=2 …` of version 2, or `8:0 Read 1` of version 1. */
const READ = /^(\d+:\d+)(?:.* rbytes=| Read )(\d+)/gm;
const WRITTEN = /^(\d+:\d+)(?:.* wbytes=| Write )(\d+)/gm;

/** Whether a device, by its numbers, is made of others: a volume, an encrypted one, a RAID. */
export type IsStacked = (device: string) => boolean;

/**
 * Bytes over all devices; null without the file. What passes a device that is made of others is counted there and once more below,
 * though not below one that encrypts: so it is the sum over the lowest ones, or more where one above them counted more. Engines add up
 * all of them. Without a line no device was used, by version 2. By version 1, which then says `Total 0` alone, that says nothing:
 * today's kernels count there only where somebody set a limit.
 */
function ioSum(text: string | null, pattern: RegExp, isStacked: IsStacked): Value {
  if (text === null) return null;
  const devices = Array.from(text.matchAll(pattern), ([, device = '', bytes]) => ({ bytes: Number(bytes), isAbove: isStacked(device) }));
  const bytesOf = (isAbove: boolean): number[] => devices.filter((one) => one.isAbove === isAbove).map(({ bytes }) => bytes);
  return maxOf([sumOf(bytesOf(false)), maxOf(bytesOf(true))]) ?? (text.startsWith('Total') ? null : 0);
}

/** What the files say. `machineMemory`: bytes that the machine has. */
export function parseCgroup(texts: CgroupTexts, machineMemory: Value, isStacked: IsStacked): Omit<ContainerCounters, 'mono' | 'received' | 'sent'> {
  const { cpuStat, cpuUsage, memoryUsage, memoryStat, memoryMax, io, pids } = texts;
  const inactive = keyed(memoryStat, 'total_inactive_file') ?? keyed(memoryStat, 'inactive_file');
  return {
    cpuSeconds: inUnits(believed(wholeNumber(cpuUsage)), 1e9) ?? inUnits(believed(keyed(cpuStat, 'usage_usec')), 1e6),
    throttledSeconds: inUnits(believed(keyed(cpuStat, 'throttled_usec')), 1e6) ?? inUnits(believed(keyed(cpuStat, 'throttled_time')), 1e9),
    memory: withoutCache(believedMemory(wholeNumber(memoryUsage)), believedMemory(inactive)),
    memoryLimit: believedLimit(wholeNumber(memoryMax) ?? keyed(memoryStat, 'hierarchical_memory_limit'), machineMemory),
    read: believed(ioSum(io, READ, isStacked)),
    written: believed(ioSum(io, WRITTEN, isStacked)),
    processes: believed(wholeNumber(pids)),
  };
}

/** Folders of a container's cgroup by controller, relative to /sys/fs/cgroup, and the version of each. */
type FolderOf = (controller: string) => { readonly version: 1 | 2; readonly folder: string } | null;

/** A hierarchy of version 1 has no controller but its name, as that of systemd. */
const isController = (name: string): boolean => name !== '' && !name.startsWith('name=');

/**
 * Where the files of a container are below `base`, which is /sys/fs/cgroup. `cgroupText`: /proc/<pid>/cgroup of one of its processes.
 * Null where that process is in no cgroup of the container's own.
 *
 * Where there are controllers of version 1 beside a hierarchy of version 2 (hybrid), systemd mounts the latter on `unified`. A
 * controller is in one of the two.
 */
export function cgroupFilesIn(cgroupText: string, id: string, base: string): CgroupFiles | null {
  const paths = parseCgroupPaths(cgroupText);
  const unified = [...paths.keys()].some(isController) ? '/unified' : '';
  const own = (path: string | undefined): string | null => (path === undefined ? null : ownCgroup(path, id));
  const folderOf: FolderOf = (controller) => {
    const first = own(paths.get(controller));
    if (first !== null) return { version: 1, folder: `${base}/${controller}${first}` };
    const second = own(paths.get(''));
    return second === null ? null : { version: 2, folder: `${base}${unified}${second}` };
  };
  const files = filesOf(folderOf);
  return Object.values(files).every((path) => path === null) ? null : files;
}

function filesOf(folderOf: FolderOf): CgroupFiles {
  const file = (controller: string, names: { readonly 1: string | null; readonly 2: string | null }): string | null => {
    const found = folderOf(controller);
    const name = found === null ? null : names[found.version];
    return found === null || name === null ? null : `${found.folder}/${name}`;
  };
  return {
    cpuStat: file('cpu', { 1: 'cpu.stat', 2: 'cpu.stat' }),
    cpuUsage: file('cpuacct', { 1: 'cpuacct.usage', 2: null }),
    memoryUsage: file('memory', { 1: 'memory.usage_in_bytes', 2: 'memory.current' }),
    memoryStat: file('memory', { 1: 'memory.stat', 2: 'memory.stat' }),
    memoryMax: file('memory', { 1: null, 2: 'memory.max' }),
    io: file('blkio', { 1: 'blkio.throttle.io_service_bytes_recursive', 2: 'io.stat' }),
    pids: file('pids', { 1: 'pids.current', 2: 'pids.current' }),
    procs: file('pids', { 1: 'cgroup.procs', 2: 'cgroup.procs' }),
  };
}

/** Controllers of version 1 that are read. */
const FIRST_CONTROLLERS = ['cpu', 'cpuacct', 'memory', 'blkio', 'pids'] as const;

/**
 * What /proc/<pid>/cgroup of a container usually says, for one whose processes are not known: systemd's and cgroupfs' names of Docker
 * and Podman, with root and without. `isFirst`: controllers of version 1 are mounted.
 */
export function usualCgroups(id: string, engine: 'docker' | 'podman', uid: number | null, isFirst: boolean): readonly { readonly path: string; readonly text: string }[] {
  const scope = engine === 'docker' ? `docker-${id}.scope` : `libpod-${id}.scope`;
  const user = uid === null ? null : `/user.slice/user-${uid}.slice/user@${uid}.service`;
  const rootful = engine === 'docker' ? [`/system.slice/${scope}`, `/docker/${id}`] : [`/machine.slice/${scope}`, `/libpod_parent/libpod-${id}`];
  const rootless = user === null ? [] : [`${user}/user.slice/${scope}`, `${user}/app.slice/${scope}`, `${user}/${scope}`];
  const controllers = isFirst ? FIRST_CONTROLLERS.map((name) => `1:${name}:`) : [];
  return [...rootful, ...rootless].map((path) => ({ path, text: [...controllers, '0::'].map((before) => `${before}${path}`).join('\n') }));
}
