/** Processes whose files cannot be read because what they wait for does not respond. */
import { read, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ReadFirst } from '../../../../src/main/engine/processes/guarded-files.linux';
import type { RawProcess } from '../../../../src/main/engine/processes/process-source';
import { yieldToEventLoop } from '../../../../src/main/engine/time-slicing';
import { onMachine } from '../../../support/proc-tree';
import type { FakeMachine } from '../../../support/proc-tree';

const STUCK = { pid: 4321, name: 'some-very-long-', command: '/opt/some-very-long-name\0', born: 1 };

/** A read that never ends for files of a process, and the real one for all others. */
class StuckReads {
  readonly begun: string[] = [];
  readonly #waiting: ((ended: () => void) => void)[] = [];
  pids: readonly number[];

  constructor(...pids: readonly number[]) {
    this.pids = pids;
  }

  readonly read: ReadFirst = (fd, buffer, done) => {
    const [pid = '', file = ''] = readlinkSync(`/proc/self/fd/${fd}`).split('/').slice(-2);
    const start = (ended?: () => void): void => {
      read(fd, buffer, 0, buffer.length, null, (error, length) => {
        done(error, length);
        ended?.();
      });
    };
    this.begun.push(`${pid}/${file}`);
    if (this.pids.includes(Number(pid))) this.#waiting.push(start);
    else start();
  };

  /** The result of snapshots during which a read hangs, once their deadline has passed. */
  async during<T>(machine: FakeMachine, snapshots: Promise<T>): Promise<T> {
    while (this.#waiting.length === 0) await yieldToEventLoop();
    await machine.time.pass(1000);
    return snapshots;
  }

  /** What the reads wait for responds, and they end. */
  async release(): Promise<void> {
    this.pids = [];
    await Promise.all(this.#waiting.splice(0).map((end) => new Promise<void>(end)));
    await yieldToEventLoop();
  }
}

const byPid = (processes: readonly RawProcess[], pid: number): RawProcess | undefined => processes.find((one) => one.pid === pid);

describe('a process that waits for a device', () => {
  it.each(['plain', 'io', 'full'] as const)('has the kernel’s name: its command line is not read (%s)', (detail) =>
    onMachine(async (machine) => {
      machine.put({ ...STUCK, state: 'D' });
      machine.stick('proc/4321/cmdline');
      machine.put({ pid: 5, name: 'other-very-long', command: '/opt/other-very-long-name' });
      const { processes } = await machine.source().snapshot(detail);
      expect(byPid(processes, 4321)).toMatchObject({ name: 'some-very-long-', command: null, memory: 409_600 });
      expect(byPid(processes, 5)).toMatchObject({ name: 'other-very-long-name' });
    }));

  it('has its own name once it has run again, waiting or not', () =>
    onMachine(async (machine) => {
      const source = machine.source();
      const nameNow = async (): Promise<string | undefined> => (await source.snapshot('plain')).processes[0]?.name;
      machine.put({ ...STUCK, state: 'D', utime: 7 });
      expect([await nameNow(), await nameNow()]).toEqual(['some-very-long-', 'some-very-long-']);
      machine.put({ ...STUCK, state: 'D', utime: 8 });
      expect(await nameNow()).toBe('some-very-long-name');
      machine.put({ ...STUCK, born: 9, state: 'D' });
      expect(await nameNow()).toBe('some-very-long-');
      machine.put({ ...STUCK, born: 9 });
      expect(await nameNow()).toBe('some-very-long-name');
    }));

  it('keeps the name and the command line that it had', () =>
    onMachine(async (machine) => {
      const source = machine.source();
      machine.put(STUCK);
      await source.snapshot('full');
      machine.put({ ...STUCK, state: 'D' });
      machine.stick('proc/4321/cmdline');
      // One process in sixteen is read again at each snapshot.
      for (let snapshot = 0; snapshot < 17; snapshot += 1) {
        expect((await source.snapshot('full')).processes[0]).toMatchObject({ name: 'some-very-long-name', command: '/opt/some-very-long-name' });
      }
    }));

  it('has its disk I/O all the same: it may be what keeps the disk busy', () =>
    onMachine(async (machine) => {
      machine.put({ ...STUCK, state: 'D', io: { read: 4096, written: 1 } });
      expect((await machine.source().snapshot('io')).processes[0]).toMatchObject({ readBytes: 4096, writtenBytes: 1 });
    }));

  it.each(['Z', 'X'])('has no command line to read once it has ended (%s)', (state) =>
    onMachine(async (machine) => {
      const reads = new StuckReads();
      machine.put({ ...STUCK, state });
      await machine.source(undefined, reads.read).snapshot('full');
      expect(reads.begun).toEqual([]);
    }));

  it.each([
    ['waits', { state: 'D' }, ['4321/io']],
    ['may be starting a program', { flags: 0x40_0040 }, ['4321/cmdline', '4321/io']],
    ['does neither', {}, ['4321/cmdline']],
    ['is a kernel thread', { flags: 0x20_8040 }, []],
  ])('has its disk I/O read with a deadline where it %s', (_, own, guarded) =>
    onMachine(async (machine) => {
      const reads = new StuckReads();
      machine.put({ ...STUCK, ...own, io: { read: 5, written: 6 } });
      const { processes } = await machine.source(undefined, reads.read).snapshot('full');
      expect(reads.begun).toEqual(guarded);
      expect(processes[0]).toMatchObject({ readBytes: 5, writtenBytes: 6 });
    }));
});

describe('a read that hangs', () => {
  it.each(['cmdline', 'io'])('of %s neither blocks the event loop nor fails the snapshot', (file) =>
    onMachine(async (machine) => {
      for (const pid of [1, 2, 3]) machine.put({ ...STUCK, pid, io: { read: pid, written: pid } });
      machine.stick(`proc/2/${file}`);
      const { processes } = await machine.source().snapshot('full');
      expect(processes.map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
      expect(byPid(processes, 3)).toMatchObject({ name: 'some-very-long-name', readBytes: 3 });
    }));

  it('ends a snapshot after a deadline, with the kernel’s names of what was not read', () =>
    onMachine(async (machine) => {
      for (const pid of [1, 2, 3]) machine.put({ ...STUCK, pid });
      const reads = new StuckReads(2);
      const source = machine.source(undefined, reads.read);
      let ticks = 0;
      machine.time.after(1000, () => (ticks += 1));
      const { processes } = await reads.during(machine, source.snapshot('plain'));
      expect(ticks).toBe(1);
      expect(processes).toHaveLength(3);
      expect(byPid(processes, 2)?.name).toBe('some-very-long-');
      await reads.release();
      expect((await source.snapshot('plain')).processes.map(({ name }) => name)).toEqual(Array.from({ length: 3 }, () => 'some-very-long-name'));
    }));

  it('occupies one thread at most, however many snapshots are taken at a time', () =>
    onMachine(async (machine) => {
      for (const pid of [1, 2, 3]) machine.put({ ...STUCK, pid });
      const reads = new StuckReads(1, 2, 3);
      const source = machine.source(undefined, reads.read);
      await reads.during(machine, Promise.all([source.snapshot('plain'), source.snapshot('full'), source.snapshot('io')]));
      await source.snapshot('full');
      expect(reads.begun).toHaveLength(1);
      await reads.release();
      expect((await source.snapshot('full')).processes.map(({ command }) => command)).toEqual(Array.from({ length: 3 }, () => '/opt/some-very-long-name'));
    }));

  it('comes last where it is likely: what a waiting process may hold up is read after everything else', () =>
    onMachine(async (machine) => {
      machine.put({ ...STUCK, pid: 1, state: 'D' });
      machine.put({ ...STUCK, pid: 2 });
      machine.put({ ...STUCK, pid: 3, io: { read: 3, written: 3 } });
      const reads = new StuckReads(1);
      const { processes } = await reads.during(machine, machine.source(undefined, reads.read).snapshot('full'));
      expect(reads.begun.at(-1)).toBe('1/io');
      expect(byPid(processes, 1)).toMatchObject({ readBytes: null, memory: 409_600 });
      expect(byPid(processes, 3)).toMatchObject({ name: 'some-very-long-name', readBytes: 3 });
    }));

  it('does not count as a failure, and a failure does not count as hanging', () =>
    onMachine(async (machine) => {
      machine.put(STUCK);
      let error: NodeJS.ErrnoException = Object.assign(new Error('no such process'), { code: 'ESRCH' });
      const source = machine.source(undefined, (_fd, _buffer, done) => setImmediate(done, error, 0));
      expect((await source.snapshot('plain')).processes[0]?.name).toBe('some-very-long-');
      error = Object.assign(new Error('out of memory'), { code: 'ENOMEM' });
      machine.put({ ...STUCK, born: 2 });
      await expect(source.snapshot('plain')).rejects.toMatchObject({ kind: 'SystemUnavailable', message: expect.stringContaining('cmdline: ENOMEM') });
      machine.put({ ...STUCK, born: 3 });
      await expect(source.snapshot('plain')).rejects.toThrow('ENOMEM');
    }));
});
