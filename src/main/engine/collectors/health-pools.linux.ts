/** ZFS pools, btrfs file systems and built-in flash, from files that everyone may read. None of them wakes a drive. */
import { join } from 'node:path';
import type { DeviceState } from '../../../shared/metrics/device-state';
import { namesIn, optionalTextAsync } from './files';
import type { HealthDevice } from './health';
import { sumOf } from './numbers';

/** States of a pool (zpoolconcepts(7), spa_state_to_name); one that is not here is shown as it is. */
const POOL_STATES: Readonly<Record<string, Pick<HealthDevice, 'state' | 'values'>>> = {
  ONLINE: { state: { code: 'healthy' }, values: { failing: 0, degraded: 0 } },
  DEGRADED: { state: { code: 'degraded', reason: '“zpool status” says which drive is missing, and whether it is being replaced' }, values: { failing: 0, degraded: 2 } },
  SUSPENDED: { state: { code: 'failed', reason: 'the pool is suspended: nothing can be read or written until its drives are back' }, values: { failing: 2 } },
  FAULTED: { state: { code: 'failed', reason: '“zpool status” says what is broken' }, values: { failing: 2 } },
  UNAVAIL: { state: { code: 'failed', reason: 'too few of its drives are there' }, values: { failing: 2 } },
  REMOVED: { state: { code: 'failed', reason: 'its drives were removed' }, values: { failing: 2 } },
};

/** A pool, by its state as `/proc/spl/kstat/zfs/<pool>/state` has it. */
export function zfsPool(name: string, state: string): HealthDevice {
  const known = Object.hasOwn(POOL_STATES, state) ? POOL_STATES[state] : undefined;
  return { id: `zfs:${name}`, label: name, detail: 'ZFS pool', ...(known ?? { state: { code: 'unavailable', reason: `its state is ${state.slice(0, 40)}` }, values: {} }) };
}

/** The pools that are imported. */
export async function zfsPools(root: string): Promise<HealthDevice[]> {
  const folder = join(root, '/proc/spl/kstat/zfs');
  const pools: HealthDevice[] = [];
  for (const name of (await namesIn(folder)).toSorted()) {
    const state = await optionalTextAsync(join(folder, name, 'state'));
    if (state !== null && state !== '') pools.push(zfsPool(name, state));
  }
  return pools;
}

/** What btrfs knows of one of its devices; null where the kernel does not tell. */
export interface BtrfsDevice {
  readonly missing: boolean | null;
  readonly errors: number | null;
}

/** The sum of `write_errs 0`, `read_errs 2` …, from `error_stats`; null for "invalid", before it is read from the disk. */
export function parseErrorStats(text: string): number | null {
  return sumOf([...text.matchAll(/^\w+_errs (\d+)$/gm)].map(([, count]) => Number(count)));
}

/** A file system. One without any answer of the kernel (before 5.14) is not judged. */
export function btrfsFileSystem(id: string, name: string, devices: readonly BtrfsDevice[]): HealthDevice {
  const missing = devices.filter((device) => device.missing === true).length;
  const isKnown = devices.some((device) => device.missing !== null);
  const errors = sumOf(devices.map((device) => device.errors));
  const reasons = [
    ...(missing === 0 ? [] : [`${missing} of ${devices.length} devices missing`]),
    ...((errors ?? 0) === 0 ? [] : ['“btrfs device stats” says which errors, and with -z begins anew']),
  ];
  const code: DeviceState['code'] = missing > 0 ? 'degraded' : (errors ?? 0) > 0 ? 'errors' : isKnown || errors !== null ? 'healthy' : 'unavailable';
  const reason = code === 'unavailable' ? 'this kernel does not tell' : reasons.join('; ');
  return {
    id: `btrfs:${id}`,
    label: name === '' ? id.slice(0, 8) : name,
    detail: devices.length > 1 ? `btrfs · ${devices.length} devices` : 'btrfs',
    state: reason === '' ? { code } : { code, reason },
    values: { failing: errors === null ? null : errors > 0 ? 1 : 0, degraded: isKnown ? (missing > 0 ? 2 : 0) : null, errors },
  };
}

/** The file systems that are mounted: folders below /sys/fs/btrfs with the name of a UUID (kernel: fs/btrfs/sysfs.c). */
export async function btrfsFileSystems(root: string): Promise<HealthDevice[]> {
  const folder = join(root, '/sys/fs/btrfs');
  const found: HealthDevice[] = [];
  for (const id of (await namesIn(folder)).toSorted()) {
    if (!/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id)) continue;
    const devices: BtrfsDevice[] = [];
    for (const device of await namesIn(join(folder, id, 'devinfo'))) {
      const text = async (name: string): Promise<string | null> => optionalTextAsync(join(folder, id, 'devinfo', device, name));
      const [missing, errors] = [await text('missing'), await text('error_stats')];
      devices.push({ missing: missing === null ? null : missing === '1', errors: errors === null ? null : parseErrorStats(errors) });
    }
    found.push(btrfsFileSystem(id, (await optionalTextAsync(join(folder, id, 'label'))) ?? '', devices));
  }
  return found;
}

/** States of the blocks an eMMC keeps in reserve (PRE_EOL_INFO of JESD84-B51): how much of them is used. */
const RESERVE: Readonly<Record<number, { readonly failing: number; readonly state: DeviceState }>> = {
  1: { failing: 0, state: { code: 'healthy' } },
  2: { failing: 1, state: { code: 'errors', reason: 'it has used 80 % of its spare blocks' } },
  3: { failing: 2, state: { code: 'failing', reason: 'it has used 90 % of its spare blocks' } },
};

/**
 * Built-in flash, by the files `life_time` (`0x01 0x02`: tenths of its life begun, for both kinds of its cells) and
 * `pre_eol_info` of its device; null where it tells neither. The tenth that has begun counts as not used yet.
 */
export function flash(id: string, name: string, lifeTime: string, reserve: string): HealthDevice | null {
  const tenths = lifeTime.split(/\s+/).map(Number).filter((tenth) => tenth >= 1 && tenth <= 11);
  const left = RESERVE[Number(reserve)];
  if (tenths.length === 0 && left === undefined) return null;
  const wear = tenths.length === 0 ? null : (Math.max(...tenths) - 1) * 10;
  return { id: `mmc:${id}`, label: name === '' ? id : name, detail: `eMMC · ${id}`, state: left?.state ?? { code: 'healthy' }, values: { wear, failing: left?.failing ?? null } };
}

/** All built-in flash. The kernel reads these files from the device when it starts, so they are as old as that. */
export async function flashDevices(root: string): Promise<HealthDevice[]> {
  const folder = join(root, '/sys/bus/mmc/devices');
  const found: HealthDevice[] = [];
  for (const id of (await namesIn(folder)).toSorted()) {
    const text = async (name: string): Promise<string> => (await optionalTextAsync(join(folder, id, name))) ?? '';
    const device = flash(id, await text('name'), await text('life_time'), await text('pre_eol_info'));
    if (device !== null) found.push(device);
  }
  return found;
}
