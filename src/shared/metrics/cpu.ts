import { defineFamily, SAMPLING } from './define';

const share = { unit: 'percent', kind: 'gauge', resolution: 0.1 } as const;
const load = { unit: 'load', kind: 'gauge', resolution: 0.01, beside: 'cores' } as const;

/**
 * CPU time. Percentages are shares of all cores together, 0–100. Pressure is the share of the last minute in which at least one
 * task waited for a core (Linux PSI, `some avg60`), read every ten seconds.
 */
export const cpu = defineFamily({
  id: 'cpu',
  label: 'CPU',
  page: 'cpu',
  order: 10,
  description: 'CPU time in use across all cores.',
  samplingInterval: SAMPLING.fast,
  culprits: 'cpu',
  wait: { metric: 'pressure', for: 'a core' },
  deadline: 1000,
  metrics: {
    usage: { label: 'Usage', ...share },
    user: { label: 'User', ...share },
    system: { label: 'System', ...share },
    iowait: { label: 'I/O wait', ...share },
    steal: { label: 'Steal', ...share },
    cores: { label: 'Cores', unit: 'count', kind: 'gauge', resolution: 1 },
    load1: { label: 'Load 1 min', short: 'Load', ...load },
    load5: { label: 'Load 5 min', ...load },
    load15: { label: 'Load 15 min', ...load },
    pressure: { label: 'Pressure', ...share },
  },
  device: { label: 'Core', plural: 'Cores', metrics: { usage: { label: 'Usage', ...share } } },
  headline: 'usage',
  spark: ['usage'],
  card: { facts: ['user', 'system', 'load1'] },
  charts: [
    { title: 'Usage', metrics: ['usage'] },
    { title: 'CPU time by type', metrics: ['user', 'system', 'iowait', 'steal'], stacked: true },
    { title: 'Load average', metrics: ['load1', 'load5', 'load15'], reference: 'cores' },
    { title: 'Pressure', metrics: ['pressure'] },
    { title: 'Cores', device: 'usage' },
  ],
});
