import { defineFamily, NO_DEVICES } from './define';

/** Uptime of machine and app, and the number of tasks. */
export const uptime = defineFamily({
  id: 'uptime',
  label: 'Uptime',
  page: 'uptime',
  order: 10,
  description: 'Time since boot, including sleep.',
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
