/** Mount tables of machines where a disk has many mounts, odd names, or comes and goes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSystemSpace } from '../../../../src/main/engine/collectors/deps';
import { linuxDisk } from '../../../../src/main/engine/collectors/disk.linux';
import type { ReadingOf } from '../../../../src/shared/metrics/reading';
import { machineDeps } from '../../../support/recorded-machine';

const SPACE: FileSystemSpace = { bsize: 4096, blocks: 1000, bfree: 600, bavail: 500, files: 100, ffree: 25 };
const FULL: FileSystemSpace = { ...SPACE, bfree: 0, bavail: 0 };

/** A machine in a temporary folder whose mounts and spaces a test changes; it counts what was asked. */
class Disks {
  readonly root = mkdtempSync(join(tmpdir(), 'disks-'));
  readonly asked: (string | Buffer)[] = [];
  networkMounts = false;
  spaceOf: (path: string | Buffer) => FileSystemSpace | Promise<FileSystemSpace> = () => SPACE;
  mono = 0;
  readonly #collector = linuxDisk({
    ...machineDeps('laptop', {
      clock: { mono: () => this.mono, boot: () => 0 },
      statfs: async (path: string | Buffer) => (this.asked.push(path), this.spaceOf(path)),
      networkMounts: () => this.networkMounts,
    }),
    root: this.root,
  });

  /** Writes a file of the machine. */
  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  mount(...lines: string[]): this {
    this.write('proc/self/mountinfo', Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
    return this;
  }

  async read(): Promise<ReadingOf<'disk'>> {
    return this.#collector.toReading(await this.#collector.read(), null);
  }

  async names(): Promise<string[]> {
    return Object.keys((await this.read()).devices);
  }

  remove(): void {
    this.#collector.close?.();
    rmSync(this.root, { recursive: true, force: true });
  }
}

let disks: Disks;
beforeEach(() => {
  disks = new Disks();
});
afterEach(() => disks.remove());

const ROOT = '25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw';

describe('a ZFS pool', () => {
  const POOL = [
    '25 1 0:25 / / rw,relatime shared:1 - zfs rpool/ROOT/debian rw,xattr,posixacl',
    '36 25 0:31 / /home rw,relatime shared:5 - zfs rpool/home rw,xattr,posixacl',
    '51 25 0:44 / /var/lib/docker/zfs/graph/1f00aa rw,relatime - zfs rpool/docker/1f00aa rw,xattr',
    '52 25 0:45 / /var/lib/docker/zfs/graph/1f00ab rw,relatime - zfs rpool/docker/1f00ab rw,xattr',
    '53 25 0:46 / /var/lib/docker/zfs/graph/1f00ac rw,relatime - zfs rpool/docker/1f00ac rw,xattr',
    '60 36 0:52 / /home/.zfs/snapshot/daily-1 ro,relatime - zfs rpool/home@daily-1 ro,xattr',
  ];

  it('is one disk, without its snapshots and the layers of containers', async () => {
    disks.mount(...POOL).spaceOf = () => FULL;
    const { devices, values } = await disks.read();
    expect(Object.keys(devices)).toEqual(['/']);
    expect(values.usage).toBe(100);
  });
});

describe('an immutable distribution', () => {
  it('has its main disk under the name of the whole file system', async () => {
    disks.mount(
      '60 1 0:33 / / ro,relatime shared:1 - overlay composefs ro,lowerdir=/run/ostree/.private/cfsroot-lower',
      '61 60 0:30 /root /sysroot ro,relatime shared:2 - btrfs /dev/nvme0n1p3 rw,subvol=/root',
      '62 60 0:30 /root/ostree/deploy/default/deploy/abc.0/etc /etc rw,relatime shared:3 - btrfs /dev/nvme0n1p3 rw,subvol=/root',
      '63 60 0:30 /root/ostree/deploy/default/var /var rw,relatime shared:4 - btrfs /dev/nvme0n1p3 rw,subvol=/root',
      '64 63 0:30 /home /var/home rw,relatime shared:5 - btrfs /dev/nvme0n1p3 rw,subvol=/home',
    );
    expect(await disks.names()).toEqual(['/sysroot']);
  });
});

describe('a bind mount of a file', () => {
  it('is no disk', async () => {
    disks.mount(
      '700 600 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w',
      '701 700 8:1 /usr/share/zoneinfo/Etc/UTC /etc/localtime ro,relatime - ext4 /dev/sda1 rw',
    );
    disks.write('etc/localtime', 'TZif2');
    expect(await disks.names()).toEqual(['/']);
  });
});

describe('a mount point that is not UTF-8', () => {
  it('is asked by its bytes', async () => {
    disks.mount(ROOT, '80 25 8:17 / /mnt/caf\xE9 rw,relatime - ext4 /dev/sdb1 rw', '81 25 8:33 / /mnt/caf\xE8 rw,relatime - ext4 /dev/sdc1 rw');
    disks.spaceOf = (path) => {
      if (path === '/' || (Buffer.isBuffer(path) && path.toString('latin1').startsWith('/mnt/caf'))) return SPACE;
      throw Object.assign(new Error('no'), { code: 'ENOENT' });
    };
    const { devices, note } = await disks.read();
    expect(note).toBeUndefined();
    expect(Object.values(devices).map(({ label, values }) => [label, values.usage])).toEqual([['/', 44.4], ['/mnt/caf\uFFFD', 44.4], ['/mnt/caf\uFFFD', 44.4]]);
  });
});

describe('FUSE', () => {
  it('is a local disk where it stands on a block device', async () => {
    disks.mount(ROOT, '90 25 8:33 / /media/p/Data rw,relatime - fuseblk /dev/sdc1 rw,user_id=0,group_id=0,blksize=4096');
    expect(await disks.names()).toEqual(['/', '/media/p/Data']);
  });

  it('is never a disk where it is an AppImage', async () => {
    disks.mount(ROOT, '91 25 0:70 / /tmp/.mount_ToolAbC ro,relatime - fuse.Tool.AppImage Tool.AppImage ro').networkMounts = true;
    expect(await disks.names()).toEqual(['/']);
  });
});

describe('an automounted disk', () => {
  it('is asked once, and keeps its value', async () => {
    disks.mount(ROOT, '40 25 0:36 / /mnt/backup rw,relatime - autofs systemd-1 rw,fd=60,timeout=60', '95 40 8:49 / /mnt/backup rw,relatime - ext4 /dev/sdd1 rw');
    const usages = [];
    for (let read = 0; read < 5; read += 1, disks.mono += 30_000) usages.push((await disks.read()).devices['/mnt/backup']?.values.usage);
    expect(usages).toEqual([44.4, 44.4, 44.4, 44.4, 44.4]);
    expect(disks.asked.filter((path) => path === '/mnt/backup')).toHaveLength(1);
  });
});

describe('a diskless machine', () => {
  it('shows its root, though it is a network mount', async () => {
    disks.mount('25 1 0:20 / / rw,relatime shared:1 - nfs4 nas:/export/root rw,vers=4.2', '26 25 0:21 / /mnt/nas rw - nfs4 nas:/export/media rw');
    expect(await disks.names()).toEqual(['/']);
  });
});
