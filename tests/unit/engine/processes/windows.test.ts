/** Processes of Windows: what is known of each, for how long, and what is not asked. */
import { describe, expect, it } from 'vitest';
import { win32Processes } from '../../../../src/main/engine/processes/processes.win32';
import { toBaseline, toProcesses } from '../../../../src/main/engine/processes/rates';
import type { ProcessDetails } from '../../../../src/main/engine/windows/library';
import { fakeWindows, processList } from '../../../support/windows';
import type { EntryFacts } from '../../../support/windows';
import { failureOf } from '../../../support/recorded-machine';

const NOW = 1_796_000_000_000;
const OWN: EntryFacts = { pid: 1000, name: 'Traywatch.exe', parent: 900, startedAt: NOW - 60_000, busySeconds: 1, memory: 200e6, privateMemory: 120e6 };
const BROWSER: EntryFacts = { pid: 2000, name: 'größe browser.exe', startedAt: NOW - 3_600_000, busySeconds: 100, memory: 300e6, privateMemory: 250e6, read: 5000, written: 6000 };

const sid = (...parts: readonly number[]): Buffer => {
  const body = Buffer.alloc(8 + 4 * parts.length);
  body.writeUInt8(1, 0);
  body.writeUInt8(parts.length, 1);
  body.writeUInt8(5, 7);
  parts.forEach((part, index) => body.writeUInt32LE(part, 8 + 4 * index));
  return Buffer.concat([Buffer.alloc(16), body]);
};

const commandLine = (text: string): Buffer => {
  const header = Buffer.alloc(16);
  header.writeUInt16LE(2 * text.length);
  return Buffer.concat([header, Buffer.from(text, 'utf16le')]);
};

const ADA = sid(21, 1, 2, 3, 1001);

const DETAILS: Readonly<Record<number, ProcessDetails>> = {
  1000: { commandLine: commandLine('"C:\\Program Files\\Traywatch\\Traywatch.exe" --tray'), user: ADA },
  2000: { commandLine: commandLine('browser\t--secret\u202e'), user: sid(18) },
  3000: { commandLine: null, user: null },
  4000: { commandLine: Buffer.from([200, 0]), user: Buffer.alloc(10) },
  5000: { commandLine: null, user: sid(21, 9, 9, 9, 500) },
};

function createMachine(entries: readonly EntryFacts[]) {
  const machine = { entries, mono: 0, asked: [] as number[] };
  const library = fakeWindows({
    processes: () => Promise.resolve(processList([{ pid: 0, name: '', threads: 8 }, ...machine.entries])),
    processDetails: (pid) => {
      machine.asked.push(pid);
      return DETAILS[pid] ?? null;
    },
    ownUser: () => ADA,
  });
  const clock = { now: () => NOW + machine.mono, mono: () => machine.mono, boot: () => 0 };
  const source = win32Processes({
    load: () => Promise.resolve(library),
    clock,
    ownName: () => 'Ada Größe',
    own: () => ({ pid: 1000, parent: 900, name: 'traywatch.exe', startedAt: NOW - 60_500, memory: 210e6 }),
    totalMemory: () => 1e9,
    yieldToEventLoop: () => Promise.resolve(),
  });
  return { machine, source };
}

describe('a snapshot', () => {
  it('has what the list tells, and starts no program', async () => {
    const { machine, source } = createMachine([OWN, BROWSER, { pid: 2400, name: 'ended.exe', threads: 0 }]);
    const { time, processes } = await source.snapshot('plain');
    expect([source.startsProcess, time, processes.length]).toEqual([false, NOW, 2]);
    expect(processes[1]).toEqual({
      pid: 2000,
      key: expect.stringMatching(/^2000-\d+$/) as string,
      name: 'größe browser.exe',
      born: NOW - 3_600_000,
      busySeconds: 100,
      cpu: null,
      memory: 300e6,
      readBytes: 5000,
      writtenBytes: 6000,
      user: null,
      command: null,
      startedAt: NOW - 3_600_000,
      container: null,
    });
    expect(machine.asked).toEqual([]);
  });

  it('gives rates with the one after it, and none for an id that was given again', async () => {
    const { machine, source } = createMachine([OWN, BROWSER]);
    const baseline = toBaseline(await source.snapshot('io'));
    machine.mono = 1000;
    machine.entries = [{ ...OWN, busySeconds: 1.25 }, { ...BROWSER, startedAt: NOW + 500, busySeconds: 0.5, read: 10, written: 20 }];
    const after = await source.snapshot('io');
    const [own, browser] = await toProcesses(after, baseline, { mono: () => 0, yieldToEventLoop: () => Promise.resolve() });
    expect([own?.cpu, browser?.cpu, browser?.read, browser?.written]).toEqual([25, 50, 10, 20]);
  });

  it('in full has command lines and users as far as they may be known, asked once', async () => {
    const others = [3000, 4000, 5000, 6000].map((pid): EntryFacts => ({ pid, name: `p${pid}.exe`, startedAt: NOW - 1000 }));
    const { machine, source } = createMachine([OWN, BROWSER, ...others]);
    const { processes } = await source.snapshot('full');
    expect(processes.map(({ pid, command, user }) => [pid, command, user])).toEqual([
      [1000, '"C:\\Program Files\\Traywatch\\Traywatch.exe" --tray', 'Ada Größe'],
      [2000, 'browser --secret\uFFFD', 'SYSTEM'],
      [3000, null, null],
      [4000, null, null],
      [5000, null, null],
      [6000, null, null],
    ]);
    await source.snapshot('full');
    expect(machine.asked).toEqual([1000, 2000, 3000, 4000, 5000, 6000]);
    machine.entries = [OWN, { ...BROWSER, startedAt: NOW }];
    await source.snapshot('full');
    expect(machine.asked.slice(6)).toEqual([2000]);
    source.forget();
    await source.snapshot('full');
    expect(machine.asked.slice(7)).toEqual([1000, 2000]);
  });

  it('is refused where this process is not in the list as it knows itself', async () => {
    for (const own of [{ ...OWN, parent: 1 }, { ...OWN, name: 'x.exe' }, { ...OWN, pid: 1001 }, { ...OWN, memory: 20e6 }]) {
      const { source } = createMachine([own]);
      expect(await failureOf(() => source.snapshot('plain'))).toMatchObject({ kind: 'ParseError' });
    }
  });
});

describe('memory of a program with several processes', () => {
  it('counts what they share once, where the system tells', async () => {
    const { source } = createMachine([OWN, BROWSER]);
    await source.snapshot('plain');
    const groups = [[{ pid: 1000, memory: 200e6 }, { pid: 2000, memory: 300e6 }], [{ pid: 77, memory: 5e6 }, { pid: 78, memory: null }], [{ pid: 79, memory: 2e9 }]];
    expect(await source.groupMemory?.(groups)).toEqual([450e6, 5e6, 1e9]);
  });
});
