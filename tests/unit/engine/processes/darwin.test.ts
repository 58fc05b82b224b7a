/** Processes of macOS from recorded outputs of ps. */
import { describe, expect, it } from 'vitest';
import { createProcesses } from '../../../../src/main/engine/processes/index';
import { darwinProcesses, decodeVis, nameIn, parseCommands, parseDuration, parseNumbers, processesOf } from '../../../../src/main/engine/processes/processes.darwin';
import type { ProcessSource } from '../../../../src/main/engine/processes/process-source';
import { failureOf } from '../../../support/recorded-machine';
import { printed, RecordedMac } from '../../../support/recorded-mac';

const NOW = Date.UTC(2026, 10, 30, 12);

function sourceOf(mac: RecordedMac): ProcessSource {
  return darwinProcesses({ programs: mac.deps().programs, clock: mac.time, totalMemory: () => 2 ** 34 });
}

describe('ps', () => {
  it('gives names with blanks, times, memory and users', () => {
    const processes = processesOf(parseNumbers(printed('macbook-m3-26', 'ps-numbers')), parseCommands(printed('macbook-m3-26', 'ps-commands')), NOW, new Map());
    expect(processes.map(({ pid, name, user, busySeconds }) => [pid, name, user, busySeconds])).toEqual([
      [1, 'launchd', 'root', 142 * 60 + 11.07],
      [88, 'logd', 'root', 182.5],
      [501, 'Safari', 'ada', 1290 * 60 + 44.2],
      [733, 'Google Chrome Helper (Renderer)', 'ada', 12.31],
      [900, 'zsh', 'ada', 0.05],
      [901, 'bash', 'ada', 0],
      [950, 'postgres', '_postgres', 60],
    ]);
    expect(processes[0]).toEqual({
      pid: 1, key: `1-${NOW - (41 * 86_400 + 7384) * 1000}`, name: 'launchd', born: NOW - (41 * 86_400 + 7384) * 1000, busySeconds: 8531.07, cpu: null, memory: 21_504 * 1024,
      readBytes: null, writtenBytes: null, user: 'root', command: '/sbin/launchd', startedAt: NOW - (41 * 86_400 + 7384) * 1000, container: null,
    });
    expect(processes[3]?.command).toMatch(/^\/Applications\/Google Chrome\.app\/.*\(Renderer\) --type=renderer --lang=de$/);
  });

  it('is understood with a decimal comma', () => {
    expect(parseNumbers(printed('imac-intel-13', 'ps-numbers')).map(({ busySeconds }) => busySeconds)).toEqual([71.07, 5444.2]);
  });

  it('has odd names, with letters that are not ASCII as they are or byte by byte', () => {
    const numbers = parseNumbers(printed('odd-names', 'ps-numbers'));
    expect(numbers.map(({ pid, program }) => [pid, nameIn(program)])).toEqual([[610, 'Übersicht'], [611, 'Übersicht'], [612, 'M-x'], [613, '日本'], [614, 'nginx'], [615, 'a b'], [616, 'late']]);
    const processes = processesOf(numbers, parseCommands(printed('odd-names', 'ps-commands')), NOW, new Map());
    expect(processes[0]?.command).toBe('/Applications/Übersicht.app/Contents/MacOS/Übersicht --titel=Ärger');
    // What cannot be read is unknown, not the whole process.
    expect(processes[6]).toMatchObject({ busySeconds: null, startedAt: null, key: '616-', memory: 2 ** 20, user: null, command: null });
  });

  it.each([
    ['0:00.05', 0.05], ['1290:44.20', 77_444.2], ['00:59', 59], ['10:05', 605], ['02:03:04', 7384], ['41-02:03:04', 3_549_784], ['1:02,5', 62.5],
    ['', null], ['-', null], ['12', null], ['1:2:3:4', null], ['a:b', null], ['41-10:05', null],
  ] as const)('reads a duration of %j', (text, seconds) => {
    const found = parseDuration(text);
    expect(found === null ? null : Math.round(found * 100) / 100).toBe(seconds);
  });

  it('leaves alone what only looks like an encoded letter', () => {
    for (const text of ['M-C', 'plain', 'M-', 'a M-bM-^@ b', 'tool M-xM-y']) expect(decodeVis(text)).toBe(text);
    expect(decodeVis('caf\u00e9 M-CM-)')).toBe('café é');
    expect(decodeVis('M-bM^@M^S')).toBe('–');
  });

  it('keeps a start time that varies slightly, so that a process stays the same one', () => {
    const [row] = parseNumbers('  733   0:12.31 262144    10:05 /bin/x\n');
    const again = { ...(row ?? parseNumbers('')[0]), age: 603 } as typeof row;
    const [first] = processesOf(row === undefined ? [] : [row], new Map(), NOW, new Map());
    const [same] = processesOf(again === undefined ? [] : [again], new Map(), NOW, new Map([[733, first?.startedAt ?? null]]));
    expect(same?.key).toBe(first?.key);
    const [other] = processesOf(again === undefined ? [] : [{ ...again, age: 5 }], new Map(), NOW, new Map([[733, first?.startedAt ?? null]]));
    expect(other?.key).not.toBe(first?.key);
  });
});

describe('the processes of a Mac', () => {
  it('take one program, and a second for users and command lines', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const source = sourceOf(mac);
    expect(source.startsProcess).toBe(true);
    expect((await source.snapshot('plain')).processes[2]).toMatchObject({ name: 'Safari', user: null, command: null });
    expect(mac.started).toHaveLength(1);
    const { time, mono, processes } = await source.snapshot('full');
    expect([time, mono, processes.length]).toEqual([mac.time.now(), mac.time.mono(), 7]);
    expect(mac.started).toHaveLength(3);
  });

  it('have the CPU share between two snapshots, not since their start', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const processes = createProcesses({ system: mac.deps(), clock: mac.time, timers: mac.time, isActive: () => true, onHealth: () => undefined });
    expect(processes.onMinute(() => undefined)).toBeTypeOf('function');
    await mac.time.pass(120_000);
    // Nobody asked.
    expect(mac.started).toEqual([]);
    const numbers = printed('macbook-m3-26', 'ps-numbers');
    const table = processes.table({ search: '', sort: 'cpu', descending: true, limit: 10 } as never, true);
    await mac.meanwhile(Promise.resolve(), 300);
    // Safari uses 0.9 s of CPU in 0.6 s; a process that is new has used 0.3 s.
    mac.print('ps-numbers', `${numbers.replace('1290:44.20', '1290:45.10')} 1000   0:00.30   1024    00:00 /opt/new\n`);
    const { processes: shown } = await mac.meanwhile(table, 2000);
    expect(shown.slice(0, 3).map(({ name, cpu }) => [name, cpu])).toEqual([['Safari', 150], ['new', 50], ['launchd', 0]]);
    processes.close();
  });

  it.each([['missing', 'SystemUnavailable'], ['failed', 'SystemUnavailable'], ['late', 'Timeout'], ['empty', 'SystemUnavailable'], ['garbled', 'ParseError']] as const)('are a fault where ps is %s', async (how, kind) => {
    const failure = await failureOf(() => sourceOf(new RecordedMac('macbook-m3-26').break(how)).snapshot('full'));
    expect(failure).toMatchObject({ name: 'CollectorError', kind });
  });

  it('do not add memory up to more than the machine has', async () => {
    const members = Array.from({ length: 40 }, (_, pid) => ({ pid, memory: 2 ** 31 }));
    expect(await sourceOf(new RecordedMac('macbook-m3-26')).groupMemory?.([members, members.slice(0, 2), [{ pid: 1, memory: null }]])).toEqual([2 ** 34, 2 ** 32, 0]);
  });

  it('are new ones after a pause', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const source = sourceOf(mac);
    const keyOf = async (): Promise<string | undefined> => (await source.snapshot('plain')).processes[0]?.key;
    const first = await keyOf();
    mac.time.stall(1000);
    expect(await keyOf()).toBe(first);
    source.forget();
    mac.time.stall(1000);
    expect(await keyOf()).not.toBe(first);
  });
});
