/** Health of arrays, pools and built-in flash, and the reading made of what was found. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthReading } from '../../../../src/main/engine/collectors/health';
import type { HealthDevice } from '../../../../src/main/engine/collectors/health';
import { parseMdstat } from '../../../../src/main/engine/collectors/health-md.linux';
import { btrfsFileSystem, flash, parseErrorStats, zfsPool } from '../../../../src/main/engine/collectors/health-pools.linux';
import { linuxHealth } from '../../../../src/main/engine/collectors/health.linux';
import { deviceStateText } from '../../../../src/shared/metrics/device-state';
import { createFakeTree } from '../../../support/fake-tree';
import { machine, machineDeps } from '../../../support/recorded-machine';

const mdstat = (name: string): string => readFileSync(join(import.meta.dirname, '../../../fixtures/health/mdstat', `${name}.txt`), 'utf8');
const plain = (text: string): string => text.replaceAll('\u202f', ' ');
/** "Rebuilding: …", failing, degraded, progress. */
const told = ({ state, values: { failing = null, degraded = null, progress = null } }: HealthDevice) => [plain(deviceStateText(state)), failing, degraded, progress];

describe('/proc/mdstat', () => {
  const arrays = new Map(parseMdstat(mdstat('every-personality')).map((array) => [array.label, array]));

  it.each([
    ['md0', 'raid1 · sda1, sdb1', ['Healthy', 0, 0, null]],
    ['md1', 'raid0 · sdc1, sdd1', ['Healthy', 0, null, null]],
    ['md2', 'linear · sde1, sdf1', ['Healthy', 0, null, null]],
    ['md3', 'raid4 · sdg1, sdh1, sdi1', ['Healthy', 0, 0, null]],
    ['md4', 'raid5 · sdj1, sdk1, sdl1', ['Degraded: 1 of 3 members missing (sdl1 failed)', 0, 2, null]],
    ['md5', 'raid6 · sdm1, sdn1, sdo1, sdp1, sdq1', ['Rebuilding: 1 of 4 members missing; recovery runs at 116 MiB/s, 62 min left', 0, 1, 12.6]],
    ['md6', 'raid10 · sdr1, sds1, sdt1, sdu1', ['Checking: check runs at 123 MiB/s, 0 min left', 0, 0, 48.3]],
    ['md7', 'multipath · sdv, sdw', ['Degraded: 1 of 2 members missing', 0, 2, null]],
    ['md8', 'raid5 · sdx1, sdy1, sdz1', ['Rebuilding: reshape runs at 1.00 MiB/s, 17 min left', 0, 0, 0]],
    ['md9', 'raid1 · dm-3, dm-4', ['Rebuilding: resync begins with the next write', 0, 0, null]],
    ['md10', 'raid1 · nvme0n1p3, nvme1n1p3', ['Rebuilding: 1 of 2 members missing; resync waits for another array', 0, 1, null]],
    ['md11', 'raid1 · sdaa1, sdab1', ['Rebuilding: resync runs at 195 MiB/s, 0 min left', 0, 0, 19.1]],
    ['md12', 'raid5 · sdac1, sdad1, sdae1, sdaf1', ['Failed: 2 of 3 members missing (sdad1, sdae1 failed)', 2, null, null]],
    ['md13', 'raid0 · sdag1', ['Failed: a member is gone, and this level has no copy of it', 2, null, null]],
    ['md14', 'array · sdah1', ['Unavailable: the array is not running', 1, null, null]],
    ['md126', 'raid1 · sdai, sdaj', ['Healthy', 0, 0, null]],
  ])('%s is %s', (name, detail, state) => {
    const array = arrays.get(name);
    expect([array?.detail, array === undefined ? null : told(array)]).toEqual([detail, state]);
  });

  it('lists every array but the containers of other makes, which are always inactive', () => {
    expect(arrays.size).toBe(16);
    expect(arrays.has('md127')).toBe(false);
  });

  it('of kernels of old, which write some of it in one line', () => {
    expect(parseMdstat(mdstat('old-kernel')).map((array) => [array.label, ...told(array)])).toEqual([
      ['md1', 'Rebuilding: 1 of 2 members missing; resync waits for another array', 0, 1, null],
      ['md0', 'Rebuilding: 1 of 2 members missing; recovery runs at 64.1 MiB/s, 0 min left', 0, 1, 28],
    ]);
    expect(parseMdstat(mdstat('none'))).toEqual([]);
  });

  it('gives values in bounds and no error, whatever it holds', () => {
    const words = fc.constantFrom('md0 : active ', 'raid5 ', 'raid1 ', 'inactive ', 'sda1[0]', '(F)', '\n', ' [3/1] [U__]', ' [1/3] [UUU]', 'recovery = 9', '99.9%', 'resync=DELAYED', ' finish=1min', ' speed=9K/sec', '(', '[', ' : ');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(words, { maxLength: 30 }).map((parts) => parts.join(''))), (text) => {
        for (const { values: { failing, degraded, progress } } of parseMdstat(text)) {
          for (const level of [failing, degraded]) expect([undefined, null, 0, 1, 2]).toContain(level);
          expect((progress ?? 0) >= 0 && (progress ?? 0) <= 100).toBe(true);
        }
      }),
    );
  });
});

describe('pools, file systems and flash', () => {
  it.each([
    ['ONLINE', 'Healthy', 0, 0],
    ['DEGRADED', 'Degraded', 0, 2],
    ['FAULTED', 'Failed', 2, null],
    ['SUSPENDED', 'Failed', 2, null],
    ['UNAVAIL', 'Failed', 2, null],
    ['REMOVED', 'Failed', 2, null],
    ['MELTING', 'Unavailable: its state is MELTING', null, null],
    ['constructor', 'Unavailable: its state is constructor', null, null],
  ])('a ZFS pool that is %s', (state, text, failing, degraded) => {
    const [found, ...levels] = told(zfsPool('tank', state));
    expect([String(found).startsWith(text), ...levels]).toEqual([true, failing, degraded, null]);
  });

  it('the errors of a btrfs device are all its counters together, and unknown before they are read', () => {
    expect(parseErrorStats('write_errs 1\nread_errs 20\nflush_errs 0\ncorruption_errs 300\ngeneration_errs 4\n')).toBe(325);
    expect(parseErrorStats('invalid\n')).toBeNull();
    expect(parseErrorStats('')).toBeNull();
  });

  it('a btrfs file system misses devices, has errors, is healthy, or is of a kernel that does not tell', () => {
    const of = (...devices: Parameters<typeof btrfsFileSystem>[2]) => told(btrfsFileSystem('6f4a2c1e-9d2b-4c8a-8b61-0a7d3f5e9c11', '', devices));
    expect(of({ missing: false, errors: 0 }, { missing: false, errors: 0 })).toEqual(['Healthy', 0, 0, null]);
    expect(of({ missing: true, errors: null }, { missing: false, errors: 0 })).toEqual(['Degraded: 1 of 2 devices missing', 0, 2, null]);
    expect(of({ missing: false, errors: 3 })).toEqual(['Has errors: “btrfs device stats” says which errors, and with -z begins anew', 1, 0, null]);
    expect(of({ missing: false, errors: null })).toEqual(['Healthy', null, 0, null]);
    expect(of({ missing: null, errors: null })).toEqual(['Unavailable: this kernel does not tell', null, null, null]);
    expect(of()).toEqual(['Unavailable: this kernel does not tell', null, null, null]);
  });

  it('flash tells tenths of its life and what is left of its reserve', () => {
    const wearOf = (lifeTime: string, reserve = '0x01') => flash('mmc0:0001', 'DA4064', lifeTime, reserve)?.values;
    expect(wearOf('0x01 0x01')).toEqual({ wear: 0, failing: 0 });
    expect(wearOf('0x02 0x0a')).toEqual({ wear: 90, failing: 0 });
    expect(wearOf('0x0b 0x00', '0x03')).toEqual({ wear: 100, failing: 2 });
    expect(wearOf('0x00 0x00', '0x02')).toEqual({ wear: null, failing: 1 });
    expect(flash('mmc1:aaaa', 'SD32G', '', '')).toBeNull();
    expect(flash('mmc1:aaaa', 'SD32G', 'life', 'reserve')).toBeNull();
  });
});

describe('a machine with storage', () => {
  const INTERVAL = 60_000;
  const FLASH = Object.fromEntries(Object.entries({ type: 'MMC', name: 'DA4064', life_time: '0x02 0x03', pre_eol_info: '0x01' }).map(([name, text]) => [`sys/bus/mmc/devices/mmc0:0001/${name}`, text]));

  function reader(root: string) {
    let mono = 0;
    const collector = linuxHealth(machineDeps('storage', { root, clock: { now: () => 0, mono: () => mono, boot: () => 0 } }));
    const read = async () => {
      const raw = await collector.read();
      mono += INTERVAL;
      return collector.toReading(raw, null);
    };
    const pass = (ms: number): void => void (mono += ms);
    return { read, pass };
  }

  /** The recorded files, and built-in flash, in whose path there is a colon. */
  function createStorage() {
    const tree = createFakeTree(FLASH);
    cpSync(machine('storage'), tree.root, { recursive: true });
    return tree;
  }

  it('is read from files alone', async () => {
    const { values, devices, note } = await reader(createStorage().root).read();
    expect(Object.entries(devices).map(([id, { label, state }]) => [id, label, state?.code])).toEqual([
      ['md:md0', 'md0', 'healthy'],
      ['md:md1', 'md1', 'rebuilding'],
      ['zfs:old', 'old', 'degraded'],
      ['zfs:tank', 'tank', 'healthy'],
      ['btrfs:6f4a2c1e-9d2b-4c8a-8b61-0a7d3f5e9c11', 'photos', 'healthy'],
      ['mmc:mmc0:0001', 'DA4064', 'healthy'],
    ]);
    expect(values).toEqual({ problems: 2, wear: 20 });
    expect(devices['md:md1']?.values).toMatchObject({ degraded: 1, progress: 7.8, wear: null, temperature: null });
    expect(note).toBeUndefined();
  });

  it('that changes is followed, and one that has nothing is looked at again in five minutes', async () => {
    const { root, put, remove } = createFakeTree();
    const { read, pass } = reader(root);
    expect(await read()).toMatchObject({ values: { problems: null, wear: null }, devices: {} });
    put(FLASH);
    cpSync(machine('storage'), root, { recursive: true });
    expect(Object.keys((await read()).devices)).toEqual([]);
    pass(5 * 60_000);
    expect(Object.keys((await read()).devices)).toHaveLength(6);
    writeFileSync(join(root, 'proc/spl/kstat/zfs/tank/state'), 'SUSPENDED\n');
    rmSync(join(root, 'proc/spl/kstat/zfs/old'), { recursive: true });
    const { devices, values } = await read();
    expect(devices['zfs:tank']?.state?.code).toBe('failed');
    expect([devices['zfs:old'], values.problems]).toEqual([undefined, 2]);
    remove('proc');
    expect(Object.keys((await read()).devices).map((id) => id.split(':')[0])).toEqual(['btrfs', 'mmc']);
  });

  it('tells nobody what no drive says', () => {
    const drive: HealthDevice = { id: 'a', label: 'a', state: { code: 'healthy' }, values: { failing: 0, wear: 3, pending: null } };
    expect(healthReading({ devices: [drive], note: null }).untold).toEqual(['progress', 'spare', 'temperature', 'powerOn', 'reallocated', 'pending']);
    expect(healthReading({ devices: [drive, { ...drive, values: { temperature: 30 } }], note: null }).untold).toEqual(['progress', 'spare', 'powerOn', 'reallocated', 'pending']);
  });

  it('knows of no problem while nothing says whether there is one', () => {
    const unknown: HealthDevice = { id: 'a', label: 'a', state: { code: 'unavailable' }, values: { wear: 12 } };
    expect(healthReading({ devices: [unknown], note: 'why' })).toMatchObject({ values: { problems: null, wear: 12 }, note: 'why' });
    expect(healthReading({ devices: [unknown, { ...unknown, id: 'b', values: { failing: 0 } }], note: null }).values.problems).toBe(0);
  });
});
