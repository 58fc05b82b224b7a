import { describe, expect, it } from 'vitest';
import { hostSchema } from '../../../src/shared/api/schemas';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import { linuxFacts, linuxModel, parseCpuModel, parseOsRelease } from '../../../src/main/engine/host/host.linux';
import { portableFacts } from '../../../src/main/engine/host/host.portable';
import { createInventory, readHostInfo } from '../../../src/main/engine/host/index';
import { NO_INVENTORY } from '../../../src/main/engine/host/inventory';
import { modelName } from '../../../src/main/engine/host/model';
import type { SystemInformation } from '../../../src/main/engine/collectors/systeminformation';
import { FakeTime } from '../../support/collectors';
import { createFakeTree, UNREADABLE } from '../../support/fake-tree';
import { machine } from '../../support/recorded-machine';

describe('linuxFacts', () => {
  it('reads a virtual machine', async () => {
    expect(await linuxFacts(machine('vm-6.18'))).toMatchObject({ os: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.18.44-fc-v657', cpuModel: 'AMD EPYC', cores: 2, memoryTotal: 24684092 * 1024 });
  });

  it('gives null for what a container hides', async () => {
    expect(await linuxFacts(machine('container-v2'))).toEqual({ os: 'Alpine Linux 3.20', kernel: 'unknown', cpuModel: null, cores: 16, memoryTotal: 32768000 * 1024, bootTime: 1_700_000_000_000 });
    expect(await linuxFacts(machine('nowhere'))).toEqual({ os: 'Linux', kernel: 'unknown', cpuModel: null, cores: 0, memoryTotal: null, bootTime: null });
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
    expect(portableFacts(os, 1_000_000, NO_INVENTORY)).toEqual({ os: 'Windows 11 Pro', kernel: 'Windows_NT 10.0.22631', cpuModel: 'Intel', cores: 2, memoryTotal: 1024, bootTime: 940_000 });
    expect(portableFacts({ ...os, type: () => 'Darwin' }, 0, NO_INVENTORY).os).toBe('macOS');
    expect(portableFacts({ ...os, type: () => 'Darwin' }, 0, { os: 'macOS 26.1', model: 'Apple Inc. Mac15,6' })).toMatchObject({ os: 'macOS 26.1' });
  });
});

describe('readHostInfo', () => {
  it('matches the API schema on this machine', async () => {
    const app = { appVersion: '0.0.0', startTime: 1, environment: 'test', runtime: 'node', databasePath: null };
    const info = await readHostInfo({ ...systemDeps(), now: () => Date.now() }, app);
    expect(hostSchema.parse(info)).toEqual(info);
    expect(info.cores).toBeGreaterThan(0);
  });

  it('gives no boot time while the clock is still to be set', async () => {
    const app = { appVersion: '0.0.0', startTime: 1, environment: 'test', runtime: 'node', databasePath: null };
    expect((await readHostInfo({ ...systemDeps(), now: () => 40_000 }, app)).bootTime).toBeNull();
    expect((await readHostInfo({ ...systemDeps(), now: () => Date.now() }, app)).bootTime).not.toBeNull();
  });
});

describe('the model of a machine', () => {
  it.each([
    ['Dell Inc.', 'XPS 13 9380', 'Dell Inc. XPS 13 9380'],
    ['HP', 'HP EliteBook 840 G8', 'HP EliteBook 840 G8'],
    ['Apple Inc.', 'Mac15,6', 'Apple Inc. Mac15,6'],
    ['To Be Filled By O.E.M.', 'To Be Filled By O.E.M.', null],
    ['System manufacturer', 'System Product Name', null],
    ['ASUS', 'System Product Name', 'ASUS'],
    ['', 'Default string', null],
    [null, 'Raspberry Pi 5 Model B Rev 1.0\0', 'Raspberry Pi 5 Model B Rev 1.0'],
    ['QEMU\n', ' Standard  PC (Q35)\n', 'QEMU Standard PC (Q35)'],
    [undefined, undefined, null],
  ])('of %j and %j is %j', (manufacturer, model, name) => {
    expect(modelName(manufacturer, model)).toBe(name);
  });

  it('is that of the firmware on Linux, or of the board', async () => {
    const pc = createFakeTree({ 'sys/class/dmi/id/sys_vendor': 'LENOVO\n', 'sys/class/dmi/id/product_name': '21HD\n' });
    expect(await linuxModel(pc.root)).toBe('LENOVO 21HD');
    const board = createFakeTree({ 'proc/device-tree/model': 'Demo Board Model B\0' });
    expect(await linuxModel(board.root)).toBe('Demo Board Model B');
    expect(await linuxModel(createFakeTree({ 'sys/class/dmi/id/sys_vendor': UNREADABLE }).root)).toBeNull();
    expect(await createInventory({ platform: 'linux', root: pc.root, systemInformation: () => Promise.reject(new Error('was loaded')) }, new FakeTime())()).toEqual({ os: null, model: 'LENOVO 21HD' });
  });
});

describe('the inventory', () => {
  const answers = { system: () => Promise.resolve({ manufacturer: 'Apple Inc.', model: 'Mac15,6' }), osInfo: () => Promise.resolve({ release: '26.1' }) };
  const loads = (package_: Partial<SystemInformation>): { load: () => Promise<SystemInformation>; asked: () => number } => {
    let asked = 0;
    return { load: () => ((asked += 1), Promise.resolve(package_ as SystemInformation)), asked: () => asked };
  };

  it('is asked for once, when somebody looks', async () => {
    const { load, asked } = loads(answers);
    const inventory = createInventory({ platform: 'darwin', root: '/', systemInformation: load }, new FakeTime());
    expect(asked()).toBe(0);
    expect([await inventory(), await inventory()]).toEqual([{ os: 'macOS 26.1', model: 'Apple Inc. Mac15,6' }, { os: 'macOS 26.1', model: 'Apple Inc. Mac15,6' }]);
    expect(asked()).toBe(1);
  });

  it('leaves Windows its name, which Node knows', async () => {
    const windows = loads({ system: () => Promise.resolve({ manufacturer: 'Dell Inc.', model: 'XPS 13' }) });
    expect(await createInventory({ platform: 'win32', root: '/', systemInformation: windows.load }, new FakeTime())()).toEqual({ os: null, model: 'Dell Inc. XPS 13' });
  });

  it('is without what fails', async () => {
    const half = loads({ ...answers, system: () => Promise.reject(new Error('no ioreg')) });
    expect(await createInventory({ platform: 'darwin', root: '/', systemInformation: half.load }, new FakeTime())()).toEqual({ os: 'macOS 26.1', model: null });
    const odd = loads({ ...answers, osInfo: () => Promise.resolve({ release: '' }) });
    expect(await createInventory({ platform: 'darwin', root: '/', systemInformation: odd.load }, new FakeTime())()).toEqual({ os: null, model: 'Apple Inc. Mac15,6' });
    expect(await createInventory({ platform: 'darwin', root: '/', systemInformation: () => Promise.reject(new Error('not installed')) }, new FakeTime())()).toEqual(NO_INVENTORY);
  });

  it('is waited for five seconds, and is there for the next look', async () => {
    const time = new FakeTime();
    let answer: (value: { manufacturer: string; model: string }) => void = () => undefined;
    const slow = loads({ ...answers, system: () => new Promise((resolve) => (answer = resolve)) });
    const inventory = createInventory({ platform: 'darwin', root: '/', systemInformation: slow.load }, time);
    const first = inventory();
    await time.pass(5000);
    expect(await first).toEqual(NO_INVENTORY);
    answer({ manufacturer: 'Apple Inc.', model: 'Mac15,6' });
    expect(await inventory()).toMatchObject({ model: 'Apple Inc. Mac15,6' });
    expect(slow.asked()).toBe(1);
  });

  it('is no part of the facts that are asked for each second', async () => {
    const app = { appVersion: '0.0.0', startTime: 1, environment: 'test', runtime: 'node', databasePath: null };
    expect(await readHostInfo({ platform: 'darwin', root: '/', now: () => 0 }, app, { os: 'macOS 26.1', model: 'Mac' })).toMatchObject({ os: 'macOS 26.1', model: 'Mac', hostname: expect.any(String) as string });
    expect((await readHostInfo({ platform: 'darwin', root: '/', now: () => 0 }, app)).model).toBeNull();
  });
});
