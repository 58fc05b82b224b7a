import { defineFamily, SAMPLING } from './define';

const throughput = { unit: 'bytesPerSecond', kind: 'rate', resolution: 1 } as const;
const operations = { unit: 'perSecond', kind: 'rate', resolution: 0.1 } as const;
const io = {
  read: { label: 'Read', ...throughput },
  write: { label: 'Write', ...throughput },
  readOps: { label: 'Reads', ...operations },
  writeOps: { label: 'Writes', ...operations },
  busy: { label: 'Busy', unit: 'percent', kind: 'gauge', resolution: 0.1 },
} as const;

/** Disk I/O of block devices. The machine's busy value is that of its busiest disk. */
export const diskio = defineFamily({
  id: 'diskio',
  label: 'Disk I/O',
  page: 'disks',
  order: 20,
  description: 'Throughput and operations per disk. Busy = share of time with I/O in progress.',
  absence: 'The system lists no disk. That is usual in containers.',
  samplingInterval: SAMPLING.fast,
  culprits: 'disk',
  deadline: 1000,
  metrics: io,
  device: { label: 'Device', plural: 'Devices', metrics: io },
  headline: 'busy',
  spark: ['read', 'write'],
  card: { facts: ['busy', 'readOps', 'writeOps'] },
  charts: [
    { title: 'Throughput', metrics: ['read', 'write'] },
    { title: 'Operations', metrics: ['readOps', 'writeOps'] },
    { title: 'Busy', device: 'busy' },
    { title: 'Written by device', device: 'write' },
    { title: 'Read by device', device: 'read' },
  ],
});
