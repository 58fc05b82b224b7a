/** Which mounts name a disk, on tables in the form of machines that people have. */
import { describe, expect, it } from 'vitest';
import { parseMountinfo, realMounts, uncertainMounts } from '../../../../src/main/engine/collectors/mounts.linux';
import { failureOf } from '../../../support/recorded-machine';

const ROOT = '25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw';
const table = (lines: readonly string[]) => parseMountinfo(Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
const named = (lines: readonly string[], withRemote = false): string[] => realMounts(table(lines), withRemote).map(({ point }) => point);

describe('a line of mountinfo', () => {
  it('may have tags, or none, escaped bytes, an empty source and no options of the file system', () => {
    const [mount] = table(['36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 propagate_from:2 unbindable - fuse.my\\040tool  rw,a=b']);
    expect(mount).toMatchObject({ id: 36, parent: 35, device: '98:0', root: '/mnt1', point: '/mnt 2', type: 'fuse.my tool', source: '', readOnly: false });
    expect(table(['1 0 0:1 / / ro - ext4 /dev/x'])).toMatchObject([{ readOnly: true }]);
    expect(table(['1 0 0:1 / / rw - ext4 /dev/x ro,a'])).toMatchObject([{ readOnly: true }]);
  });

  it('that cannot be understood costs only itself', async () => {
    expect(named(['garbage', ROOT, '26 25 8:2 /', '27 x 8:2 / /y rw - ext4 /dev/b rw', '28 25 8:3 / /data rw - xfs /dev/c rw'])).toEqual(['/', '/data']);
    expect(await failureOf(() => table(['garbage', '1 2']))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('a storage with many mounts', () => {
  const pools: Record<string, [string[], string[]]> = {
    'a btrfs volume with subvolumes, and snapshots that are mounted': [
      ['25 1 0:30 /@ / rw - btrfs /dev/sda2 rw,subvol=/@', '26 25 0:30 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home', '27 25 0:30 /@/.snapshots/5/snapshot /mnt/old ro - btrfs /dev/sda2 rw,subvol=/@/.snapshots/5/snapshot', '28 25 0:30 /@snapshots /.snapshots rw - btrfs /dev/sda2 rw,subvol=/@snapshots'],
      ['/'],
    ],
    'subvolumes with device numbers of their own': [
      ['25 1 0:30 /@ / rw - btrfs /dev/sda2 rw,subvol=/@', '26 25 0:31 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home'],
      ['/'],
    ],
    'a subvolume with a space in its name': [[ROOT, '26 25 0:30 /@a\\040b /srv/x rw - btrfs /dev/sdb2 rw,subvol=/@a\\040b', '27 25 0:30 /@c/in /a rw - btrfs /dev/sdb2 rw,subvol=/@c'], ['/', '/srv/x']],
    'a root that is a snapshot': [['25 1 0:30 /@/.snapshots/9/snapshot / ro - btrfs /dev/sda2 rw,subvol=/@/.snapshots/9/snapshot', '26 25 0:30 /@/var /var rw - btrfs /dev/sda2 rw,subvol=/@/var'], ['/']],
    'bcachefs on several devices': [[ROOT, '26 25 0:40 / /tank rw - bcachefs /dev/sdb:/dev/sdc rw', '27 25 0:40 /sub /a rw - bcachefs /dev/sdb:/dev/sdc rw'], ['/', '/tank']],
    'APFS with volumes': [[ROOT, '26 25 0:40 / /mac rw - apfs /dev/sdb2 rw,vol=0', '27 25 0:41 / /mac/data rw - apfs /dev/sdb2 rw,vol=1'], ['/', '/mac']],
    'two pools of ZFS': [
      ['25 1 0:25 / / rw - zfs rpool/ROOT/pve-1 rw', '26 25 0:26 / /rpool rw - zfs rpool rw', '27 25 0:27 / /tank rw - zfs tank rw', '28 25 0:28 / /srv rw - zfs tank/srv rw', '29 25 0:29 / /data rw - zfs rpool2/data rw'],
      ['/', '/data', '/tank'],
    ],
    'a pool whose own dataset is not mounted': [[ROOT, '27 25 0:27 / /srv/a/b rw - zfs tank/a/b rw', '28 25 0:28 / /srv/media rw - zfs tank/media rw'], ['/', '/srv/media']],
    'ZFS in a container': [['700 1 0:60 / / rw - zfs rpool/data/subvol-100-disk-0 rw', '701 700 0:61 /meminfo /proc/meminfo rw - fuse.lxcfs lxcfs rw'], ['/']],
    'ostree on xfs': [
      ['60 1 0:33 / / ro - overlay composefs ro,lowerdir=/run/x', '61 60 8:3 / /sysroot ro - xfs /dev/sda3 rw', '62 60 8:3 /ostree/deploy/d/deploy/abc.0/etc /etc rw - xfs /dev/sda3 rw', '63 60 8:3 /ostree/deploy/d/var /var rw - xfs /dev/sda3 rw'],
      ['/sysroot'],
    ],
    'a squashfs root with a writable disk': [
      ['60 1 7:0 / / ro - squashfs /dev/loop0 ro', '61 60 8:3 / /writable rw - ext4 /dev/sda3 rw', '62 60 8:3 /user-data /home rw - ext4 /dev/sda3 rw', '63 60 8:3 /system-data/var/lib/x /var/lib/x rw - ext4 /dev/sda3 rw'],
      ['/writable'],
    ],
    'folders of /home at places of the system': [
      ['60 1 0:33 / / ro - btrfs /dev/sda4 ro,subvol=/', '61 60 8:8 / /home rw - ext4 /dev/sda8 rw', '62 60 8:8 /.steamos/offload/opt /opt rw - ext4 /dev/sda8 rw', '63 60 8:8 /.steamos/offload/srv /srv rw - ext4 /dev/sda8 rw'],
      ['/', '/home'],
    ],
    'a folder of the only disk': [['700 1 0:60 / / ro - overlay overlay ro,lowerdir=/l', '701 700 8:1 /srv/app /data rw - ext4 /dev/sda1 rw', '702 700 8:1 /srv/conf /etc/app rw - ext4 /dev/sda1 rw'], ['/data']],
    'a folder that is called like one of the system': [[ROOT, '30 25 8:17 / /library/of/music rw - ext4 /dev/sdb1 rw', '31 25 8:17 /x /libx rw - ext4 /dev/sdb1 rw', '32 25 8:18 / /mnt/btrfs/subvolumes/home rw - btrfs /dev/sdc1 rw,subvol=/'], ['/', '/library/of/music', '/mnt/btrfs/subvolumes/home']],
    'a folder below its own disk': [[ROOT, '30 25 8:17 / /mnt/disk rw - ext4 /dev/sdb1 rw', '31 25 8:17 /pub /ftp rw - ext4 /dev/sdb1 rw'], ['/', '/mnt/disk']],
  };

  it.each(Object.entries(pools))('is one disk: %s', (_, [lines, names]) => {
    expect(named(lines)).toEqual(names);
    expect(named([...lines].reverse())).toEqual(names);
  });
});

describe('what is no disk', () => {
  const none: Record<string, string> = {
    'a snap': '31 25 7:0 / /snap/core22/1380 ro - squashfs /dev/loop0 ro',
    'a disc': '31 25 11:0 / /media/cdrom ro - iso9660 /dev/sr0 ro',
    'an EROFS image': '31 25 0:50 / /usr ro - erofs /dev/mapper/usr ro',
    'an ext4 image': '31 25 7:1 / /run/portables/x ro - ext4 /dev/loop1 ro',
    'an AppImage with another name': '31 25 0:50 / /tmp/.mount_ToolXyz ro - fuse.tool tool ro',
    'an AppImage with a version': '31 25 0:50 / /home/p/x ro - fuse.Tool-1.2-x86_64.AppImage Tool-1.2-x86_64.AppImage ro',
    'squashfuse': '31 25 0:50 / /snap/x/1 ro - fuse.snapfuse snapfuse ro',
    'a layer of Docker on overlay': '31 25 0:50 / /var/lib/docker/overlay2/abc/merged rw - overlay overlay rw,lowerdir=/l',
    'a layer of Docker on a device': '31 25 253:5 / /srv/docker/devicemapper/mnt/abc rw - xfs /dev/mapper/docker-8:1-1234-abc rw',
    'a layer of Docker on ZFS elsewhere': '31 25 0:50 / /data/docker/zfs/graph/abc rw - zfs data/docker/abc rw',
    'a layer of Podman': '31 25 0:50 / /home/p/.local/share/containers/storage/overlay/abc/merged rw - fuse.fuse-overlayfs fuse-overlayfs rw',
    'a layer of containerd': '31 25 253:5 / /run/containerd/io.containerd.runtime.v2.task/k8s.io/abc/rootfs rw - ext4 /dev/mapper/pool-snap-1 rw',
    'a container of LXD': '31 25 253:6 / /var/lib/lxd/storage-pools/default/containers/web rw - ext4 /dev/mapper/lxd-containers_web rw',
    'a snapshot of ZFS at a place of its own': '31 25 0:52 / /mnt/yesterday ro - zfs tank/home@yesterday ro',
    'a snapshot on a file server': '31 25 0:52 / /mnt/nas/.snapshot/hourly.0 ro - nfs4 nas:/vol/.snapshot/hourly.0 ro',
    'Timeshift at work': '31 25 8:17 / /run/timeshift/4242/backup rw - ext4 /dev/sdb1 rw',
    'a snapshot of LVM beside its origin': '31 25 253:9 / /mnt/s rw - ext4 /dev/mapper/vg0-home_snap_20261001 rw',
    'a read-only snapshot of LVM': '31 25 253:9 / /mnt/s ro - ext4 /dev/vg0/snap-db ro',
    'a list of FUSE connections': '31 25 0:30 / /sys/fs/fuse/connections rw - fusectl fusectl rw',
    'files of LXCFS': '31 25 0:30 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw',
    'memory with a device as its source': '31 25 0:30 / /dev/hugepages rw - hugetlbfs /dev/hugepages rw',
    'an automounter': '31 25 0:30 / /mnt/auto rw - autofs /dev/x rw,timeout=60',
    'a file that users mount': '31 25 8:99 /usr/share/zoneinfo/UTC /etc/localtime ro - ext4 /dev/sdz rw',
    'a file that engines mount': '31 25 8:99 /x/hosts /etc/hosts rw - ext4 /dev/sdz rw',
  };

  it.each(Object.entries(none))('%s', (_, line) => {
    const origin = '30 25 253:2 / /home rw - ext4 /dev/mapper/vg0-home rw';
    expect(named([ROOT, origin, line], true)).toEqual(['/', '/home']);
  });

  it('is kept where its name only looks like a snapshot', () => {
    const volumes = ['/dev/mapper/vg0-snapshots', '/dev/mapper/vg0-snapraid', '/dev/mapper/vg0-home_snap', '/dev/mapper/luks-snap--shots'];
    const lines = volumes.map((source, index) => `${40 + index} 25 253:${index} / /m${index} rw - ext4 ${source} rw`);
    expect(named([ROOT, ...lines])).toEqual(['/', '/m0', '/m1', '/m2', '/m3']);
  });
});

describe('FUSE', () => {
  it.each([
    'fuseblk /dev/sdc1', 'fuseblk.ntfs-3g /dev/sdc1', 'fuse.ntfs-3g /dev/sdc1', 'fuse.exfat /dev/sdc1', 'fuse.fuse2fs /dev/sdc1', 'fuse.unknown /dev/sdc1', 'fuse.mergerfs /mnt/a:/mnt/b',
    'fuse.gocryptfs /srv/.crypt', 'fuse.encfs encfs', 'fuse.shfs shfs', 'fuse.cryfs cryfs@/srv/.cry', 'ocfs2 /dev/sdd1', 'gfs2 /dev/mapper/san-data', 'lustre /dev/sdd1',
  ])('or a cluster on a block device is a local disk: %s', (typeAndSource) => {
    const mounts = realMounts(table([ROOT, `31 25 0:50 / /mnt/x rw - ${typeAndSource} rw,user_id=0`]), false);
    expect(mounts.map(({ point, kind }) => [point, kind])).toEqual([['/', 'disk'], ['/mnt/x', 'slow']]);
  });

  it.each(['nfs nas:/x', 'nfs4 nas:/x', 'cifs //nas/x', 'smb3 //nas/x', '9p share', 'virtiofs share', 'ceph m1,m2:/', 'glusterfs nas:/g', 'fuse.sshfs ann@host:/', 'fuse.rclone drive:', 'fuse https://dav.example/', 'davfs https://dav.example/', 'afs AFS', 'fuse.s3fs bucket', 'fuse.portal portal', 'fuse /dev/fuse'])(
    'and others are network mounts: %s',
    (typeAndSource) => {
      const line = `31 25 0:50 / /mnt/x rw - ${typeAndSource} rw`;
      expect(named([ROOT, line])).toEqual(['/']);
      expect(named([ROOT, line], true)).toEqual(['/', '/mnt/x']);
    },
  );

  it('is a network mount where its folder is', () => {
    const lines = [ROOT, '31 25 0:50 / /mnt/nas rw - nfs4 nas:/x rw', '32 25 0:51 / /home/p/Private rw - fuse.gocryptfs /mnt/nas/.crypt rw'];
    expect(named(lines)).toEqual(['/']);
    expect(named(lines, true)).toEqual(['/', '/home/p/Private', '/mnt/nas']);
  });
});

describe('the root', () => {
  it.each([
    'ext4 /dev/sda1 rw', 'overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w', 'nfs4 nas:/root rw', 'nfs nas:/root ro', '9p rootfs rw', 'virtiofs root rw', 'cifs //nas/root rw', 'ceph m:/ rw', 'fuse.fuse-overlayfs fuse-overlayfs rw',
    'aufs none rw,br=/a', 'zfs rpool/ROOT/x@y ro', 'btrfs /dev/loop0 rw', 'ext4 /dev/loop0 ro', 'lxfs rootfs rw', 'xfs /dev/mapper/vg-root_snap ro',
  ])('is shown whatever its type: %s', (rest) => {
    expect(named([`25 1 0:20 / / rw - ${rest}`])).toEqual(['/']);
  });

  it('is shown where a container may not write to its layers', () => {
    expect(named(['25 1 0:20 / / ro - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w'])).toEqual(['/']);
  });

  it.each(['tmpfs none rw', 'rootfs rootfs rw', 'squashfs /dev/loop0 ro', 'erofs /dev/sda2 ro', 'overlay composefs ro,lowerdir=/x'])('is none where nothing can be stored: %s', (rest) => {
    expect(named([`25 1 0:20 / / ro - ${rest}`])).toEqual([]);
    expect(named([`25 1 0:20 / / ro - ${rest}`, '26 25 8:2 / /nix rw - ext4 /dev/sda2 rw', '27 25 8:2 /persist/home /home rw - ext4 /dev/sda2 rw'])).toEqual(['/nix']);
  });

  it('gives way to a file only where there is nothing else', () => {
    const file = '26 25 8:1 /docker/containers/x/hosts /etc/hosts rw - ext4 /dev/sda1 rw';
    expect(named(['25 1 0:20 / / rw - tmpfs none rw', file])).toEqual(['/etc/hosts']);
    expect(named([ROOT.replace('8:1', '8:9'), file])).toEqual(['/']);
  });
});

describe('mounts over others', () => {
  it('hide what is below: the last on a point, and all in a folder that is covered', () => {
    const stack = [ROOT, '30 25 8:2 / /mnt rw - ext4 /dev/a rw', '31 30 8:3 / /mnt/in rw - ext4 /dev/b rw', '29 30 8:4 / /mnt rw - ext4 /dev/c rw'];
    // 29 is on 30, though an id that was free again is smaller; what 30 held cannot be reached.
    for (const lines of [stack, [...stack].reverse()]) expect(realMounts(table(lines), false).map(({ source }) => source)).toEqual(['/dev/sda1', '/dev/c']);
    expect(named([ROOT, '30 25 8:2 / /a/b rw - ext4 /dev/a rw', '31 25 8:3 / /a rw - ext4 /dev/b rw'])).toEqual(['/', '/a']);
  });

  it('leave a root over a root', () => {
    const lines = ['1 1 0:2 / / rw - rootfs rootfs rw', '25 1 8:1 / / rw - ext4 /dev/sda1 rw', '26 25 8:2 / /home rw - ext4 /dev/sda2 rw', '3 1 8:3 / /old rw - ext4 /dev/sda3 rw'];
    expect(named(lines)).toEqual(['/', '/home']);
    expect(named([...lines].reverse())).toEqual(['/', '/home']);
  });

  it('do not hide what names another parent', () => {
    expect(named(['9 1 8:1 / / rw - ext4 /dev/a rw', '5 1 8:2 / /x rw - ext4 /dev/b rw', '6 1 8:3 / /x/y rw - ext4 /dev/c rw'])).toEqual(['/', '/x', '/x/y']);
  });

  it('survive a table with circles', () => {
    expect(named(['5 6 8:1 / / rw - ext4 /dev/a rw', '6 5 8:2 / /x rw - ext4 /dev/b rw', '7 7 8:3 / /y rw - ext4 /dev/c rw'])).toEqual(['/', '/x', '/y']);
  });
});

describe('an automount', () => {
  const idle = (...lines: string[]) => realMounts(table([ROOT, ...lines]), true).map(({ point, idleLimit }) => [point, idleLimit]);

  it('is known by the autofs mount that it is on or in, unless that one never ends', () => {
    const disk = '95 40 8:49 / /mnt/backup rw - ext4 /dev/sdd1 rw';
    expect(idle('40 25 0:36 / /mnt/backup rw - autofs systemd-1 rw,fd=60,timeout=60', disk)).toEqual([['/', null], ['/mnt/backup', 60]]);
    expect(idle('40 25 0:36 / /mnt rw - autofs /etc/auto.mnt rw,timeout=300,indirect', disk)).toEqual([['/', null], ['/mnt/backup', 300]]);
    expect(idle('40 25 0:36 / /mnt/backup rw - autofs systemd-1 rw,fd=60,timeout=0,direct', disk)).toEqual([['/', null], ['/mnt/backup', null]]);
    expect(idle('40 25 0:36 / /mnt/back rw - autofs systemd-1 rw,timeout=60', disk)).toEqual([['/', null], ['/mnt/backup', null]]);
    expect(idle('40 25 0:36 / /net rw - autofs -hosts rw,timeout=90', '41 40 0:37 / /net/nas rw - nfs4 nas:/ rw', '42 41 0:38 / /net/nas/x rw - nfs4 nas:/x rw')).toEqual([['/', null], ['/net/nas', 90], ['/net/nas/x', 90]]);
  });

  it('does not name a disk that has a lasting mount', () => {
    const lasting = '96 25 8:49 / /srv/backup/lasting rw - ext4 /dev/sdd1 rw';
    expect(idle('40 25 0:36 / /mnt rw - autofs systemd-1 rw,timeout=60', '95 40 8:49 / /mnt rw - ext4 /dev/sdd1 rw', lasting)).toEqual([['/', null], ['/srv/backup/lasting', null]]);
  });
});

describe('mount points that are not UTF-8', () => {
  it('have ids that no other path has', () => {
    const points = ['/mnt/caf\xE9', '/mnt/caf\xE8', '/mnt/caf\xEF\xBF\xBD', '/mnt/caf%E9', '/mnt/caf\\134xE9', '/mnt/a\\040\xFF'];
    const mounts = realMounts(table([ROOT, ...points.map((point, index) => `${40 + index} 25 8:${40 + index} / ${point} rw - ext4 /dev/s${index} rw`)]), false);
    const ids = new Map(mounts.map(({ source, deviceId }) => [source, deviceId]));
    expect(points.map((_, index) => ids.get(`/dev/s${index}`))).toEqual(['bytes:/mnt/caf%E9', 'bytes:/mnt/caf%E8', '/mnt/caf\uFFFD', '/mnt/caf%E9', '/mnt/caf\\xE9', 'bytes:/mnt/a%20%FF']);
  });
});

describe('what may be a file', () => {
  it('is a part of a file system that is not mounted as a whole', () => {
    const part = '40 25 8:9 /x/file /f rw - ext4 /dev/sdx rw';
    const uncertain = (lines: string[]) => uncertainMounts(table(lines), false).map(({ raw }) => raw);
    expect(uncertain([ROOT, part])).toEqual(['/f']);
    expect(uncertain([ROOT, part, '41 25 8:9 / /disk rw - ext4 /dev/sdx rw'])).toEqual([]);
    expect(uncertain(['25 1 0:25 /@ / rw - btrfs /dev/a rw,subvol=/@', '26 25 0:30 /@v /v rw - btrfs /dev/b rw,subvol=/@v', '27 25 0:31 /@w/file /w rw - btrfs /dev/c rw,subvol=/@w'])).toEqual(['/w']);
  });
});
