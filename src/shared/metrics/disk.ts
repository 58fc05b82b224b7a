import { defineFamily, SAMPLING } from './define';

const size = { unit: 'bytes', kind: 'gauge', resolution: 4096 } as const;
const share = { unit: 'percent', kind: 'gauge', resolution: 0.1 } as const;
const count = { unit: 'count', kind: 'gauge', resolution: 1 } as const;
/** A full disk was filled over days: whoever writes now is not the cause. */
const space = { growthOf: 'used' } as const;
const inodes = { growthOf: 'inodesUsed' } as const;

/**
 * Space and inodes of each mount, calculated like `df`: used ÷ (used + available to unprivileged users). The machine's
 * values are the maxima over the mounts. Mounts of one storage are one device. So are the file systems of one pool (ZFS
 * datasets, APFS volumes), because they share its free space; its values are those of the fullest.
 */
export const disk = defineFamily({
  id: 'disk',
  label: 'Disk space',
  page: 'disks',
  order: 10,
  description: 'Usage of the fullest mount, calculated like df.',
  absence: 'No file system is mounted that has space of its own. That is usual in containers.',
  samplingInterval: SAMPLING.slow,
  deadline: 5000,
  metrics: {
    usage: { label: 'Fullest mount', ...share, highestOf: 'usage' },
    inodeUsage: { label: 'Highest inode usage', ...share, highestOf: 'inodeUsage' },
  },
  device: {
    label: 'Mount',
    plural: 'Mounts',
    media: true,
    metrics: {
      usage: { label: 'Usage', ...share, culprits: space },
      used: { label: 'Used', ...size, culprits: space },
      available: { label: 'Available', ...size, culprits: space },
      total: { label: 'Total', ...size },
      inodeUsage: { label: 'Inode usage', ...share, culprits: inodes },
      inodesUsed: { label: 'Inodes used', ...count, culprits: inodes },
      inodesTotal: { label: 'Inodes', ...count },
    },
    charts: [
      { title: 'Space', metrics: ['used', 'available'], reference: 'total' },
      { title: 'Inodes used', metrics: ['inodesUsed'], reference: 'inodesTotal' },
    ],
  },
  headline: 'usage',
  spark: ['usage'],
  card: { device: 'usage' },
  charts: [
    { title: 'Space in use', device: 'usage' },
    { title: 'Inodes in use', device: 'inodeUsage' },
    { title: 'Space available', device: 'available' },
  ],
});
