import * as fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CounterStarts } from '../../../../src/main/engine/collectors/counter-starts';
import { containerStart, initStart } from '../../../../src/main/engine/collectors/namespace-start.linux';
import { networkReading, withStarts } from '../../../../src/main/engine/collectors/network';
import type { InterfaceCounters } from '../../../../src/main/engine/collectors/network';

const counters = (rxBytes: number | null, own: Partial<InterfaceCounters> = {}): InterfaceCounters => ({ detail: null, summed: true, rxBytes, rxPackets: 0, txBytes: 0, txPackets: 0, errors: 0, drops: 0, ...own });

/** A tree of /proc whose first process started so many seconds after the machine, which is up for `uptime` seconds. */
function procOf(started: number, uptime: number): string {
  const root = mkdtempSync(join(tmpdir(), 'traywatch-proc-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'proc/1'), { recursive: true });
  writeFileSync(join(root, 'proc/1/stat'), `1 (init) of) S 0 1 1 0 -1 4194560 9 0 0 0 5 3 0 0 20 0 1 0 ${started * 100} 169000000 3000 18446744073709551615\n`);
  writeFileSync(join(root, 'proc/uptime'), `${uptime}.50 99.00\n`);
  return root;
}

/** Readings of one machine, one per read; the read's index in seconds is its time. */
function readAll(reads: readonly Readonly<Record<string, InterfaceCounters>>[]) {
  const starts = new CounterStarts();
  return reads.map((read, at) => networkReading(withStarts(new Map(Object.entries(read)), starts, at * 1000), null));
}

describe('counters', () => {
  it('of the first read count from the start of the machine', () => {
    const [first] = readAll([{ eth0: counters(5), lo: counters(1, { summed: false }) }]);
    expect(first?.since).toBeUndefined();
    expect(first?.devices['eth0']?.since).toBeUndefined();
  });

  it('that shrank were reset: of the interface, and of the sum', () => {
    const reading = readAll([{ eth0: counters(500), wlan0: counters(7) }, { eth0: counters(3), wlan0: counters(8) }, { eth0: counters(900), wlan0: counters(9) }])[2];
    expect(reading?.devices['eth0']?.since).toEqual({ time: 1000, reason: 'reset' });
    expect(reading?.devices['wlan0']?.since).toBeUndefined();
    expect(reading?.since).toEqual({ time: 1000, reason: 'reset', device: 'eth0' });
  });

  it('of an interface that came count from then; a sum says that a part came or went', () => {
    const readings = readAll([{ eth0: counters(5) }, { eth0: counters(5), usb0: counters(2) }, { eth0: counters(6) }, { eth0: counters(6), usb0: counters(9) }]);
    expect(readings[1]?.devices['usb0']?.since).toEqual({ time: 1000, reason: 'connected' });
    expect(readings[1]?.since).toEqual({ time: 1000, reason: 'connected', device: 'usb0' });
    expect(readings[2]?.since).toEqual({ time: 2000, reason: 'disconnected', device: 'usb0' });
    expect(readings[3]?.devices['usb0']?.since).toEqual({ time: 3000, reason: 'connected' });
  });

  it('of interfaces outside of the sums leave these alone', () => {
    const reading = readAll([{ eth0: counters(5), veth1: counters(9, { summed: false }) }, { eth0: counters(5), veth2: counters(1, { summed: false }) }])[1];
    expect(reading?.since).toBeUndefined();
    expect(reading?.devices['veth2']?.since).toEqual({ time: 1000, reason: 'connected' });
  });

  it('in a container count from its start, not from that of the machine around it', () => {
    const now = Date.UTC(2026, 10, 30, 12);
    expect(containerStart(procOf(90_000, 93_600), now)).toEqual({ time: now - 3_600_000, reason: 'container' });
    expect(containerStart(procOf(2, 93_600), now)).toBeUndefined();
    expect(containerStart('/nowhere', now)).toBeUndefined();
    const starts = new CounterStarts(() => ({ time: 5, reason: 'container' }));
    const reading = networkReading(withStarts(new Map([['eth0', counters(1)]]), starts, 1000), null);
    expect([reading.since, reading.devices['eth0']?.since]).toEqual([{ time: 5, reason: 'container' }, { time: 5, reason: 'container' }]);
  });

  it('the start of the first process is read behind its name, whatever that is, and from nothing else', () => {
    const stat = (name: string): string => `1 (${name}) S 0 1 1 0 -1 4194560 9 0 0 0 5 3 0 0 20 0 1 0 1234 169000000 3000`;
    for (const name of ['init', 'a) b (c', ') S 1 2 3', '']) expect(initStart(stat(name))).toBe(12.34);
    for (const text of ['', '1 (init', '1 (init) S', 'garbage', '1 (init) S 0 1 1 0 -1 4194560 9 0 0 0 5 3 0 0 20 0 1 0 x']) expect(initStart(text)).toBeNull();
  });

  it('never grow less than they say: since the time that is told the counter has only grown', () => {
    const value = fc.option(fc.integer({ min: 0, max: 50 }), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.record({ a: value, b: value }), { minLength: 1, maxLength: 12 }), (steps) => {
        const reads = steps.map(({ a, b }) => ({ ...(a === null ? {} : { a: counters(a) }), ...(b === null ? {} : { b: counters(b) }) }));
        const readings = readAll(reads);
        readings.forEach((reading, at) => {
          for (const [name, device] of Object.entries(reading.devices)) {
            const from = device.since === undefined ? 0 : device.since.time / 1000;
            const grown = reads.slice(from, at + 1).map((read): number | null => (read as Record<string, InterfaceCounters>)[name]?.rxBytes ?? null);
            expect(grown).not.toContain(null);
            expect(grown).toEqual(grown.toSorted((x, y) => (x ?? 0) - (y ?? 0)));
          }
        });
      }),
    );
  });
});
