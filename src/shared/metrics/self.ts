import { defineFamily } from './define';

const ms = { unit: 'milliseconds', kind: 'gauge', resolution: 0.01 } as const;

/**
 * Resources used by Traywatch: all its processes together, and the time of each collector. On Linux memory is the private
 * memory of each process plus shared memory once: within a few percent of the proportional set size, which is too
 * expensive to read. On other systems it is the sum of the working sets, as the note says.
 */
export const self = defineFamily({
  id: 'self',
  label: 'Traywatch',
  page: 'self',
  order: 10,
  description: 'Resources used by Traywatch itself.',
  samplingInterval: { background: 30_000, viewed: 2000 },
  deadline: 2000,
  metrics: {
    cpu: { label: 'CPU (100 % = one core)', short: 'CPU', unit: 'percent', kind: 'gauge', resolution: 0.01, share: 'one core' },
    memory: { label: 'Memory', unit: 'bytes', kind: 'gauge', resolution: 4096 },
    tick: { label: 'Time per tick', short: 'Tick', ...ms },
    database: { label: 'Database size', short: 'Database', unit: 'bytes', kind: 'gauge', resolution: 4096 },
    written: { label: 'Written to disk', unit: 'bytesPerSecond', kind: 'rate', resolution: 1 },
  },
  device: { label: 'Collector', plural: 'Collectors', metrics: { time: { label: 'Time per read', ...ms } } },
  headline: 'cpu',
  spark: ['cpu'],
  card: { facts: ['memory', 'tick', 'database'] },
  charts: [
    { title: 'CPU (100 % = one core)', metrics: ['cpu'] },
    { title: 'Memory', metrics: ['memory'] },
    { title: 'Time per tick', metrics: ['tick'] },
    { title: 'Time per collector', device: 'time' },
    { title: 'Database size', metrics: ['database'] },
    { title: 'Written to disk', metrics: ['written'] },
  ],
});
