import { defineFamily, NO_DEVICES } from './define';

const count = { unit: 'count', kind: 'gauge', resolution: 1 } as const;

/** Sockets of this machine (IPv4 and IPv6), counted by state. */
export const connections = defineFamily({
  id: 'connections',
  label: 'Connections',
  description: 'Open network connections: established TCP, and sockets in the other states.',
  pace: { background: 30_000, viewed: 5000 },
  deadline: 3000,
  metrics: {
    active: { label: 'Active', ...count },
    listening: { label: 'Listening', ...count },
    timeWait: { label: 'Time wait', ...count },
    otherTcp: { label: 'Other TCP', ...count },
    udp: { label: 'UDP sockets', short: 'UDP', ...count },
  },
  device: NO_DEVICES,
  headline: 'active',
  spark: ['active'],
  card: { facts: ['listening', 'timeWait', 'udp'] },
  charts: [
    { title: 'Active TCP connections', metrics: ['active'] },
    { title: 'Other sockets', metrics: ['listening', 'timeWait', 'otherTcp', 'udp'] },
  ],
});
