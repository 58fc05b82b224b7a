import { defineFamily, NO_DEVICES } from './define';

/** Time since the machine started, and what runs on it. */
export const uptime = defineFamily({
  id: 'uptime',
  label: 'Uptime',
  description: 'Time since this machine started, time asleep included.',
  samplingInterval: { background: 10_000, viewed: 1000 },
  deadline: 1000,
  metrics: {
    system: { label: 'System', unit: 'seconds', kind: 'counter', resolution: 1 },
    app: { label: 'Traywatch', short: 'App', unit: 'seconds', kind: 'counter', resolution: 1 },
    tasks: { label: 'Tasks', unit: 'count', kind: 'gauge', resolution: 1 },
  },
  device: NO_DEVICES,
  headline: 'system',
  spark: ['tasks'],
  card: { facts: ['app', 'tasks'] },
  charts: [
    { title: 'Uptime', metrics: ['system', 'app'] },
    { title: 'Tasks (processes and threads)', metrics: ['tasks'] },
  ],
});
