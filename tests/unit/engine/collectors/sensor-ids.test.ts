/** Ids of sensors over trees of chips: where a chip is plugged in, whatever other chips there are. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../../src/main/engine/collectors/hardware-place';
import { renamedSensors } from '../../../../src/main/engine/collectors/sensor-ids';
import { linuxTemperature } from '../../../../src/main/engine/collectors/temperature.linux';
import type { TemperatureRaw } from '../../../../src/main/engine/collectors/temperature';
import type { RenamedDevices } from '../../../../src/shared/metrics/reading';
import { createFakeTree } from '../../../support/fake-tree';
import type { FakeTree, TreeEntries } from '../../../support/fake-tree';
import { machineDeps } from '../../../support/recorded-machine';

/** A chip of a test: its driver, its device below /sys/devices, and its inputs. */
interface TestChip {
  readonly name: string;
  readonly device: string | null;
  readonly serial?: string;
  readonly inputs: Readonly<Record<string, number>>;
}

/** The chip as hwmon `number`. Inputs named `temp1` have no label. */
function chipEntries(number: number, { name, device, serial, inputs }: TestChip): TreeEntries {
  const folder = device === null ? `sys/devices/virtual/hwmon/hwmon${number}` : `sys/devices/${device}/hwmon/hwmon${number}`;
  const entries: Record<string, TreeEntries[string]> = { [`sys/class/hwmon/hwmon${number}`]: { link: `../../../${folder}` }, [`${folder}/name`]: name };
  if (device !== null) entries[`${folder}/device`] = { link: '../../' };
  if (serial !== undefined) entries[`sys/devices/${device}/serial`] = serial;
  Object.entries(inputs).forEach(([label, value], i) => {
    entries[`${folder}/temp${i + 1}_input`] = value;
    if (!label.startsWith('temp')) entries[`${folder}/temp${i + 1}_label`] = label;
  });
  return entries;
}

const entriesOf = (chips: readonly TestChip[]): TreeEntries => Object.assign({}, ...chips.map((chip, number) => chipEntries(number, chip))) as TreeEntries;

async function readingOf(tree: FakeTree) {
  const collector = linuxTemperature(machineDeps('none', { root: tree.root }));
  const reading = collector.toReading(await collector.read(), null);
  collector.close?.();
  return reading;
}

/** Temperatures by id. */
async function byId(chips: readonly TestChip[]): Promise<Record<string, number | null>> {
  const { devices } = await readingOf(createFakeTree(entriesOf(chips)));
  return Object.fromEntries(Object.entries(devices).map(([id, { values }]) => [id, values.value]));
}

const nvme = (device: string, value: number, serial?: string): TestChip => ({ name: 'nvme', device, inputs: { Composite: value }, ...(serial === undefined ? {} : { serial }) });
const DRIVES = [nvme('pci0000:00/0000:00:1c.0/0000:01:00.0/nvme/nvme0', 40_000), nvme('pci0000:00/0000:00:1c.4/0000:02:00.0/nvme/nvme1', 60_000)] as const;

describe('the id of a sensor', () => {
  it('stays when an equal chip is removed', async () => {
    const tree = createFakeTree(entriesOf(DRIVES));
    let mono = 0;
    const collector = linuxTemperature(machineDeps('none', { root: tree.root, clock: { now: () => 0, mono: () => mono, boot: () => mono } }));
    const ids = async () => Object.entries(collector.toReading(await collector.read(), null).devices).map(([id, { values }]) => [id, values.value]);
    const [cool, hot] = await ids();
    expect([cool?.[1], hot?.[1]]).toEqual([40, 60]);
    tree.remove('sys/class/hwmon/hwmon0');
    mono += 61_000;
    expect(await ids()).toEqual([hot]);
  });

  it('does not depend on the order in which drives were found', async () => {
    const [first, second] = DRIVES;
    expect(await byId([{ ...second, device: second.device?.replace('nvme1', 'nvme0') ?? null }, { ...first, device: first.device?.replace('nvme0', 'nvme1') ?? null }])).toEqual(await byId(DRIVES));
  });

  it('is not that of another drive at the same place, even while the numbers of chips stay', async () => {
    const place = 'pci0000:00/0000:01:00.0/nvme/nvme0';
    const [before] = Object.keys(await byId([nvme(place, 40_000, 'S1')]));
    const [after] = Object.keys(await byId([nvme(place, 50_000, 'S2')]));
    expect(after).not.toBe(before);
    expect(before).not.toContain('S1');
  });

  it('stays when a card is added and buses get other numbers', async () => {
    const drive = (bus: string): TestChip => nvme(`pci0000:00/0000:00:1c.4/0000:${bus}:00.0/nvme/nvme0`, 40_000);
    const ids = async (bus: number) => {
      const tree = createFakeTree({ ...entriesOf([drive(bus.toString(16).padStart(2, '0'))]), 'sys/devices/pci0000:00/0000:00:1c.4/secondary_bus_number': bus });
      return Object.keys((await readingOf(tree)).devices);
    };
    expect(await ids(16)).toEqual(await ids(2));
  });

  it('stays when the bus of a network card gets another number, which its chip is named after', async () => {
    const ids = async (bus: number) => {
      const path = `pci0000:00/0000:00:1c.4/0000:0${bus}:00.0/mdio_bus/r8169-0-${bus}00/r8169-0-${bus}00:00`;
      const tree = createFakeTree({ ...entriesOf([{ name: `r8169_0_${bus}00:00`, device: path, inputs: { temp1: 47_000 } }]), 'sys/devices/pci0000:00/0000:00:1c.4/secondary_bus_number': bus });
      return Object.keys((await readingOf(tree)).devices);
    };
    expect(await ids(3)).toEqual(await ids(4));
  });

  it('is the same where an older kernel names the PCI device', async () => {
    const path = 'pci0000:00/0000:01:00.0';
    const older = createFakeTree({ ...entriesOf([nvme(path, 40_000)]), [`sys/devices/${path}/nvme/nvme0/serial`]: 'S1' });
    expect(Object.keys((await readingOf(older)).devices)).toEqual(Object.keys(await byId([nvme(`${path}/nvme/nvme0`, 40_000, 'S1')])));
  });

  it('is the former one, with a number, where nothing distinguishes equal chips', async () => {
    const chip = (value: number): TestChip => ({ name: 'thing', device: null, inputs: { temp1: value } });
    expect(await byId([chip(30_000), chip(31_000)])).toEqual({ 'thing/temp1': 30, 'thing/temp1 2': 31 });
  });

  it('never changes with the chips beside it', async () => {
    const bus = fc.constantFrom('00', '01', '02', '03');
    const device = fc.oneof(
      fc.tuple(bus, fc.nat(3), fc.nat(2)).map(([at, slot, n]) => `pci0000:00/0000:${at}:0${slot}.0/nvme/nvme${n}`),
      fc.nat(3).map((n) => `platform/coretemp.${n}`),
      fc.tuple(bus, fc.constantFrom('0018', '0019', '004c')).map(([at, address]) => `pci0000:00/0000:${at}:1f.4/i2c-0/0-${address}`),
      fc.tuple(fc.nat(4), fc.nat(4)).map(([port, next]) => `pci0000:00/0000:00:14.0/usb1/1-${port}/1-${port}.${next}/1-${port}.${next}:1.0`),
      fc.nat(9).map((n) => `platform/nct6775.${n}`),
    );
    const inputs = fc.constantFrom<Record<string, number>>({ temp1: 30_000 }, { Composite: 31_000 }, { 'Package id 0': 32_000, 'Core 0': 33_000, 'Core 1': 34_000 });
    const chip = fc.record({ name: fc.constantFrom('nvme', 'coretemp', 'jc42'), device, inputs, serial: fc.constantFrom('', 'S1', 'S2') });
    // Two chips of one driver at one place are one chip.
    const chips = fc.uniqueArray(chip, { minLength: 1, maxLength: 7, selector: ({ device: at }) => at.replace(/nvme\d+$/, 'nvme') });
    await fc.assert(
      fc.asyncProperty(chips, fc.nat(), fc.array(fc.nat(), { minLength: 7, maxLength: 7 }), async (all, which, order) => {
        const marked = all.map((one, i): TestChip => ({ ...one, inputs: Object.fromEntries(Object.keys(one.inputs).map((label, j) => [label, 20_000 + 1000 * i + 100 * j])) }));
        const shuffled = marked.map((one, i) => ({ one, at: order[i] ?? 0 })).sort((a, b) => a.at - b.at).map(({ one }) => one);
        const fewer = shuffled.filter((one) => one !== marked[which % marked.length]);
        const [before, after] = [await byId(marked), await byId(fewer)];
        expect(Object.keys(before)).toHaveLength(marked.reduce((count, one) => count + Object.keys(one.inputs).length, 0));
        expect(before).toMatchObject(after);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the label of a sensor', () => {
  it('says where it is if another one has the same', async () => {
    const { devices } = await readingOf(createFakeTree(entriesOf([...DRIVES, { name: 'k10temp', device: 'pci0000:00/0000:00:18.3', inputs: { Tctl: 50_000 } }])));
    expect(Object.values(devices).map(({ label, detail }) => [label, detail])).toEqual([
      ['Tctl', 'k10temp'],
      ['Composite (0000:01:00.0)', 'nvme'],
      ['Composite (0000:02:00.0)', 'nvme'],
    ]);
  });
});

describe('former ids', () => {
  it('are reported with the first reading, and again after the sensors were listed anew or after a gap', async () => {
    const tree = createFakeTree(entriesOf(DRIVES));
    let mono = 0;
    const collector = linuxTemperature(machineDeps('none', { root: tree.root, clock: { now: () => 0, mono: () => mono, boot: () => mono } }));
    let previous: { raw: TemperatureRaw; seconds: number } | null = null;
    const read = async (): Promise<number> => {
      const raw = await collector.read();
      const reading = collector.toReading(raw, previous);
      previous = { raw, seconds: 5 };
      mono += 5000;
      return reading.renamed?.length ?? 0;
    };
    expect([await read(), await read(), await read()]).toEqual([1, 0, 0]);
    mono += 15 * 60_000;
    expect([await read(), await read()]).toEqual([1, 0]);
    previous = null;
    expect([await read(), await read()]).toEqual([1, 0]);
  });

  it('are all those of equal sensors, with the one that must not have been in use', async () => {
    const { devices, renamed } = await readingOf(createFakeTree(entriesOf(DRIVES)));
    const [first = '', second = ''] = Object.keys(devices);
    expect(renamed).toEqual([{ renamed: { 'nvme/Composite': first, 'nvme/Composite 2': second }, unless: 'nvme/Composite 3' }] satisfies RenamedDevices[]);
  });

  it('are not reported where they are the present ones', () => {
    const zone = { chip: 'zone', name: 'acpitz', place: null, serial: null, label: 'acpitz' };
    expect(renamedSensors([zone, zone])).toEqual([]);
  });
});

describe('placeOf', () => {
  const place = (path: string, facts: Record<number, string> = {}) => placeOf(path.split('/'), new Map(Object.entries(facts).map(([i, fact]) => [Number(i), fact])))?.id ?? null;

  it('leaves out what is numbered in the order in which it was found', () => {
    expect(place('platform/coretemp.1/hwmon/hwmon7')).toBe('coretemp.1');
    expect(place('platform/nct6775.656')).toBe('nct6775.656');
    expect(place('pci0000:00/0000:00:18.3/hwmon/hwmon0')).toBe('0000:00:18.3');
    expect(place('pci0000:00/0000:00:14.3/ieee80211/phy0')).toBe('0000:00:14.3');
    expect(place('pci0000:00/0000:00:01.0/0000:10:00.0/nvme/nvme3', { 1: '16' })).toBe('0000:00:01.0/00.0');
    // An address that is not the bridge's own bus is kept whole.
    expect(place('pci0000:00/0000:00:01.0/0000:10:00.0', { 1: '2' })).toBe('0000:00:01.0/0000:10:00.0');
    expect(place('pci0000:00/0000:00:1f.4/i2c-7/7-0018', { 2: 'SMBus I801 adapter at efa0' })).toBe('0000:00:1f.4/(SMBus I801 adapter at efa0)/0018');
    expect(place('pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/0003:1B1C:1C0B.0005')).toBe('0000:00:14.0/usb/2/2:1.0/0003:1B1C:1C0B');
    expect(place('platform/f0a.spi/spi_master/spi1/spi1.2')).toBe('f0a.spi/spi_master/spi/spi.2');
    expect(place('platform/thing.3.auto')).toBe('thing.auto');
    expect(place('pci0000:00/0000:00:1c.0/0000:03:00.0/mdio_bus/r8169-0-300/r8169-0-300:00', { 1: '3' })).toBe(place('pci0000:00/0000:00:1c.0/0000:04:00.0/mdio_bus/r8169-0-400/r8169-0-400:00', { 1: '4' }));
    expect(place('platform/asus-nb-wmi')).toBe('asus-nb-wmi');
    expect(place('LNXSYSTM:00/LNXSYBUS:01/LNXTHERM:00')).toBe('LNXSYSTM:00/LNXSYBUS:01/LNXTHERM:00');
  });

  it('is unknown for a device that is in no hardware', () => {
    for (const path of ['virtual/thermal/thermal_zone2', 'virtual/hwmon/hwmon1', 'virtual/nvme-fabrics/ctl/nvme0', '', 'platform', 'pci0000:00']) expect([path, place(path)]).toEqual([path, null]);
  });

  it('is short enough for an id', () => {
    const deep = Array.from({ length: 100 }, (_, i) => `part${i}x`).join('/');
    expect(place(deep)?.length).toBeLessThan(200);
    expect(place(deep)).not.toBe(place(`other/${deep}`));
  });
});
