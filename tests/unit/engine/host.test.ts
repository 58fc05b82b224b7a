import { describe, expect, it } from 'vitest';
import { hostSchema } from '../../../src/shared/api/schemas';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import { linuxFacts, parseCpuModel, parseOsRelease } from '../../../src/main/engine/host/host.linux';
import { portableFacts } from '../../../src/main/engine/host/host.portable';
import { createInventory, readHostInfo } from '../../../src/main/engine/host/index';
import { NO_INVENTORY } from '../../../src/main/engine/host/inventory';
import { modelName } from '../../../src/main/engine/host/model';
import { machine } from '../../support/recorded-machine';

describe('linuxFacts', () => {
  it('reads a virtual machine', async () => {
    expect(await linuxFacts(machine('vm-6.18'))).toMatchObject({ os: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.18.44-fc-v657', cpuModel: 'AMD EPYC', cores: 2, memoryTotal: 24684092 * 1024 });
  });

  it('gives null for what a container hides', async () => {
    expect(await linuxFacts(machine('container-v2'))).toEqual({ os: 'Alpine Linux 3.20', kernel: 'unknown', model: null, cpuModel: null, cores: 16, memoryTotal: 32768000 * 1024, bootTime: 1_700_000_000_000 });
    expect(await linuxFacts(machine('nowhere'))).toEqual({ os: 'Linux', kernel: 'unknown', model: null, cpuModel: null, cores: 0, memoryTotal: null, bootTime: null });
  });

  it('parses quotes and ARM boards', () => {
    expect(parseOsRelease('NAME=x\nPRETTY_NAME="Odd \\"OS\\" 1"\n')).toBe('Odd "OS" 1');
    expect(parseOsRelease("PRETTY_NAME='Single'\n")).toBe('Single');
    expect(parseOsRelease('garbage')).toBeNull();
    expect(parseCpuModel('processor\t: 0\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n')).toBe('Raspberry Pi 4 Model B Rev 1.4');
  });
});

describe('the name of a processor', () => {
  it.each([
    ['processor\t: 0\nmodel name\t: \nstepping\t: 1\nvendor_id\t: GenuineIntel\n', 'GenuineIntel'],
    ['processor\t: 0\nHardware\t:\nRevision\t: a02082\n', null],
    ['system type\t\t: generic-loongson-machine\n\nprocessor\t\t: 0\nModel Name\t\t: Loongson-3A5000\nCPU MHz\t\t\t: 2500.00\n', 'Loongson-3A5000'],
    ['processor\t: 0\ncpu\t\t: POWER9, altivec supported\nmodel\t\t: 8335-GTH\n', 'POWER9, altivec supported'],
    ['vendor_id       : IBM/S390\n# processors    : 1\nprocessor 0: version = FF,  identification = 0133E8,  machine = 2964\n', 'IBM/S390'],
    ['processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc\nuarch\t\t: sifive,u74-mc\n', 'sifive,u74-mc'],
    ['processor\t: 0\nBogoMIPS\t: 48.00\nCPU implementer\t: 0x61\n', null],
  ])('is found, or left to the board: %j', (cpuinfo, model) => {
    expect(parseCpuModel(cpuinfo)).toBe(model);
  });
});

describe('portableFacts', () => {
  it('reads Windows and macOS', () => {
    const os = { version: () => 'Windows 11 Pro', type: () => 'Windows_NT', release: () => '10.0.22631', cpus: () => [{ model: 'Intel ' }, { model: 'Intel ' }], totalmem: () => 1024, uptime: () => 60 };
    expect(portableFacts(os, 1_000_000, NO_INVENTORY)).toEqual({ os: 'Windows 11 Pro', kernel: 'Windows_NT 10.0.22631', model: null, cpuModel: 'Intel', cores: 2, memoryTotal: 1024, bootTime: 940_000 });
    expect(portableFacts({ ...os, type: () => 'Darwin' }, 0, NO_INVENTORY).os).toBe('macOS');
    expect(portableFacts({ ...os, type: () => 'Darwin' }, 0, { os: 'macOS 26.1', model: 'Apple Inc. Mac15,6' })).toMatchObject({ os: 'macOS 26.1', model: 'Apple Inc. Mac15,6' });
  });
});

describe('readHostInfo', () => {
  it('matches the API schema on this machine', async () => {
    const app = { appVersion: '0.0.0', startTime: 1, environment: 'test', runtime: 'node', databasePath: null };
    const info = await readHostInfo({ ...systemDeps(), now: () => Date.now() }, app);
    expect(hostSchema.parse(info)).toEqual(info);
    expect(info.cores).toBeGreaterThan(0);
  });
});
