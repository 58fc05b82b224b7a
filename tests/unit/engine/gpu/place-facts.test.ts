/** Where a device is plugged in is told without asking the bridges above it: that would wake them, and what is behind them. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { busFacts } from '../../../../src/main/engine/collectors/place-facts.linux';
import { GpuTree } from '../../../support/gpu-tree';

const PARTS = ['pci0000:00', '0000:00:01.1', '0000:01:00.0'];

it('the bus behind a bridge is that of the kernel; the attribute of the bridge is read where there is no such folder', async () => {
  const tree = new GpuTree();
  const folder = join(tree.root, 'sys/devices', ...PARTS);
  tree.put(`sys/devices/${PARTS.join('/')}/uevent`, '');
  tree.put('sys/devices/pci0000:00/0000:00:01.1/secondary_bus_number', '7\n');
  expect([...(await busFacts(folder, PARTS))]).toEqual([[1, '7']]);
  tree.put('sys/devices/pci0000:00/0000:00:01.1/pci_bus/0000:0c/cpuaffinity', 'f\n');
  expect([...(await busFacts(folder, PARTS))]).toEqual([[1, '12']]);
});
