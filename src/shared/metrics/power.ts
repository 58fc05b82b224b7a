import { defineFamily } from './define';

const watts = { unit: 'watts', kind: 'gauge', resolution: 0.1 } as const;

/** Electric power as meters tell it. What a battery gives is in the battery family, what a graphics card takes in its own. */
export const power = defineFamily({
  id: 'power',
  label: 'Power',
  page: 'sensors',
  order: 50,
  description: 'Electric power that the processor takes, by its own energy counters (RAPL), on average since the reading before; and what meters of power supplies and boards tell.',
  absence: 'No power meter was found. Virtual machines and containers have none, and neither have most processors other than those of Intel and AMD.',
  samplingInterval: { background: 5000, viewed: 2000 },
  culprits: 'cpu',
  deadline: 2000,
  metrics: {
    processor: { label: 'Processor', ...watts },
    platform: { label: 'Whole machine', short: 'Machine', ...watts },
  },
  device: { label: 'Meter', plural: 'Meters', metrics: { watts: { label: 'Power', ...watts } } },
  headline: 'processor',
  spark: ['processor'],
  card: { device: 'watts' },
  charts: [
    { title: 'Power', metrics: ['processor', 'platform'] },
    { title: 'Meters', device: 'watts' },
  ],
});
