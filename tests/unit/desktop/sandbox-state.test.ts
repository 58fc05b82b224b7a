import { describe, expect, it } from 'vitest';
import { judgeProcesses, parseStatus, sandboxState } from '../../../src/main/desktop/sandbox-state';
import type { ProcessStatus } from '../../../src/main/desktop/sandbox-state';

const MAIN: ProcessStatus = { seccomp: 0, depth: 1 };
const PAGE: ProcessStatus = { seccomp: 2, depth: 2 };
const ZYGOTE: ProcessStatus = { seccomp: 0, depth: 2 };

describe('the status of a process', () => {
  it('is read from the lines of a renderer, and of a process outside', () => {
    expect(parseStatus('Name:\ttraywatch-bin\nNSpid:\t4711\t12\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n')).toEqual(PAGE);
    expect(parseStatus('NSpid:\t14166\nSeccomp:\t0\n')).toEqual(MAIN);
  });
  it('is unknown where a line is missing', () => {
    expect(parseStatus('NSpid:\t1\n')).toBeNull();
    expect(parseStatus('Seccomp:\t2\n')).toBeNull();
  });
});

describe('the sandbox of Linux', () => {
  it.each([
    ['a page in it', MAIN, [PAGE], [ZYGOTE], 'on'],
    ['a page outside, as with --no-sandbox', MAIN, [MAIN], [MAIN], 'off'],
    ['one of two outside', MAIN, [PAGE, MAIN], [ZYGOTE], 'off'],
    ['a filter alone', MAIN, [{ seccomp: 2, depth: 1 }], [], 'partly'],
    ['namespaces alone', MAIN, [ZYGOTE], [], 'partly'],
    ['in a container that filters everything', { seccomp: 2, depth: 2 }, [{ seccomp: 2, depth: 3 }], [], 'on'],
    ['off in such a container', { seccomp: 2, depth: 2 }, [{ seccomp: 2, depth: 2 }], [], 'off'],
    ['no page, and a zygote in its namespaces', MAIN, [], [MAIN, ZYGOTE], 'on'],
    ['no page, and no zygote in namespaces', MAIN, [], [MAIN, MAIN], 'off'],
    ['no page and no child', MAIN, [], [], 'unknown'],
    ['a page that has just ended', MAIN, [null], [], 'unknown'],
    ['no /proc', null, [PAGE], [], 'unknown'],
  ] as const)('%s', (_, main, pages, others, state) => {
    expect(judgeProcesses(main, pages, others)).toBe(state);
  });
});

describe('the sandbox elsewhere', () => {
  const app = (pages: readonly (boolean | undefined)[], hasSwitch = false) => ({
    getAppMetrics: () => pages.map((sandboxed, pid) => ({ type: 'Tab' as const, pid, cpu: { percentCPUUsage: 0, idleWakeupsPerSecond: 0 }, creationTime: 0, memory: { workingSetSize: 0, peakWorkingSetSize: 0 }, ...(sandboxed === undefined ? {} : { sandboxed }) })),
    commandLine: { hasSwitch: () => hasSwitch },
  });
  it('is what the runtime says of its pages', () => {
    expect(sandboxState(app([true]), 'darwin')).toBe('on');
    expect(sandboxState(app([true, false]), 'win32')).toBe('off');
    expect(sandboxState(app([undefined]), 'win32')).toBe('unknown');
    expect(sandboxState(app([]), 'darwin')).toBe('unknown');
    expect(sandboxState(app([], true), 'darwin')).toBe('off');
  });
});
