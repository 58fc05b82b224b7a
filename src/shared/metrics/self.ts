import { defineFamily } from './define';

const ms = { unit: 'milliseconds', kind: 'gauge', resolution: 0.01 } as const;

/**
 * What Traywatch itself costs: all its processes together, and the time of each collector. On Linux memory is
 * what each process has for itself, and what they share once: within a few percent of the proportional set size,
 * which is too dear to ask for. Elsewhere it is the sum of the working sets, as the note says.
 */
export const self = defineFamily({
  id: 'self',
  label: 'Traywatch',
  description: 'What watching costs: processor time, memory and disk of Traywatch itself.',
  samplingInterval: { background: 30_000, viewed: 2000 },
  deadline: 2000,
  metrics: {
    cpu: { label: 'CPU, one core = 100 %', short: 'CPU', unit: 'percent', kind: 'gauge', resolution: 0.01 },
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
    { title: 'CPU', metrics: ['cpu'] },
    { title: 'Memory', metrics: ['memory'] },
    { title: 'Time per tick', metrics: ['tick'] },
    { title: 'Time per collector', device: 'time' },
    { title: 'Database size', metrics: ['database'] },
    { title: 'Written to disk', metrics: ['written'] },
  ],
});
