import * as fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MountSpace } from '../../../../src/main/engine/collectors/disk';
import { DiskPools } from '../../../../src/main/engine/collectors/disk-pools';
import type { MeasuredMount } from '../../../../src/main/engine/collectors/disk-pools';
import { MountTable } from '../../../../src/main/engine/collectors/disk-table.linux';

const spaces = fc.option(
  fc.record({ used: fc.constantFrom(0, 10, 500, 1e6), available: fc.constantFrom(0, 10, 500, 1e6) }).map(({ used, available }): MountSpace => ({ used, available, total: used + available, inodesTotal: null, inodesUsed: null })),
);

/** Three mounts, two of them with two more that share their space, read five times. */
const series = fc.array(
  fc.tuple(spaces, spaces, spaces, spaces, spaces, spaces, spaces).map(([a, a1, a2, b, b1, b2, c]): MeasuredMount[] => {
    const mount = (id: string, space: MountSpace | null) => ({ id, point: id, detail: '', space, media: null, fault: space === null ? 'no' : null });
    return [
      { ...mount('/a', a), alike: 'x', sharing: [mount('/a1', a1), mount('/a2', a2)] },
      { ...mount('/b', b), alike: 'x', sharing: [mount('/b1', b1), mount('/b2', b2)] },
      { ...mount('/c', c), alike: null, sharing: [] },
    ];
  }),
  { minLength: 5, maxLength: 5 },
);

describe('DiskPools', () => {
  it('lists the first mount always, each id once, and does not take back what was two disks', () => {
    fc.assert(
      fc.property(series, (reads) => {
        const pools = new DiskPools();
        const apart = new Set<string>();
        for (const mounts of reads) {
          const ids = pools.join(mounts).map(({ id }) => id ?? '');
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids).toContain('/a');
          expect(ids).toContain('/c');
          for (const id of ids) if (/\d/.test(id)) apart.add(id);
          for (const id of apart) expect(ids).toContain(id);
        }
      }),
    );
  });

  it('gives a disk numbers if any of its mounts has them', () => {
    fc.assert(
      fc.property(series, (reads) => {
        const pools = new DiskPools();
        for (const mounts of reads) {
          const disks = pools.join(mounts);
          for (const { space, fault } of disks) expect(space === null).toBe(fault !== null);
          const [a] = mounts;
          if (a !== undefined && a.sharing.length === 2 && disks.length === 2) expect(disks[0]?.space === null).toBe(a.space === null && mounts.slice(0, 2).every(({ space, sharing }) => space === null && sharing.every((one) => one.space === null)));
        }
      }),
    );
  });
});

describe('MountTable', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'table-'));
    mkdirSync(join(root, 'proc/self'), { recursive: true });
    writeFileSync(join(root, 'proc/self/mountstats'), 'device /dev/sda1 mounted on / with fstype ext4\n');
    writeFileSync(join(root, 'proc/self/mountinfo'), '25 1 8:1 / / rw - ext4 /dev/sda1 rw\n26 25 8:2 /x /data rw - ext4 /dev/sdb1 rw\n');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('takes a mount that does not respond for a folder, and looks again until it is known', async () => {
    const answers: (boolean | null)[] = [null, null, false, true];
    let looks = 0;
    const table = new MountTable({ root, clock: { now: () => 0, mono: () => 0, boot: () => 0 } }, { isFolder: () => Promise.resolve(answers[looks++] ?? null) });
    const points = async (): Promise<string[]> => (await table.current(false)).map(({ point }) => point);
    expect(await points()).toEqual(['/', '/data']);
    expect(await points()).toEqual(['/', '/data']);
    expect(await points()).toEqual(['/']);
    expect(await points()).toEqual(['/']);
    expect(looks).toBe(3);
    table.close();
  });

  it('looks at each mount once, also when others come and go', async () => {
    let looks = 0;
    const table = new MountTable({ root, clock: { now: () => 0, mono: () => 0, boot: () => 0 } }, { isFolder: () => Promise.resolve((looks += 1) > 0) });
    for (const other of ['b', 'c', 'd']) {
      writeFileSync(join(root, 'proc/self/mountstats'), `device /dev/sda1 mounted on / with fstype ext4\n${other}\n`);
      expect(await table.current(false)).toHaveLength(2);
      expect(await table.current(true)).toHaveLength(2);
    }
    expect(looks).toBe(1);
    table.close();
  });
});
