import { describe, expect, it } from 'vitest';
import { parseProcesses, parseStarted, portableProcesses } from '../../../../src/main/engine/processes/processes.portable';
import type { PortableParts } from '../../../../src/main/engine/processes/processes.portable';
import type { SiProcess, SystemInformation } from '../../../../src/main/engine/collectors/systeminformation';
import { failureOf } from '../../../support/recorded-machine';
import { FakeTime, settle } from '../../../support/collectors';

const MAC: SiProcess = { pid: 501, name: 'Safari', cpu: 120.5, memRss: 2048, started: '2026-05-01 09:30:00', user: 'ada', command: 'Safari', params: '-psn_0_1', path: '/Applications/Safari.app/Contents/MacOS' };
const WINDOWS: SiProcess = { pid: 4321, name: 'chrome.exe', cpu: 25, memRss: 1024, started: '2026-05-01 09:30:00', user: '', command: '"C:\\Program Files\\chrome.exe" --x', params: '', path: 'C:\\Program Files\\chrome.exe' };
const START = new Date(2026, 4, 1, 9, 30, 0).getTime();

function partsOf(isWindows: boolean, list: () => Promise<{ list: readonly SiProcess[] }> | never, time = new FakeTime()): PortableParts & { time: FakeTime } {
  const load = (): Promise<SystemInformation> => Promise.resolve({ processes: list } as unknown as SystemInformation);
  return { load, clock: time, timers: time, isWindows, cores: () => 4, totalMemory: () => 2 ** 34, time };
}
const never = partsOf(false, () => new Promise(() => undefined));

describe('parseProcesses', () => {
  it('parses macOS', () => {
    expect(parseProcesses([MAC, { ...MAC, pid: 0 }], never, new Map())).toEqual([
      {
        pid: 501, key: `501-${START}`, name: 'Safari', born: START, busySeconds: null, cpu: 120.5, memory: 2 ** 21, readBytes: null, writtenBytes: null,
        user: 'ada', command: '/Applications/Safari.app/Contents/MacOS/Safari -psn_0_1', startedAt: START,
      },
    ]);
  });

  it('converts the share of all cores to percent of one core on Windows, for processes of the previous snapshot', () => {
    const parts = { ...never, isWindows: true };
    expect(parseProcesses([WINDOWS], parts, new Map())[0]).toMatchObject({ cpu: null, user: null, command: WINDOWS.command, memory: 2 ** 20 });
    expect(parseProcesses([WINDOWS], parts, new Map([[4321, START]]))[0]?.cpu).toBe(100);
    // Another process with the same id.
    expect(parseProcesses([WINDOWS], parts, new Map([[4321, START - 60_000]]))[0]?.cpu).toBeNull();
  });

  it('keeps a start time that varies slightly, and invents none', () => {
    const later = parseProcesses([{ ...MAC, started: '2026-05-01 09:30:02' }], never, new Map([[501, START]]));
    expect(later[0]).toMatchObject({ key: `501-${START}`, startedAt: START });
    expect(parseProcesses([{ ...MAC, started: undefined as unknown as string, memRss: null, cpu: undefined, user: null }], never, new Map())[0]).toMatchObject({ startedAt: null, memory: null, cpu: null, user: null });
    for (const text of [null, '', 'yesterday', '2026-05-01T09:30:00Z']) expect(parseStarted(text)).toBeNull();
  });
});

describe('portable source', () => {
  it('starts one program at a time for concurrent calls', async () => {
    let started = 0;
    let finish: (value: { list: readonly SiProcess[] }) => void = () => undefined;
    const { time, ...parts } = partsOf(false, () => {
      started += 1;
      return new Promise((resolve) => (finish = resolve));
    });
    const source = portableProcesses(parts);
    const snapshots = Promise.all([source.snapshot('full'), source.snapshot('plain')]);
    await settle();
    finish({ list: [MAC] });
    expect((await snapshots).map(({ processes }) => processes.length)).toEqual([1, 1]);
    expect(started).toBe(1);
    expect(source.startsProcess).toBe(true);
    expect((await snapshots)[0].time).toBe(time.now());
  });

  it('fails after a deadline, and on an empty list', async () => {
    const hung = portableProcesses(never);
    const failure = failureOf(() => hung.snapshot('full'));
    await never.time.pass(15_000);
    expect(await failure).toMatchObject({ kind: 'Timeout' });
    const empty = portableProcesses(partsOf(false, () => Promise.resolve({ list: [] })));
    expect(await failureOf(() => empty.snapshot('full'))).toMatchObject({ kind: 'SystemUnavailable' });
  });

  it('does not add memory up to more than the machine has', async () => {
    const source = portableProcesses(partsOf(false, () => Promise.resolve({ list: [] })));
    const worker = (pid: number): { pid: number; memory: number } => ({ pid, memory: 2 ** 31 });
    expect(await source.groupMemory?.([Array.from({ length: 40 }, (_, at) => worker(at + 1)), [worker(1), worker(2)], [{ pid: 3, memory: null }]])).toEqual([2 ** 34, 2 ** 32, 0]);
  });

  it('has no CPU share for processes after forget', async () => {
    const source = portableProcesses(partsOf(true, () => Promise.resolve({ list: [WINDOWS] })));
    const cpu = async () => (await source.snapshot('plain')).processes[0]?.cpu;
    expect([await cpu(), await cpu()]).toEqual([null, 100]);
    source.forget();
    expect(await cpu()).toBeNull();
  });
});
