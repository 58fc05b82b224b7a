import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkReading } from '../../../../src/main/engine/collectors/network';
import type { InterfaceCounters, NetworkRaw } from '../../../../src/main/engine/collectors/network';
import { linuxNetwork, parseNetDev, summedInterfaces } from '../../../../src/main/engine/collectors/network.linux';
import { failureOf, machine, machineDeps } from '../../../support/recorded-machine';

async function rawOf(name: string): Promise<NetworkRaw> {
  const collector = linuxNetwork(machineDeps(name, { addresses: () => ({ wlp0s20f3: '192.0.2.7' }) }));
  const raw = await collector.read();
  collector.close?.();
  return raw;
}

const counters = (own: Partial<InterfaceCounters> = {}): InterfaceCounters => ({ detail: null, summed: true, rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0, errors: 0, drops: 0, ...own });
const between = (before: InterfaceCounters, now: InterfaceCounters, seconds = 1) => networkReading(new Map([['eth0', now]]), { raw: new Map([['eth0', before]]), seconds });

describe('linuxNetwork', () => {
  it('reads odd names, full counters and addresses, and sums physical interfaces only', async () => {
    const raw = await rawOf('laptop');
    expect([...raw.keys()]).toEqual(['lo', 'wlp0s20f3', 'enx00e04c680001', 'docker0', 'veth12ab34@if5', 'eth0:1', 'büro.7']);
    expect([...raw].filter(([, one]) => one.summed).map(([name]) => name)).toEqual(['wlp0s20f3', 'enx00e04c680001']);
    expect([...raw].filter(([, one]) => one.stored === false).map(([name]) => name)).toEqual(['veth12ab34@if5']);
    expect(raw.get('wlp0s20f3')).toEqual({ detail: '192.0.2.7', summed: true, rxBytes: 1e9, rxPackets: 900000, txBytes: 2e8, txPackets: 500000, errors: 4, drops: 19 });
    // Beyond 2^53 a double keeps 15 digits, which is all that a rate needs.
    expect((raw.get('enx00e04c680001')?.rxBytes ?? 0) / 2 ** 64).toBeCloseTo(1, 12);
  });

  it('leaves out virtual interfaces that never carried a packet, but not loopback', async () => {
    expect([...(await rawOf('container-v2')).keys()]).toEqual(['lo', 'eth0']);
    expect((await rawOf('laptop')).has('dummy0')).toBe(false);
  });

  it('sums the way out of a container where no interface is physical, and not the ends of containers in it', async () => {
    expect((await rawOf('container-v2')).get('eth0')?.summed).toBe(true);
    expect([...summedInterfaces(machine('kernel-2.6'), ['lo', 'docker0', 'br-1a2b', 'veth1', 'tun0', 'venet0'])]).toEqual(['venet0']);
  });

  it('reports totals at once, and rates from the second read on', async () => {
    const reading = networkReading(await rawOf('container-v2'), null);
    expect(reading.values).toMatchObject({ rx: null, tx: null, errors: null, rxTotal: 1296, txTotal: 700, rxPacketsTotal: 16, txPacketsTotal: 9 });
  });

  it.each(['', 'garbage\n', 'Inter-|\n face |\n  eth0: 1 2 3\n', 'Inter-|\n face |\n  eth0 1 2 3\n', 'Inter-|\n face |\n eth0: a b c d e f g h i j k l m n o p\n'])('rejects %j', async (text) => {
    expect(await failureOf(() => parseNetDev(Buffer.from(text)))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('networkReading', () => {
  it('computes rates from counters', () => {
    const now = counters({ rxBytes: 1000, rxPackets: 10, txBytes: 500, txPackets: 5, errors: 1, drops: 2 });
    expect(between(counters(), now, 2).values).toMatchObject({ rx: 500, tx: 250, rxPackets: 5, txPackets: 2.5, errors: 0.5, drops: 1, rxTotal: 1000 });
  });

  it('gives null, never a spike, when the interface was reset', () => {
    const before = counters({ rxBytes: 4294967295, txBytes: 10 });
    expect(between(before, counters({ rxBytes: 5, txBytes: 20 })).values).toMatchObject({ rx: null, tx: null, rxPackets: null, errors: null, rxTotal: 5 });
  });

  it('gives null, never a spike, for a counter that leaps further than any card can carry', () => {
    expect(between(counters({ txBytes: 10 }), counters({ rxBytes: 2 ** 64, txBytes: 20 })).values).toMatchObject({ rx: null, tx: null, rxPackets: null });
    expect(between(counters(), counters({ rxBytes: 2 ** 36 })).values.rx).toBe(2 ** 36);
  });

  it('drops a removed interface and starts a new one without rates', () => {
    const reading = networkReading(new Map([['wlan0', counters({ rxBytes: 99 })]]), { raw: new Map([['eth0', counters()]]), seconds: 1 });
    expect(Object.keys(reading.devices)).toEqual(['wlan0']);
    expect(reading.devices['wlan0']?.values).toMatchObject({ rx: null, rxTotal: 99 });
  });

  it('does not know the total while a part of it is unknown, however busy the others are', () => {
    const reading = (wlan: number) => networkReading(new Map([['eth0', counters({ rxBytes: 1000 })], ['wlan0', counters({ rxBytes: wlan })], ['br0', counters({ summed: false })]]), {
      raw: new Map([['eth0', counters({ rxBytes: 4294967000 })], ['wlan0', counters()], ['br0', counters({ rxBytes: 1, summed: false })]]),
      seconds: 1,
    });
    for (const wlan of [0, 5000]) {
      const { values, devices } = reading(wlan);
      expect([values.rx, values.tx, devices['eth0']?.values.rx, devices['wlan0']?.values.rx]).toEqual([null, null, null, wlan]);
      expect(values.rxTotal).toBe(1000 + wlan);
    }
    // An interface that has just appeared is such a part for one read; one that is not added up is not.
    const appeared = networkReading(new Map([['eth0', counters({ rxBytes: 9 })], ['eth1', counters({ rxBytes: 9 })]]), { raw: new Map([['eth0', counters()]]), seconds: 1 });
    expect(appeared.values).toMatchObject({ rx: null, rxTotal: 18 });
    const bridged = networkReading(new Map([['eth0', counters({ rxBytes: 9 })], ['br0', counters({ summed: false })]]), { raw: new Map([['eth0', counters()]]), seconds: 1 });
    expect(bridged.values.rx).toBe(9);
  });

  it('is never negative for any counters', () => {
    const any = fc.record({ rxBytes: fc.nat(), rxPackets: fc.nat(), txBytes: fc.nat(), txPackets: fc.nat(), errors: fc.nat(), drops: fc.nat() }).map((own) => counters(own));
    fc.assert(
      fc.property(any, any, (before, now) => {
        for (const value of Object.values(between(before, now).values)) expect(value === null || value >= 0).toBe(true);
      }),
    );
  });
});
