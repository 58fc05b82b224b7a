/** Pressure: for how much of the time tasks waited for a core or a disk. That of memory is in memory-paging.test.ts. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linuxCpu } from '../../../../src/main/engine/collectors/cpu.linux';
import { linuxDiskIo } from '../../../../src/main/engine/collectors/diskio.linux';
import { withPressure } from '../../../../src/main/engine/collectors/diskio-pressure.linux';
import { parsePressure } from '../../../../src/main/engine/collectors/pressure.linux';
import { createFakeTree, UNREADABLE } from '../../../support/fake-tree';
import type { TreeEntries } from '../../../support/fake-tree';

const psi = (some: number, full: number): string => `some avg10=0.00 avg60=${some.toFixed(2)} avg300=1.20 total=123\nfull avg10=0.00 avg60=${full.toFixed(2)} avg300=0.00 total=0`;
const MACHINE: TreeEntries = { 'proc/stat': 'cpu 1 2 3 4\ncpu0 1 2 3 4', 'proc/loadavg': '0.05 0.12 0.14 1/91 6669', 'proc/diskstats': ' 8 0 sda 1 0 8 0 1 0 8 0 0 1 1' };

function reader(files: TreeEntries) {
  const tree = createFakeTree({ ...MACHINE, ...files });
  let mono = 0;
  const cpu = linuxCpu(tree.root, () => ({ cpus: null, memory: null }), () => mono);
  const disks = withPressure(linuxDiskIo(tree.root), tree.root, () => mono);
  const read = async () => {
    const [ofCpu, ofDisks] = [cpu.toReading(await cpu.read(), null), disks.toReading(await disks.read(), null)];
    return { cpu: ofCpu.values.pressure, io: [ofDisks.values.pressure, ofDisks.values.stalled], untold: [...(ofCpu.untold ?? []), ...(ofDisks.untold ?? [])] };
  };
  return { ...tree, read, pass: (seconds: number) => void (mono += seconds * 1000) };
}

describe('pressure', () => {
  it('is that of the last minute, read every ten seconds', async () => {
    const { put, read, pass } = reader({ 'proc/pressure/cpu': psi(12.34, 0), 'proc/pressure/io': psi(34.56, 20) });
    expect(await read()).toEqual({ cpu: 12.3, io: [34.6, 20], untold: [] });
    put({ 'proc/pressure/cpu': psi(90, 0), 'proc/pressure/io': psi(0, 0) });
    pass(9);
    expect(await read()).toMatchObject({ cpu: 12.3, io: [34.6, 20] });
  });

  it('of the processor has one line on older kernels', async () => {
    const { read } = reader({ 'proc/pressure/cpu': 'some avg10=0.00 avg60=7.00 avg300=1.20 total=123' });
    expect(await read()).toMatchObject({ cpu: 7 });
  });

  it('is told nobody where the kernel does not measure it, and looked for again in five minutes', async () => {
    const { put, read, pass } = reader({ 'proc/pressure/io': UNREADABLE });
    const none = { cpu: null, io: [null, null], untold: ['pressure', 'pressure', 'stalled'] };
    expect(await read()).toEqual(none);
    put({ 'proc/pressure/cpu': psi(1, 0), 'proc/pressure/io': psi(2, 1) });
    pass(290);
    expect(await read()).toEqual(none);
    pass(10);
    expect(await read()).toEqual({ cpu: 1, io: [2, 1], untold: [] });
  });

  it('is a share or unknown, whatever the file holds', () => {
    const words = fc.constantFrom('some ', 'full ', 'avg60=', '1.00', '-3', '1e9', ' ', '\n', '999999');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(words).map((parts) => parts.join(''))), (text) => {
        for (const share of Object.values(parsePressure(text))) expect(share === null || (share >= 0 && share <= 100)).toBe(true);
      }),
    );
  });
});
