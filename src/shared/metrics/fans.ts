import { defineFamily } from './define';

const speed = { unit: 'rpm', kind: 'gauge', resolution: 1 } as const;

/** Fans by speed. */
export const fans = defineFamily({
  id: 'fans',
  label: 'Fans',
  page: 'sensors',
  order: 20,
  description: 'Speed of each fan. Stalled for: how long a fan that has turned before has stood still while its chip is hot, or its chip says that it has failed.',
  absence: 'No fan that tells its speed was found. Many machines have none, and on others the driver of the fans may not be loaded.',
  samplingInterval: { background: 10_000, viewed: 2000 },
  deadline: 2000,
  metrics: { fastest: { label: 'Fastest', ...speed, highestOf: 'speed' } },
  device: { label: 'Fan', plural: 'Fans', metrics: { speed: { label: 'Speed', ...speed }, stalled: { label: 'Stalled for', short: 'Stalled', unit: 'seconds', kind: 'gauge', resolution: 1 } } },
  headline: 'fastest',
  spark: ['fastest'],
  card: { device: 'speed' },
  charts: [{ title: 'Fans', device: 'speed' }],
});
