/** When process snapshots are taken: on request only, and no more often than needed. */
import { describe, expect, it } from 'vitest';
import { createCulpritFinder } from '../../../../src/main/engine/processes/culprit-finder';
import { createTopProcessRecorder } from '../../../../src/main/engine/processes/top-process-recorder';
import { createProcessTables } from '../../../../src/main/engine/processes/process-table-reader';
import { processesQuerySchema } from '../../../../src/shared/processes/process-schemas';
import type { TopProcesses } from '../../../../src/shared/processes/process-schemas';
import { failureOf } from '../../../support/recorded-machine';
import { settle } from '../../../support/collectors';
import { after, snapshotParts, raw } from '../../../support/process-source';

const ALL = processesQuerySchema.parse({});
/** One process that used half a core since the previous snapshot, if that was 600 ms ago. */
const busy = (snapshot: number) => [raw(1, { busySeconds: snapshot * 0.3, writtenBytes: snapshot * 600 })];

describe('process table', () => {
  it('takes two snapshots at first, then one per call, with rates since the previous one', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const { table } = createProcessTables(parts);
    const first = await after(time, 600, table(ALL, true));
    expect(first).toMatchObject({ total: 1, matching: 1, processes: [{ pid: 1, cpu: 50, command: '/bin/p1' }] });
    expect(source.requested).toEqual(['full', 'full']);
    await time.pass(2000);
    expect((await table(ALL, true)).processes[0]?.cpu).toBe(15);
    expect(source.requested).toHaveLength(3);
  });

  it('reuses a snapshot that is recent or in progress', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const { table } = createProcessTables(parts);
    await after(time, 600, Promise.all([table(ALL, true), table({ ...ALL, search: 'p1' }, true)]));
    await time.pass(800);
    await table(ALL, true);
    expect(source.requested).toHaveLength(2);
  });

  it('drops its caches after ten seconds without a call, and starts again', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const { table } = createProcessTables(parts);
    await after(time, 600, table(ALL, true));
    await time.pass(9000);
    expect(source.forgetCalls).toBe(0);
    await table(ALL, true);
    expect(source.requested).toHaveLength(3);
    await time.pass(10_000);
    expect(source.forgetCalls).toBe(1);
    await after(time, 600, table(ALL, true));
    expect(source.requested).toHaveLength(5);
  });

  it('neither returns nor searches command lines for callers without access to them', async () => {
    const { time, parts } = snapshotParts(() => [raw(1, { name: 'sync', command: 'sync --password=hunter2' })]);
    const { table } = createProcessTables(parts);
    expect((await after(time, 600, table(ALL, false))).processes[0]).toMatchObject({ name: 'sync', command: null });
    expect((await table({ ...ALL, search: 'hunter' }, false)).matching).toBe(0);
    expect((await table({ ...ALL, search: 'hunter' }, true)).matching).toBe(1);
  });

  it('fails with the fault of the source, and recovers with it', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const { table, close } = createProcessTables(parts);
    source.failure = new Error('no /proc');
    expect(await failureOf(() => table(ALL, true))).toMatchObject({ message: 'no /proc' });
    source.failure = null;
    expect((await after(time, 600, table(ALL, true))).total).toBe(1);
    close();
    await time.pass(20_000);
    expect(source.forgetCalls).toBe(0);
  });
});

describe('culprit finder', () => {
  it('takes two snapshots half a second apart, with disk I/O only for disk alerts', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const explain = createCulpritFinder(parts);
    const { culprits, top } = await after(time, 600, explain('cpu'));
    expect(culprits).toEqual([{ name: 'p1', pid: 1, value: 50, unit: 'percent' }]);
    expect(top).toEqual([{ name: 'p1', pid: 1, cpu: 50, memory: 1000 }]);
    expect(source.requested).toEqual(['plain', 'plain']);
    expect((await after(time, 600, explain('disk'))).culprits).toEqual([{ name: 'p1', pid: 1, value: 1000, unit: 'bytesPerSecond' }]);
    expect(source.requested).toEqual(['plain', 'plain', 'io', 'io']);
  });

  it('reuses its result for alerts at the same time, not for a later one', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const explain = createCulpritFinder(parts);
    await after(time, 600, Promise.all([explain('disk'), ...Array.from({ length: 40 }, () => explain('memory'))]));
    expect(source.requested).toHaveLength(2);
    await time.pass(3000);
    await after(time, 600, explain('cpu'));
    expect(source.requested).toHaveLength(4);
  });

  it('tells the containers of those that use most, looked up once for alerts at the same time', async () => {
    const { time, source, parts } = snapshotParts(busy);
    source.containers.set(1, 'shop-db');
    const explain = createCulpritFinder(parts);
    const [{ culprits, top }] = await after(time, 600, Promise.all([explain('cpu'), explain('cpu'), explain('cpu')]));
    expect(culprits).toEqual([{ name: 'p1', container: 'shop-db', pid: 1, value: 50, unit: 'percent' }]);
    expect(top).toEqual([{ name: 'p1', container: 'shop-db', pid: 1, cpu: 50, memory: 1000 }]);
    expect(source.askedFor).toEqual([[1]]);
  });

  it('names those that use most of a graphics card, asked for the cards alone, with their own CPU use and memory', async () => {
    const { time, parts } = snapshotParts(busy);
    let asked = 0;
    const gpuLoads = (): Promise<ReadonlyMap<number, number>> => {
      asked += 1;
      return Promise.resolve(new Map([[1, 91.4], [99, 5]]));
    };
    const explain = createCulpritFinder({ ...parts, gpuLoads });
    await after(time, 600, explain('cpu'));
    expect(asked).toBe(0);
    const { culprits, top } = await after(time, 600, explain('gpu'));
    expect(culprits).toEqual([{ name: 'p1', pid: 1, value: 91.4, unit: 'percent' }]);
    expect(top).toEqual([{ name: 'p1', pid: 1, cpu: 50, memory: 1000 }]);
    expect(asked).toBe(1);
  });

  it('names nobody for a graphics card where the system does not tell', async () => {
    const { time, parts } = snapshotParts(busy);
    expect(await after(time, 600, createCulpritFinder(parts)('gpu'))).toEqual({ culprits: [], top: [] });
  });

  it('rejects when processes cannot be read', async () => {
    const { source, parts } = snapshotParts(busy);
    source.failure = new Error('no /proc');
    expect(await failureOf(() => createCulpritFinder(parts)('cpu'))).toMatchObject({ message: 'no /proc' });
  });
});

describe('top process recorder', () => {
  function minutes() {
    const made = snapshotParts((snapshot) => [raw(1, { name: 'busy', busySeconds: snapshot * 30 }), raw(2, { name: 'large', memory: 5000 })]);
    const state = { active: true, recorded: [] as TopProcesses[], health: [] as (string | null)[] };
    const snapshots = createTopProcessRecorder({ ...made.parts, isActive: () => state.active, onHealth: (failure) => state.health.push(failure) });
    /** Lets minutes pass, and pending snapshots finish. */
    const pass = async (count: number): Promise<void> => {
      for (let minute = 0; minute < count; minute += 1) {
        await made.time.pass(60_000);
        await settle();
        await settle();
      }
    };
    return { ...made, ...snapshots, state, pass, listen: () => snapshots.subscribe((top) => state.recorded.push(top)) };
  }

  it('takes snapshots while there are subscribers, and reports means over the minute', async () => {
    const { source, state, pass, listen } = minutes();
    await pass(3);
    expect(source.requested).toEqual([]);
    const leave = listen();
    await pass(3);
    expect(source.requested).toEqual(['plain', 'plain', 'plain']);
    expect(state.recorded).toHaveLength(2);
    expect(state.recorded[0]).toMatchObject({ incident: null, processes: [{ name: 'busy', cpu: 50 }, { name: 'large', memory: 5000 }] });
    leave();
    await pass(3);
    expect(source.requested).toHaveLength(3);
    listen();
    await pass(1);
    expect(state.recorded).toHaveLength(2);
  });

  it('takes no snapshots while monitoring is paused, and starts again after it', async () => {
    const { source, state, pass, listen } = minutes();
    listen();
    await pass(2);
    state.active = false;
    await pass(30);
    expect(source.requested).toHaveLength(2);
    state.active = true;
    await pass(1);
    expect(state.recorded).toHaveLength(1);
    await pass(1);
    expect(state.recorded).toHaveLength(2);
  });

  it('records nothing across a time in which the app was stalled', async () => {
    const { time, source, state, pass, listen } = minutes();
    listen();
    await pass(1);
    time.stall(600_000);
    // The snapshot that is ten minutes late, and the one a minute later.
    await pass(1);
    expect(source.requested).toHaveLength(3);
    expect(state.recorded.map(({ processes }) => processes[0]?.cpu)).toEqual([50]);
  });

  it('reports a failure and continues after it', async () => {
    const { source, state, pass, listen, close } = minutes();
    listen();
    source.failure = new Error('no /proc');
    await pass(2);
    source.failure = null;
    await pass(2);
    expect(state.health).toEqual(['no /proc', 'no /proc', null, null]);
    expect(state.recorded).toHaveLength(1);
    close();
    await pass(2);
    expect(state.recorded).toHaveLength(1);
  });

  it('takes no snapshots if they would start a program', async () => {
    const { source, pass, listen } = minutes();
    source.startsProcess = true;
    listen();
    await pass(3);
    expect(source.requested).toEqual([]);
  });
});
