import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toBaseline, toProcess } from '../../../../src/main/engine/processes/rates';
import { LIST_SLICE } from '../../../../src/main/engine/time-slicing';
import { failureOf } from '../../../support/recorded-machine';
import { FakeMachine, onMachine } from '../../../support/proc-tree';

describe('snapshot', () => {
  it('reads everything about a process', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 42, name: 'worker', utime: 150, stime: 50, born: 100, pages: 10, uid: 1000, command: '/opt/worker\0--all\0', io: { read: 4096, written: 8192 } });
      const { processes, time } = await machine.source().snapshot('full');
      const startedAt = time - machine.time.boot() + 1000;
      const counters = { busySeconds: 2, cpu: null, memory: 40_960, readBytes: 4096, writtenBytes: 8192 };
      expect(processes).toEqual([{ pid: 42, key: '42-100', name: 'worker', born: 100, ...counters, user: 'ada', command: '/opt/worker --all', startedAt, container: null }]);
    }));

  it('reads no more than the requested detail', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 42, io: { read: 1, written: 2 } });
      const source = machine.source();
      expect((await source.snapshot('plain')).processes[0]).toMatchObject({ name: 'worker', readBytes: null, user: null, command: null });
      expect((await source.snapshot('io')).processes[0]).toMatchObject({ readBytes: 1, writtenBytes: 2, user: null, command: null });
    }));

  it('tells the container of a process, by its name or the start of its id, in a full read alone', () =>
    onMachine(async (machine) => {
      const [shop, other] = ['5e'.repeat(32), 'c0'.repeat(32)];
      machine.put({ pid: 1, cgroup: '/init.scope' });
      machine.put({ pid: 2, cgroup: `/system.slice/docker-${shop}.scope` });
      machine.put({ pid: 3, cgroup: `/user.slice/libpod-${other}.scope/container` });
      machine.put({ pid: 4, cgroup: `/machine.slice/libpod-conmon-${other}.scope` });
      machine.put({ pid: 5 });
      machine.put({ pid: 6, flags: 0x208040, cgroup: `/docker/${shop}` });
      machine.containers.set(shop, 'shop-db');
      const source = machine.source();
      const containersIn = async (detail: 'plain' | 'io' | 'full') => Object.fromEntries((await source.snapshot(detail)).processes.map(({ pid, container }) => [pid, container]));
      expect(await containersIn('plain')).toEqual({ 1: null, 2: null, 3: null, 4: null, 5: null, 6: null });
      expect(await containersIn('full')).toEqual({ 1: null, 2: 'shop-db', 3: 'c0c0c0c0c0c0', 4: null, 5: null, 6: null });
      // Read once for a process; a name that comes to be known is told.
      machine.write('proc/2/cgroup', '0::/elsewhere');
      machine.containers.set(other, 'cache');
      expect(await containersIn('full')).toMatchObject({ 2: 'shop-db', 3: 'cache' });
      expect(await source.containersOf?.([1, 3, 5, 99])).toEqual(new Map([[3, 'cache']]));
    }));

  it('leaves out processes that end meanwhile, and entries that are no processes', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 1 });
      machine.put({ pid: 3 });
      // Listed, but gone when its files are opened.
      mkdirSync(join(machine.root, 'proc/2'));
      machine.write('proc/uptime', '5 5\n');
      mkdirSync(join(machine.root, 'proc/sys'));
      // Its files end one by one.
      machine.put({ pid: 4, command: null, io: null });
      rmSync(join(machine.root, 'proc/4/status'));
      const { processes } = await machine.source().snapshot('full');
      expect(processes.map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual([1, 3, 4]);
      expect(processes.find(({ pid }) => pid === 4)).toMatchObject({ user: null, command: null, readBytes: null, writtenBytes: null });
    }));

  it('recognizes a kernel thread, which has no command line', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 2, name: 'kworker/0:1H-kblockd', flags: 0x208040, pages: 0, uid: 0, command: '' });
      expect((await machine.source().snapshot('full')).processes[0]).toMatchObject({ name: 'kworker/0:1H-kblockd', command: null, user: 'root', memory: 0 });
    }));

  it('sanitizes odd names and long command lines', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 1, name: 'a) b\n(c', command: `/bin/x\0${'y'.repeat(5000)}` });
      const [one] = (await machine.source().snapshot('full')).processes;
      expect(one?.name).toBe('a) b (c');
      expect(one?.command).toHaveLength(1000);
    }));

  it('distinguishes a later process with the same id', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 9, name: 'old', born: 100, utime: 5000, command: 'old' });
      machine.put({ pid: 10, born: 150 });
      const source = machine.source();
      const baseline = toBaseline(await source.snapshot('full'));
      machine.put({ pid: 9, name: 'new', born: 300, utime: 100, command: 'new' });
      const one = (await source.snapshot('full')).processes.find(({ pid }) => pid === 9);
      expect(one).toMatchObject({ key: '9-300', name: 'new', command: 'new' });
      // It started since: all its time counts, and none of its predecessor's.
      expect(one && toProcess(one, baseline, 2).cpu).toBe(50);
    }));

  it('reads a command line again when another program runs, when the process is young, and in turn', () =>
    onMachine(async (machine) => {
      const source = machine.source();
      const commandOf = async (): Promise<string | null | undefined> => (await source.snapshot('full')).processes[0]?.command;
      machine.put({ pid: 5, name: 'sh', born: 0, command: 'sh' });
      // Started a minute ago: no longer young.
      await machine.time.pass(60_000);
      expect(await commandOf()).toBe('sh');
      machine.put({ pid: 5, name: 'tool', born: 0, command: 'tool' });
      expect(await commandOf()).toBe('tool');
      machine.write('proc/5/cmdline', 'tool: busy');
      const commands: (string | null | undefined)[] = [];
      for (let snapshot = 0; snapshot < 16; snapshot += 1) commands.push(await commandOf());
      expect(commands).toContain('tool');
      expect(commands.at(-1)).toBe('tool: busy');

      const now = machine.time.boot() / 10;
      machine.put({ pid: 5, name: 'young', born: now - 100, command: 'young' });
      expect(await commandOf()).toBe('young');
      machine.write('proc/5/cmdline', 'young: named');
      expect(await commandOf()).toBe('young: named');
    }));

  it('drops start times in the future, and reports the same one each time', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 5, born: machine.time.boot() / 10 + 500 });
      machine.put({ pid: 6, born: 20 });
      const source = machine.source();
      const startOf = async (pid: number) => (await source.snapshot('full')).processes.find((one) => one.pid === pid)?.startedAt;
      expect(await startOf(5)).toBeNull();
      const first = await startOf(6);
      machine.time.wall += 3;
      expect(await startOf(6)).toBe(first);
    }));

  it('gives no start times while the clock is still to be set, and the right ones after', () =>
    onMachine(async (machine) => {
      machine.put({ pid: 6, born: 20 });
      const source = machine.source();
      const startOf = async () => (await source.snapshot('full')).processes[0]?.startedAt;
      const right = machine.time.wall;
      machine.time.wall = 40_000;
      expect(await startOf()).toBeNull();
      machine.time.wall = right;
      const started = right - machine.time.boot() + 200;
      // Facts are read again little by little.
      for (let snapshot = 0; (await startOf()) === null && snapshot < 100; snapshot += 1);
      expect(await startOf()).toBe(started);
    }));

  it('fails with a fault kind without /proc', async () => {
    const machine = new FakeMachine();
    machine.remove();
    expect(await failureOf(() => machine.source().snapshot('plain'))).toMatchObject({ kind: 'SystemUnavailable', message: expect.stringContaining('ENOENT') });
  });
});

describe('users', () => {
  it('have the names of a changed passwd at the next snapshot, ids where unknown, and the name of the current user', () =>
    onMachine(async (machine) => {
      for (const [pid, uid] of [[1, 0], [2, 1000], [3, 4711], [4, 2000]] as const) machine.put({ pid, uid, born: machine.time.boot() / 10 });
      const source = machine.source(() => ({ uid: 2000, name: 'grace' }));
      const users = async (): Promise<unknown> => (await source.snapshot('full')).processes.toSorted((a, b) => a.pid - b.pid).map(({ user }) => user);
      expect(await users()).toEqual(['root', 'ada', '4711', 'grace']);
      machine.write('etc/passwd', 'root:x:0:0::/:\nlovelace:x:1000:1000::/:\nnew:x:4711:1::/:\n');
      expect(await users()).toEqual(['root', 'lovelace', 'new', 'grace']);
      rmSync(join(machine.root, 'etc/passwd'));
      expect(await users()).toEqual(['0', '1000', '4711', 'grace']);
    }));
});

describe('ten thousand processes', () => {
  it('are read in slices of at most the configured length', () =>
    onMachine(async (machine) => {
      for (let pid = 1; pid <= 10_000; pid += 1) machine.put({ pid, name: `worker ${pid % 50}`, utime: pid, born: pid, statOnly: true });
      // The clock is read at every eighth process, each of which takes 0.05 ms on it.
      let reads = 0;
      const { mono } = machine.time;
      machine.time.mono = () => mono() + (reads += 8) / 20;
      const { processes } = await machine.source().snapshot('full');
      expect(processes).toHaveLength(10_000);
      expect(new Set(processes.map(({ name }) => name)).size).toBe(50);
      // 10,000 times 0.05 ms are 500 ms.
      expect(machine.yields).toBeGreaterThanOrEqual(Math.floor(4000 / 8 / (LIST_SLICE + 0.4)));
    }), 60_000);
});
