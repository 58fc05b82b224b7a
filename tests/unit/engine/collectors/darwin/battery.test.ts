/** Batteries of macOS from recorded outputs of pmset and ioreg. */
import { describe, expect, it } from 'vitest';
import { parsePowerSources, parseSmartBattery } from '../../../../../src/main/engine/collectors/battery.darwin';
import { failureOf } from '../../../../support/recorded-machine';
import { printed, RecordedMac } from '../../../../support/recorded-mac';

async function readingOf(name: string) {
  const { battery } = new RecordedMac(name).collectors();
  return battery.toReading(await battery.read(), null);
}

describe('the battery of a Mac', () => {
  it('with Apple Silicon has its charge in percent, its power with a sign of 64 bits, and its health by the nominal capacity', async () => {
    expect(await readingOf('macbook-m3-26')).toEqual({
      values: { charge: 67, discharging: 5.7, charging: 0, timeLeft: 22_320, timeToFull: null, health: 95.1, onMains: 0 },
      devices: { internal: { label: 'Internal battery', state: { code: 'discharging' }, values: { charge: 67, discharging: 5.7, charging: 0, health: 95.1, cycles: 128 } } },
    });
  });

  it('with Intel has its charge by mAh; a UPS beside it is listed and does not count', async () => {
    const { values, devices } = await readingOf('macbook-intel-12');
    expect(values).toEqual({ charge: 85, discharging: 0, charging: 27.6, timeLeft: null, timeToFull: 3120, health: 84.8, onMains: 1 });
    expect(devices['Back-UPS ES 550']).toMatchObject({ detail: 'UPS', values: { charge: 100 }, state: { code: 'full' } });
  });

  it('is none on a desktop, which is asked once in a quarter of an hour, and its UPS each half minute', async () => {
    const mac = new RecordedMac('imac-intel-13');
    const { battery } = mac.collectors();
    const read = async (minutes: number) => {
      mac.time.stall(minutes * 60_000);
      return battery.toReading(await battery.read(), null);
    };
    expect(await read(0)).toMatchObject({ values: { charge: null, onMains: null }, devices: {} });
    for (let minute = 0; minute < 14; minute += 1) await read(1);
    expect(mac.started).toHaveLength(1);
    mac.print('pmset', "Now drawing from 'UPS Power'\n -Back-UPS ES 550 (id=1)\t42%; discharging; (no estimate) present: true\n");
    expect((await read(1)).values).toMatchObject({ charge: 42, discharging: null, timeLeft: null, onMains: 0 });
    await read(0.5);
    expect(mac.started).toHaveLength(3);
  });

  it('is asked by one program each half minute', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const { battery } = mac.collectors();
    expect(battery.leastInterval).toBe(30_000);
    for (let at = 0; at < 4; at += 1) {
      await battery.read();
      mac.time.stall(30_000);
    }
    expect(mac.started.map((command) => command.split(' ')[0])).toEqual(['/usr/bin/pmset', ...Array.from({ length: 4 }, () => '/usr/sbin/ioreg')]);
  });

  it('is asked for again soon after a look that failed', async () => {
    const mac = new RecordedMac('imac-intel-13');
    const { battery } = mac.collectors();
    await battery.read();
    mac.break('late', ['pmset']).time.stall(15 * 60_000);
    expect(await failureOf(() => battery.read())).toMatchObject({ kind: 'Timeout' });
    mac.answers.clear();
    mac.time.stall(30_000);
    expect(await battery.read()).toMatchObject({ batteries: [] });
  });

  it.each(['missing', 'failed', 'late', 'empty', 'garbled'] as const)('is a fault where ioreg is %s', async (how) => {
    const mac = new RecordedMac('macbook-m3-26').break(how, ['ioreg-battery']);
    expect(await failureOf(() => mac.collectors().battery.read())).toHaveProperty('kind');
  });
});

describe('what is printed', () => {
  it.each([
    [" -InternalBattery-0 (id=1)\t85%; AC attached; not charging present: true\n", true],
    [" -InternalBattery-0\t100%; charged; 0:00 remaining present: true\n", true],
    ['', false],
  ])('lists %j', (line, hasInternal) => {
    expect(parsePowerSources(`Now drawing from 'AC Power'\n${line}`)).toMatchObject({ hasInternal, onMains: true, ups: [] });
  });

  it('has a time of minutes that are not known, no power that is 0 while it discharges, and only its own properties', () => {
    const text = printed('macbook-m3-26', 'ioreg-battery').replace('"TimeRemaining" = 372', '"TimeRemaining" = 65535').replace('18446744073709551148', '0');
    expect(parseSmartBattery(text)).toMatchObject({ timeLeft: null, batteries: [{ watts: null, cycles: 128 }] });
    expect(parseSmartBattery('  "CurrentCapacity" = 5\n  "MaxCapacity" = 10\n  "BatteryData" = {"CycleCount"=7}\n').batteries[0]).toMatchObject({ charge: 50, cycles: null, health: null, watts: null });
  });
});
