import { defineFamily, SAMPLING } from './define';

const throughput = { unit: 'bytesPerSecond', kind: 'rate', resolution: 1 } as const;
const operations = { unit: 'perSecond', kind: 'rate', resolution: 0.1 } as const;
const share = { unit: 'percent', kind: 'gauge', resolution: 0.1 } as const;
const io = {
  read: { label: 'Read', ...throughput },
  write: { label: 'Write', ...throughput },
  readOps: { label: 'Reads', ...operations },
  writeOps: { label: 'Writes', ...operations },
  busy: { label: 'Busy', ...share },
} as const;

/**
 * Disk I/O of block devices. The machine's busy value is that of its busiest disk. Pressure is the share of the last minute in
 * which at least one task waited for a disk, stalled that in which all tasks with work did (Linux PSI, `some` and `full avg60`),
 * read every ten seconds.
 */
export const diskio = defineFamily({
  id: 'diskio',
  label: 'Disk I/O',
  page: 'disks',
  order: 20,
  description: 'Throughput and operations per disk. Busy = share of time with I/O in progress.',
  absence: 'The system lists no disk. That is usual in containers.',
  samplingInterval: SAMPLING.fast,
  culprits: 'disk',
  wait: { metric: 'pressure', for: 'a disk' },
  deadline: 1000,
  metrics: { ...io, pressure: { label: 'Pressure', ...share }, stalled: { label: 'All waiting', ...share } },
  device: {
    label: 'Device',
    plural: 'Devices',
    metrics: io,
    charts: [
      { title: 'Throughput', metrics: ['read', 'write'] },
      { title: 'Operations', metrics: ['readOps', 'writeOps'] },
    ],
  },
  headline: 'busy',
  spark: ['read', 'write'],
  card: { facts: ['busy', 'readOps', 'writeOps'] },
  charts: [
    { title: 'Throughput', metrics: ['read', 'write'] },
    { title: 'Operations', metrics: ['readOps', 'writeOps'] },
    { title: 'Busy', device: 'busy' },
    { title: 'Pressure', metrics: ['pressure', 'stalled'] },
    { title: 'Written by device', device: 'write' },
    { title: 'Read by device', device: 'read' },
  ],
});
