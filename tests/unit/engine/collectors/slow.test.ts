import { describe, expect, it } from 'vitest';
import { linuxConnections, parseCounts, parseEstablished, parseSockets } from '../../../../src/main/engine/collectors/connections.linux';
import { linuxFrequency, parseCpuinfoSpeeds } from '../../../../src/main/engine/collectors/frequency.linux';
import { linuxUptime, parseUptime } from '../../../../src/main/engine/collectors/uptime.linux';
import { portableUptime } from '../../../../src/main/engine/collectors/uptime.portable';
import { createFakeTree } from '../../../support/fake-tree';
import { failureOf, machine, machineDeps } from '../../../support/recorded-machine';

describe('connections', () => {
  it('reports the counts of the kernel, both address families together', async () => {
    const collector = linuxConnections(machine('vm-6.18'));
    // `ss` reported at the same time: 12 established, 3 close-wait, 4 listening; 1423 time-wait and 3 fin-wait-2 without a program.
    expect(collector.toReading(await collector.read(), null)).toEqual({ values: { active: 15, sockets: 19, timeWait: 1426, udp: 2 }, devices: {} });
    collector.close?.();
  });

  it('works without IPv6, but not without the count of connections', async () => {
    const collector = linuxConnections(machine('container-v2'));
    expect(collector.toReading(await collector.read(), null).values).toEqual({ active: 1, sockets: 2, timeWait: 0, udp: 0 });
    collector.close?.();
    expect(await failureOf(() => linuxConnections(machine('kernel-2.6')).read())).toMatchObject({ kind: 'SystemUnavailable' });
  });

  it('has no socket counts where the kernel has none', () => {
    expect(parseCounts('Tcp: CurrEstab\nTcp: 3\n', null, null)).toMatchObject({ active: 3, sockets: null, timeWait: null, udp: null });
    expect(parseCounts('Tcp: CurrEstab\nTcp: 3\n', 'TCP: inuse 4\n', 'TCP6: inuse 2\n')).toMatchObject({ sockets: 6, timeWait: null, udp: null });
  });

  it('finds its column by name', () => {
    expect(parseEstablished('TcpExt: CurrEstab\nTcpExt: 9\nTcp: New CurrEstab MaxConn\nTcp: 5 0 -1\nUdp: CurrEstab\nUdp: 8\n')).toBe(0);
  });

  it.each(['', 'Tcp: CurrEstab\n', 'Tcp: MaxConn\nTcp: -1\n', 'Tcp: A CurrEstab\nTcp: 1\n', 'Tcp: CurrEstab\nTcp: x\n'])('rejects %j', async (text) => {
    expect(await failureOf(() => parseEstablished(text))).toMatchObject({ kind: 'ParseError' });
  });

  it('rejects a count that is not a number', async () => {
    for (const text of ['TCP: inuse', 'TCP: inuse x']) expect(await failureOf(() => parseSockets(text, 'TCP', 'inuse'))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('frequency', () => {
  it('prefers cpufreq, with null for a core without a speed', async () => {
    const collector = linuxFrequency(machineDeps('laptop'));
    const { values, devices } = collector.toReading(await collector.read(), null);
    expect(values).toEqual({ average: 2_100_000_000, highest: 3_400_000_000 });
    expect(Object.values(devices).map((core) => core.values.speed)).toEqual([800_000_000, 3_400_000_000, null]);
    collector.close?.();
  });

  it('falls back to cpuinfo, then to null', async () => {
    const server = linuxFrequency(machineDeps('server-128'));
    const reading = server.toReading(await server.read(), null);
    expect(reading.values).toEqual({ average: 1_564_000_000, highest: 1_627_000_000 });
    expect(Object.keys(reading.devices)).toHaveLength(128);
    const none = linuxFrequency(machineDeps('container-v2'));
    expect(none.toReading(await none.read(), null)).toEqual({ values: { average: null, highest: null }, devices: {} });
    expect(parseCpuinfoSpeeds('processor\t: 0\nBogoMIPS\t: 48.00\n').size).toBe(0);
  });

  it.each([
    ['POWER', 'processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 2166.000000MHz\nrevision\t: 2.2\n\nprocessor\t: 1\nclock\t\t: 3800.000000MHz\n\ntimebase\t: 512000000\nplatform\t: PowerNV\n', [['0', 2.166e9], ['1', 3.8e9]]],
    ['s390', 'vendor_id       : IBM/S390\n# processors    : 2\nprocessor 0: version = FF,  identification = 0133E8,  machine = 2964\nprocessor 1: version = FF,  identification = 0133E8,  machine = 2964\n\ncpu number      : 0\ncpu MHz dynamic : 5000\ncpu MHz static  : 5208\n\ncpu number      : 1\ncpu MHz dynamic : 5208\ncpu MHz static  : 5208\n', [['0', 5e9], ['1', 5.208e9]]],
    ['LoongArch', 'processor\t\t: 0\nModel Name\t\t: Loongson-3A5000\nCPU MHz\t\t\t: 2500.00\nBogoMIPS\t\t: 5000.00\n', [['0', 2.5e9]]],
    ['ARM, which has none', 'processor\t: 0\nBogoMIPS\t: 48.00\nCPU implementer\t: 0x61\n', []],
    ['a hypervisor that has none', 'processor\t: 0\ncpu MHz\t\t: 0.000\nprocessor\t: 1\ncpu MHz\t\t: 4294967.295\n', []],
  ] as const)('is that of /proc/cpuinfo on %s', (_, text, speeds) => {
    expect([...parseCpuinfoSpeeds(text)]).toEqual(speeds);
  });

  it('is unknown where a driver gives a number that no processor reaches, or none', async () => {
    const at = (core: number): string => `sys/devices/system/cpu/cpu${core}/cpufreq/scaling_cur_freq`;
    const tree = createFakeTree({ [at(0)]: 1_800_000, [at(1)]: 4_294_967_295, [at(2)]: '<unknown>', [at(3)]: -1 });
    const collector = linuxFrequency(machineDeps('none', { root: tree.root }));
    const { values, devices } = collector.toReading(await collector.read(), null);
    collector.close?.();
    expect(values).toEqual({ average: 1_800_000_000, highest: 1_800_000_000 });
    expect(Object.values(devices).map((core) => core.values.speed)).toEqual([1_800_000_000, null, null, null]);
  });
});

describe('uptime', () => {
  it('counts tasks, and the age of the app by the boot clock', async () => {
    const collector = linuxUptime(machineDeps('container-v2', { processSeconds: () => 12.4 }));
    expect(collector.toReading(await collector.read(), null).values).toEqual({ system: 350735, app: 12, tasks: 812 });
    collector.close?.();
  });

  it('includes sleep in the age of the app', async () => {
    let boot = 1_000_000;
    const collector = portableUptime(machineDeps('vm-6.18', { clock: { now: () => 0, mono: () => 0, boot: () => boot }, processSeconds: () => 5 }));
    await collector.read();
    boot += 3_600_000;
    expect(collector.toReading(await collector.read(), null).values).toEqual({ system: 4600, app: 3605, tasks: null });
  });

  it('rejects a broken file', async () => {
    for (const text of ['', 'garbage', '-5 1']) expect(await failureOf(() => parseUptime(text))).toMatchObject({ kind: 'ParseError' });
  });
});
