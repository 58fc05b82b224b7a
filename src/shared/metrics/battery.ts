import { defineFamily } from './define';

const share = { unit: 'percent', kind: 'gauge', resolution: 0.1 } as const;
const power = { unit: 'watts', kind: 'gauge', resolution: 0.1 } as const;
const time = { unit: 'seconds', kind: 'gauge', resolution: 60 } as const;
const flow = {
  charge: { label: 'Charge', ...share },
  discharging: { label: 'Discharging', short: 'Discharge', ...power },
  charging: { label: 'Charging', short: 'Charge in', ...power },
} as const;

/**
 * Batteries. The machine's values are those of the batteries it runs on (a UPS where it has no other): those of mice and
 * headsets are devices only. Power flows one way at a time, so each direction has a metric of its own.
 */
export const battery = defineFamily({
  id: 'battery',
  label: 'Battery',
  page: 'sensors',
  order: 40,
  description: 'Charge, power, time left and health of the batteries. Batteries of mice, keyboards and headsets are listed and do not count for the machine.',
  absence: 'No battery was found: this machine runs on mains alone, or its system does not tell of a battery.',
  samplingInterval: { background: 30_000, viewed: 5000 },
  deadline: 4000,
  metrics: {
    ...flow,
    timeLeft: { label: 'Time left', short: 'Left', ...time },
    timeToFull: { label: 'Time until full', short: 'To full', ...time },
    health: { label: 'Health', ...share },
    onMains: { label: 'Power source', short: 'Source', unit: 'count', kind: 'gauge', resolution: 1, words: ['on battery', 'on mains'] },
  },
  device: {
    label: 'Battery',
    plural: 'Batteries',
    metrics: { ...flow, health: { label: 'Health', ...share }, cycles: { label: 'Cycles', unit: 'count', kind: 'gauge', resolution: 1 } },
  },
  headline: 'charge',
  spark: ['charge'],
  card: { facts: ['onMains', 'timeLeft', 'timeToFull'] },
  charts: [
    { title: 'Charge', metrics: ['charge'] },
    { title: 'Power', metrics: ['discharging', 'charging'] },
    { title: 'Charge of each battery', device: 'charge' },
    { title: 'Health', device: 'health' },
  ],
});
