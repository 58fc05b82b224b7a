import { defineFamily } from './define';

const share = { unit: 'percent', kind: 'gauge', resolution: 0.1 } as const;
const bytes = { unit: 'bytes', kind: 'gauge', resolution: 4096 } as const;
const load = { label: 'Load', ...share } as const;
const memoryUsed = { label: 'Memory used', short: 'VRAM', ...bytes, culprits: 'none' } as const;
const power = { label: 'Power', unit: 'watts', kind: 'gauge', resolution: 0.1 } as const;

/**
 * Graphics cards. The machine's load is that of its busiest card; memory and power are those of all cards that tell them
 * now. A card that sleeps has no values: reading it would wake it. Shared memory is memory of the machine that a card uses.
 */
export const gpu = defineFamily({
  id: 'gpu',
  label: 'GPU',
  page: 'gpu',
  order: 10,
  description: 'Load of the busiest card; memory and power of all cards together. A card that sleeps is not read, so that it stays asleep.',
  absence: 'No graphics card was found that a driver tells anything about. Most virtual machines have none.',
  samplingInterval: { background: 5000, viewed: 2000 },
  culprits: 'gpu',
  deadline: 3000,
  metrics: { load: { ...load, highestOf: 'load' }, memoryUsed, power },
  device: {
    label: 'Card',
    plural: 'Cards',
    metrics: {
      load,
      memoryUsed,
      memoryTotal: { label: 'Memory', ...bytes, culprits: 'none' },
      sharedUsed: { label: 'Shared memory used', short: 'Shared used', ...bytes, culprits: 'none' },
      sharedTotal: { label: 'Shared memory', short: 'Shared', ...bytes, culprits: 'none' },
      temperature: { label: 'Temperature', unit: 'celsius', kind: 'gauge', resolution: 0.1 },
      power,
      clock: { label: 'Clock', unit: 'hertz', kind: 'gauge', resolution: 1e6, culprits: 'none' },
      fan: { label: 'Fan', unit: 'rpm', kind: 'gauge', resolution: 1 },
      fanShare: { label: 'Fan (of full speed)', short: 'Fan %', ...share },
      encoder: { label: 'Encoder', ...share },
      decoder: { label: 'Decoder', ...share },
      awake: { label: 'Powered up (its load is not more)', short: 'Powered up', ...share },
    },
    charts: [
      { title: 'Memory', metrics: ['memoryUsed'], reference: 'memoryTotal' },
      { title: 'Shared memory', metrics: ['sharedUsed'], reference: 'sharedTotal' },
      { title: 'Encoder and decoder', metrics: ['encoder', 'decoder'] },
    ],
  },
  headline: 'load',
  spark: ['load'],
  card: { facts: ['memoryUsed', 'power'], device: 'temperature' },
  charts: [
    { title: 'Load of the busiest card', metrics: ['load'] },
    { title: 'Load', device: 'load' },
    { title: 'Share of time powered up', device: 'awake' },
    { title: 'Memory used', device: 'memoryUsed' },
    { title: 'Shared memory used', device: 'sharedUsed' },
    { title: 'Temperature', device: 'temperature' },
    { title: 'Power', device: 'power' },
    { title: 'Clock', device: 'clock' },
    { title: 'Fan', device: 'fan' },
    { title: 'Fan, share of full speed', device: 'fanShare' },
    { title: 'Encoder', device: 'encoder' },
    { title: 'Decoder', device: 'decoder' },
  ],
});
