/** Whether Chromium's sandbox is on, by what the system says about the processes that should be in it. */
import type { App } from 'electron';
import type { SandboxState } from '../../shared/sandbox';
import type { Platform } from '../engine/collectors/deps';
import { readStatuses, statusText } from './sandbox-state.linux';

/** What /proc/<pid>/status says of a process (proc_pid_status(5)). */
export interface ProcessStatus {
  /** Seccomp: 2 is a filter, 0 none. */
  readonly seccomp: number;
  /** Number of nested PID namespaces (fields of NSpid). */
  readonly depth: number;
}

/** Reads the two lines; null where they are missing, as under a kernel without seccomp or older than 4.1. */
export function parseStatus(text: string): ProcessStatus | null {
  const seccomp = /^Seccomp:\s*(\d+)$/m.exec(text)?.[1];
  const pids = /^NSpid:\s*([\d\s]+?)$/m.exec(text)?.[1];
  return seccomp === undefined || pids === undefined ? null : { seccomp: Number(seccomp), depth: pids.trim().split(/\s+/).length };
}

/** What the processes are, from the least protected one. */
const worst = (states: readonly SandboxState[]): SandboxState => (['off', 'partly', 'unknown', 'on'] as const).find((state) => states.includes(state)) ?? 'unknown';

/**
 * Judges the processes of pages. While no page is open, the zygote tells: pages are forked from it, and it stands in the
 * namespaces already, while system calls are filtered in its children only. `others`: children of the main process.
 */
export function judgeProcesses(main: ProcessStatus | null, pages: readonly (ProcessStatus | null)[], others: readonly (ProcessStatus | null)[]): SandboxState {
  if (main === null) return 'unknown';
  const isNested = (status: ProcessStatus): boolean => status.depth > main.depth;
  const judge = (status: ProcessStatus | null): SandboxState => {
    if (status === null) return 'unknown';
    const layers = [isNested(status), status.seccomp === 2 && main.seccomp !== 2].filter(Boolean).length;
    // A container filters the main process, too, so that a filter of its own cannot be told.
    return layers === 2 || (isNested(status) && main.seccomp === 2) ? 'on' : layers === 1 ? 'partly' : 'off';
  };
  if (pages.length > 0) return worst(pages.map(judge));
  if (others.length === 0) return 'unknown';
  return others.some((status) => status !== null && isNested(status)) ? 'on' : 'off';
}

const toStatus = (text: string | null): ProcessStatus | null => (text === null ? null : parseStatus(text));

/** Electron's app, as far as it is needed. */
type ObservedApp = Pick<App, 'getAppMetrics'> & { readonly commandLine: Pick<App['commandLine'], 'hasSwitch'> };

/** Reads the state. Never throws. */
export function sandboxState(app: ObservedApp, platform: Platform): SandboxState {
  const pages = app.getAppMetrics().filter(({ type }) => type === 'Tab');
  if (platform === 'linux') {
    const { main, children } = readStatuses();
    return judgeProcesses(toStatus(main), pages.map(({ pid }) => toStatus(statusText(pid))), children.map(toStatus));
  }
  if (app.commandLine.hasSwitch('no-sandbox')) return 'off';
  return worst(pages.map(({ sandboxed }) => (sandboxed === undefined ? 'unknown' : sandboxed ? 'on' : 'off')));
}
