import { defineFamily } from './define';

const count = { unit: 'count', kind: 'gauge', resolution: 1 } as const;
const cpu = { label: 'CPU', unit: 'percent', kind: 'gauge', resolution: 0.1, share: 'one core' } as const;
const memory = { label: 'Memory', unit: 'bytes', kind: 'gauge', resolution: 4096 } as const;
const rate = { unit: 'bytesPerSecond', kind: 'rate', resolution: 1 } as const;

/**
 * Containers of Docker and Podman. A device is a name, that of a compose service or of a container: what runs under it may be
 * replaced, and its series goes on. CPU is percent of one core; memory is without file cache that can be taken back at once.
 */
export const container = defineFamily({
  id: 'container',
  label: 'Containers',
  page: 'containers',
  order: 10,
  description: 'Containers of Docker and Podman. CPU is percent of one core; memory is without the file cache that can be taken back at once.',
  absence: 'No container engine was found. Docker and Podman are looked for at their usual sockets, and where DOCKER_HOST says.',
  samplingInterval: { background: 15_000, viewed: 5000 },
  deadline: 10_000,
  metrics: {
    running: { label: 'Running', ...count },
    problems: { label: 'Problems', ...count, countOf: ['unhealthy', 'missed'] },
    cpu: { ...cpu, culprits: 'cpu' },
    memory: { ...memory, culprits: 'memory' },
  },
  device: {
    label: 'Container',
    plural: 'Containers',
    metrics: {
      cpu: { ...cpu, culprits: 'cpu' },
      throttled: { label: 'Held up by its CPU limit', short: 'Throttled', unit: 'percent', kind: 'rate', resolution: 0.1 },
      memory: { ...memory, culprits: 'memory' },
      memoryLimit: { ...memory, label: 'Memory limit', short: 'Limit' },
      memoryUsage: { label: 'Memory of its limit', short: 'Of limit', unit: 'percent', kind: 'gauge', resolution: 0.1, culprits: 'memory' },
      received: { label: 'Received', ...rate },
      sent: { label: 'Sent', ...rate },
      read: { label: 'Read', ...rate },
      written: { label: 'Written', ...rate },
      processes: { label: 'Processes and threads', short: 'Tasks', ...count },
      running: { label: 'Running', ...count, words: ['not running', 'running'] },
      unhealthy: { label: 'Health', ...count, words: ['healthy', 'unhealthy'] },
      missed: { label: 'Missed', ...count, words: ['not missed', 'stopped although it should run'] },
      restarts: { label: 'Restarts', ...count },
      recentDeaths: { label: 'Ended in the last 10 min', short: 'Ended', ...count, saidByState: true },
      recentOomKills: { label: 'Killed for memory in the last 10 min', short: 'OOM kills', ...count, saidByState: true },
    },
    charts: [
      { title: 'Memory', metrics: ['memory'], reference: 'memoryLimit' },
      { title: 'Network', metrics: ['received', 'sent'] },
      { title: 'Block I/O', metrics: ['read', 'written'] },
      { title: 'Ended in the last 10 min', metrics: ['recentDeaths', 'recentOomKills'] },
    ],
    leads: true,
  },
  optional: 'installed',
  headline: 'running',
  spark: ['running'],
  card: { facts: ['problems', 'memory'] },
  charts: [
    { title: 'CPU', device: 'cpu' },
    { title: 'Memory', device: 'memory' },
    { title: 'Memory of its limit', device: 'memoryUsage' },
    { title: 'Received', device: 'received' },
    { title: 'Sent', device: 'sent' },
    { title: 'Read', device: 'read' },
    { title: 'Written', device: 'written' },
  ],
});
