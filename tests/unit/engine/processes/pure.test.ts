import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likelyPids, measureOf, sharingGroups, toCulprits, topBy } from '../../../../src/main/engine/processes/culprits';
import { byValue, topK } from '../../../../src/main/engine/processes/top-k';
import { topOfMinute } from '../../../../src/main/engine/processes/top-process-recorder';
import { toBaseline, toProcess } from '../../../../src/main/engine/processes/rates';
import { compareBy, selectProcesses, toSearchTest } from '../../../../src/main/engine/processes/select';
import { culpritSchema } from '../../../../src/shared/alerts/incident';
import { PROCESS_COLUMNS } from '../../../../src/shared/processes/process-columns';
import { processesQuerySchema } from '../../../../src/shared/processes/process-schemas';
import type { RawProcess } from '../../../../src/main/engine/processes/process-source';
import { info, raw } from '../../../support/process-source';

const baseOf = (...processes: RawProcess[]) => toBaseline({ time: 0, mono: 0, processes });
const slicing = { mono: () => 0, yieldToEventLoop: () => Promise.resolve() };

describe('rates', () => {
  it('are per second, and percent of one core', () => {
    const baseline = baseOf(raw(1, { busySeconds: 10, readBytes: 1000, writtenBytes: 0 }));
    const now = raw(1, { busySeconds: 16.2, readBytes: 5000, writtenBytes: 1 });
    expect(toProcess(now, baseline, 2)).toMatchObject({ cpu: 310, read: 2000, written: 1 });
  });

  it('are null without a baseline, and if a counter is missing or decreased', () => {
    const full = raw(1, { busySeconds: 5, readBytes: 5, writtenBytes: 5 });
    expect(toProcess(full, null, 0)).toMatchObject({ cpu: null, read: null, written: null });
    expect(toProcess(full, baseOf(full), 0)).toMatchObject({ cpu: null, read: null });
    expect(toProcess(full, baseOf(raw(1, { readBytes: null, writtenBytes: 6, busySeconds: 6 })), 1)).toMatchObject({ cpu: null, read: null, written: null });
    expect(toProcess(raw(1, { readBytes: null }), baseOf(full), 1)).toMatchObject({ read: null });
  });

  it('count from zero for a process that started since, and not for one that was hidden', () => {
    const baseline = baseOf(raw(50, { born: 500 }), raw(60, { born: 400 }));
    expect(toProcess(raw(70, { born: 501, busySeconds: 1, readBytes: 10 }), baseline, 2)).toMatchObject({ cpu: 50, read: 5 });
    expect(toProcess(raw(10, { born: 100, busySeconds: 9000, readBytes: 1e9 }), baseline, 2)).toMatchObject({ cpu: null, read: null });
  });

  it('use the CPU share where the system reports it', () => {
    expect(toProcess(raw(1, { busySeconds: null, cpu: 12.34 }), baseOf(raw(1)), 2).cpu).toBe(12.3);
    expect(toProcess(raw(1, { busySeconds: null, cpu: null }), null, 0).cpu).toBeNull();
  });
});

describe('topK', () => {
  it('is the beginning of the sorted list (property)', () => {
    const items = fc.array(fc.record({ value: fc.option(fc.integer({ min: 0, max: 9 })), at: fc.nat() }), { maxLength: 60 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 12 }), (list, count) => {
        const compare = byValue<(typeof list)[number]>(({ value }) => value);
        expect(topK(list, count, compare)).toEqual(list.toSorted(compare).slice(0, count));
      }),
    );
  });
});

describe('process table rows', () => {
  const all = [info(1, { name: 'init', user: 'root', cpu: 0.1, command: null }), info(12, { name: 'Chrome', cpu: 90, memory: 5, command: '/opt/chrome --type=renderer' }), info(120, { name: 'node', user: null, cpu: null, command: 'node server.js' })];
  const pids = async (query: object): Promise<number[]> => (await selectProcesses(all, processesQuerySchema.parse(query), slicing)).processes.map(({ pid }) => pid);

  it('match words in name, user, command line and container, ignoring case, and the beginning of process ids', async () => {
    expect(await pids({ search: 'chrome RENDER' })).toEqual([12]);
    expect(await pids({ search: 'root' })).toEqual([1]);
    expect(await pids({ search: '12', sort: 'pid', descending: false })).toEqual([12, 120]);
    expect(await pids({ search: '  ' })).toHaveLength(3);
    expect(await pids({ search: 'node nothing' })).toEqual([]);
    expect(toSearchTest('post shop')(info(1, { name: 'postgres', container: 'Shop-DB' }))).toBe(true);
    // Words are not patterns: a search for a bracket finds a bracket.
    expect(toSearchTest('[')(info(1, { name: 'a[0]' }))).toBe(true);
  });

  it('are sorted in both directions, missing values last in either', async () => {
    expect(await pids({ sort: 'cpu', descending: true })).toEqual([12, 1, 120]);
    expect(await pids({ sort: 'cpu', descending: false })).toEqual([1, 12, 120]);
    expect(await pids({ sort: 'user', descending: true })).toEqual([1, 12, 120]);
    expect(await pids({ sort: 'name', descending: false })).toEqual([12, 1, 120]);
    expect(await pids({ sort: 'pid', descending: true, limit: 2 })).toEqual([120, 12]);
    expect(await selectProcesses(all, processesQuerySchema.parse({ limit: 1 }), slicing)).toMatchObject({ matching: 3, processes: [{ pid: 12 }] });
  });

  it('are in order of process id where equal, for every column', () => {
    for (const column of PROCESS_COLUMNS) {
      if (column === 'pid') continue;
      const same = [3, 1, 2].map((pid) => info(pid, { name: 'same', command: 'same' }));
      for (const descending of [true, false]) expect(same.toSorted(compareBy(column, descending)).map(({ pid }) => pid)).toEqual([1, 2, 3]);
    }
  });
});

describe('culprits', () => {
  const processes = [
    info(1, { name: 'chrome', cpu: 200, memory: 10 }),
    info(2, { name: 'chrome', cpu: 110.04, memory: 90 }),
    info(3, { name: 'node', cpu: 84, memory: 300, read: 5, written: 7 }),
    info(4, { name: 'tiny', cpu: 1, memory: 1, read: null, written: null }),
    info(5, { name: 'quiet', cpu: null, memory: null }),
  ];

  it('are summed by name, with the process id of the largest, and without small shares', () => {
    expect(toCulprits(processes, 'cpu')).toEqual([
      { name: 'chrome', pid: 1, value: 310, unit: 'percent' },
      { name: 'node', pid: 3, value: 84, unit: 'percent' },
    ]);
    expect(toCulprits(processes, 'memory').map(({ name, pid, value }) => [name, pid, value])).toEqual([['node', 3, 300], ['chrome', 2, 100]]);
    expect(toCulprits(processes, 'disk')).toEqual([{ name: 'node', pid: 3, value: 12, unit: 'bytesPerSecond' }]);
  });

  it('are of one program in one place: the same program in another container is another one', () => {
    const processes = [info(1, { name: 'postgres', cpu: 30 }), info(2, { name: 'postgres', cpu: 40, container: 'shop-db' }), info(3, { name: 'postgres', cpu: 20, container: 'shop-db' }), info(4, { name: 'postgres', cpu: 10, container: 'blog-db' })];
    expect(toCulprits(processes, 'cpu').map(({ name, container, pid, value }) => [name, container, pid, value])).toEqual([['postgres', 'shop-db', 2, 60], ['postgres', undefined, 1, 30], ['postgres', 'blog-db', 4, 10]]);
    expect(topBy(processes, 'cpu', 2)).toEqual([{ name: 'postgres', container: 'shop-db', pid: 2, cpu: 40, memory: 0 }, { name: 'postgres', pid: 1, cpu: 30, memory: 0 }]);
    expect([...sharingGroups(processes.map((one) => ({ ...one, memory: 100 }))).values()].map((members) => members.map(({ pid }) => pid))).toEqual([[2, 3]]);
  });

  it('are among those whose containers are looked up, and those are few', () => {
    const place = fc.constantFrom(null, 'a', 'b', 'c');
    const one = fc.record({ name: fc.constantFrom('x', 'y', 'z', 'w', 'v', 'u', 't'), container: place, cpu: fc.option(fc.integer({ min: 0, max: 1000 })) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), (list) => {
        const inside = list.map((own, at) => info(at + 1, own));
        const pids = new Set(likelyPids(inside.map((it) => ({ ...it, container: null })), 'cpu', 10));
        const looked = inside.map((it) => (pids.has(it.pid) ? it : { ...it, container: null }));
        expect(toCulprits(looked, 'cpu')).toEqual(toCulprits(inside, 'cpu'));
        expect(topBy(looked, 'cpu', 10)).toEqual(topBy(inside, 'cpu', 10));
      }),
    );
    const idle = Array.from({ length: 500 }, (_, at) => info(at + 1, { cpu: 0.1 }));
    expect(likelyPids([...idle, info(900, { cpu: 90 })], 'cpu', 10)).toHaveLength(10);
  });

  it('match their schema, are few, and empty if nothing is known', () => {
    const many = Array.from({ length: 100 }, (_, at) => info(at + 1, { cpu: 10 }));
    expect(toCulprits(many, 'cpu')).toHaveLength(5);
    for (const culprit of toCulprits(many, 'cpu')) expect(culpritSchema.safeParse(culprit).success).toBe(true);
    expect(toCulprits([info(1), info(2, { cpu: null })], 'cpu')).toEqual([]);
    expect(measureOf(info(1, { read: null, written: 4 }), 'disk')).toBe(4);
  });

  it('of a minute are the top by CPU and by memory, each once', () => {
    const top = topOfMinute(processes);
    expect(top.map(({ pid }) => pid)).toEqual([1, 2, 3, 4]);
    expect(top[0]).toEqual({ name: 'chrome', pid: 1, cpu: 200, memory: 10 });
    const many = Array.from({ length: 40 }, (_, at) => info(at + 1, { cpu: at, memory: 1000 - at }));
    expect(topOfMinute(many).map(({ pid }) => pid)).toEqual([40, 39, 38, 37, 36, 1, 2, 3, 4, 5]);
    expect(topBy(many, 'disk', 10)).toEqual([]);
  });
});
