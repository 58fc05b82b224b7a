/** Disks, mounts and their space of a made-up machine. Pure. */
import { fixed } from './tree-cpu';
import type { MachineSpec, MountSpec } from './machine';
import type { Files, LiveFiles, Moment } from './moment';

const YEAR = 365 * 86_400_000;
const SECTOR = 512;

/** /proc/diskstats: whole disks, then their partitions with most of the traffic. */
export function diskstatsFile({ machine: { spec, load }, totals }: Moment): string {
  const lines: string[] = [];
  for (const disk of spec.disks) {
    const [read, written] = [load.count(disk.read, totals, `${disk.name} read`), load.count(disk.write, totals, `${disk.name} write`)];
    const busy = (read + written) / (disk.isRotating ? 160e6 : 1.4e9);
    const line = (name: string, minor: number, share: number): string => {
      const [reads, writes] = [(share * read) / disk.request, (share * written) / disk.request];
      const cells = [reads, reads * 0.1, (share * read) / SECTOR, reads * 0.4, writes, writes * 0.3, (share * written) / SECTOR, writes * 0.6, 0, share * busy * 1000, share * busy * 1400];
      return `${String(disk.major).padStart(4)} ${String(minor).padStart(7)} ${name} ${cells.map((cell) => fixed(cell, 13)).join(' ')}\n`;
    };
    lines.push(line(disk.name, disk.minor, 1), ...disk.partitions.map((name, index) => line(name, disk.minor + 1 + index, index === disk.partitions.length - 1 ? 0.98 : 0.01)));
  }
  return lines.join('');
}

/** Folders of /sys/block. */
export function diskFolders({ disks }: MachineSpec): Files {
  const files: Record<string, string> = {};
  for (const { name, model, size, isRotating, major, minor } of disks) {
    files[`sys/block/${name}/size`] = `${Math.floor(size / SECTOR)}\n`;
    files[`sys/block/${name}/dev`] = `${major}:${minor}\n`;
    files[`sys/block/${name}/queue/rotational`] = `${Number(isRotating)}\n`;
    if (model !== null) files[`sys/block/${name}/device/model`] = `${model}\n`;
  }
  return files;
}

/** Mounts that every system has beside its disks. */
const SYSTEM_MOUNTS = [
  '20 28 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:2 - sysfs sysfs rw',
  '21 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:3 - proc proc rw',
  '22 28 0:5 / /dev rw,nosuid,relatime shared:4 - devtmpfs udev rw,mode=755',
  '24 28 0:23 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,mode=755',
];

/** The mount table, in the two forms the kernel has, and a folder for each mount point. */
export function mountFiles({ mounts }: MachineSpec): Files {
  const lines = [...SYSTEM_MOUNTS, ...mounts.map(({ line }) => line)];
  const stats = lines.map((line) => {
    const [left = '', right = ''] = line.split(' - ', 2);
    return `device ${right.split(' ')[1] ?? ''} mounted on ${left.split(' ')[4] ?? ''} with fstype ${right.split(' ')[0] ?? ''}`;
  });
  const folders = Object.fromEntries(mounts.filter(({ point }) => point !== '/').map(({ point }) => [point.slice(1), null]));
  return { 'proc/self/mountinfo': `${lines.join('\n')}\n`, 'proc/self/mountstats': `${stats.join('\n')}\n`, ...folders };
}

/** Bytes in use now: as described at the anchor, less before, with what comes and goes by the day. */
function usedOf({ used, available, yearly }: MountSpec, { machine: { anchor }, time }: Moment): number {
  const whole = used + available;
  const wave = Math.min(0.002 * whole, 0.05 * available) * (Math.sin(time / 6_400_000) - Math.sin(anchor / 6_400_000));
  return Math.max(0.02 * whole, Math.min(whole * 0.999, used + yearly * ((time - anchor) / YEAR) + wave));
}

/** What statfs(2) answers for each mount point; read by the app instead of the kernel's answers. */
export function spaceFile(moment: Moment): LiveFiles {
  const space = moment.machine.spec.mounts.map((mount): [string, object] => {
    const used = Math.round(usedOf(mount, moment) / 4096);
    const blocks = Math.round((mount.used + mount.available) / 4096);
    const [inodesUsed, files] = mount.inodes ?? [0, 0];
    return [mount.point, { bsize: 4096, blocks, bfree: blocks - used, bavail: blocks - used, files, ffree: files - inodesUsed }];
  });
  return { 'traywatch/space.json': `${JSON.stringify(Object.fromEntries(space))}\n` };
}
