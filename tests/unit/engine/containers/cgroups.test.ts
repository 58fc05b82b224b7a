/** Counters of containers from cgroups, on recordings of all layouts. */
import * as fc from 'fast-check';
import { linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { containerIdIn, ownCgroup, parseCgroupPaths } from '../../../../src/main/engine/cgroup-paths';
import { parseCgroup } from '../../../../src/main/engine/containers/numbers/cgroup-files.linux';
import type { CgroupTexts } from '../../../../src/main/engine/containers/numbers/cgroup-files.linux';
import { createCgroupReader } from '../../../../src/main/engine/containers/numbers/cgroups.linux';
import { trafficIn } from '../../../../src/main/engine/containers/numbers/traffic.linux';
import { cgroupTree, recordedCgroup } from '../../../support/cgroups';
import type { RecordedCgroup } from '../../../support/cgroups';
import { FakeTime } from '../../../support/collectors';
import { FOLDER } from '../../../support/fake-tree';
import type { FakeTree } from '../../../support/fake-tree';

const MACHINE = 8 * 2 ** 30;
const engineOf = (name: string): 'docker' | 'podman' => (name.includes('podman') ? 'podman' : 'docker');

function readerOf({ root }: FakeTree, uid = 1000, time = new FakeTime()) {
  return createCgroupReader({ root, clock: time, account: () => ({ uid }), totalMemory: () => MACHINE, yieldToEventLoop: () => Promise.resolve() });
}

/** Values of all recordings of version 2 alike. */
const USED = { cpuSeconds: 812.213344, throttledSeconds: 91.221331, memory: 135_266_304 - 61_865_984, processes: 17 };
const NETWORK = { received: 81_221_233, sent: 5_122_313 };
const IO = { read: 81_268_736, written: 12_288_000 };

const RECORDINGS: readonly (readonly [name: string, values: object])[] = [
  ['v2-docker-systemd', { ...USED, ...NETWORK, ...IO, memoryLimit: 134_217_728 }],
  ['v2-docker-cgroupfs', { ...USED, ...NETWORK, ...IO, memoryLimit: null }],
  ['v2-docker-with-init', { ...USED, ...NETWORK, ...IO, memoryLimit: 134_217_728 }],
  ['v2-podman-rootless', { ...USED, ...NETWORK, read: null, written: null, memoryLimit: null }],
  ['v1-docker-systemd', { ...USED, ...NETWORK, ...IO, cpuSeconds: 812.213344123, memoryLimit: null }],
  // Recorded while it wrote 20 MB to a file, which is in the cache that can be taken back; without a network.
  ['hybrid-docker', { cpuSeconds: expect.any(Number), throttledSeconds: expect.any(Number), memory: 22_253_568 - 20_971_520, memoryLimit: 67_108_864, received: null, sent: null, read: null, written: null, processes: 1 }],
  ['hybrid-podman', { cpuSeconds: expect.any(Number), throttledSeconds: 0, memory: expect.any(Number), memoryLimit: null, received: null, sent: null, read: null, written: null, processes: 2 }],
];

describe('a container with a cgroup', () => {
  it.each(RECORDINGS)('is read by its process: %s', async (name, values) => {
    const recording = recordedCgroup(name);
    const time = new FakeTime();
    const found = await readerOf(cgroupTree(recording), 1000, time).read([{ ...recording, engine: engineOf(name) }]);
    expect(found.get(recording.id)).toEqual({ mono: time.mono(), ...values });
  });

  it.each(RECORDINGS)('is found at the usual places where its process is not known: %s', async (name, values) => {
    const recording = recordedCgroup(name);
    const { received, sent } = values as { received: number; sent: number };
    // Processes that were moved into a cgroup below are not looked for there.
    const traffic = name === 'v2-docker-with-init' || name === 'v2-podman-rootless' ? { received: null, sent: null } : { received, sent };
    const found = await readerOf(cgroupTree(recording)).read([{ id: recording.id, pid: null, engine: engineOf(name) }]);
    expect(found.get(recording.id)).toMatchObject({ ...values, ...traffic });
  });

  it('has its I/O counted once where its disk is below a volume', async () => {
    const recording = recordedCgroup('v2-docker-systemd');
    const tree = cgroupTree(recording);
    tree.put({ 'sys/dev/block/253:1/slaves/nvme0n1p3/dev': '259:3', 'sys/dev/block/259:0/slaves': FOLDER });
    expect((await readerOf(tree).read([{ ...recording, engine: 'docker' }])).get(recording.id)).toMatchObject({ read: 81_264_640, written: 12_288_000 });
  });

  it('has no network of its own where it shares that of the machine', async () => {
    const recording = recordedCgroup('v2-docker-systemd');
    const tree = cgroupTree(recording);
    rmSync(join(tree.root, `proc/${recording.pid}/net/dev`));
    linkSync(join(tree.root, 'proc/1/net/dev'), join(tree.root, `proc/${recording.pid}/net/dev`));
    const found = await readerOf(tree).read([{ ...recording, engine: 'docker' }]);
    expect(found.get(recording.id)).toMatchObject({ ...USED, received: null, sent: null });
  });

  it('is read without its network where its processes are hidden', async () => {
    const recording = recordedCgroup('v2-docker-systemd');
    const tree = cgroupTree(recording);
    tree.remove(`proc/${recording.pid}`);
    expect((await readerOf(tree).read([{ ...recording, engine: 'docker' }])).get(recording.id)).toMatchObject({ ...USED, received: null, sent: null });
  });

  it.each(['cpu.stat', 'memory.current', 'memory.stat', 'memory.max', 'io.stat', 'pids.current'])('lacks what no file tells: %s', async (file) => {
    const recording = recordedCgroup('v2-docker-systemd');
    const tree = cgroupTree(recording);
    tree.remove(`sys/fs/cgroup/system.slice/docker-${recording.id}.scope/${file}`);
    const found = (await readerOf(tree).read([{ ...recording, engine: 'docker' }])).get(recording.id);
    const lost = { 'cpu.stat': { cpuSeconds: null, throttledSeconds: null }, 'memory.current': { memory: null }, 'memory.stat': { memory: 135_266_304 }, 'memory.max': { memoryLimit: null }, 'io.stat': { read: null, written: null }, 'pids.current': { processes: null } }[file];
    expect(found).toEqual({ mono: expect.any(Number), ...USED, ...NETWORK, ...IO, memoryLimit: 134_217_728, ...lost });
  });
});

describe('a container without a cgroup of its own here', () => {
  const none = async (tree: FakeTree, { id, pid }: Pick<RecordedCgroup, 'id' | 'pid'>) => (await readerOf(tree).read([{ id, pid, engine: 'docker' }])).size;

  it('is left out: its engine is on another machine, and the process of that number is another one', async () => {
    const other = recordedCgroup('v2-docker-systemd');
    expect(await none(cgroupTree(other), { id: 'f'.repeat(64), pid: other.pid })).toBe(0);
  });

  it('is left out where it runs in the cgroup of who started it', async () => {
    const recording = recordedCgroup('v2-docker-systemd');
    const tree = cgroupTree(recording);
    tree.write({ [`proc/${recording.pid}/cgroup`]: '0::/user.slice/user-1000.slice/session-2.scope' });
    tree.remove(`sys/fs/cgroup/system.slice/docker-${recording.id}.scope`);
    expect(await none(tree, recording)).toBe(0);
  });

  it('is left out once it has ended, looked for again when it starts, and not at each read', async () => {
    const recording = recordedCgroup('v2-docker-systemd');
    const tree = cgroupTree(recording);
    const time = new FakeTime();
    const reader = readerOf(tree, 1000, time);
    const { id, pid } = recording;
    const has = async (asPid = pid): Promise<boolean> => (await reader.read([{ id, pid: asPid, engine: 'docker' }])).has(id);
    expect(await has()).toBe(true);
    tree.remove('sys/fs/cgroup/system.slice', `proc/${pid}`);
    expect([await has(), await has()]).toEqual([false, false]);
    tree.put(recording.entries);
    expect(await has()).toBe(false);
    // Another first process: another start.
    tree.put({ 'proc/5000/cgroup': `0::/system.slice/docker-${id}.scope` });
    expect(await has(5000)).toBe(true);
    expect(await has()).toBe(true);
  });

  it('is looked for again after five minutes', async () => {
    const recording = recordedCgroup('v2-docker-systemd');
    const tree = cgroupTree();
    const time = new FakeTime();
    const reader = readerOf(tree, 1000, time);
    const { id, pid } = recording;
    const has = async (): Promise<boolean> => (await reader.read([{ id, pid, engine: 'docker' }])).has(id);
    expect(await has()).toBe(false);
    tree.put(recording.entries);
    expect(await has()).toBe(false);
    await time.pass(5 * 60_000);
    expect(await has()).toBe(true);
  });
});

describe('the path of a cgroup', () => {
  const ID = '4f'.repeat(32);
  it.each([
    [`0::/system.slice/docker-${ID}.scope`, ID],
    [`0::/docker/${ID}`, ID],
    [`12:pids:/docker/${ID}\n0::/`, ID],
    [`0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`, ID],
    [`0::/libpod_parent/libpod-${ID}`, ID],
    [`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`, ID],
    [`0::/docker/${ID}/docker/${'0'.repeat(64)}`, ID],
    [`0::/system.slice/docker-${ID}.scope/init.scope`, ID],
    // What watches over a container is not in it.
    [`0::/machine.slice/libpod-conmon-${ID}.scope`, null],
    [`0::/machine.slice/crio-conmon-${ID}.scope`, null],
    ['0::/system.slice/docker.service', null],
    [`0::/system.slice/docker-${ID}0.scope`, null],
    [`0::/system.slice/docker-${ID.slice(1)}.scope`, null],
    ['', null],
  ])('tells the container: %s', (text, id) => {
    expect(containerIdIn(text)).toBe(id);
  });

  it('ends at the part that bears the id', () => {
    expect(ownCgroup(`/a/libpod-${ID}.scope/container`, ID)).toBe(`/a/libpod-${ID}.scope`);
    expect(ownCgroup(`/docker/${ID}`, ID)).toBe(`/docker/${ID}`);
    expect(ownCgroup('/user.slice', ID)).toBeNull();
  });

  it('is that of each controller', () => {
    expect([...parseCgroupPaths('4:cpu,cpuacct:/a:b\n1:name=systemd:/c\n0::/d\nrubbish')]).toEqual([['cpu', '/a:b'], ['cpuacct', '/a:b'], ['name=systemd', '/c'], ['', '/d']]);
  });
});

describe('what files of cgroups say', () => {
  const NOTHING = { cpuStat: null, cpuUsage: null, memoryUsage: null, memoryStat: null, memoryMax: null, io: null, pids: null };
  /** 253:* are devices that are made of others. */
  const parse = (texts: CgroupTexts) => parseCgroup(texts, MACHINE, (device) => device.startsWith('253:'));
  const EMPTY = { cpuSeconds: null, throttledSeconds: null, memory: null, memoryLimit: null, read: null, written: null, processes: null };

  it('is nothing where there are none', () => {
    expect(parse(NOTHING)).toEqual(EMPTY);
  });

  it.each([
    ['memory without its cache only where the cache is a part of it', { memoryUsage: '4096', memoryStat: 'inactive_file 8192' }, { memory: 4096 }],
    ['the cache of version 1 with what is below it', { memoryUsage: '100', memoryStat: 'inactive_file 99\ntotal_inactive_file 40' }, { memory: 60 }],
    ['no limit that is as large as the machine', { memoryMax: String(MACHINE) }, { memoryLimit: null }],
    ['no limit without one, by version 1', { memoryStat: 'hierarchical_memory_limit 9223372036854771712' }, { memoryLimit: null }],
    ['no memory that no machine has', { memoryUsage: '100000000000001' }, { memory: null }],
    ['nothing of what is no number', { memoryUsage: '-4096', cpuUsage: 'x', pids: 'max', memoryMax: 'max' }, {}],
    ['nothing read and written where no device was used, by version 2', { io: '' }, { read: 0, written: 0 }],
    ['I/O counted once where a volume is above a disk', { io: '253:0 rbytes=100 wbytes=50 rios=1\n259:0 rbytes=120 wbytes=50\n8:0 rbytes=5 wbytes=0' }, { read: 125, written: 50 }],
    ['I/O of a volume where nobody knows whose that of the disk below is', { io: '253:0 rbytes=100 wbytes=50\n253:1 rbytes=90 wbytes=50\n259:0 rbytes=100 wbytes=0' }, { read: 100, written: 50 }],
    ['the same by version 1', { io: '253:0 Read 100\n253:0 Write 5\n8:0 Read 100\n8:0 Write 5\n8:0 Total 105\nTotal 210' }, { read: 100, written: 5 }],
    ['nothing known of I/O where version 1 counts none', { io: 'Total 0' }, {}],
    ['no key that begins like another one', { cpuStat: 'xusage_usec 5\nusage_usec2 6' }, {}],
    ['time in nanoseconds by version 1', { cpuStat: 'nr_periods 1\nthrottled_time 1500000000', cpuUsage: '2500000000' }, { cpuSeconds: 2.5, throttledSeconds: 1.5 }],
  ] as const)('is %s', (_what, texts, values) => {
    expect(parse({ ...NOTHING, ...texts })).toEqual({ ...EMPTY, ...values });
  });

  it('is never negative, infinite or no number, whatever they contain', () => {
    const line = fc.oneof(fc.string(), fc.tuple(fc.constantFrom('usage_usec', 'throttled_usec', 'throttled_time', 'inactive_file', 'total_inactive_file', 'hierarchical_memory_limit', '8:0 Read', '8:0 rbytes=1 wbytes=9', 'Total'), fc.oneof(fc.bigInt().map(String), fc.double().map(String), fc.string())).map((parts) => parts.join(' ')));
    const text = fc.option(fc.oneof(fc.array(line).map((lines) => lines.join('\n')), fc.bigInt().map(String)));
    fc.assert(
      fc.property(fc.record({ cpuStat: text, cpuUsage: text, memoryUsage: text, memoryStat: text, memoryMax: text, io: text, pids: text }), (texts) => {
        expect(Object.values(parse(texts)).filter((value) => value !== null && !(Number.isFinite(value) && value >= 0))).toEqual([]);
      }),
    );
  });
});

describe('the traffic of a container', () => {
  const HEAD = 'Inter-| Receive | Transmit\n face |bytes packets\n';
  it('is that of all interfaces but the loopback one, and none without another', () => {
    expect(trafficIn(`${HEAD}  lo: 5 0 0 0 0 0 0 0 6 0 0 0 0 0 0 0\neth0: 10 0 0 0 0 0 0 0 20 0 0 0 0 0 0 0\ntap0: 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n`)).toEqual({ received: 11, sent: 22 });
    expect(trafficIn(`${HEAD}  lo: 5 0 0 0 0 0 0 0 6 0 0 0 0 0 0 0\n`)).toEqual({ received: null, sent: null });
  });
});
