import { defineFamily, SAMPLING } from './define';

const throughput = { unit: 'bytesPerSecond', kind: 'rate', resolution: 1 } as const;
const packets = { unit: 'perSecond', kind: 'rate', resolution: 0.1 } as const;
const total = { unit: 'bytes', kind: 'counter', resolution: 1, stored: false } as const;
const totalPackets = { unit: 'count', kind: 'counter', resolution: 1, stored: false } as const;
const traffic = {
  rx: { label: 'Received', glyph: '↓', ...throughput },
  tx: { label: 'Sent', glyph: '↑', ...throughput },
  rxPackets: { label: 'Packets received', ...packets },
  txPackets: { label: 'Packets sent', ...packets },
  errors: { label: 'Errors', ...packets },
  drops: { label: 'Drops', ...packets },
  rxTotal: { label: 'Total received', short: 'Total ↓', ...total },
  txTotal: { label: 'Total sent', short: 'Total ↑', ...total },
  rxPacketsTotal: { label: 'Total packets received', ...totalPackets },
  txPacketsTotal: { label: 'Total packets sent', ...totalPackets },
} as const;

/** Network traffic. The machine's values are totals over the physical interfaces; loopback is shown but not included. */
export const network = defineFamily({
  id: 'network',
  label: 'Network',
  page: 'network',
  order: 10,
  part: 'Traffic',
  description: 'Traffic per interface. Totals exclude loopback and bridges.',
  absence: 'The system lists no network interface.',
  samplingInterval: SAMPLING.fast,
  deadline: 1000,
  metrics: traffic,
  device: {
    label: 'Interface',
    plural: 'Interfaces',
    metrics: traffic,
    charts: [
      { title: 'Throughput', metrics: ['rx', 'tx'] },
      { title: 'Packets', metrics: ['rxPackets', 'txPackets'] },
      { title: 'Errors and drops', metrics: ['errors', 'drops'] },
    ],
  },
  headline: 'rx',
  spark: ['rx', 'tx'],
  card: { facts: ['rxTotal', 'txTotal', 'errors'] },
  charts: [
    { title: 'Throughput', metrics: ['rx', 'tx'] },
    { title: 'Packets', metrics: ['rxPackets', 'txPackets'] },
    { title: 'Errors and drops', metrics: ['errors', 'drops'] },
    { title: 'Received by interface', device: 'rx' },
    { title: 'Sent by interface', device: 'tx' },
  ],
});
