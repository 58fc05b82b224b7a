import { defineFamily } from './define';

const clock = { unit: 'hertz', kind: 'gauge', resolution: 1_000_000 } as const;

/** Clock speed of the processor; a drop under load indicates throttling. */
export const frequency = defineFamily({
  id: 'frequency',
  label: 'Clock speed',
  page: 'sensors',
  order: 30,
  description: 'Current clock speed, averaged over all cores.',
  absence: 'The processor does not report its clock speed. That is usual in virtual machines.',
  samplingInterval: { background: 30_000, viewed: 2000 },
  deadline: 2000,
  metrics: {
    average: { label: 'Average', ...clock },
    highest: { label: 'Fastest core', short: 'Fastest', ...clock, highestOf: 'speed' },
  },
  device: { label: 'Core', plural: 'Cores', metrics: { speed: { label: 'Speed', ...clock } } },
  headline: 'average',
  spark: ['average'],
  card: { facts: ['highest'] },
  charts: [
    { title: 'Clock speed', metrics: ['average', 'highest'] },
    { title: 'Cores', device: 'speed' },
  ],
});
