import { defineFamily, SAMPLING } from './define';

const size = { unit: 'bytes', kind: 'gauge', resolution: 4096 } as const;
const swapped = { unit: 'bytesPerSecond', kind: 'rate', resolution: 1 } as const;
/** Who holds memory now need not be who was swapped out. */
const swap = { growthOf: 'swapUsed' } as const;
const share = { unit: 'percent', kind: 'gauge', resolution: 0.1 } as const;

/**
 * Memory and swap. Used is total − available. With ZFS on Linux its cache above the minimum (size − c_min of arcstats)
 * counts as available; the kernel's MemAvailable leaves it out. Swapping is what moves between memory and swap on a disk;
 * swap in compressed memory (zram) does not count. Pressure is the share of the last minute in which at least one task waited
 * for memory (Linux PSI, `some avg60`). Both are read every ten seconds: pressure on Linux only, swapping on Windows only as far
 * as it is written to page files. macOS makes swap files on demand, so its swap usage is not known.
 */
export const memory = defineFamily({
  id: 'memory',
  label: 'Memory',
  page: 'memory',
  order: 10,
  description: 'Memory in use (total minus available).',
  samplingInterval: SAMPLING.fast,
  culprits: 'memory',
  wait: { metric: 'pressure', for: 'memory' },
  deadline: 1000,
  metrics: {
    usage: { label: 'Usage', ...share },
    used: { label: 'Used', ...size },
    available: { label: 'Available', ...size },
    cached: { label: 'Cached', ...size },
    total: { label: 'Total', ...size },
    swapUsage: { label: 'Swap usage', ...share, culprits: swap },
    swapUsed: { label: 'Swap used', short: 'Swap', ...size, culprits: swap },
    swapTotal: { label: 'Swap total', ...size },
    swapIn: { label: 'Swapped in', ...swapped },
    swapOut: { label: 'Swapped out', ...swapped },
    pressure: { label: 'Pressure', ...share },
  },
  device: { label: '', plural: '', metrics: {} },
  headline: 'usage',
  spark: ['usage'],
  card: { facts: ['used', 'available', 'swapUsed'] },
  charts: [
    { title: 'Usage', metrics: ['usage', 'swapUsage'] },
    { title: 'Memory', metrics: ['used', 'cached', 'available'] },
    { title: 'Swap', metrics: ['swapUsed'] },
    { title: 'Swapping', metrics: ['swapIn', 'swapOut'] },
    { title: 'Pressure', metrics: ['pressure'] },
  ],
});
