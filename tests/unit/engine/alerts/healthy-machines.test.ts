/** A day of healthy machines gives no mark; a day of others does. Default rules, the real evaluator, history in a real store. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDayOf } from '../../../support/generated-machine';
import type { DiskModel, MachineModel } from '../../../support/generated-machine';

const MIB = 1024 ** 2;

const LAPTOP: MachineModel = {
  seed: 1,
  memory: [40, 79],
  swap: 'disk',
  swapUsage: 30,
  psi: true,
  disks: [
    { point: '/', size: 100, usage: 60, growth: 0.1, media: null },
    { point: '/home', size: 1900, usage: 73, growth: 0.3, media: null },
  ],
};
const NAS: MachineModel = { ...LAPTOP, memory: [60, 79], disks: [{ point: '/', size: 60, usage: 30, growth: 0, media: null }, { point: '/srv', size: 1756, usage: 91, growth: 0.1, media: null }] };
const BOARD: MachineModel = { ...LAPTOP, swap: 'zram', swapUsage: 97, psi: false, disks: [{ point: '/', size: 29, usage: 75, growth: 0.05, media: null }] };
const MEDIA: readonly DiskModel[] = [
  { point: '/run/media/me/STICK', size: 60, usage: 100, growth: 0, media: 'removable' },
  { point: '/mnt/iso', size: 4, usage: 100, growth: 0, media: 'readOnly' },
  { point: '/mnt/archive', size: 400, usage: 99, growth: 0, media: 'readOnly' },
];
const withDisk = (change: Partial<DiskModel>): MachineModel => ({ ...LAPTOP, disks: [{ point: '/data', size: 1900, usage: 73, growth: 0, media: null, ...change }] });

/** Days until a disk is full at its growth. */
const daysLeft = ({ usage, growth }: DiskModel): number => (growth === 0 ? Infinity : (100 - usage) / growth);

/** A disk that nobody need do anything about: it has room, and will have it in a month. */
const healthyDisk = fc
  .record({ point: fc.constantFrom('/', '/home', '/srv', '/var/lib/data'), size: fc.integer({ min: 1, max: 20_000 }), usage: fc.integer({ min: 0, max: 98 }), growth: fc.double({ min: 0, max: 1, noNaN: true }), media: fc.constant(null) })
  .filter((disk) => (disk.usage + disk.growth < 90 || (disk.size * (99 - disk.usage)) / 100 > 20) && daysLeft(disk) > 45);
const healthyMachine: fc.Arbitrary<MachineModel> = fc.record({
  seed: fc.integer(),
  memory: fc.tuple(fc.integer({ min: 10, max: 60 }), fc.integer({ min: 61, max: 79 })),
  swap: fc.constantFrom('none', 'disk', 'zram'),
  swapUsage: fc.integer({ min: 0, max: 100 }),
  psi: fc.boolean(),
  disks: fc.uniqueArray(healthyDisk, { maxLength: 4, selector: ({ point }) => point }).chain((disks) => fc.subarray([...MEDIA]).map((media) => [...disks, ...media])),
}).filter(({ swap, psi }) => psi || swap !== 'none');

describe('a day of a healthy machine', { timeout: 120_000 }, () => {
  it.each<[string, MachineModel]>([
    ['a laptop with a disk of 1.9 TB at 73 %', LAPTOP],
    ['a storage at 91 % with 158 GiB left', NAS],
    ['a board with zram and no pressure', BOARD],
    ['the same with pressure', { ...BOARD, psi: true }],
    ['a full stick, an image and a read-only disk', { ...LAPTOP, disks: MEDIA }],
  ])('gives no mark: %s', async (_, model) => {
    expect(await aDayOf(model)).toEqual([]);
  });

  it('gives no mark, whatever the machine', async () => {
    await fc.assert(
      fc.asyncProperty(healthyMachine, async (model) => {
        expect(await aDayOf(model)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});

describe('a day of a machine that needs someone', { timeout: 120_000 }, () => {
  it.each<[string, MachineModel, string]>([
    ['a disk at 73 % that will be full in ten days', withDisk({ growth: 2.7 }), 'disk-space warning /data'],
    ['the same on a board', { ...BOARD, disks: withDisk({ size: 29, growth: 2.7 }).disks }, 'disk-space warning /data'],
    ['a disk at 92 % with 4 GiB left', withDisk({ size: 50, usage: 92 }), 'disk-space critical /data'],
    ['a disk at 92 % with 16 GiB left', withDisk({ size: 200, usage: 92 }), 'disk-space warning /data'],
    ['memory at 88 % with swapping', { ...LAPTOP, memory: [60, 88], swapping: 5 * MIB }, 'memory-usage critical'],
    ['memory at 88 % with pressure', { ...LAPTOP, memory: [60, 88], pressure: 25 }, 'memory-usage critical'],
    ['the same with zram', { ...BOARD, memory: [60, 88], psi: true, pressure: 25 }, 'memory-usage critical'],
    ['the same without swap', { ...LAPTOP, swap: 'none', memory: [60, 88], pressure: 25 }, 'memory-usage critical'],
    ['memory at 75 % with swapping', { ...LAPTOP, memory: [60, 75], swapping: 5 * MIB }, 'memory-usage warning'],
    ['memory at 88 % on a machine that tells nothing more', { ...LAPTOP, swap: 'none', psi: false, memory: [60, 88] }, 'memory-usage critical'],
    ['full zram and memory at 88 %', { ...BOARD, memory: [60, 88] }, 'swap-usage critical'],
  ])('says so: %s', async (_, model, mark) => {
    expect(await aDayOf(model)).toContain(mark);
  });

  it('has one mark for one trouble, also beside full media', async () => {
    expect(await aDayOf({ ...LAPTOP, disks: [...MEDIA, ...withDisk({ growth: 2.7 }).disks] })).toEqual(['disk-space warning /data']);
  });
});
