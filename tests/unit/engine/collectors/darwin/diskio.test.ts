/** Disk I/O of macOS from recorded outputs of ioreg. */
import { describe, expect, it } from 'vitest';
import { parseDrivers } from '../../../../../src/main/engine/collectors/diskio.darwin';
import { failureOf } from '../../../../support/recorded-machine';
import { printed, RecordedMac } from '../../../../support/recorded-mac';

const macbook = printed('macbook-m3-26', 'ioreg');

describe('ioreg', () => {
  it('has the statistics of each driver by the disk below it, whatever their order', () => {
    const disks = parseDrivers(macbook);
    expect([...disks.keys()]).toEqual(['disk0', 'disk7', 'disk6']);
    expect(disks.get('disk0')).toEqual({
      label: 'disk0', detail: 'APPLE SSD AP0512Z', summed: true, reads: 23_456_789, writes: 812_345, readBytes: 912_345_678_848, writeBytes: 412_345_671_680, busyMs: null,
    });
    expect(disks.get('disk7')).toMatchObject({ detail: 'Samsung PSSD T7', summed: true, reads: 82_290_967, writes: 199_308_717, readBytes: 1_594_539_950_080, writeBytes: 2_001_819_619_328 });
  });

  it('does not count a disk image, whose file is on a disk', () => {
    expect(parseDrivers(macbook).get('disk6')).toMatchObject({ detail: 'Apple Disk Image', summed: false, readBytes: 150_510_395 });
    expect(parseDrivers(macbook.replace('Apple Disk Image Media', 'Disk Image Media')).get('disk6')).toMatchObject({ summed: false });
    const virtual = macbook.replace('"Ejectable" = Yes', '"Protocol Characteristics" = {"Physical Interconnect"="Virtual Interface","Physical Interconnect Location"="File"}');
    expect(parseDrivers(virtual).get('disk7')).toMatchObject({ summed: false });
  });

  it('takes the whole disk and its driver, and nothing of the containers and volumes below; a drive without a disc has no disk', () => {
    const disks = parseDrivers(printed('imac-intel-13', 'ioreg'));
    expect([...disks]).toEqual([['disk0', { label: 'disk0', detail: 'APPLE HDD ST1000LM024', summed: true, reads: 8_229_096, writes: 19_930_871, readBytes: 159_453_995_008, writeBytes: 200_181_961_932, busyMs: null }]]);
  });

  it('is unknown where a driver does not count', () => {
    const disks = parseDrivers(macbook.replace('"Operations (Read)"=23456789,', '').replace('"Bytes (Write)"=412345671680', '"Bytes (Write)"=?'));
    expect(disks.get('disk0')).toMatchObject({ reads: null, writeBytes: null, readBytes: 912_345_678_848 });
  });

  it.each(['', 'garbage', '+-o IOBlockStorageDriver  <class IOBlockStorageDriver, id 0x1>\n    {\n      "Statistics" = {"Bytes (Read)"=1}\n    }\n'])('is a fault without any disk: %j', async (text) => {
    expect(await failureOf(() => parseDrivers(text))).toMatchObject({ kind: 'SystemUnavailable' });
  });
});

describe('the disks of a Mac', () => {
  it('have rates, and totals without the image; how busy they are is not told', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const { diskio } = mac.collectors();
    const before = await diskio.read();
    mac.print('ioreg', macbook.replace('912345678848', '912345698848').replace('2001819619328', '2001819629328').replace('150510395', '999999999').replace('"Operations (Read)"=7512', '"Operations (Read)"=7600'));
    const reading = diskio.toReading(await diskio.read(), { raw: before, seconds: 2 });
    expect(reading.values).toMatchObject({ read: 10_000, write: 5000, readOps: 0, writeOps: 0, busy: null });
    expect(reading.untold).toEqual(['busy', 'pressure', 'stalled']);
    expect(reading.devices['disk6']?.values.readOps).toBe(44);
    expect(mac.started).toHaveLength(2);
  });
});
