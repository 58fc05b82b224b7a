import { defineFamily } from './define';

const degrees = { unit: 'celsius', kind: 'gauge', resolution: 0.1 } as const;

/** Temperatures by sensor. Device limits are part of a sensor's reading. */
export const temperature = defineFamily({
  id: 'temperature',
  label: 'Temperature',
  page: 'sensors',
  order: 10,
  description: 'Hottest sensor and all sensors.',
  absence: 'No temperature sensor was found. Virtual machines and containers usually have none; on other machines the driver of the sensors may not be loaded.',
  samplingInterval: { background: 5000, viewed: 2000 },
  culprits: 'cpu',
  deadline: 2000,
  metrics: { hottest: { label: 'Hottest', ...degrees, highestOf: 'value' } },
  device: { label: 'Sensor', plural: 'Sensors', metrics: { value: { label: 'Temperature', ...degrees } } },
  headline: 'hottest',
  spark: ['hottest'],
  card: { device: 'value' },
  charts: [
    { title: 'Hottest sensor', metrics: ['hottest'] },
    { title: 'Sensors', device: 'value' },
  ],
});
