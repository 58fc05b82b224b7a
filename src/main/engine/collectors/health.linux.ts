/** Health of drives and arrays on Linux: files for what the kernel knows, smartctl for what drives say, where that is wanted. */
import { basename, join } from 'node:path';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { readIdentifier } from './disk-ids.linux';
import { optionalTextAsync } from './files';
import { healthReading } from './health';
import type { HealthDevice, HealthRaw } from './health';
import { parseMdstat } from './health-md.linux';
import { btrfsFileSystems, flashDevices, zfsPools } from './health-pools.linux';
import type { Drives } from './smart';

/** Where distributions put smartctl; the last is that of NixOS. */
const PLACES = ['/usr/sbin/smartctl', '/usr/bin/smartctl', '/sbin/smartctl', '/usr/local/sbin/smartctl', '/usr/local/bin/smartctl', '/run/current-system/sw/bin/smartctl'];

/** How to permit it to a group of users, and no one else. */
const permit = (program: string): string =>
  `Drives: smartctl may not read them as this user. To permit it to a group: sudo chgrp GROUP ${program}; sudo chmod 750 ${program}; sudo setcap cap_dac_read_search,cap_sys_rawio,cap_sys_admin=ep ${program} (docs/disk-health.md says what that means)`;

/** How often a source is looked for that had nothing, ms: a module may be loaded, a file system mounted. */
const LOOK_MS = 5 * 60_000;

/** Folders of drives by what smartctl lists: disks, and the controllers of NVMe drives. */
const DRIVE_FOLDERS = ['/sys/block', '/sys/class/nvme'];

/** A source that most machines lack. */
interface Source {
  readonly read: (root: string) => Promise<readonly HealthDevice[]>;
  /** Monotonic ms; always in the past for one that has something. */
  missingSince: number;
}

const md = async (root: string): Promise<readonly HealthDevice[]> => parseMdstat((await optionalTextAsync(join(root, '/proc/mdstat'))) ?? '');

/** What the collector needs. */
export type HealthDeps = Pick<SystemDeps, 'root' | 'clock' | 'timers' | 'programs' | 'demo'> & { driveHealth(): boolean };

/** Reads the files off the main thread. What smartctl needs is loaded when it is first wanted. */
export function linuxHealth(deps: HealthDeps, places: readonly string[] = PLACES): Collector<'health', HealthRaw> {
  const sources: readonly Source[] = [md, zfsPools, btrfsFileSystems, flashDevices].map((read) => ({ read, missingSince: Number.NEGATIVE_INFINITY }));
  let drives: Drives | null = null;
  const identify = (path: string): string | null => DRIVE_FOLDERS.map((folder) => readIdentifier(join(deps.root, folder, basename(path)))).find((found) => found !== null) ?? null;
  const ask = async (): Promise<HealthRaw> => {
    // A machine that is made up has no programs.
    if (!deps.driveHealth() || deps.demo !== undefined) return { devices: [], note: null };
    drives ??= new (await import('./smart')).Drives(deps, places, permit, identify);
    return drives.soon();
  };
  const from = async (source: Source, now: number): Promise<readonly HealthDevice[]> => {
    if (now - source.missingSince < LOOK_MS) return [];
    const found = await source.read(deps.root);
    source.missingSince = found.length === 0 ? now : Number.NEGATIVE_INFINITY;
    return found;
  };
  return {
    family: 'health',
    read: async () => {
      const now = deps.clock.mono();
      const { devices, note } = await ask();
      return { devices: [...devices, ...(await Promise.all(sources.map(async (source) => from(source, now)))).flat()], note };
    },
    toReading: healthReading,
  };
}
