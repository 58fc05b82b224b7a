import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linuxConnections, SocketCounter } from '../../../src/main/engine/collectors/connections.linux';
import { countStates } from '../../../src/main/engine/collectors/connections.portable';
import { linuxFrequency, parseCpuinfoSpeeds } from '../../../src/main/engine/collectors/frequency.linux';
import { portableFrequency } from '../../../src/main/engine/collectors/frequency.portable';
import type { SystemInformation } from '../../../src/main/engine/collectors/systeminformation';
import { linuxUptime, parseUptime } from '../../../src/main/engine/collectors/uptime.linux';
import { portableUptime } from '../../../src/main/engine/collectors/uptime.portable';
import { failureOf, machine, machineDeps } from './machine';

describe('connections', () => {
  it('counts sockets of both address families by state', async () => {
    const collector = linuxConnections(machine('vm-6.18'));
    expect(collector.toReading(await collector.read(), null).values).toEqual({ active: 4, listening: 3, timeWait: 2, otherTcp: 2, udp: 4 });
  });

  it('does without IPv6 and UDP tables, not without TCP', async () => {
    const collector = linuxConnections(machine('container-v2'));
    expect(collector.toReading(await collector.read(), null).values).toMatchObject({ active: 1, listening: 1, udp: 0 });
    expect(await failureOf(() => linuxConnections(machine('kernel-2.6')).read())).toMatchObject({ kind: 'SystemUnavailable' });
  });

  it('counts the same however the table is cut', () => {
    const line = (state: number) => `   1: 0100007F:0277 00000000:0000 ${state.toString(16).toUpperCase().padStart(2, '0')} 00000000:00000000\n`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 30 }), fc.integer({ min: 1, max: 70 }), (states, size) => {
        const bytes = Buffer.from(`  sl  local_address rem_address   st\n${states.map(line).join('')}`);
        const counter = new SocketCounter('tcp');
        for (let at = 0; at < bytes.length; at += size) counter.feed(bytes.subarray(at, at + size));
        expect(counter.total()).toBe(states.length);
        for (let state = 0; state < 16; state += 1) expect(counter.states[state]).toBe(states.filter((one) => one === state).length);
      }),
    );
  });

  it.each(['sl\n 1: a b\n', 'sl\n 1: a b zz c\n', 'sl\n 1: a b 0A c', 'sl\n 1: a b 0', 'no end of line'])('refuses %j', async (text) => {
    const counter = new SocketCounter('tcp');
    expect(await failureOf(() => (counter.feed(Buffer.from(text)), counter.total()))).toMatchObject({ kind: 'ParseError' });
  });

  it('counts the states as systeminformation names them', () => {
    const sockets = [['tcp', 'ESTABLISHED'], ['tcp4', 'LISTEN'], ['tcp6', 'TIME_WAIT'], ['tcp', 'SYN_SENT'], ['udp4', ''], ['udp', 'UNKNOWN']];
    expect(countStates(sockets.map(([protocol = '', state = '']) => ({ protocol, state })))).toEqual({ active: 1, listening: 1, timeWait: 1, otherTcp: 1, udp: 2 });
  });
});

describe('frequency', () => {
  it('prefers cpufreq, a core that does not tell being null', async () => {
    const collector = linuxFrequency(machineDeps('laptop'));
    const { values, devices } = collector.toReading(await collector.read(), null);
    expect(values).toEqual({ average: 2_100_000_000, highest: 3_400_000_000 });
    expect(Object.values(devices).map((core) => core.values.speed)).toEqual([800_000_000, 3_400_000_000, null]);
    collector.close?.();
  });

  it('falls back on cpuinfo, and on nothing', async () => {
    const server = linuxFrequency(machineDeps('server-128'));
    const reading = server.toReading(await server.read(), null);
    expect(reading.values).toEqual({ average: 1_564_000_000, highest: 1_627_000_000 });
    expect(Object.keys(reading.devices)).toHaveLength(128);
    const none = linuxFrequency(machineDeps('container-v2'));
    expect(none.toReading(await none.read(), null)).toEqual({ values: { average: null, highest: null }, devices: {} });
    expect(parseCpuinfoSpeeds('processor\t: 0\nBogoMIPS\t: 48.00\n').size).toBe(0);
  });

  it('takes the zeros of systeminformation as unknown', async () => {
    const load = (avg: number, cores: number[]) => () => Promise.resolve({ cpuCurrentSpeed: () => Promise.resolve({ avg, max: avg, cores }) } as unknown as SystemInformation);
    const known = portableFrequency(load(2.4, []));
    expect(known.toReading(await known.read(), null).values).toEqual({ average: 2_400_000_000, highest: 2_400_000_000 });
    const unknown = portableFrequency(load(0, [0, 0]));
    expect(unknown.toReading(await unknown.read(), null).values).toEqual({ average: null, highest: null });
  });
});

describe('uptime', () => {
  it('counts tasks, and the age of the app by the machine clock', async () => {
    const collector = linuxUptime(machineDeps('container-v2', { processSeconds: () => 12.4 }));
    expect(collector.toReading(await collector.read(), null).values).toEqual({ system: 350735, app: 12, tasks: 812 });
    collector.close?.();
  });

  it('lets the app age while the machine sleeps', async () => {
    let boot = 1_000_000;
    const collector = portableUptime(machineDeps('vm-6.18', { clock: { mono: () => 0, boot: () => boot }, processSeconds: () => 5 }));
    await collector.read();
    boot += 3_600_000;
    expect(collector.toReading(await collector.read(), null).values).toEqual({ system: 4600, app: 3605, tasks: null });
  });

  it('refuses a broken file', async () => {
    for (const text of ['', 'garbage', '-5 1']) expect(await failureOf(() => parseUptime(text))).toMatchObject({ kind: 'ParseError' });
  });
});
