/** System information of Linux, from os-release and /proc. Files that a container lacks give null. */
import { join } from 'node:path';
import { optionalTextAsync } from '../collectors/files';
import type { SystemFacts } from './host';
import { modelName } from './model';

/** PRETTY_NAME of os-release(5), else NAME and VERSION; null without either. */
export function parseOsRelease(text: string): string | null {
  const value = (key: string): string | null => {
    const line = text.split('\n').find((one) => one.startsWith(`${key}=`));
    const bare = line?.slice(key.length + 1).trim().replace(/^(["'])(.*)\1$/, '$2').replaceAll(/\\(["'$`\\])/g, '$1');
    return bare === undefined || bare === '' ? null : bare;
  };
  const name = value('NAME');
  const version = value('VERSION');
  return value('PRETTY_NAME') ?? (name === null ? null : [name, version].filter((part) => part !== null).join(' '));
}

/** Keys of /proc/cpuinfo that name the processor, the best first: x86, LoongArch, boards with ARM, MIPS, POWER, RISC-V, s390. */
const MODEL_KEYS = ['model name', 'Model Name', 'Model', 'Hardware', 'cpu model', 'cpu', 'uarch', 'vendor_id'];

/** Name of the processor from /proc/cpuinfo; on ARM at most the board's or the hardware's name. A key may be without a value. */
export function parseCpuModel(cpuinfo: string): string | null {
  for (const key of MODEL_KEYS) {
    const value = new RegExp(`^${key}[ \\t]*:[ \\t]*(.+)$`, 'm').exec(cpuinfo)?.[1]?.trim();
    if (value !== undefined && value !== '') return value.replaceAll(/\s+/g, ' ');
  }
  return null;
}

const numberIn = (text: string | null, pattern: RegExp): number | null => {
  const found = text === null ? undefined : pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
};

/** Manufacturer and model: of a PC as its firmware tells them (SMBIOS), of a board as its device tree does. */
export async function linuxModel(root: string): Promise<string | null> {
  const [vendor, product, board] = await Promise.all(['/sys/class/dmi/id/sys_vendor', '/sys/class/dmi/id/product_name', '/proc/device-tree/model'].map((path) => optionalTextAsync(join(root, path))));
  return modelName(vendor, product) ?? modelName(null, board);
}

/** Id of this start of the system: random(4). Null where a container is not told. */
export function linuxBootId(root: string): Promise<string | null> {
  return optionalTextAsync(join(root, '/proc/sys/kernel/random/boot_id'));
}

/** Reads the files under `root`. Counts the cores that are online. */
export async function linuxFacts(root: string): Promise<SystemFacts> {
  const read = (path: string): Promise<string | null> => optionalTextAsync(join(root, path));
  const [etc, usr, kernel, cpuinfo, stat, meminfo, board] = await Promise.all(
    ['/etc/os-release', '/usr/lib/os-release', '/proc/sys/kernel/osrelease', '/proc/cpuinfo', '/proc/stat', '/proc/meminfo', '/proc/device-tree/model'].map(read),
  );
  const kib = numberIn(meminfo ?? null, /^MemTotal:\s+(\d+) kB$/m);
  const boot = numberIn(stat ?? null, /^btime (\d+)$/m);
  return {
    os: parseOsRelease(etc ?? usr ?? '') ?? 'Linux',
    kernel: kernel ?? 'unknown',
    cpuModel: parseCpuModel(cpuinfo ?? '') ?? board?.replaceAll('\0', '') ?? null,
    cores: (stat ?? '').match(/^cpu\d+ /gm)?.length ?? 0,
    memoryTotal: kib === null ? null : kib * 1024,
    // 0 where a container is not told.
    bootTime: boot === null || boot === 0 ? null : boot * 1000,
  };
}
