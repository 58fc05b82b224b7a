/** Interfaces of Windows: each once, none of its filters, and nothing counted twice. */
import { describe, expect, it } from 'vitest';
import { win32Network } from '../../../../src/main/engine/collectors/network.win32';
import type { KnownInterface } from '../../../../src/main/engine/windows/interface-rows';
import { bytesOf, fakeWindows, interfaceRow, interfaceTable, WINE } from '../../../support/windows';
import type { RowFacts } from '../../../support/windows';
import { failureOf } from '../../../support/recorded-machine';

const HARDWARE = 1 | 4;
const FILTER = 2;
const USED = [5_368_709_120, 4_812_345, 10];

/** A card, its filters, and everything software puts beside it. */
const DESKTOP: readonly RowFacts[] = [
  { luid: 1n, alias: 'Ethernet 2', description: 'Intel(R) Ethernet Connection (7) I219-V', mac: '00:15:5d:01:02:03', flags: HARDWARE, received: [...USED, 12, 1], sent: [4_294_967_296, 3_912_345, 0, 1, 2] },
  { luid: 2n, alias: 'Ethernet 2-WFP Native MAC Layer LightWeight Filter-0000', flags: FILTER, received: USED, sent: USED },
  { luid: 3n, alias: 'Ethernet 2-QoS Packet Scheduler-0000', flags: 0, received: USED, sent: USED },
  { luid: 4n, alias: 'WLAN', mac: 'a4:83:e7:00:00:01', type: 71, flags: HARDWARE, operStatus: 2 },
  { luid: 5n, alias: 'vEthernet (Default Switch)', mac: '00:15:5d:a0:00:01', flags: 0, received: [1000, 9, 0], sent: [2000, 9, 0] },
  { luid: 6n, alias: 'イーサネット 3', description: 'TAP-Windows Adapter V9', type: 53, flags: 0, received: [73_921_024, 1, 0], sent: [12_001_280, 1, 0] },
  { luid: 7n, alias: 'wg0', description: 'WireGuard Tunnel', type: 53, flags: 0, received: [5, 1, 0] },
  { luid: 8n, alias: 'VMware Network Adapter VMnet8', mac: '00:50:56:c0:00:08', flags: 0, received: [7, 1, 0] },
  { luid: 9n, alias: 'VirtualBox Host-Only Network', mac: '0a:00:27:00:00:0d', flags: 0 },
  { luid: 10n, alias: 'Loopback Pseudo-Interface 1', type: 24, flags: 0 },
  { luid: 11n, alias: 'Teredo Tunneling Pseudo-Interface', type: 131, flags: 0, received: [9, 1, 0] },
  { luid: 12n, alias: 'Local Area Connection* 1', flags: 0, operStatus: 6 },
  { luid: 13n, alias: 'Old card', flags: HARDWARE, operStatus: 6 },
  { luid: 14n, alias: 'WLAN-0001', mac: '00:15:5d:01:02:04', flags: HARDWARE, received: [100, 1, 0] },
];

interface Machine {
  rows: readonly RowFacts[];
  mono: number;
  lists: number;
  addresses: number;
}

function createMachine(rows: readonly RowFacts[], known: readonly KnownInterface[] = []) {
  const machine: Machine = { rows, mono: 0, lists: 0, addresses: 0 };
  const library = fakeWindows({
    interfaceTable: () => {
      machine.lists += 1;
      return interfaceTable(machine.rows.map(interfaceRow));
    },
    interfaceRow: (luid) => {
      const found = machine.rows.find((row) => row.luid === luid);
      return found === undefined ? null : interfaceRow(found);
    },
  });
  const addresses = (): Record<string, string> => {
    machine.addresses += 1;
    return { 'Ethernet 2': '192.168.1.20', 'イーサネット 3': '10.8.0.2' };
  };
  const collector = win32Network({ addresses, clock: { now: () => 1000, mono: () => machine.mono, boot: () => 0 }, windows: () => Promise.resolve(library) }, () => known);
  return { machine, read: async () => collector.read(), toReading: collector.toReading };
}

describe('the interfaces of a desktop', () => {
  it('are shown without filters, and summed where they are hardware', async () => {
    const { read } = createMachine(DESKTOP);
    const raw = await read();
    expect([...raw].map(([name, { summed, detail }]) => [name, summed, detail])).toEqual([
      ['Ethernet 2', true, '192.168.1.20'],
      ['WLAN', true, null],
      ['vEthernet (Default Switch)', false, null],
      ['イーサネット 3', false, '10.8.0.2'],
      ['wg0', false, null],
      ['VMware Network Adapter VMnet8', false, null],
      ['Loopback Pseudo-Interface 1', false, null],
      ['Teredo Tunneling Pseudo-Interface', false, null],
      ['WLAN-0001', true, null],
    ]);
  });

  it('have bytes, packets, errors and drops', async () => {
    const { read, toReading } = createMachine(DESKTOP);
    const { devices, values } = toReading(await read(), null);
    expect(devices['Ethernet 2']?.values).toMatchObject({ rxTotal: 5_368_709_120, txTotal: 4_294_967_296, rxPacketsTotal: 4_812_355, txPacketsTotal: 3_912_345 });
    expect(values).toMatchObject({ rxTotal: 5_368_709_220, rx: null });
  });

  it('have rates, and none across a counter that does not count', async () => {
    const { machine, read, toReading } = createMachine(DESKTOP.slice(0, 1));
    const before = await read();
    machine.rows = [{ ...DESKTOP[0], luid: 1n, alias: 'Ethernet 2', received: [5_368_709_120 + 3000, 4_812_345 + 5, 15, 14, 1] }];
    const after = await read();
    expect(toReading(after, { raw: before, seconds: 2 }).values).toMatchObject({ rx: 1500, rxPackets: 5, drops: 1, errors: 0 });
    machine.rows = [{ ...DESKTOP[0], luid: 1n, alias: 'Ethernet 2', received: [2n ** 64n - 1n] }];
    expect(toReading(await read(), { raw: after, seconds: 2 }).values).toMatchObject({ rx: null, rxTotal: null });
  });
});

describe('the sum', () => {
  it('is that of what leads out where nothing is hardware', async () => {
    const rows = DESKTOP.filter(({ flags }) => flags === 0).filter(({ luid }) => luid !== 3n);
    const { read } = createMachine(rows);
    expect([...(await read())].filter(([, { summed }]) => summed).map(([name]) => name)).toEqual(['vEthernet (Default Switch)', 'VMware Network Adapter VMnet8', 'VirtualBox Host-Only Network']);
  });

  it('is that of the cards of a team and of a switch, not of these', async () => {
    const rows: RowFacts[] = [
      { luid: 1n, alias: 'NIC 1', flags: HARDWARE, received: USED },
      { luid: 2n, alias: 'NIC 2', flags: HARDWARE, received: USED },
      { luid: 3n, alias: 'Team', description: 'Microsoft Network Adapter Multiplexor Driver', flags: 0, received: USED },
      { luid: 4n, alias: 'vEthernet (External)', flags: 0, received: USED },
    ];
    const { read, toReading } = createMachine(rows);
    expect(toReading(await read(), null).values.rxTotal).toBe(2 * 5_368_709_120);
  });
});

describe('the list', () => {
  it('is made anew every 15 s, and at once when an interface is gone', async () => {
    const { machine, read } = createMachine(DESKTOP);
    await read();
    machine.mono = 14_999;
    machine.rows = DESKTOP.filter(({ luid }) => luid !== 14n);
    expect([...(await read()).keys()]).not.toContain('WLAN-0001');
    expect(machine.lists).toBe(1);
    await read();
    expect(machine.lists).toBe(2);
    machine.rows = [...machine.rows, { luid: 20n, alias: 'Ethernet 4', flags: HARDWARE }];
    machine.mono = 29_998;
    expect([...(await read()).keys()]).not.toContain('Ethernet 4');
    machine.mono = 29_999;
    expect([...(await read()).keys()]).toContain('Ethernet 4');
    expect(machine.addresses).toBe(3);
  });

  it('keeps two interfaces with one name apart', async () => {
    const { read } = createMachine([{ luid: 1n, alias: 'Ethernet', flags: HARDWARE }, { luid: 2n, alias: 'Ethernet', flags: HARDWARE }, { luid: 3n, alias: '', description: 'Nameless', flags: HARDWARE }]);
    expect([...(await read()).keys()]).toEqual(['Ethernet', 'Ethernet #2', 'Nameless']);
  });

  it('is a fault when it is empty', async () => {
    const { read } = createMachine([]);
    expect(await failureOf(read)).toMatchObject({ kind: 'SystemUnavailable' });
  });

  it('turns the reader off where it is not what Node lists', async () => {
    const { machine, read } = createMachine(DESKTOP, [{ name: 'Ethernet 2', mac: '02:00:00:00:00:01' }]);
    for (let attempt = 0; attempt < 7; attempt += 1) expect(await failureOf(read)).toMatchObject({ kind: 'ParseError', message: 'MIB_IF_ROW2: names and addresses are not those of the interfaces that Node lists' });
    expect(machine.lists).toBe(7);
  });

  it('of Wine is that of the machine it runs on', async () => {
    const table = bytesOf(WINE.interfaceTable);
    const library = fakeWindows({ interfaceTable: () => table, interfaceRow: (luid) => [0, 1, 2, 3].map((row) => table.subarray(8 + 1352 * row, 8 + 1352 * (row + 1))).find((row) => row.readBigUInt64LE() === luid) ?? null });
    const collector = win32Network({ addresses: () => ({}), clock: { now: () => 0, mono: () => 0, boot: () => 0 }, windows: () => Promise.resolve(library) }, () => WINE.knownInterfaces);
    const { values, devices } = collector.toReading(await collector.read(), null);
    expect(Object.keys(devices)).toEqual(['lo', 'ifb0', 'ifb1', 'eth0']);
    expect(values.rxTotal).toBe(devices['eth0']?.values.rxTotal);
  });
});
