/** Memory of the processes of one program together: what they share counts once. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCulpritFinder } from '../../../../src/main/engine/processes/culprit-finder';
import type { CulpritReport } from '../../../../src/main/engine/processes/culprit-finder';
import { sharingGroups } from '../../../../src/main/engine/processes/culprits';
import { groupBytes, parseMachineMemory, parseStatm } from '../../../../src/main/engine/processes/group-memory.linux';
import type { ProcessSource } from '../../../../src/main/engine/processes/process-source';
import { formatCulprits, toAlertText } from '../../../../src/shared/alerts/alert-text';
import type { IncidentEvent } from '../../../../src/shared/alerts/incident-event';
import { yieldToEventLoop } from '../../../../src/main/engine/time-slicing';
import { eventOf, incidentOf } from '../../../support/alert-samples';
import { after, info, snapshotParts, raw } from '../../../support/process-source';
import { onMachine } from '../../../support/proc-tree';
import type { FakeMachine } from '../../../support/proc-tree';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const PAGES = GIB / 4096;

/** What an alert about memory says. */
async function explainMemory(machine: FakeMachine): Promise<CulpritReport> {
  const report = createCulpritFinder({ source: machine.source(), timers: machine.time, slicing: { mono: machine.time.mono, yieldToEventLoop } })('memory');
  const state = { isOver: false };
  const end = report.finally(() => (state.isOver = true));
  // The second snapshot comes a while after the first, whenever that is complete.
  while (!state.isOver) {
    await yieldToEventLoop();
    await machine.time.pass(600);
  }
  return end;
}

/** Bytes by program. */
const sizesOf = ({ culprits }: CulpritReport): Record<string, number> => Object.fromEntries(culprits.map(({ name, value }) => [name, value]));

const meminfo = (totalKib: number, anonKib?: number): string => `MemTotal:       ${totalKib} kB\nMemFree:        1 kB\n${anonKib === undefined ? '' : `AnonPages:   ${anonKib} kB\n`}`;

describe('programs of many processes', () => {
  it('count the buffers that their processes share once, in the alert and its text', () =>
    onMachine(async (machine) => {
      machine.write('proc/meminfo', meminfo(16 * 1024 * 1024));
      for (let pid = 1; pid <= 40; pid += 1) machine.put({ pid, name: 'postgres', pages: 2 * PAGES, resident: { anon: 20_480, file: 0, shmem: 2_076_672 } });
      const report = await explainMemory(machine);
      expect(sizesOf(report)).toEqual({ postgres: 40 * 20_480 * KIB + 2_076_672 * KIB });
      const fired: IncidentEvent = eventOf('fired', incidentOf({ series: 'memory.usage', culprits: report.culprits }));
      expect(toAlertText(fired).body).toContain('postgres 2.76\u202fGiB');
      expect(formatCulprits(report.culprits)).toBe('postgres 2.76\u202fGiB');
    }));

  it.each([
    ['a browser, whose processes share its files', { anon: 100 * 1024, file: 200 * 1024, shmem: 50 * 1024 }, 20, 20 * 100 + 250],
    ['workers that share nothing', { anon: 300 * 1024, file: 0, shmem: 0 }, 4, 1200],
    ['workers that share all', { anon: 0, file: 10 * 1024, shmem: 1024 * 1024 }, 100, 1034],
  ])('%s', (_, resident, count, mib) =>
    onMachine(async (machine) => {
      machine.write('proc/meminfo', meminfo(8 * 1024 * 1024));
      const pages = ((resident.anon + resident.file + resident.shmem) * KIB) / 4096;
      for (let pid = 1; pid <= count; pid += 1) machine.put({ pid, name: 'worker', pages, resident });
      expect(sizesOf(await explainMemory(machine))).toEqual({ worker: mib * MIB });
    }));

  it('are limited to the anonymous memory of the machine: forked processes still share their own', () =>
    onMachine(async (machine) => {
      machine.write('proc/meminfo', meminfo(16 * 1024 * 1024, 10.5 * 1024 * 1024));
      // A database that has forked to write its contents to disk, and preloaded workers.
      for (const pid of [1, 2]) machine.put({ pid, name: 'redis-server', pages: 10 * PAGES, resident: { anon: 10 * 1024 * 1024, file: 4096, shmem: 0 } });
      expect(sizesOf(await explainMemory(machine))).toEqual({ 'redis-server': 10.5 * GIB + 4 * MIB });
    }));

  it('are limited to the memory of the machine', () =>
    onMachine(async (machine) => {
      machine.write('proc/meminfo', meminfo(1024 * 1024));
      for (let pid = 1; pid <= 9; pid += 1) machine.put({ pid, name: 'forked', pages: PAGES / 2, resident: { anon: 512 * 1024, file: 0, shmem: 0 } });
      expect(sizesOf(await explainMemory(machine))).toEqual({ forked: GIB });
    }));

  it('use statm where the kernel does not tell the kinds of pages, and the largest process where nothing is told', () =>
    onMachine(async (machine) => {
      machine.write('proc/meminfo', meminfo(16 * 1024 * 1024));
      for (let pid = 1; pid <= 4; pid += 1) {
        machine.put({ pid, name: 'old', pages: 1000 });
        machine.write(`proc/${pid}/statm`, '5000 1000 900 10 0 200 0\n');
      }
      for (let pid = 11; pid <= 14; pid += 1) machine.put({ pid, name: 'silent', pages: pid * 10 });
      expect(sizesOf(await explainMemory(machine))).toEqual({ old: (4 * 100 + 900) * 4096, silent: 140 * 4096 });
    }));

  it('keep the order of what they use together, not of what they seem to', () =>
    onMachine(async (machine) => {
      machine.write('proc/meminfo', meminfo(16 * 1024 * 1024));
      for (let pid = 1; pid <= 40; pid += 1) machine.put({ pid, name: 'postgres', pages: PAGES, resident: { anon: 1024, file: 0, shmem: 1023 * 1024 } });
      machine.put({ pid: 90, name: 'game', pages: 3 * PAGES });
      const { culprits, top } = await explainMemory(machine);
      expect(culprits.map(({ name, pid, value }) => [name, pid, value])).toEqual([['game', 90, 3 * GIB], ['postgres', 1, 40 * MIB + 1023 * MIB]]);
      expect(top[0]).toMatchObject({ name: 'game' });
    }));
});

describe('what is read', () => {
  it('is only asked for programs that may be listed and have several processes, and once for alerts at the same time', async () => {
    const asked: (readonly (readonly { pid: number }[])[])[] = [];
    const { time, source, parts } = snapshotParts(() => [
      ...[1, 2, 3].map((pid) => raw(pid, { name: 'many', memory: 4000 })),
      raw(4, { name: 'one', memory: 9000 }),
      ...[5, 6].map((pid) => raw(pid, { name: 'tiny', memory: 1 })),
    ]);
    const withGroups: ProcessSource = Object.assign(source, {
      groupMemory: async (groups: readonly (readonly { pid: number }[])[]) => {
        asked.push(groups);
        return [5000];
      },
    });
    const explain = createCulpritFinder({ ...parts, source: withGroups });
    const reports = await after(time, 600, Promise.all([explain('memory'), explain('memory'), explain('cpu')]));
    expect(reports[1].culprits.map(({ name, value }) => [name, value])).toEqual([['one', 9000], ['many', 5000]]);
    expect(asked.map((groups) => groups.map((members) => members.map(({ pid }) => pid)))).toEqual([[[1, 2, 3]]]);
  });

  it('leaves out what cannot be among the largest', () => {
    const rows = [info(1, { name: 'a', memory: 100 }), info(2, { name: 'b', memory: 2 }), info(3, { name: 'b', memory: 2 }), info(4, { name: 'c', memory: 3 }), info(5, { name: 'c', memory: 2 }), info(6, { name: 'd', memory: null })];
    expect([...sharingGroups(rows).keys()]).toEqual(['c']);
  });

  it('is parsed from meminfo and statm, without a limit where they lack it', () => {
    expect(parseMachineMemory(meminfo(2048, 1024))).toEqual({ total: 2 * MIB, anon: MIB });
    expect(parseMachineMemory('')).toEqual({ total: Infinity, anon: Infinity });
    expect(parseStatm('9 8 3 1 0 1 0', 4096)).toEqual({ anon: 5 * 4096, file: 3 * 4096, shmem: null });
    expect([parseStatm('', 4096), parseStatm('9 2 3', 4096)]).toEqual([null, null]);
  });
});

describe('a group', () => {
  it('uses at least what its largest process does and at most their sum, and no more than there is (property)', () => {
    const part = fc.nat({ max: 2 ** 34 });
    const member = fc.record({ anon: part, file: part, shmem: part });
    const sum = ({ anon, file, shmem }: { anon: number; file: number; shmem: number }): number => anon + file + shmem;
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 30 }), fc.nat({ max: 2 ** 36 }), (members, spare) => {
        // The machine has at least what its largest process has.
        const machine = { total: Math.max(...members.map(sum)) + spare, anon: Math.max(...members.map(({ anon }) => anon)) + spare };
        const bytes = groupBytes(members, machine);
        expect(bytes).toBeLessThanOrEqual(machine.total);
        expect(bytes).toBeLessThanOrEqual(members.reduce((all, one) => all + sum(one), 0));
        expect(bytes).toBeGreaterThanOrEqual(Math.max(...members.map(sum)));
        // Another process of the group never makes it smaller.
        expect(groupBytes([...members, { anon: 0, file: 0, shmem: 0 }], machine)).toBe(bytes);
      }),
    );
  });
});
