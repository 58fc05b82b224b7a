import { describe, expect, it } from 'vitest';
import { isOwnMount } from '../../../../../src/main/engine/containers/disk/own-mount';
import { parseMountinfo } from '../../../../../src/main/engine/collectors/mounts.linux';

const ROOT = '22 1 254:0 / / rw,relatime - ext4 /dev/vda rw';
const table = (...lines: string[]) => parseMountinfo([ROOT, ...lines].join('\n'));

describe('a data folder', () => {
  it.each([
    ['a disk of its own', ['40 22 254:16 / /var/lib/docker rw - ext4 /dev/vdb rw'], true],
    ['a disk of its own, of which containers show parts', ['40 22 254:16 / /var/lib/docker rw - ext4 /dev/vdb rw', '41 22 254:16 /volumes/x /mnt/x rw - ext4 /dev/vdb rw'], true],
    ['a folder of the root', [], false],
    ['a folder of another mount', ['40 22 254:16 / /var rw - ext4 /dev/vdb rw'], false],
    ['a folder of a larger disk that is mounted there', ['40 22 254:16 /docker /var/lib/docker rw - ext4 /dev/vdb rw', '41 22 254:16 / /data rw - ext4 /dev/vdb rw'], false],
    ['a subvolume beside the root', ['23 1 0:30 /@ / rw - btrfs /dev/vda rw', '40 23 0:30 /@docker /var/lib/docker rw - btrfs /dev/vda rw'], false],
    ['a mount with a space in its name', ['40 22 254:16 / /var/lib/docker\\040x rw - ext4 /dev/vdb rw'], false],
  ])('that is %s: %s', (_, lines, is) => {
    expect(isOwnMount('/var/lib/docker', table(...lines))).toBe(is);
  });
});
