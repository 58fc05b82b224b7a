import { defineFamily } from './define';

const level = { unit: 'count', kind: 'gauge', resolution: 1 } as const;
const share = { unit: 'percent', kind: 'gauge', resolution: 1 } as const;

/**
 * Health of drives, of what is made of them (md arrays, ZFS pools, btrfs file systems) and of built-in flash (eMMC).
 *
 * Failing is 2 where a drive says that it fails (SMART), or an array or a pool no longer works; 1 where data was lost or is at
 * risk (sectors that cannot be read, errors counted by btrfs), or an array does not run. Degraded is 2 while members of an array
 * are missing, 1 while that is being repaired, 0 while it is complete. Both are null where they mean nothing. Wear is the share
 * of the rated life that is used up. What drives say is at most an hour old.
 */
export const health = defineFamily({
  id: 'health',
  label: 'Disk health',
  page: 'disks',
  order: 30,
  description: 'State of drives, arrays and pools. Drives are asked with smartctl, where that is on in Settings → Monitoring.',
  absence: 'No array, pool or btrfs file system was found. What drives say of themselves (SMART) is read where it is on in Settings → Monitoring.',
  samplingInterval: { background: 60_000, viewed: 30_000 },
  deadline: 4000,
  metrics: {
    problems: { label: 'Problems', ...level, countOf: ['failing', 'degraded'] },
    wear: { label: 'Most worn', ...share, highestOf: 'wear' },
  },
  device: {
    label: 'Device',
    plural: 'Drives and arrays',
    metrics: {
      failing: { label: 'Failing', ...level, words: ['not failing', 'has a problem', 'failing'] },
      degraded: { label: 'Degraded', ...level, words: ['complete', 'being repaired', 'degraded'] },
      progress: { label: 'Progress', unit: 'percent', kind: 'gauge', resolution: 0.1 },
      wear: { label: 'Wear', ...share },
      spare: { label: 'Spare', ...share },
      temperature: { label: 'Temperature', unit: 'celsius', kind: 'gauge', resolution: 1 },
      powerOn: { label: 'Powered on', unit: 'seconds', kind: 'gauge', resolution: 3600, stored: false },
      reallocated: { label: 'Reallocated sectors', short: 'Reallocated', ...level },
      pending: { label: 'Unreadable sectors', short: 'Unreadable', ...level },
      errors: { label: 'Errors', ...level },
    },
  },
  headline: 'problems',
  spark: ['problems'],
  card: { facts: ['wear'] },
  charts: [
    { title: 'Problems', metrics: ['problems'] },
    { title: 'Repair and checks', device: 'progress' },
    { title: 'Wear', device: 'wear' },
    { title: 'Temperature', device: 'temperature' },
    { title: 'Unreadable sectors', device: 'pending' },
  ],
});
