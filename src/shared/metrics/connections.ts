import { defineFamily, NO_DEVICES } from './define';

const count = { unit: 'count', kind: 'gauge', resolution: 1 } as const;

/**
 * Sockets of the machine, IPv4 and IPv6 together. Active connections can still carry data: established, or closed by the
 * other end only. A connection within the machine counts at both ends. TCP sockets are listening, opening, active or
 * closing; those in TIME-WAIT count separately, because no program has them open.
 */
export const connections = defineFamily({
  id: 'connections',
  label: 'Connections',
  page: 'network',
  order: 20,
  description: 'Active TCP connections and open sockets (including listening).',
  absence: 'The system does not list its connections. That is usual in containers with restricted access.',
  samplingInterval: { background: 5000, viewed: 2000 },
  deadline: 3000,
  metrics: {
    active: { label: 'Active', ...count },
    sockets: { label: 'TCP sockets', short: 'TCP', ...count },
    timeWait: { label: 'Time wait', ...count },
    udp: { label: 'UDP sockets', short: 'UDP', ...count },
  },
  device: NO_DEVICES,
  headline: 'active',
  spark: ['active'],
  card: { facts: ['sockets', 'timeWait', 'udp'] },
  charts: [
    { title: 'Active TCP connections', metrics: ['active'] },
    { title: 'Sockets', metrics: ['sockets', 'timeWait', 'udp'] },
  ],
});
