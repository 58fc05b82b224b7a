/** Disks of macOS from recorded outputs of mount, and what statfs answers. */
import { describe, expect, it } from 'vitest';
import { spaceOf } from '../../../../../src/main/engine/collectors/disk.darwin';
import { isMeasured, parseMounts } from '../../../../../src/main/engine/collectors/mounts.darwin';
import type { ReadingOf } from '../../../../../src/shared/metrics/reading';
import { failureOf } from '../../../../support/recorded-machine';
import { printed, RecordedMac } from '../../../../support/recorded-mac';

const macbook = printed('macbook-m3-26', 'mount');

/** A reader over the whole test, so that it remembers. */
function disksOf(mac: RecordedMac): () => Promise<ReadingOf<'disk'>> {
  const { disk } = mac.collectors();
  return async () => disk.toReading(await disk.read(), null);
}

const usagesOf = ({ devices }: ReadingOf<'disk'>): Record<string, number | null> => Object.fromEntries(Object.entries(devices).map(([id, { values }]) => [id, values.usage]));

describe('mount', () => {
  it('is understood whatever the names are', () => {
    expect(parseMounts(printed('odd-names', 'mount')).map(({ source, point, type }) => [source, point, type])).toEqual([
      ['/dev/disk3s1s1', '/', 'apfs'],
      ['/dev/disk9s1', '/Volumes/one on two (local)', 'apfs'],
      ['/dev/disk10s1', '/Volumes/', 'apfs'],
      ['/dev/disk12s1', '/Volumes/日本語 …', 'exfat'],
      ['//GUEST:@server/a%20on%20b', '/Volumes/a on b', 'smbfs'],
    ]);
    const [root, , , data] = parseMounts(macbook.split('\n').filter((line) => / on \/(dev |System\/Volumes\/(VM|Data) )?\(?/.test(line)).join('\n'));
    expect(root).toMatchObject({ point: '/', type: 'apfs' });
    expect(data?.flags.has('nobrowse')).toBe(true);
    expect(parseMounts(macbook).map(({ point }) => point)).toContain('/Volumes/Some App (4.2) on');
  });

  it.each(['', 'mount: no such file\n'])('is a fault where it lists nothing: %j', async (text) => {
    expect(await failureOf(() => parseMounts(text))).toMatchObject({ kind: 'ParseError' });
  });

  it('shows what the Finder shows and can be filled', () => {
    const shown = (machine: string, withRemote: boolean): string[] => parseMounts(printed(machine, 'mount')).filter((mount) => isMeasured(mount, withRemote)).map(({ point }) => point);
    expect(shown('macbook-m3-26', false)).toEqual(['/', '/System/Volumes/Data', '/Volumes/Über Platte']);
    expect(shown('macbook-m3-26', true)).toEqual(['/', '/System/Volumes/Data', '/Volumes/Über Platte', '/Volumes/Daten']);
    expect(shown('imac-intel-13', false)).toEqual(['/', '/System/Volumes/Data', '/Volumes/Work', '/Volumes/Archiv', '/Volumes/CAMERA']);
    expect(shown('imac-intel-13', true)).toContain('/Volumes/media');
    expect(shown('imac-intel-13', true)).toContain('/Volumes/Alt');
  });

  it.each(['osxfuse', 'macfuse', 'fuse-t', 'webdav', 'nfs'])('asks %s with the setting only', (type) => {
    const [mount] = parseMounts(`/dev/x0 on /Volumes/x (${type}, nodev)\n`);
    expect(mount === undefined ? null : [isMeasured(mount, false), isMeasured(mount, true)]).toEqual([false, true]);
  });

  it.each([
    '/dev/disk9s1 on /Volumes/CD (cd9660, local, nodev, nosuid)',
    '/dev/disk9s1 on /private/var/folders/x/T/AppTranslocation/1 (nullfs, local, nodev, nosuid)',
    '/dev/disk9s1 on /System/Volumes/New (apfs, local, journaled)',
    '/dev/disk9s1 on /Library/Developer/CoreSimulator/Cryptex/Images/x (apfs, local, journaled)',
    'map -hosts on /net (autofs, nosuid, automounted)',
  ])('does not show %s', (line) => {
    expect(parseMounts(line).map((mount) => isMeasured(mount, true))).toEqual([false]);
  });
});

describe('the disks of a Mac', () => {
  it('are one for each container: in use is what is not available', async () => {
    const reading = await disksOf(new RecordedMac('macbook-m3-26'))();
    expect(usagesOf(reading)).toEqual({ '/': 87.3, '/Volumes/Über Platte': 50 });
    expect(reading.devices['/']).toMatchObject({ label: '/', detail: 'apfs · /dev/disk3', values: { total: 120_699_413 * 4096, available: 15_308_640 * 4096, used: (120_699_413 - 15_308_640) * 4096, inodeUsage: null } });
    expect(reading.devices['/']?.media).toBeUndefined();
    expect(reading.devices['/Volumes/Über Platte']).toMatchObject({ media: 'removable', detail: 'exfat · /dev/disk7s1 · removable' });
    expect(reading.values).toEqual({ usage: 87.3, inodeUsage: null });
    expect(reading.note).toBeUndefined();
  });

  it('of servers are asked with the setting only, and after the others', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    mac.networkMounts = true;
    expect(usagesOf(await disksOf(mac)())).toEqual({ '/': 87.3, '/Volumes/Daten': 90, '/Volumes/Über Platte': 50 });
    expect(mac.asked.at(-1)).toBe('/Volumes/Daten');
  });

  it('have one more for a volume with a quota of its own; other file systems are used as df says', async () => {
    const reading = await disksOf(new RecordedMac('imac-intel-13'))();
    expect(usagesOf(reading)).toEqual({ '/': 75.4, '/Volumes/Archiv': 73.7, '/Volumes/CAMERA': 90, '/Volumes/Work': 80 });
    expect(reading.devices['/Volumes/Work']?.media).toBeUndefined();
  });

  it('are listed once a minute, and at once where one of them is gone', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const read = disksOf(mac);
    for (let second = 0; second <= 120; second += 30) {
      await read();
      mac.time.stall(30_000);
    }
    expect(mac.started).toEqual(['/sbin/mount', '/sbin/mount', '/sbin/mount']);
    delete mac.space['/Volumes/Über Platte'];
    const [, gone, after] = [await read(), await read(), await read()];
    mac.print('mount', macbook.split('\n').filter((line) => !line.includes('Über')).join('\n'));
    expect(gone?.devices['/Volumes/Über Platte']).toMatchObject({ values: { usage: null }, fault: { message: 'ENOENT', last: { values: { usage: 50 } } } });
    expect(gone?.note).toContain('ENOENT');
    expect(after?.devices['/']?.values.usage).toBe(87.3);
    expect(Object.keys((await read()).devices)).toEqual(['/']);
  });

  it('that do not answer delay no other, and are not asked again while they hang', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    mac.networkMounts = true;
    mac.hanging.add('/Volumes/Daten');
    const read = disksOf(mac);
    const first = await mac.meanwhile(read(), 2000);
    expect(first.devices['/Volumes/Daten']).toMatchObject({ values: { usage: null }, fault: { message: 'does not respond' } });
    expect(usagesOf(first)['/']).toBe(87.3);
    await mac.meanwhile(read(), 2000);
    expect(mac.asked.filter((path) => path === '/Volumes/Daten')).toHaveLength(1);
    expect(mac.asked.filter((path) => path === '/')).toHaveLength(2);
  });

  it.each(['missing', 'failed', 'late', 'empty', 'garbled'] as const)('are a fault where mount is %s', async (how) => {
    const mac = new RecordedMac('macbook-m3-26').break(how);
    expect(await failureOf(disksOf(mac))).toHaveProperty('kind');
  });
});

describe('statfs', () => {
  it('says less than nothing where the root user took from the reserve', () => {
    expect(spaceOf({ bsize: 512, frsize: 4096, blocks: 100, bfree: 10, bavail: -5, files: 10, ffree: 1 }, false)).toEqual({ total: 409_600, used: 368_640, available: 0, inodesTotal: null, inodesUsed: null });
    expect(spaceOf({ bsize: 4096, blocks: 100, bfree: 50, bavail: 40, files: 0, ffree: 0 }, true)).toMatchObject({ used: 60 * 4096, available: 40 * 4096 });
  });
});
