/** Batteries of Windows. */
import { describe, expect, it } from 'vitest';
import { batteryReading } from '../../../../src/main/engine/collectors/battery';
import { win32Battery, windowsBatteries } from '../../../../src/main/engine/collectors/battery.win32';
import { parseBatteryState } from '../../../../src/main/engine/windows/battery-state';
import { failureOf } from '../../../support/recorded-machine';
import { batteryState, fakeWindows } from '../../../support/windows';

const UNKNOWN = 0xffff_ffff;

const readingOf = (state: Parameters<typeof batteryState>[0]) => batteryReading(windowsBatteries(parseBatteryState(batteryState(state))));

describe('the battery of a PC', () => {
  it.each([
    ['discharges', { flags: [0, 1, 0, 1], full: 54_000, now: 27_000, rate: -9600, time: 10_120 }, { charge: 50, discharging: 9.6, charging: 0, timeLeft: 10_140, onMains: 0 }, 'discharging'],
    ['charges', { flags: [1, 1, 1, 0], full: 54_000, now: 27_000, rate: 41_000, time: UNKNOWN }, { charge: 50, discharging: 0, charging: 41, timeLeft: null, onMains: 1 }, 'charging'],
    ['is full', { flags: [1, 1, 0, 0], full: 54_000, now: 54_000, rate: 0, time: UNKNOWN }, { charge: 100, discharging: 0, charging: 0, timeLeft: null, onMains: 1 }, 'full'],
    ['stops below that', { flags: [1, 1, 0, 0], full: 54_000, now: 43_200, rate: 0, time: UNKNOWN }, { charge: 80, discharging: 0, charging: 0, onMains: 1 }, 'notCharging'],
    ['discharges beside a weak adapter', { flags: [1, 1, 0, 1], full: 54_000, now: 5000, rate: -4000, time: 4500 }, { charge: 9.3, discharging: 4, onMains: 1 }, 'discharging'],
    ['does not measure its power', { flags: [0, 1, 0, 1], full: 54_000, now: 27_000, rate: -0x8000_0000, time: UNKNOWN }, { charge: 50, discharging: null, charging: null, timeLeft: null, onMains: 0 }, 'discharging'],
    ['does not measure its power and says 0', { flags: [0, 1, 0, 1], full: 54_000, now: 27_000, rate: 0, time: UNKNOWN }, { discharging: null, charging: null }, 'discharging'],
    ['counts in percent', { flags: [0, 1, 0, 1], full: 100, now: 64, rate: -3, time: UNKNOWN }, { charge: 64, discharging: null, charging: null }, 'discharging'],
    ['does not know its charge', { flags: [0, 1, 0, 1], full: UNKNOWN, now: UNKNOWN, rate: -9600, time: UNKNOWN }, { charge: null }, 'discharging'],
  ] as const)('%s', (_, state, values, code) => {
    const reading = readingOf(state);
    expect(reading.values).toMatchObject(values);
    expect(Object.values(reading.devices).map((device) => device.state?.code)).toEqual([code]);
    expect(reading.untold).toEqual(['timeToFull', 'health', 'cycles']);
  });

  it('is none where there is none', () => {
    const { values, devices } = readingOf({ flags: [1, 0, 0, 0], full: 0, now: 0, rate: 0, time: UNKNOWN });
    expect([new Set(Object.values(values)), devices]).toEqual([new Set([null]), {}]);
  });

  it('that is ignored is none of the machine, and has no time left', async () => {
    const power = () => Promise.resolve(batteryState({ flags: [0, 1, 0, 1], full: 54_000, now: 2700, rate: -9600, time: 1000 }));
    const timeLeft = async (...ids: string[]) => {
      const collector = win32Battery({ windows: () => Promise.resolve(fakeWindows({ power })), ignoredBatteries: () => new Set(ids) });
      const { values } = collector.toReading(await collector.read(), null);
      return [values.charge, values.timeLeft];
    };
    expect([await timeLeft(), await timeLeft('battery')]).toEqual([[5, 1020], [null, null]]);
  });

  it('is a ParseError where the structure is another one', async () => {
    const read = (bytes: Buffer) => failureOf(() => win32Battery({ windows: () => Promise.resolve(fakeWindows({ power: () => Promise.resolve(bytes) })) }).read());
    expect(await read(Buffer.alloc(32, 0xff))).toMatchObject({ kind: 'ParseError' });
    expect(await read(Buffer.alloc(12))).toMatchObject({ kind: 'ParseError' });
  });
});
