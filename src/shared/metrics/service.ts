import { defineFamily } from './define';

const count = { unit: 'count', kind: 'gauge', resolution: 1 } as const;
const time = { unit: 'milliseconds', kind: 'gauge', resolution: 0.1 } as const;

/**
 * Services that a person wants answered: web pages, ports, machines, databases, jobs that call in. Up is 1 or 0 once several
 * probes in a row say so, and null while a service is not measured. A failed probe has no latency.
 */
export const service = defineFamily({
  id: 'service',
  label: 'Services',
  page: 'services',
  order: 10,
  description: 'What is probed: web addresses, ports, machines, databases, and jobs that call in. A service is down after 3 failures in a row.',
  absence: 'Nothing is probed. A service is added on this page, in Traywatch on that machine.',
  // The shortest interval of a probe; each value is that of the last probe. The same while it is viewed: the uptime is an average over
  // samples, in which a failure that somebody looks at must not count twice.
  samplingInterval: { background: 10_000, viewed: 10_000 },
  deadline: 4000,
  metrics: {
    up: { label: 'Up', ...count },
    down: { label: 'Down', ...count },
    networkLost: { label: 'Network', ...count, words: ['there', 'lost'] },
  },
  device: {
    label: 'Service',
    plural: 'Services',
    metrics: {
      up: { label: 'State', ...count, words: ['down', 'up'] },
      latency: { label: 'Latency', ...time },
      dns: { label: 'Name lookup', short: 'DNS', ...time },
      connect: { label: 'Connect', ...time },
      tls: { label: 'TLS handshake', short: 'TLS', ...time },
      firstByte: { label: 'First byte', ...time },
      certificateDays: { label: 'Certificate valid for', short: 'Certificate', unit: 'days', kind: 'gauge', resolution: 0.1 },
      connections: { label: 'Connections', ...count },
      connectionsMax: { label: 'Maximum connections', short: 'Maximum', ...count },
      connectionsUsage: { label: 'Connections used', short: 'Used', unit: 'percent', kind: 'gauge', resolution: 0.1 },
      connectionsActive: { label: 'Active connections', short: 'Active', ...count },
      connectionsIdleInTransaction: { label: 'Idle in transaction', short: 'Idle in tx', ...count },
      replicationLag: { label: 'Replication lag', short: 'Lag', unit: 'seconds', kind: 'gauge', resolution: 0.1 },
    },
    charts: [
      { title: 'Parts of the latency', metrics: ['dns', 'connect', 'tls', 'firstByte'] },
      { title: 'Connections', metrics: ['connections', 'connectionsActive', 'connectionsIdleInTransaction'], reference: 'connectionsMax' },
    ],
    leads: true,
  },
  optional: 'added',
  headline: 'down',
  spark: ['down'],
  card: { facts: ['up'], device: 'latency', tally: ['up', 'down'] },
  charts: [
    { title: 'Latency', device: 'latency' },
    { title: 'Up', device: 'up' },
    { title: 'Connections used', device: 'connectionsUsage' },
    { title: 'Certificate valid for', device: 'certificateDays' },
  ],
});
