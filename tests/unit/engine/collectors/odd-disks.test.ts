/** Mount tables of machines where a disk has many mounts or odd names. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSystemSpace } from '../../../../src/main/engine/collectors/deps';
import { DiskMachine, FULL, gib, ROOT, SPACE } from '../../../support/disk-machine';

let disks: DiskMachine;
beforeEach(() => {
  disks = new DiskMachine();
});
afterEach(() => disks.remove());

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

  it('does not ask snapshots and layers', async () => {
    await disks.mount(...POOL).read();
    expect(disks.asked).toEqual(['/', '/home']);
  });

  it('has the numbers of its fullest dataset, as df prints them for it', async () => {
    disks.mount(...POOL).spaceOf = (path) => (path === '/home' ? gib(900, 100) : gib(5, 100));
    expect(await disks.usages()).toEqual({ '/': 90 });
    disks.spaceOf = (path) => (path === '/home' ? gib(5, 99.9) : gib(300, 100));
    expect(await disks.usages()).toEqual({ '/': 75 });
  });

  it('has beside it the dataset with a quota, which stays', async () => {
    disks.mount(...POOL).spaceOf = (path) => (path === '/home' ? gib(19, 1) : gib(100, 300));
    expect(await disks.usages()).toEqual({ '/': 25, '/home': 95 });
    disks.spaceOf = () => FULL;
    expect(await disks.usages()).toEqual({ '/': 100, '/home': 100 });
    disks.mount(POOL[0] ?? '').spaceOf = () => FULL;
    expect(await disks.usages()).toEqual({ '/': 100 });
  });

  it('has no second disk for a dataset with a reservation, nor for what was written between two calls', async () => {
    disks.mount(...POOL).spaceOf = (path) => (path === '/home' ? gib(50, 120) : gib(50, 100));
    expect(await disks.usages()).toEqual({ '/': 33.3 });
    disks.spaceOf = (path) => (path === '/home' ? gib(100, 0.2) : gib(100, 0.5));
    expect(await disks.names()).toEqual(['/']);
  });

  it('is not asked through a file of another dataset', async () => {
    disks.mount(POOL[0] ?? '', '70 25 0:70 /conf/app.conf /srv/app.conf rw - zfs rpool/conf rw').spaceOf = (path) => (path === '/' ? gib(50, 50) : gib(9, 1));
    expect(await disks.usages()).toEqual({ '/': 50 });
  });

  it('is known by its other datasets while one of them cannot be read', async () => {
    disks.mount(...POOL).spaceOf = (path) => (path === '/' ? Promise.reject(Object.assign(new Error('no'), { code: 'EIO' })) : gib(60, 40));
    const { devices, note } = await disks.read();
    expect([devices['/']?.values.usage, note]).toEqual([60, undefined]);
  });
});

describe('network mounts of one server', () => {
  const EXPORTS = ['31 25 0:50 / /mnt/a rw - nfs4 nas:/vol/a rw', '32 25 0:51 / /mnt/b rw - nfs nas:/vol/b rw', '33 25 0:52 / /mnt/c rw - nfs4 other:/vol/c rw'];
  beforeEach(() => {
    disks.mount(ROOT, ...EXPORTS).networkMounts = true;
  });

  it('are one disk while they have the same numbers', async () => {
    disks.spaceOf = (path) => (path === '/mnt/b' ? gib(500.5, 499.5) : gib(500, 500));
    expect(await disks.names()).toEqual(['/', '/mnt/a', '/mnt/c']);
    disks.spaceOf = (path) => (path === '/mnt/a' ? Promise.reject(new Error('no')) : gib(600, 400));
    expect(await disks.usages()).toEqual({ '/': 60, '/mnt/a': 60, '/mnt/c': 60 });
  });

  it('are two once they differed', async () => {
    disks.spaceOf = (path) => (path === '/mnt/b' ? gib(300, 700) : gib(500, 500));
    expect(await disks.names()).toEqual(['/', '/mnt/a', '/mnt/b', '/mnt/c']);
    disks.spaceOf = () => gib(500, 500);
    expect(await disks.names()).toEqual(['/', '/mnt/a', '/mnt/b', '/mnt/c']);
  });
});

describe('a disk that is seen through another file system', () => {
  it('is the root of an overlay that is written to it', async () => {
    disks.mount('25 1 0:20 / / rw - overlay overlayfs:/overlay rw,lowerdir=/,upperdir=/overlay/upper,workdir=/overlay/work', '26 25 31:5 / /overlay rw - jffs2 /dev/mtdblock5 rw', '27 25 31:4 / /rom ro - squashfs /dev/root ro');
    expect(await disks.names()).toEqual(['/']);
  });

  it('is one with an encrypted folder on it, and not with one elsewhere', async () => {
    disks.mount(ROOT, '26 25 8:2 / /home rw - ext4 /dev/sda2 rw', '27 26 0:70 / /home/p/Private rw - fuse.gocryptfs /home/p/.crypt rw', '28 26 0:71 / /home/p/x rw - fuse.bindfs /srv/x rw');
    disks.spaceOf = (path) => (String(path).startsWith('/home') && path !== '/home/p/x' ? gib(30, 70) : gib(1, 9));
    expect(await disks.names()).toEqual(['/', '/home']);
    disks.spaceOf = (path) => (path === '/home/p/Private' ? gib(3, 7) : gib(30, 70));
    expect(await disks.names()).toContain('/home/p/Private');
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
  const OVERLAY = '700 600 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w';

  it('is no disk', async () => {
    disks.mount(OVERLAY, '701 700 8:1 /usr/share/zoneinfo/Etc/UTC /etc/localtime ro,relatime - ext4 /dev/sda1 rw');
    disks.write('etc/localtime', 'TZif2');
    expect(await disks.names()).toEqual(['/']);
  });

  it('leaves the disk to a folder of it', async () => {
    disks.mount(OVERLAY, ...['/a', '/b', '/data/in', '/etc/x.conf'].map((point, index) => `${701 + index} 700 8:1 /v${point} ${point} rw - ext4 /dev/sda1 rw`));
    for (const file of ['a', 'b', 'etc/x.conf']) disks.write(file, '');
    mkdirSync(join(disks.root, 'data/in'), { recursive: true });
    expect(await disks.names()).toEqual(['/', '/data/in']);
  });

  it('may also be a socket, a device or a link', async () => {
    disks.mount(OVERLAY, '701 700 8:1 /x /link rw - ext4 /dev/sda1 rw', '702 700 8:2 /x /caf\xE9 rw - ext4 /dev/sdb1 rw');
    symlinkSync('proc', join(disks.root, 'link'));
    writeFileSync(Buffer.concat([Buffer.from(`${disks.root}/caf`), Buffer.from([0xe9])]), '');
    expect(await disks.names()).toEqual(['/']);
  });

  it('is shown where there is nothing else', async () => {
    disks.mount('700 600 0:60 / / ro - overlay overlay ro,lowerdir=/l', '701 700 8:1 /x /etc/localtime ro - ext4 /dev/sda1 rw');
    disks.write('etc/localtime', 'TZif2');
    expect(await disks.names()).toEqual(['/etc/localtime']);
  });
});

describe('the device mapper', () => {
  const mapped = (minor: number, point: string): string => `${60 + minor} 25 253:${minor} / ${point} rw - ext4 /dev/mapper/vg-${minor} rw`;

  it('tells snapshots of LVM and verified images, whatever their names', async () => {
    disks.mount(ROOT, mapped(1, '/home'), mapped(2, '/mnt/old'), mapped(3, '/verified'), mapped(4, '/crypt'));
    disks.write('sys/dev/block/253:1/slaves/dm-8/dm/name', 'vg-1-real\n');
    disks.write('sys/dev/block/253:2/slaves/dm-8/dm/name', 'vg-1-real\n');
    disks.write('sys/dev/block/253:2/slaves/dm-9/dm/name', 'vg-2-cow\n');
    disks.write('sys/dev/block/253:3/dm/uuid', 'CRYPT-VERITY-0123-usr\n');
    disks.write('sys/dev/block/253:4/dm/uuid', 'CRYPT-LUKS2-0123-crypt\n');
    expect(await disks.names()).toEqual(['/', '/crypt', '/home']);
  });

  it('tells what nobody can write to, with or without a name for it, also where it is the root', async () => {
    const part = (minor: number, point: string, source = `/dev/block/dm-${minor}`): string => `${60 + minor} 60 253:${minor} / ${point} ro - ext4 ${source} ro`;
    disks.mount(part(0, '/', '/dev/root'), part(7, '/vendor'), part(20, '/apex/com.android.art@33'), '99 60 253:30 / /data rw - f2fs /dev/block/dm-30 rw', '98 60 259:8 / /usr/share/oem ro - ext4 /dev/nvme0n1p8 ro');
    for (const minor of [0, 7, 20, 30]) {
      disks.write(`sys/dev/block/253:${minor}/dm/uuid`, '\n');
      disks.write(`sys/dev/block/253:${minor}/ro`, minor === 30 ? '0\n' : '1\n');
    }
    // A partition is no image because it is not written now.
    disks.write('sys/dev/block/259:8/ro', '0\n');
    expect(await disks.names()).toEqual(['/data', '/usr/share/oem']);
    // Nor is what its user opened without writing to it.
    disks.write('sys/dev/block/253:7/dm/uuid', 'CRYPT-LUKS2-0123-backup\n');
    disks.write('sys/dev/block/253:20/dm/uuid', 'LVM-0123\n');
    disks.mount(ROOT, part(7, '/vendor'), part(20, '/apex/com.android.art@33'));
    expect(await disks.names()).toEqual(['/', '/apex/com.android.art@33', '/vendor']);
  });
});

describe('a file system that stores nothing', () => {
  const EMPTY: FileSystemSpace = { ...SPACE, blocks: 0, bfree: 0, bavail: 0, files: 0, ffree: 0 };

  it('is no disk, whatever its name: df leaves out what has no blocks', async () => {
    disks.mount(ROOT, '31 25 0:50 / /run/user/1000/doc rw - fuse.portal portal rw', '32 25 0:51 / /mnt/archive rw - fuse borgfs rw', '33 25 0:52 / /net rw - nfs box:(pid12,port1023) rw', '34 25 0:53 / /etc/pve rw - fuse /dev/fuse rw', '35 25 0:54 / /mnt/phone rw - fuse.jmtpfs jmtpfs rw');
    disks.networkMounts = true;
    disks.spaceOf = (path) => (['/', '/mnt/phone', '/etc/pve'].includes(String(path)) ? SPACE : EMPTY);
    expect(await disks.names()).toEqual(['/', '/mnt/phone']);
  });

  it('is shown as the root, and while nothing is known of it', async () => {
    disks.mount(ROOT, '32 25 0:51 / /mnt/archive rw - fuse borgfs rw').networkMounts = true;
    disks.spaceOf = (path) => (path === '/' ? EMPTY : Promise.reject(Object.assign(new Error('no'), { code: 'EIO' })));
    expect(await disks.usages()).toEqual({ '/': null, '/mnt/archive': null });
  });

  it('does not stand for the pool that it is in', async () => {
    disks.mount('25 1 0:25 / / rw - zfs rpool/root rw', '36 25 0:31 / /home rw - zfs rpool/home rw').spaceOf = (path) => (path === '/' ? gib(50, 50) : EMPTY);
    expect(await disks.usages()).toEqual({ '/': 50 });
  });
});

describe('space that root has taken from its reserve', () => {
  it('is none for users: servers report it as less than none, without a sign', async () => {
    disks.mount(ROOT).spaceOf = () => ({ ...SPACE, bfree: 20, bavail: 2 ** 64 - 8 });
    const { devices } = await disks.read();
    expect(devices['/']?.values).toMatchObject({ available: 0, usage: 100 });
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

describe('a mount point with line breaks or marks of direction', () => {
  it('is one line, and looks like no other', async () => {
    disks.mount(ROOT, String.raw`80 25 8:17 / /mnt/a\012b\011c rw - ext4 /dev/sdb1 rw`, '81 25 8:33 / /mnt/\xE2\x80\xAEgnp rw - fuse.ntfs-3g /dev/sd\\012c rw').spaceOf = (path) => (String(path).includes('gnp') ? Promise.reject(Object.assign(new Error('no'), { code: 'EIO' })) : SPACE);
    const { devices, note } = await disks.read();
    expect(Object.values(devices).map(({ label, detail }) => [label, detail])).toEqual([['/', 'ext4 · /dev/sda1'], ['/mnt/a\uFFFDb\uFFFDc', 'ext4 · /dev/sdb1'], ['/mnt/\uFFFDgnp', 'fuse.ntfs-3g · /dev/sd\uFFFDc']]);
    expect(note).toBe('/mnt/\uFFFDgnp: EIO');
    expect(Object.keys(devices)).toContain('/mnt/a\nb\tc');
  });
});

describe('a diskless machine', () => {
  it('shows its root, though it is a network mount', async () => {
    disks.mount('25 1 0:20 / / rw,relatime shared:1 - nfs4 nas:/export/root rw,vers=4.2', '26 25 0:21 / /mnt/nas rw - nfs4 nas:/export/media rw');
    expect(await disks.names()).toEqual(['/']);
  });

  it('does not wait for a server that is gone', async () => {
    disks.after = (_ms, fn) => (setImmediate(fn), () => undefined);
    disks.mount('25 1 0:20 / / rw - nfs nas:/root rw', '26 25 8:1 / /scratch rw - ext4 /dev/sda1 rw').spaceOf = (path) => (path === '/' ? new Promise<FileSystemSpace>(() => undefined) : SPACE);
    expect(await disks.usages()).toEqual({ '/': null, '/scratch': 44.4 });
  });
});
