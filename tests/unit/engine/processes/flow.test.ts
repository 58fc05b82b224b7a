/** When processes are read: only for who asks, and as often as that needs. */
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
/** One process that has had half a core since the look before, if that was 600 ms ago. */
const busy = (snapshot: number) => [raw(1, { busySeconds: snapshot * 0.3, writtenBytes: snapshot * 600 })];

describe('the table', () => {
  it('looks twice at first, then once for each answer, rates counting from the look before', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const { table } = createProcessTables(parts);
    const first = await after(time, 600, table(ALL, true));
    expect(first).toMatchObject({ total: 1, matching: 1, processes: [{ pid: 1, cpu: 50, command: '/bin/p1' }] });
    expect(source.asked).toEqual(['full', 'full']);
    await time.pass(2000);
    expect((await table(ALL, true)).processes[0]?.cpu).toBe(15);
    expect(source.asked).toHaveLength(3);
  });

  it('answers everybody from a look that is fresh or under way', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const { table } = createProcessTables(parts);
    await after(time, 600, Promise.all([table(ALL, true), table({ ...ALL, search: 'p1' }, true)]));
    await time.pass(800);
    await table(ALL, true);
    expect(source.asked).toHaveLength(2);
  });

  it('begins anew after ten seconds of nobody asking, and remembers nothing meanwhile', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const { table } = createProcessTables(parts);
    await after(time, 600, table(ALL, true));
    await time.pass(9000);
    expect(source.forgotten).toBe(0);
    await table(ALL, true);
    expect(source.asked).toHaveLength(3);
    await time.pass(10_000);
    expect(source.forgotten).toBe(1);
    await after(time, 600, table(ALL, true));
    expect(source.asked).toHaveLength(5);
  });

  it('neither tells command lines nor searches them for those who may not know them', async () => {
    const { time, parts } = snapshotParts(() => [raw(1, { name: 'sync', command: 'sync --password=hunter2' })]);
    const { table } = createProcessTables(parts);
    expect((await after(time, 600, table(ALL, false))).processes[0]).toMatchObject({ name: 'sync', command: null });
    expect((await table({ ...ALL, search: 'hunter' }, false)).matching).toBe(0);
    expect((await table({ ...ALL, search: 'hunter' }, true)).matching).toBe(1);
  });

  it('fails with its reason, and works again when the system does', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const { table, close } = createProcessTables(parts);
    source.failure = new Error('no /proc');
    expect(await failureOf(() => table(ALL, true))).toMatchObject({ message: 'no /proc' });
    source.failure = null;
    expect((await after(time, 600, table(ALL, true))).total).toBe(1);
    close();
    await time.pass(20_000);
    expect(source.forgotten).toBe(0);
  });
});

describe('the explanation of an alert', () => {
  it('takes two looks half a second apart, and disk I/O only where that is asked about', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const explain = createCulpritFinder(parts);
    const { culprits, top } = await after(time, 600, explain('cpu'));
    expect(culprits).toEqual([{ name: 'p1', pid: 1, value: 50, unit: 'percent' }]);
    expect(top).toEqual([{ name: 'p1', pid: 1, cpu: 50, memory: 1000 }]);
    expect(source.asked).toEqual(['plain', 'plain']);
    expect((await after(time, 600, explain('disk'))).culprits).toEqual([{ name: 'p1', pid: 1, value: 1000, unit: 'bytesPerSecond' }]);
    expect(source.asked).toEqual(['plain', 'plain', 'io', 'io']);
  });

  it('stands for all alerts of a storm, and not for a later one', async () => {
    const { time, source, parts } = snapshotParts(busy);
    const explain = createCulpritFinder(parts);
    await after(time, 600, Promise.all([explain('disk'), ...Array.from({ length: 40 }, () => explain('memory'))]));
    expect(source.asked).toHaveLength(2);
    await time.pass(3000);
    await after(time, 600, explain('cpu'));
    expect(source.asked).toHaveLength(4);
  });

  it('rejects when processes cannot be read', async () => {
    const { source, parts } = snapshotParts(busy);
    source.failure = new Error('no /proc');
    expect(await failureOf(() => createCulpritFinder(parts)('cpu'))).toMatchObject({ message: 'no /proc' });
  });
});

describe('each minute', () => {
  function minutes() {
    const made = snapshotParts((snapshot) => [raw(1, { name: 'busy', busySeconds: snapshot * 30 }), raw(2, { name: 'large', memory: 5000 })]);
    const state = { active: true, kept: [] as TopProcesses[], health: [] as (string | null)[] };
    const snapshots = createTopProcessRecorder({ ...made.parts, isActive: () => state.active, onHealth: (failure) => state.health.push(failure) });
    /** Lets minutes pass, and what each began end. */
    const pass = async (count: number): Promise<void> => {
      for (let minute = 0; minute < count; minute += 1) {
        await made.time.pass(60_000);
        await settle();
        await settle();
      }
    };
    return { ...made, ...snapshots, state, pass, listen: () => snapshots.subscribe((top) => state.kept.push(top)) };
  }

  it('is read while somebody listens, and tells the share of the whole minute', async () => {
    const { source, state, pass, listen } = minutes();
    await pass(3);
    expect(source.asked).toEqual([]);
    const leave = listen();
    await pass(3);
    expect(source.asked).toEqual(['plain', 'plain', 'plain']);
    expect(state.kept).toHaveLength(2);
    expect(state.kept[0]).toMatchObject({ incident: null, processes: [{ name: 'busy', cpu: 50 }, { name: 'large', memory: 5000 }] });
    leave();
    await pass(3);
    expect(source.asked).toHaveLength(3);
    listen();
    await pass(1);
    expect(state.kept).toHaveLength(2);
  });

  it('is left out while monitoring is paused, and begins anew after it', async () => {
    const { source, state, pass, listen } = minutes();
    listen();
    await pass(2);
    state.active = false;
    await pass(30);
    expect(source.asked).toHaveLength(2);
    state.active = true;
    await pass(1);
    expect(state.kept).toHaveLength(1);
    await pass(1);
    expect(state.kept).toHaveLength(2);
  });

  it('spreads nothing over a time in which the process stood still', async () => {
    const { time, source, state, pass, listen } = minutes();
    listen();
    await pass(1);
    time.stall(600_000);
    // The look that is ten minutes late, and the one a minute after it.
    await pass(1);
    expect(source.asked).toHaveLength(3);
    expect(state.kept.map(({ processes }) => processes[0]?.cpu)).toEqual([50]);
  });

  it('goes on after a failure, which it tells', async () => {
    const { source, state, pass, listen, close } = minutes();
    listen();
    source.failure = new Error('no /proc');
    await pass(2);
    source.failure = null;
    await pass(2);
    expect(state.health).toEqual(['no /proc', 'no /proc', null, null]);
    expect(state.kept).toHaveLength(1);
    close();
    await pass(2);
    expect(state.kept).toHaveLength(1);
  });

  it('is never read where that would start a program', async () => {
    const { source, pass, listen } = minutes();
    source.spawns = true;
    listen();
    await pass(3);
    expect(source.asked).toEqual([]);
  });
});
