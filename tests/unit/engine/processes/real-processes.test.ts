/** Processes of the machine the tests run on, compared with `ps`. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../../../src/main/engine/clock';
import { systemDeps } from '../../../../src/main/engine/collectors/platform';
import { createProcesses, createProcessSource } from '../../../../src/main/engine/processes/index';
import { processesQuerySchema, processTableSchema } from '../../../../src/shared/processes/process-schemas';

const system = systemDeps();
const onLinux = system.platform === 'linux';
const hasPs = (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(`${folder}/ps`));
const isRoot = process.getuid?.() === 0;
const parts = { system, clock: systemClock, timers: systemTimers };

interface PsRow {
  readonly user: string;
  readonly rssKib: number;
  readonly seconds: number;
  readonly age: number;
  readonly name: string;
}

/** All processes as reported by `ps`. */
function ps(): Map<number, PsRow> {
  const text = execFileSync('ps', ['-eo', 'pid=,user:32=,rss=,times=,etimes=,comm='], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const rows = text.trimEnd().split('\n').map((line) => /^\s*(\d+) (\S+)\s+(\d+)\s+(\d+)\s+(\d+) (.*)$/.exec(line));
  return new Map(rows.flatMap((row) => (row === null ? [] : [[Number(row[1]), { user: row[2] ?? '', rssKib: Number(row[3]), seconds: Number(row[4]), age: Number(row[5]), name: row[6] ?? '' }] as const])));
}

/** A program that keeps a core busy until it is ended; resolves once it runs. */
const spinner = spawn(process.execPath, ['-e', 'process.stdout.write("on"); for (;;);', 'a name with ) and\nnewline'], { stdio: ['ignore', 'pipe', 'inherit'] });
beforeAll(() => once(spinner.stdout, 'data'));
afterAll(() => spinner.kill('SIGKILL'));

describe.runIf(onLinux && hasPs)(`compared with ps (Linux only${hasPs ? '' : '; ps is missing'})`, () => {
  it('report the same users, memory, CPU time and age', async () => {
    const source = createProcessSource(parts);
    const before = ps();
    const snapshot = await source.snapshot('full');
    const rows = ps();
    const both = snapshot.processes.filter(({ pid }) => before.has(pid) && rows.get(pid)?.name === before.get(pid)?.name);
    expect(both.length).toBeGreaterThan(5);
    const missing = [...rows.keys()].filter((pid) => before.has(pid) && !snapshot.processes.some((one) => one.pid === pid));
    expect(missing).toEqual([]);
    for (const one of both) {
      const [early, late] = [before.get(one.pid), rows.get(one.pid)];
      if (early === undefined || late === undefined) continue;
      expect(one.user, `user of ${one.pid} ${one.name}`).toBe(late.user);
      // ps has whole seconds, /proc hundredths.
      expect(one.busySeconds, `seconds of ${one.pid} ${one.name}`).toBeGreaterThanOrEqual(early.seconds - 1);
      expect(one.busySeconds).toBeLessThanOrEqual(late.seconds + 1);
      const age = (snapshot.time - (one.startedAt ?? 0)) / 1000;
      expect(age, `age of ${one.pid} ${one.name}`).toBeGreaterThanOrEqual(early.age - 2);
      expect(age).toBeLessThanOrEqual(late.age + 2);
      // The kernel counts pages per thread and sums them lazily: a few MB either way, plus changes since.
      const [low, high] = [Math.min(early.rssKib, late.rssKib) * 1024, Math.max(early.rssKib, late.rssKib) * 1024];
      expect(one.memory, `memory of ${one.pid} ${one.name}`).toBeGreaterThanOrEqual(low * 0.8 - 4e6);
      expect(one.memory).toBeLessThanOrEqual(high * 1.2 + 4e6);
    }
  });

  it('have complete names and one-line command lines', async () => {
    const { processes } = await createProcessSource(parts).snapshot('full');
    const own = processes.find(({ pid }) => pid === spinner.pid);
    expect(own?.name).toBe('node');
    expect(own?.command).toContain('a name with ) and newline');
    expect(own?.command).not.toContain('\n');
  });

  it('show the program that keeps a core busy', async () => {
    const { table, explain, close } = createProcesses({ ...parts, isActive: () => true, onHealth: () => undefined });
    const query = processesQuerySchema.parse({ search: `${spinner.pid ?? 0}`, limit: 1000 });
    const result = await table(query, true);
    expect(processTableSchema.safeParse(result).error).toBeUndefined();
    const own = result.processes.find(({ pid }) => pid === spinner.pid);
    // It shares the cores with other programs, and one thread cannot use more than one.
    expect(own?.cpu).toBeGreaterThan(5);
    expect(own?.cpu).toBeLessThanOrEqual(110);
    const { culprits, top } = await explain('cpu');
    expect(culprits.length).toBeGreaterThan(0);
    expect(top.length).toBeLessThanOrEqual(10);
    expect((await explain('memory')).culprits[0]?.value).toBeGreaterThan(1e6);
    close();
  });
});

/** Whether there is a process of another user: root can switch to user nobody; in some containers all belong to one user. */
const hasOthers = isRoot || (onLinux && statSync('/proc/1').uid !== process.getuid?.());

describe.runIf(onLinux && hasOthers)(`permission (Linux only${hasOthers ? '' : '; there are no other users’ processes'})`, () => {
  it('read all but the disk I/O of another user’s process', async () => {
    // The tests run as root in a container: for this snapshot they switch to user nobody.
    if (isRoot) process.seteuid?.(65_534);
    try {
      const source = createProcessSource(parts);
      for (let snapshot = 0; snapshot < 2; snapshot += 1) {
        const init = (await source.snapshot('full')).processes.find(({ pid }) => pid === 1);
        expect(init).toMatchObject({ user: 'root', readBytes: null, writtenBytes: null, memory: expect.any(Number), busySeconds: expect.any(Number) });
      }
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    const own = (await createProcessSource(parts).snapshot('io')).processes.find(({ pid }) => pid === process.pid);
    expect(own?.readBytes).toEqual(expect.any(Number));
  });
});
