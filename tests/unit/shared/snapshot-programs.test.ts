import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureOf, sortedBy, toPrograms } from '../../../src/shared/processes/snapshot-programs';
import { FAMILY_IDS } from '../../../src/shared/metrics/index';
import type { TopProcess } from '../../../src/shared/processes/process-schemas';

const GIB = 2 ** 30;
const process = (name: string, pid: number, cpu: number | null, memory: number | null): TopProcess => ({ name, pid, cpu, memory });
const snapshotOf = (processes: readonly TopProcess[], incident: string | null = null) => ({ time: 1, incident, processes: [...processes] });
const RUNNING = [process('power-profiles', 1, 82, 0.01 * GIB), process('node', 2, 3, 2 * GIB), process('node', 3, 1, 1.5 * GIB), process('firefox', 4, 9, 3 * GIB)];

describe('the processes of a moment', () => {
  it('are by program, sorted by what the page measures', () => {
    expect(toPrograms(snapshotOf(RUNNING), 'cpu', []).map(({ name, cpu }) => [name, cpu])).toEqual([['power-profiles', 82], ['firefox', 9], ['node', 4]]);
    expect(toPrograms(snapshotOf(RUNNING), 'memory', []).map(({ name, pids, memory, isMemoryExact }) => [name, pids.length, (memory ?? 0) / GIB, isMemoryExact])).toEqual([
      ['node', 2, 3.5, false],
      ['firefox', 1, 3, true],
      ['power-profiles', 1, 0.01, true],
    ]);
  });

  it('have the values of their alert, which count shared memory once and know disk use', () => {
    const incidents = [{ id: 'i', culprits: [{ name: 'node', pid: 2, value: 2.5 * GIB, unit: 'bytes' as const }, { name: 'firefox', pid: 4, value: 5e6, unit: 'bytesPerSecond' as const }] }];
    const [first, second] = toPrograms(snapshotOf(RUNNING, 'i'), 'memory', incidents);
    expect([first?.name, second?.name, second?.memory, second?.isMemoryExact]).toEqual(['firefox', 'node', 2.5 * GIB, true]);
    const byDisk = toPrograms(snapshotOf(RUNNING, 'i'), 'disk', incidents);
    expect([byDisk[0]?.name, sortedBy(byDisk, 'disk')]).toEqual(['firefox', 'disk']);
    // Of another moment disk use is not known.
    const other = toPrograms(snapshotOf(RUNNING), 'disk', incidents);
    expect([other[0]?.name, sortedBy(other, 'disk')]).toEqual(['power-profiles', 'cpu']);
  });

  it('are those of one name in one container, with the values of their alert', () => {
    const inside = (pid: number): TopProcess => ({ ...process('postgres', pid, 10, GIB), container: 'shop-db' });
    const incidents = [{ id: 'i', culprits: [{ name: 'postgres', container: 'shop-db', pid: 2, value: 1.2 * GIB, unit: 'bytes' as const }] }];
    expect(toPrograms(snapshotOf([process('postgres', 1, 5, GIB), inside(2), inside(3)], 'i'), 'memory', incidents).map(({ name, pids, memory }) => [name, pids, memory])).toEqual([['postgres in shop-db', [2, 3], 1.2 * GIB], ['postgres', [1], GIB]]);
  });

  it('are sorted by memory on the memory page, by disk use on that of disk I/O, and by CPU elsewhere', () => {
    expect(Object.fromEntries(FAMILY_IDS.filter((id) => measureOf(id) !== 'cpu').map((id) => [id, measureOf(id)]))).toEqual({ memory: 'memory', diskio: 'disk' });
  });

  it('are all there once, in order, missing values last', () => {
    const value = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }));
    const one = fc.record({ name: fc.constantFrom('a', 'b', 'c'), pid: fc.nat(99), cpu: value, memory: value });
    fc.assert(
      fc.property(fc.array(one), fc.constantFrom('cpu', 'memory', 'disk' as const), (processes, measure) => {
        const rows = toPrograms(snapshotOf(processes), measure, []);
        const ordered = (pids: readonly number[]): readonly number[] => pids.toSorted((a, b) => a - b);
        expect(ordered(rows.flatMap(({ pids }) => pids))).toEqual(ordered(processes.map(({ pid }) => pid)));
        const values = rows.map((row) => row[measure] ?? -1);
        expect(values).toEqual(values.toSorted((a, b) => b - a));
      }),
    );
  });
});
